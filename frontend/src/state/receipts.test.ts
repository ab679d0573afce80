import { expect, test } from "vitest";

import type { MessageRow } from "../bridge/api";
import { anchors } from "./receipts.svelte";

const row = (num: number, mine: boolean, deleted = 0) =>
  ({ id: `m${num}`, num, mine, deleted, at: 1000 * num }) as MessageRow;
const at = (map: Map<string, string[]>) =>
  Object.fromEntries([...map].map(([id, who]) => [id, who.join(" ")]));

test("M-33 a receipt stands under the newest of my messages that was read, never under a later one", () => {
  const rows = [row(1, true), row(2, false), row(3, true), row(4, true)];
  const who = [
    { id: "a", name: "Ann", num: 4, from: 0 },
    { id: "b", name: "Bob", num: 3, from: 0 },
    { id: "c", name: "Cy", num: 2, from: 0 },
    { id: "d", name: "Dee", num: 9, from: 0 },
  ];
  expect(at(anchors(rows, who, true))).toEqual({
    m1: "Cy",
    m3: "Bob",
    m4: "Ann Dee",
  });
  // Newer ones follow: whoever read the last of these may have read those too.
  expect(at(anchors(rows, who, false))).toEqual({ m1: "Cy", m3: "Bob" });
});

test("M-33 nothing stands under what waits, was deleted, or is not mine", () => {
  const rows = [row(1, false), row(2, true, 5), row(0, true)];
  expect(
    anchors(rows, [{ id: "a", name: "Ann", num: 5, from: 0 }], true).size,
  ).toBe(0);
});

test("M-06, M-33: who was let in from now on has read nothing of what was written before", () => {
  const rows = [row(1, true), row(2, true), row(3, false), row(4, false)];
  const who = (from: number) => [{ id: "n", name: "Noor", num: 4, from }];
  expect(at(anchors(rows, who(2500), true))).toEqual({});
  expect(at(anchors(rows, who(1500), true))).toEqual({ m2: "Noor" });
  expect(at(anchors([...rows, row(5, true)], who(2500), true))).toEqual({});
});
