import { describe, expect, test } from "vitest";

import { edited, moved, runs } from "./mirror";

describe("what was edited between two states of a text", () => {
  test.each<[string, string, number, [number, number, number]]>([
    ["", "a", 1, [0, 0, 1]],
    ["abc", "abxc", 3, [2, 2, 1]],
    ["abc", "ac", 1, [1, 2, 0]],
    ["aaa", "aaaa", 1, [0, 0, 1]], // the cursor tells which a is new
    ["aaa", "aaaa", 4, [3, 3, 1]],
    ["aaaa", "aaa", 1, [1, 2, 0]],
    ["one two", "one 2", 5, [4, 7, 1]],
    ["abc", "abc", 1, [1, 1, 0]],
    ["x", "", 0, [0, 1, 0]],
  ])("%j to %j with the cursor at %d", (before, after, cursor, want) => {
    const e = edited(before, after, cursor);
    expect([e.from, e.to, e.size]).toEqual(want);
    expect(
      before.slice(0, e.from) +
        after.slice(e.from, e.from + e.size) +
        before.slice(e.to),
    ).toBe(after);
  });
});

test("spans move with an edit, grow round it, and go where it cut them", () => {
  const spans = [
    { from: 0, to: 2, kind: "before" },
    { from: 2, to: 8, kind: "round" },
    { from: 4, to: 6, kind: "cut" },
    { from: 8, to: 9, kind: "behind" },
  ];
  expect(moved(spans, { from: 5, to: 7, size: 5 })).toEqual([
    { from: 0, to: 2, kind: "before" },
    { from: 2, to: 11, kind: "round" },
    { from: 11, to: 12, kind: "behind" },
  ]);
});

test("a text cut where spans begin and end is the text", () => {
  const text = "a **b _c_** d";
  const got = runs(text, [
    { from: 2, to: 11, kind: "bold" },
    { from: 2, to: 4, kind: "mark" },
    { from: 6, to: 9, kind: "italic" },
    { from: 9, to: 11, kind: "mark" },
    { from: 12, to: 99, kind: "late" }, // of a text that was longer
  ]);
  expect(got.map((r) => r.text).join("")).toBe(text);
  expect(got.map((r) => `${r.text}:${r.kinds.join("+")}`)).toEqual([
    "a :",
    "**:bold+mark",
    "b :bold",
    "_c_:bold+italic",
    "**:bold+mark",
    " :",
    "d:late",
  ]);
  expect(runs("", [])).toEqual([]);
});
