import { expect, test } from "vitest";

import { open } from "../bridge";
import type { MessageRow, Window } from "../bridge/api";
import { Room } from "./room.svelte";

const row = (num: number) => ({ id: `m${num}`, num, text: "" }) as MessageRow;
const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => row(from + i));
const page = (
  messages: MessageRow[],
  more: boolean,
  loading = false,
): Window => ({ room: "r", messages, more, loading, atEnd: true, last: 150 });
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test("M-24: older pages come as one scrolls, in order and once, until the beginning", async () => {
  const answers = [
    page([], true, true), // at the service only: it is being fetched
    page(rows(51, 100), true),
    page(rows(1, 50), false),
  ];
  const before: string[] = [];
  await open({
    call: async (name, input) => {
      await Promise.resolve();
      if (name === "Rooms.Open")
        return {
          id: "r",
          people: [],
          draft: { text: "", cursor: 0, files: [] },
          window: page(rows(101, 150), true),
        };
      if (name !== "Rooms.Older") return undefined;
      before.push((input as { before: string }).before);
      return answers.shift();
    },
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  const room = new Room("r");
  await settle();
  for (let scrolls = 0; room.timeline.more && scrolls < 9; scrolls++)
    await Promise.all([room.older(), room.older()]); // two events of one scroll
  expect(before).toEqual(["m101", "m101", "m51"]);
  expect(room.messages.map((m) => m.num)).toEqual(
    rows(1, 150).map((m) => m.num),
  );
  await room.older();
  expect(before).toHaveLength(3);
  room.leave();
});
