import { expect, test } from "vitest";

import { open } from "../bridge";
import type { MessageRow } from "../bridge/api";
import { listen } from "./changed";
import { Room } from "./room.svelte";
import { sampleMessage } from "./sample";

const settle = () => new Promise((resolve) => setTimeout(resolve, 60));
const here = sampleMessage({ id: "here", num: 1 });
const train = (num: number) =>
  sampleMessage({ id: "train", mine: true, num, state: "waiting" });
const meanwhile = sampleMessage({ id: "meanwhile", num: 2 });

/** A room open in a page, and what the program says of it. */
async function opened() {
  const read: number[] = [];
  const says = { messages: [here, train(0)], unread: 0 };
  let tell = (_: string, __: unknown) => {};
  await open({
    call: (name, input) => {
      if (name === "Rooms.Read") read.push((input as { num: number }).num);
      if (name !== "Rooms.Open") return Promise.resolve(undefined);
      const window = { room: "r", more: false, loading: false, last: 3 };
      return Promise.resolve({
        people: [],
        draft: { text: "", cursor: 0, files: [] },
        unread: says.unread,
        firstNew: says.unread > 0 ? "meanwhile" : "",
        window: { ...window, atEnd: true, messages: says.messages },
      });
    },
    listen: (fn) => {
      tell = fn;
    },
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  listen();
  const room = new Room("r");
  await settle();
  async function changed(scope: string, now: Partial<typeof says>) {
    Object.assign(says, now);
    tell("changed", { all: false, scopes: [scope] });
    await settle();
  }
  return { room, read, changed };
}

// Each row: what the refreshed page shows, the oldest and newest of others in view then, where the divider stands, what was read.
test.each([
  [
    "off the screen",
    [here, meanwhile, train(3)],
    [Infinity, 1],
    "meanwhile",
    [1],
  ],
  ["on the screen", [here, meanwhile, train(3)], [1, 2], "", [1, 2]],
  [
    "below, as it comes in order",
    [here, train(2), { ...meanwhile, num: 3 }],
    [1, 3],
    "",
    [1, 3],
  ],
] as [string, MessageRow[], [number, number], string, number[]][])(
  "M-31, M-32: what others wrote while one wrote without a network comes in above that: %s",
  async (_, after, [from, to], divider, want) => {
    const { room, read, changed } = await opened();
    room.seen(1, 1);
    await changed("r:r", { messages: after, unread: 1 });
    room.seen(to, from);
    await settle();
    expect([room.messages.length, room.firstNew]).toEqual([3, divider]);
    expect(read).toEqual(want);
    room.seen(2, 2); // scrolled up to it
    await settle();
    expect(Math.max(...read)).toBe(Math.max(...want, 2));
    room.leave();
  },
);

test("M-29, M-31: what came in above and was read on another device is pointed at no longer", async () => {
  const { room, changed } = await opened();
  room.seen(1, 1);
  await changed("r:r", { messages: [here, meanwhile, train(3)], unread: 1 });
  room.seen(1, Infinity);
  expect([room.above?.id, room.view?.unread]).toEqual(["meanwhile", 1]);
  await changed("a:me", { unread: 0 });
  expect([room.above?.id, room.view?.unread]).toEqual([undefined, 0]);
  expect(room.firstNew).toBe("meanwhile"); // for the visit
  room.leave();
});
