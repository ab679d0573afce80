import { afterEach, expect, test, vi } from "vitest";

import { toasts } from "./toasts.svelte";

afterEach(() => {
  for (const t of toasts.list) toasts.dismiss(t.id);
  vi.useRealTimers();
});

test("equal words are shown once", () => {
  const first = toasts.show("Copied");
  expect(toasts.show("Copied")).toBe(first);
  expect(toasts.list.map((t) => t.text)).toEqual(["Copied"]);
});

test("what can be taken back is never merged", () => {
  toasts.undo("Deleted", "Undo", () => undefined);
  toasts.undo("Deleted", "Undo", () => undefined);
  toasts.show("Deleted");
  expect(toasts.list.length).toBe(3);
});

test("the lines stand in the dialog that was opened last", () => {
  const [below, above] = [Symbol("below"), Symbol("above")];
  expect(toasts.place).toBeUndefined();
  const leaveBelow = toasts.take(below);
  const leaveAbove = toasts.take(above);
  expect(toasts.place).toBe(above);
  leaveBelow(); // the lower one may go first
  expect(toasts.place).toBe(above);
  leaveAbove();
  expect(toasts.place).toBeUndefined();
});

test("a line that is read stays, also if it is said again", () => {
  vi.useFakeTimers();
  const id = toasts.show("Copied");
  toasts.hold(id);
  toasts.show("Copied");
  vi.runAllTimers();
  expect(toasts.list.length).toBe(1);
  toasts.resume(id);
  vi.runAllTimers();
  expect(toasts.list).toEqual([]);
});

test("what can be undone is done when its line has gone unpressed, once", () => {
  vi.useFakeTimers();
  const done: string[] = [];
  const undo = (what: string) =>
    toasts.undo(
      what,
      "Undo",
      () => done.push(`undo ${what}`),
      () => done.push(what),
    );
  const first = undo("a");
  toasts.dismiss(first, true);
  undo("b");
  vi.runAllTimers();
  for (const what of ["c", "d", "e", "f"]) undo(what); // a fourth line pushes the first out
  expect(done).toEqual(["b", "c"]);
  vi.runAllTimers();
  expect(done).toEqual(["b", "c", "d", "e", "f"]);
});

test("what can be undone is done when the page goes away, and nothing else is touched", () => {
  const done: string[] = [];
  toasts.undo(
    "Deleted",
    "Undo",
    () => undefined,
    () => done.push("deleted"),
  );
  toasts.undo("Moved", "Undo", () => undefined);
  toasts.settle();
  expect(done).toEqual(["deleted"]);
  expect(toasts.list.map((t) => t.text)).toEqual(["Moved"]);
});
