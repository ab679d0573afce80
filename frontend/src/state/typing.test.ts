import { beforeEach, expect, test, vi } from "vitest";

const hear = vi.hoisted(() => new Map<string, (e: unknown) => void>());
vi.mock("../bridge", () => ({
  call: () => Promise.resolve({}),
  on: (name: string, f: (e: unknown) => void) => {
    hear.set(name, f);
    return () => undefined;
  },
}));
vi.mock("./safety.svelte", () => ({ safety: { isBlocked: () => false } }));

import { typing } from "./typing.svelte";

let room = "";
let n = 0;
const writes = (who: string) =>
  hear.get("typing")?.({ room, who, name: who.toUpperCase() });
const rows = (...authors: string[]) =>
  authors.map((author, i) => ({ author, num: i + 1 }));

typing.start();
beforeEach(() => (room = `room ${n++}`));

test("M-33: who wrote a message is done, also when somebody else's followed at once", () => {
  typing.came(room, rows("ann"));
  writes("ann");
  writes("bob");
  expect(typing.in(room)).toEqual(["ANN", "BOB"]);
  typing.came(room, rows("ann", "ann", "cy"));
  expect(typing.in(room)).toEqual(["BOB"]);
});

test("M-33: what stood there before, and what is only looked at again, ends nobody's writing", () => {
  writes("ann");
  typing.came(room, rows("ann", "ann"));
  typing.came(room, rows("ann", "ann"));
  typing.came(room, rows("ann")); // another run of the room
  typing.came(room, rows("ann", "ann"));
  expect(typing.in(room)).toEqual(["ANN"]);
});

test("M-33: in the list a room's newest message ends the writing of who wrote it", () => {
  const list = (at: number, by: string) => [{ id: room, at, by }];
  typing.listed(list(1, "ANN"));
  writes("ann");
  writes("bob");
  typing.listed(list(1, "ANN"));
  expect(typing.in(room)).toEqual(["ANN", "BOB"]);
  typing.listed(list(2, "BOB"));
  expect(typing.in(room)).toEqual(["ANN"]);
});
