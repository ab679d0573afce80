import { describe, expect, test } from "vitest";

import { capture, range, restore, scrolled } from "./anchor";
import { Heights } from "./fenwick";

/** A small generator with a fixed seed (mulberry32), so that a failure repeats. */
function random(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe("heights", () => {
  test("sums and places agree with plain addition, before and after changes", () => {
    const next = random(7);
    for (const n of [0, 1, 2, 3, 7, 8, 9, 100, 1000]) {
      const rows = Array.from(
        { length: n },
        () => 10 + Math.floor(next() * 90),
      );
      const heights = new Heights(rows);
      for (let round = 0; round < 20; round++) {
        if (n > 0) {
          const i = Math.floor(next() * n);
          rows[i] = 10 + Math.floor(next() * 90);
          heights.set(i, rows[i] ?? 0);
        }
        let top = 0;
        for (let i = 0; i < n; i++) {
          expect(heights.top(i)).toBe(top);
          expect(heights.find(top)).toBe(i);
          top += rows[i] ?? 0;
          expect(heights.find(top - 1)).toBe(i);
        }
        expect(heights.total).toBe(top);
      }
    }
  });

  test("a place outside gives the first or the last row", () => {
    const heights = new Heights([10, 20, 30]);
    expect(heights.find(-5)).toBe(0);
    expect(heights.find(60)).toBe(2);
    expect(heights.find(1e9)).toBe(2);
  });

  test("half a pixel is no change", () => {
    const heights = new Heights([10, 10]);
    expect(heights.set(0, 10.4)).toBe(false);
    expect(heights.total).toBe(20);
    expect(heights.set(0, 11)).toBe(true);
    expect(heights.total).toBe(21);
  });
});

describe("anchor", () => {
  const keys = Array.from({ length: 100 }, (_, i) => `m${i}`);
  const index = (ks: string[]) => new Map(ks.map((k, i) => [k, i]));
  const all = (n: number, h = 40) => new Heights(new Array<number>(n).fill(h));

  test("at the end it stays at the end when rows come", () => {
    const anchor = capture(100 * 40 - 600, 600, all(100), keys);
    expect(anchor).toEqual({ end: true });
    const more = [...keys, "new"];
    expect(restore(anchor, 600, all(101), index(more))).toBe(101 * 40 - 600);
  });

  test("while reading, rows at both ends and a grown row above move nothing", () => {
    const heights = all(100);
    const anchor = capture(1015, 600, heights, keys);
    expect(anchor).toEqual({ end: false, key: "m25", offset: 15 });
    const older = Array.from({ length: 50 }, (_, i) => `o${i}`);
    const now = [...older, ...keys, "new"];
    const grown = all(151);
    grown.set(60, 140);
    const top = restore(anchor, 600, grown, index(now));
    expect(top).toBe(1015 + 50 * 40 + 100);
  });

  test("a view that changes its height still follows the end", () => {
    const heights = all(100);
    const end = capture(100 * 40 - 600, 600, heights, keys);
    // The box below grew; the browser had moved the view meanwhile.
    const was = { high: 600, wide: 800 };
    const low = { high: 558, wide: 800 };
    const now = scrolled(end, was, 100 * 40 - 642, low, heights, keys);
    expect(now).toEqual({ end: true });
    expect(restore(now, 558, heights, index(keys))).toBe(100 * 40 - 558);
    // A person who scrolls up by as much leaves the end.
    const up = scrolled(end, was, 100 * 40 - 642, was, heights, keys);
    expect(up.end).toBe(false);
  });

  test("a view that changes its width still follows the end", () => {
    // Squeezed for a moment, its rows were very high; the browser moved it when it had room again.
    const heights = new Heights(keys.map(() => 400));
    const was = { high: 600, wide: 24 };
    const now = scrolled(
      { end: true },
      was,
      3400,
      { high: 600, wide: 330 },
      heights,
      keys,
    );
    expect(now).toEqual({ end: true });
  });

  test("a row that is gone leaves the view where it is", () => {
    expect(
      restore({ end: false, key: "x", offset: 0 }, 600, all(100), index(keys)),
    ).toBeUndefined();
  });

  test("rows to draw reach past the view on both sides", () => {
    expect(range(1000, 600, 300, all(100))).toEqual([17, 48]);
    expect(range(0, 600, 300, all(3))).toEqual([0, 3]);
    expect(range(0, 600, 300, all(0))).toEqual([0, 0]);
  });
});
