import { describe, expect, it } from "vitest";

import type { CellView } from "../bridge/api";
import { common, kept, nobody, pressed, secondsOf } from "./range";

const day = [
  { cell: 10, seconds: 600, memo: "a" },
  { cell: 11, seconds: 300, memo: "a" },
  { cell: 14, seconds: 60, memo: "b" },
  { cell: 15, seconds: 600, memo: "b" },
] as CellView[];

describe("T-17: a range of segments", () => {
  const one = pressed(day, nobody, 11, "one");
  it.each([
    ["a press chooses one", one, [11]],
    ["Shift chooses all up to it", pressed(day, one, 15, "to"), [11, 14, 15]],
    ["and backwards", pressed(day, one, 10, "to"), [10, 11]],
    [
      "Shift counts from where it began",
      pressed(day, pressed(day, one, 15, "to"), 10, "to"),
      [10, 11],
    ],
    ["Shift with nothing chosen", pressed(day, nobody, 14, "to"), [14]],
    ["Ctrl takes one more", pressed(day, one, 15, "too"), [11, 15]],
    ["in the order of the day", pressed(day, one, 10, "too"), [10, 11]],
    ["Ctrl gives one back", pressed(day, one, 11, "too"), []],
  ])("%s", (_, range, cells) => expect(range.cells).toEqual(cells));

  it("forgets what was deleted meanwhile, and nothing else", () => {
    const all = pressed(day, pressed(day, nobody, 10, "one"), 15, "to");
    expect(kept(day.slice(1), all).cells).toEqual([11, 14, 15]);
    expect(kept(day, all)).toBe(all);
  });
  it("adds up what is chosen", () =>
    expect(secondsOf(day, [11, 14])).toBe(360));
  it("knows what they have in common", () => {
    expect(common(day, [10, 11], (c) => c.memo)).toBe("a");
    expect(common(day, [11, 14], (c) => c.memo)).toBeUndefined();
  });
});
