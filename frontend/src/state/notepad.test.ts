import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { open } from "../bridge";
import type { NoteView } from "../bridge/api";
import { listen } from "./changed";
import { Notepad } from "./notepad.svelte";

listen();

type Saved = { base: string; text: string; chosen: string };

let kept = "one\ntwo";
let saved: Saved[] = [];
let announce: (name: string, payload: unknown) => void = () => undefined;
let busy = false;
let adopted: string[] = [];
/** What answers are held back for, while a test wants to. */
let late: Promise<unknown> | undefined;

const view = (): NoteView => ({
  text: kept,
  html: "",
  at: 1,
  waits: false,
  other: null,
});
const settle = () => vi.advanceTimersByTimeAsync(50);
const changed = () => announce("changed", { scopes: ["a:me"] });

/** The notepad in a box of which the test says whether an input method is at work. */
async function begin(room = "r") {
  const pad = new Notepad(room, {
    adopted: (_, after) => adopted.push(after),
    busy: () => busy,
  });
  await settle();
  return pad;
}

beforeEach(async () => {
  vi.useFakeTimers();
  kept = "one\ntwo";
  saved = [];
  adopted = [];
  busy = false;
  late = undefined;
  await open({
    call: (name, input) => {
      if (name === "Notepad.Open" && late) {
        const then = view();
        return late.then(() => then);
      }
      if (name === "Notepad.Save") {
        const s = input as Saved;
        saved.push({ base: s.base, text: s.text, chosen: s.chosen });
        kept = s.text;
      }
      return Promise.resolve(view());
    },
    listen: (fn) => {
      announce = fn;
    },
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
});
afterEach(() => vi.useRealTimers());

test("M-35: what another device wrote does not come between an input method and its letters", async () => {
  const pad = await begin();
  busy = true;
  kept = "ONE\ntwo";
  changed();
  await settle();
  expect(pad.text).toBe("one\ntwo");
  pad.text = "one\ntwoに";
  pad.typed();
  await vi.advanceTimersByTimeAsync(2000);
  expect(saved).toEqual([]); // half a word is not kept
  busy = false;
  pad.text = "one\ntwo日本";
  pad.composed();
  await vi.advanceTimersByTimeAsync(700);
  expect(saved).toEqual([
    { base: "one\ntwo", text: "one\ntwo日本", chosen: "" },
  ]);
  pad.leave();
});

test("M-35: what came in while letters were put together and taken back is shown then", async () => {
  const pad = await begin();
  busy = true;
  kept = "ONE\ntwo";
  changed();
  await settle();
  busy = false;
  pad.composed();
  await settle();
  expect([pad.text, adopted]).toEqual(["ONE\ntwo", ["one\ntwo", "ONE\ntwo"]]);
  pad.leave();
});

test("M-35: a text too long is not saved, stands there again when the notepad is opened, and is kept once it is shorter", async () => {
  const long = "x".repeat(100_001);
  const pad = await begin("long");
  pad.text = long;
  expect(pad.over).toBe(1);
  pad.leave();
  await settle();
  expect(saved).toEqual([]);
  const again = await begin("long");
  expect([again.text === long, again.dirty]).toEqual([true, true]);
  again.text = "short";
  await again.save();
  expect(saved).toEqual([{ base: "one\ntwo", text: "short", chosen: "" }]);
  again.leave();
  await settle();
  const last = await begin("long");
  expect([last.text, last.dirty]).toEqual(["short", false]);
  last.leave();
});

test("M-35: what is typed is saved 600 ms after the first key, and when the panel is left", async () => {
  const pad = await begin();
  pad.text = "one\ntwo!";
  pad.typed();
  await vi.advanceTimersByTimeAsync(300);
  pad.text = "one\ntwo!!";
  pad.typed();
  await vi.advanceTimersByTimeAsync(350);
  expect(saved.map((s) => s.text)).toEqual(["one\ntwo!!"]);
  pad.text = "one\ntwo!!!";
  pad.leave();
  await settle();
  expect(saved.at(-1)).toEqual({
    base: "one\ntwo!!",
    text: "one\ntwo!!!",
    chosen: "",
  });
});

test("M-35: an answer from before a save does not bring back what stood there then", async () => {
  const pad = await begin();
  let answer: () => void = () => undefined;
  late = new Promise<void>((done) => (answer = done));
  void pad.load(); // asked now, answered after the save
  pad.text = "one\ntwo\nthree";
  await pad.save();
  answer();
  await settle();
  expect(pad.text).toBe("one\ntwo\nthree");
  expect(adopted).toEqual(["one\ntwo"]); // as it was opened
  pad.leave();
});
