import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { ContactView } from "../bridge/api";
import { Guard } from "./guard.svelte";
import type { Room } from "./room.svelte";

let answer: ContactView;
let asked: { text: string }[];
vi.mock("../bridge", () => ({
  call: (_: string, input: { text: string }) => {
    if (_ === "Contact.Look") asked.push(input);
    return Promise.resolve(answer);
  },
  on: () => () => undefined,
}));

const free: ContactView = {
  mode: "ask",
  free: false,
  finds: [],
  asks: [],
  files: [],
  reasons: ["legal", "not_contact"],
  named: "",
  remind: false,
};
const found = { ...free, finds: [{ from: 5, to: 9, kind: "email" }] };

/** A room of which the guard needs no more than this. */
function roomWith(text: string) {
  const sent: string[] = [];
  const room = {
    id: "r",
    draft: { stored: text },
    files: [],
    editing: undefined,
    reason: "",
    send: () => {
      sent.push(room.reason);
      room.reason = "";
      return true;
    },
  };
  return { room, sent, guard: new Guard(room as unknown as Room, () => 0) };
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = free;
});
afterEach(() => vi.useRealTimers());

// P-04: it is looked at 80 ms after a key, and underlined.
test("the text is looked at a moment after a key", async () => {
  const { room, guard } = roomWith("");
  answer = found;
  for (const text of ["m", "me", "mail a@b.c"]) {
    room.draft.stored = text;
    guard.typed(text);
    await vi.advanceTimersByTimeAsync(40);
  }
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(40);
  expect(asked.map((a) => a.text)).toEqual(["mail a@b.c"]);
  expect(guard.spans).toEqual([{ from: 5, to: 9, kind: "contact" }]);
  room.draft.stored = "e-mail a@b.c";
  guard.typed("e-mail a@b.c");
  // Until Go has looked again, the line moves with the edit.
  expect(guard.spans).toEqual([{ from: 7, to: 11, kind: "contact" }]);
});

// P-01, P-04: what is found is held back; a reason sends it and goes along once.
test("a message with contact details waits for a reason", async () => {
  const { guard, sent } = roomWith("mail a@b.c");
  answer = found;
  expect(guard.holds()).toBe(true); // nothing is known yet
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([]);
  expect(guard.asking).toBe(true);
  guard.choose("legal");
  expect(sent).toEqual(["legal"]);
  expect(guard.asking).toBe(false);
});

test("what turns out to hold nothing goes by itself", async () => {
  const { guard, sent } = roomWith("hello");
  expect(guard.holds()).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([""]);
});

// P-06, M-22: where all may be shared a message waits for nothing.
test("in a room that is free nothing waits", async () => {
  const { room, guard } = roomWith("");
  answer = { ...free, free: true };
  guard.typed("");
  await vi.advanceTimersByTimeAsync(80);
  room.draft.stored = "mail a@b.c";
  guard.typed("mail a@b.c");
  expect(guard.holds()).toBe(false);
});

// P-14: a secret asks once.
test("a secret asks whether it is meant", async () => {
  const { guard, sent } = roomWith("password: hunter2");
  answer = { ...free, free: true, asks: [{ from: 0, to: 17, kind: "secret" }] };
  guard.typed("password: hunter2");
  await vi.advanceTimersByTimeAsync(80);
  expect(guard.holds()).toBe(true);
  guard.sure();
  expect(sent).toEqual([""]);
});
