import { expect, test } from "vitest";

import { carried, compared, linked, marked, nextItem } from "./lists";

/** A text with its selection drawn by bars. */
const at = (drawn: string) => {
  const from = drawn.indexOf("|");
  const rest = drawn.slice(from + 1);
  const to = rest.includes("|") ? from + rest.indexOf("|") : from;
  return { text: drawn.replaceAll("|", ""), from, to };
};
const drawn = (s?: { text: string; from: number; to: number }) =>
  s &&
  (s.from === s.to
    ? `${s.text.slice(0, s.from)}|${s.text.slice(s.from)}`
    : `${s.text.slice(0, s.from)}|${s.text.slice(s.from, s.to)}|${s.text.slice(s.to)}`);

test("X-11 X-12 X-13 Enter goes on with a list, and ends it", () => {
  for (const [before, after] of [
    ["- milk|", "- milk\n- |"],
    ["* milk|", "* milk\n* |"],
    ["  - so|\n- b", "  - so\n  - |\n- b"],
    ["9. nine|", "9. nine\n10. |"],
    ["- mi|lk", "- mi\n- |lk"],
    ["- a\n- |", "- a\n|"],
    ["1. a\n2. |\nrest", "1. a\n|\nrest"],
  ])
    expect(drawn(nextItem(at(before ?? "")))).toBe(after);
  for (const plain of ["text|", "-|", "-milk|", "|- milk", "- |a|", "- |milk"])
    expect(nextItem(at(plain))).toBeUndefined();
});

test("X-14 X-15 the buttons set marks and take them off", () => {
  expect(drawn(marked("heading", at("Bri|ef")))).toBe("## Brief|");
  expect(drawn(marked("heading", at("# Bri|ef")))).toBe("Brief|");
  expect(drawn(marked("bullets", at("|a\n1. b|")))).toBe("|- a\n- b|");
  expect(drawn(marked("numbers", at("|- a\n- b|")))).toBe("|1. a\n2. b|");
  expect(drawn(marked("bullets", at("|- a\n  - b|")))).toBe("|a\nb|");
  expect(drawn(linked(at("see |this| now"), "text"))).toBe(
    "see [this](|https://|) now",
  );
  expect(drawn(linked(at("|"), "text"))).toBe("[text](|https://|)");
});

test("M-35 the cursor stays by its words when a merged text comes", () => {
  expect(carried("a\nb", "new\na\nb", 3)).toBe(7);
  expect(carried("a\nb", "a\nb\nnew", 1)).toBe(1);
  expect(carried("abc", "abc", 2)).toBe(2);
  expect(carried("a\nxx\nb", "a\nb", 3)).toBeLessThanOrEqual(3);
});

test("M-35 what stands in one of two texts only is marked", () => {
  const [a, b] = compared("one\ntwo\n", "one\n2\n");
  expect(a.filter((l) => l.only).map((l) => l.text)).toEqual(["two"]);
  expect(b.filter((l) => l.only).map((l) => l.text)).toEqual(["2"]);
});
