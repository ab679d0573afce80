import { expect, test } from "vitest";

import { blocksOf, pathsOf } from "./blocks";
import type { HideObj, Rect } from "./doc";
import { docOf, noise } from "./sample";

const hide = (id: string, r: Partial<HideObj> = {}): HideObj => ({
  id,
  t: "hide",
  c: "#1b1a18",
  a: 1,
  s: 4,
  x: 100,
  y: 80,
  w: 60,
  h: 40,
  how: "pixel",
  seed: 42,
  ...r,
});

// A picture of noise that tells where it was read.
function picture(seed: number, reads: Rect[] = [], flat?: number) {
  const next = noise(seed);
  const pixels = Array.from({ length: 400 * 300 }, () => [
    next() * 256,
    next() * 256,
    next() * 256,
    255,
  ]);
  return (r: Rect) => {
    reads.push(r);
    const out: number[] = [];
    for (let y = r.y; y < r.y + r.h; y++)
      for (let x = r.x; x < r.x + r.w; x++)
        out.push(
          ...(flat === undefined
            ? (pixels[y * 400 + x] ?? [])
            : [flat, flat, flat, 255]),
        );
    return new Uint8ClampedArray(out);
  };
}

test("TestC10_the_inside_of_a_hidden_box_is_never_read", () => {
  const reads: Rect[] = [];
  const o = hide("h", { x: 100.25, y: 80.5, w: 59.5, h: 39.25 });
  blocksOf(docOf(o), o, picture(1, reads));
  expect(reads).toHaveLength(4);
  for (const r of reads) {
    const inside = r.x + r.w > 100 && r.x < 160 && r.y + r.h > 80 && r.y < 120;
    expect(inside).toBe(false);
  }
});

test("TestC10_blocks_cover_every_pixel_of_the_box_outward", () => {
  const o = hide("h", { x: 100.25, y: 80.5, w: 59.5, h: 39.25 });
  const blocks = blocksOf(docOf(o), o, picture(1));
  expect(blocks.reduce((n, b) => n + b.w * b.h, 0)).toBe(60 * 40);
  const seen = pathsOf(blocks);
  expect(seen.reduce((n, p) => n + p.d.split("Z").length - 1, 0)).toBe(
    blocks.length,
  );
});

test("TestC10_same_seed_same_blocks_other_seed_others", () => {
  const o = hide("h");
  expect(blocksOf(docOf(o), o, picture(1))).toEqual(
    blocksOf(docOf(o), o, picture(1)),
  );
  const other = hide("h", { seed: 43 });
  expect(blocksOf(docOf(other), other, picture(1))).not.toEqual(
    blocksOf(docOf(o), o, picture(1)),
  );
});

test("TestC10_what_another_box_hides_colours_nothing", () => {
  const o = hide("h");
  // Four boxes hide the whole ring: nothing is left to read, so it is solid.
  const ring = [
    hide("t", { x: 90, y: 60, w: 80, h: 20 }),
    hide("b", { x: 90, y: 120, w: 80, h: 20 }),
    hide("l", { x: 80, y: 60, w: 20, h: 80 }),
    hide("r", { x: 160, y: 60, w: 20, h: 80 }),
  ];
  expect(blocksOf(docOf(o, ...ring), o, picture(1))).toEqual([
    { x: 100, y: 80, w: 60, h: 40, c: "#1b1a18" },
  ]);
});

test("TestC10_solid_and_outside_boxes", () => {
  const o = hide("h", { how: "solid", x: -10, w: 30 });
  expect(blocksOf(docOf(o), o, picture(1))).toEqual([
    { x: 0, y: 80, w: 20, h: 40, c: "#1b1a18" },
  ]);
  const out = hide("h", { x: 500 });
  expect(blocksOf(docOf(out), out, picture(1))).toEqual([]);
});
