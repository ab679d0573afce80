import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.mock("../bridge", () => ({
  call: () => new Promise(() => undefined),
  on: () => () => undefined,
}));

import { side } from "./side.svelte";

const was = innerWidth;
function wide(px: number) {
  vi.stubGlobal("innerWidth", px);
  side.resized();
}
beforeEach(() => wide(was));
afterEach(() => {
  wide(360);
  side.away();
  vi.unstubAllGlobals();
});

test("ui.md §6: a sidebar asked for without room for it lies over the screen, and goes once it has led somewhere", () => {
  wide(360);
  expect([side.shown, side.over]).toEqual([false, false]);
  side.show(); // K-08: the search of messages is in it
  expect([side.shown, side.over]).toEqual([true, true]);
  side.away();
  expect([side.shown, side.over]).toEqual([false, false]);
  wide(1280); // and the width rules again
  expect([side.shown, side.over]).toEqual([true, false]);
});

test("a sidebar beside its screen stays where it is while one goes about", () => {
  wide(1280);
  side.show();
  side.away();
  expect([side.shown, side.over]).toEqual([true, false]);
  side.toggle();
  expect(side.shown).toBe(false);
  side.away();
  expect(side.shown).toBe(false);
  side.toggle();
});
