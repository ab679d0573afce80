import { expect, test } from "vitest";

import type { Obj } from "./doc";
import { drawOrder, hitTest, inBand } from "./hit";
import { docOf, oneOfEach } from "./sample";

const doc = docOf(...oneOfEach());

test.each<[string, [number, number], string | null]>([
  ["on the arrow's line", [60, 35], "arrow"],
  ["near it", [60, 41], "arrow"],
  ["beside it", [60, 60], null],
  ["on a frame", [150, 40], "rect"],
  ["inside an empty frame", [190, 40], null],
  ["inside a filled ellipse", [290, 40], "ellipse"],
  ["in the corner of its box", [251, 21], null],
  ["on a highlight", [60, 110], "mark"],
  ["inside a spotlight", [150, 130], null],
  ["on a spotlight's edge", [120, 130], "spot"],
  ["on a stroke", [210, 105], "pen"],
  ["on a highlighter stroke", [230, 147], "markpen"],
  ["between two words", [70, 175], "text"],
  ["on the second line", [30, 200], "text"],
  ["on a disc", [310, 175], "step"],
  ["on a hidden box", [330, 240], "hide"],
  ["nowhere", [390, 290], null],
])("TestC04_hit: %s", (_, [x, y], id) => {
  expect(hitTest(doc, { x, y }, 6)?.id ?? null).toBe(id);
});

test("TestC04_the_topmost_is_hit_and_what_is_exact_before_what_is_near", () => {
  const line = (id: string, y: number): Obj => ({
    id,
    t: "line",
    c: "#000000",
    a: 1,
    s: 2,
    x1: 0,
    y1: y,
    x2: 100,
    y2: y,
  });
  const two = docOf(line("below", 50), line("above", 50), line("near", 54));
  expect(hitTest(two, { x: 50, y: 50 }, 6)?.id).toBe("above");
  expect(hitTest(two, { x: 50, y: 58 }, 6)?.id).toBe("near");
});

test("TestC10_hidden_boxes_lie_below_whatever_their_place_in_the_list", () => {
  expect(
    drawOrder(doc)
      .map((o) => o.t)
      .slice(0, 2),
  ).toEqual(["hide", "spot"]);
});

test("TestC04_a_rubber_band_takes_what_is_wholly_inside", () => {
  expect(inBand(doc, { x: 140, y: 10, w: 200, h: 60 })).toEqual([
    "rect",
    "ellipse",
  ]);
  expect(inBand(doc, { x: 140, y: 10, w: 120, h: 60 })).toEqual(["rect"]);
});
