import { expect, test } from "vitest";

import { open } from "../bridge";
import type { MessageRow } from "../bridge/api";
import { Room } from "./room.svelte";
import { sampleMessage } from "./sample";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const own = (id: string, more: Partial<MessageRow> = {}) =>
  sampleMessage({ id, mine: true, ...more });
const theirs = (id: string) => sampleMessage({ id, mine: false });

/** A room whose page shows some messages, with the numbers it says were read. */
async function shown(atEnd: boolean, here: MessageRow[], newest: MessageRow[]) {
  const read: number[] = [];
  const window = { room: "r", more: true, loading: false, last: 900 };
  await open({
    call: (name, input) => {
      if (name === "Rooms.Read") read.push((input as { num: number }).num);
      const answers: Record<string, unknown> = {
        "Rooms.Open": {
          people: [],
          draft: { text: "", cursor: 0, files: [] },
          unread: 0,
          firstNew: "",
          window: { ...window, atEnd, messages: here },
        },
        "Rooms.Newest": { ...window, atEnd: true, messages: newest },
      };
      return Promise.resolve(answers[name]);
    },
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  const room = new Room("r");
  await settle();
  return { room, read };
}

// The rows: where the page stands, what is on it, the room's newest, which is mine.
test.each([
  ["at the end", true, [own("a"), own("b"), theirs("c")], [], "b"],
  [
    "far up",
    false,
    [own("a"), theirs("b")],
    [theirs("x"), own("y"), theirs("z")],
    "y",
  ],
  ["far up, deleted", false, [own("a")], [own("y", { deleted: 5 })], undefined],
  ["none of mine", true, [theirs("a")], [], undefined],
])(
  "K-04: my last message is the room's, not the last of what is on the page: %s",
  async (_, atEnd, here, newest, want) => {
    const { room } = await shown(atEnd, here, newest);
    expect((await room.lastOwn())?.id).toBe(want);
    room.leave();
  },
);

test("M-32: nothing counts as read on the way to another place of the room", async () => {
  const { room, read } = await shown(true, [theirs("a")], []);
  room.moving = true;
  room.seen(900, 900);
  room.moving = false;
  room.seen(300, 300);
  await settle();
  expect(read).toEqual([300]);
  room.leave();
});
