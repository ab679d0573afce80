import { expect, test } from "vitest";

import type { MessageRow } from "../bridge/api";
import { anchors } from "./receipts.svelte";

const row = (num: number, mine: boolean, deleted = 0) =>
  ({ id: `m${num}`, num, mine, deleted }) as MessageRow;
const at = (map: Map<string, string[]>) =>
  Object.fromEntries([...map].map(([id, who]) => [id, who.join(" ")]));

test("M-33 a receipt stands under the newest of my messages that was read, never under a later one", () => {
  const rows = [row(1, true), row(2, false), row(3, true), row(4, true)];
  const who = [
    { id: "a", name: "Ann", num: 4 },
    { id: "b", name: "Bob", num: 3 },
    { id: "c", name: "Cy", num: 2 },
    { id: "d", name: "Dee", num: 9 },
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
  expect(anchors(rows, [{ id: "a", name: "Ann", num: 5 }], true).size).toBe(0);
});
