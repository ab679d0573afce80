import { expect, test } from "vitest";

import {
  centred,
  fit,
  rectOnScreen,
  toBase,
  toScreen,
  zoomAt,
  zooms,
} from "./view";

const frame = { w: 1280, h: 748, left: 40, top: 40, right: 296, bottom: 136 };

test.each([
  ["small: never larger than its pixels", { x: 0, y: 0, w: 100, h: 80 }, 1],
  ["wide", { x: 0, y: 0, w: 1888, h: 300 }, 0.5],
  ["high", { x: 0, y: 0, w: 100, h: 1144 }, 0.5],
  ["a crop", { x: 700, y: 900, w: 1888, h: 300 }, 0.5],
])("TestC11_fit: %s", (_, r, zoom) => {
  const v = fit(r, frame, 1);
  expect(v.zoom).toBe(zoom);
  const s = rectOnScreen(v, r);
  expect(s.x).toBeGreaterThanOrEqual(frame.left);
  expect(s.x + s.w).toBeLessThanOrEqual(frame.w - frame.right + 1);
  expect(s.y).toBeGreaterThanOrEqual(frame.top);
  expect(s.y + s.h).toBeLessThanOrEqual(frame.h - frame.bottom + 1);
});

test("TestC11_actual_size_lies_on_whole_pixels", () => {
  const v = centred({ x: 3, y: 7, w: 101, h: 77 }, frame, 1);
  expect([v.x % 1, v.y % 1]).toEqual([0, 0]);
});

test("TestC11_zooming_keeps_the_pixel_under_the_pointer_within_limits", () => {
  let v = fit({ x: 0, y: 0, w: 900, h: 500 }, frame, 1);
  const at = { x: 333, y: 222 };
  const under = toBase(v, at);
  for (const zoom of [2, 0.3, 1000, 0.0001, 1]) {
    v = zoomAt(v, at, zoom);
    expect(v.zoom).toBeGreaterThanOrEqual(zooms.min);
    expect(v.zoom).toBeLessThanOrEqual(zooms.max);
    const back = toScreen(v, under);
    expect(back.x).toBeCloseTo(at.x, 6);
    expect(back.y).toBeCloseTo(at.y, 6);
  }
});
