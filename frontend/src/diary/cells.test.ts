import { describe, expect, it } from "vitest";

import type { CellView } from "../bridge/api";
import { bare, cellName, moved, shotWhy } from "./cells";

const cell = (n: number, more: Partial<CellView> = {}): CellView => ({
  cell: n,
  start: n * 600_000,
  label: `09:${n % 6}0`,
  until: `09:${(n % 6) + 1}0`,
  seconds: 600,
  activity: "a",
  code: "Map screen",
  colour: 2,
  memo: "tiles",
  more: 0,
  kind: "tracked",
  kept: 0,
  manual: 0,
  boxes: "aaaaaaaaau",
  active: 9,
  touched: 10,
  counted: true,
  minutes: [],
  keys: 4,
  mouse: 2,
  shot: null,
  waiting: false,
  open: false,
  flags: [],
  over: 0,
  late: 0,
  afterEnd: 0,
  shadowed: 0,
  shielded: false,
  unsaid: false,
  shots: [],
  looks: 0,
  gone: 0,
  pieces: [],
  cuts: [],
  may: {
    memo: true,
    activity: true,
    cut: true,
    swap: false,
    manual: false,
    why: "",
  },
  ...more,
});
const empty = (n: number) => cell(n, { seconds: 0 });

describe("T-18: what keeps the protection away", () => {
  it.each<[string, Partial<CellView>, string[]]>([
    ["by hand", { manual: 600, active: 0 }, ["entered by hand"]],
    [
      "by hand and over",
      { manual: 600, active: 0, over: 60 },
      ["entered by hand", "over the limit"],
    ],
    ["kept idle in part", { kept: 60 }, ["idle time that was kept"]],
    ["nothing touched", { active: 0 }, ["no active minute"]],
    ["Wayland", { active: 0, counted: false }, ["input is not measured here"]],
    [
      "deleted counts, over",
      { active: 0, counted: false, gone: 1, over: 60 },
      ["over the limit"],
    ],
    [
      "deleted counts, a blank memo",
      { active: 0, counted: false, gone: 1 },
      ["without a memo"],
    ],
    ["late", { late: 600 }, ["came after the week was fixed"]],
    ["a blank memo in a part", {}, ["without a memo"]],
  ])("%s", (_, more, why) => expect(bare(cell(1, more))).toEqual(why));
});

describe("T-05: what a cell says", () => {
  const shot = {
    file: "f",
    seed: "",
    at: 0,
    w: 1,
    h: 1,
    displays: 1,
    reason: "",
    files: [],
    gone: 0,
  };
  it.each([
    [
      cell(0, { shot }),
      "09:00 to 09:10, Map screen: tiles, activity 9 of 10, Screenshot at 09:00",
    ],
    [
      cell(0, { shot: { ...shot, file: "", reason: "locked" } }),
      "09:00 to 09:10, Map screen: tiles, activity 9 of 10, No screenshot: The screen was locked",
    ],
    [
      cell(0, { kind: "manual", counted: false }),
      "09:00 to 09:10, Map screen: tiles, activity not measured, Manual time",
    ],
    [
      cell(0, {
        counted: false,
        gone: 1,
        shot: { ...shot, file: "", reason: "expired" },
      }),
      "09:00 to 09:10, Map screen: tiles, counts deleted as agreed, No screenshot: Deleted after the time it is kept",
    ],
    [
      cell(0, { shot, kept: 250, manual: 30 }),
      "09:00 to 09:10, Map screen: tiles, activity 9 of 10, 4 min of it kept idle, < 1 min of it manual, Screenshot at 09:00",
    ],
    [
      cell(0, { flags: ["over_limit"], shot, waiting: true }),
      "09:00 to 09:10, Map screen: tiles, activity 9 of 10, Over the limit, unbilled, Screenshot at 09:00, Waiting to sync",
    ],
    [
      cell(0, { open: true, waiting: true }),
      "09:00 to 09:10, Map screen: tiles, activity 9 of 10, Not taken yet, Being tracked now",
    ],
    [empty(0), "09:00, nothing tracked"],
    [
      cell(0, { seconds: 0, shadowed: 3, code: "", memo: "" }),
      "09:00 to 09:10, Other time, 3 s belong to other tracked time and are not billed here",
    ],
  ])("%#", (c, name) => expect(cellName(c)).toBe(name));

  it("gives no reason where none was stored", () =>
    expect(shotWhy(cell(0, { shot }))).toBe(""));
});

describe("T-17: arrows walk the cells that hold time", () => {
  const rows = [
    [empty(0), cell(1), cell(2), empty(3), empty(4), cell(5)],
    [empty(6), empty(7), empty(8), empty(9), empty(10), empty(11)],
    [cell(12), empty(13), empty(14), empty(15), cell(16), empty(17)],
  ];
  it.each([
    ["over a gap", 2, "ArrowRight", 5],
    ["into the next row", 5, "ArrowRight", 12],
    ["back", 12, "ArrowLeft", 5],
    ["down over an empty row, to the nearest", 5, "ArrowDown", 16],
    ["up", 12, "ArrowUp", 1],
    ["to the first", 16, "Home", 1],
    ["to the last", 1, "End", 16],
    ["not past the end", 16, "ArrowRight", undefined],
    ["not for other keys", 1, "a", undefined],
  ])("%s", (_, from, key, to) => expect(moved(rows, from, key)).toBe(to));
});
