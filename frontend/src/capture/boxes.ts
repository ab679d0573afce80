// Rectangles: the box of each mark, and the sums done with them.
import {
  isBoxed,
  isLine,
  isPen,
  type Obj,
  type Point,
  type Rect,
  type TextObj,
} from "./doc";
import { leading, lineWidth, textWidth } from "./metrics";

/** Radius of a step's disc, in sizes. */
export const stepRadius = 0.75;

/** The size of a step's number and how far its baseline lies below the middle. */
export function stepNumber(o: { n: number; size: number }): {
  size: number;
  down: number;
} {
  const digits = String(o.n).length;
  const size =
    digits === 1 ? o.size : digits === 2 ? 0.8 * o.size : 0.6 * o.size;
  return { size, down: 0.36 * size };
}

/** Where something as wide as `wide` starts, for a text aligned at x. */
export function leftOf(o: Pick<TextObj, "x" | "align">, wide: number): number {
  if (o.align === "c") return o.x - wide / 2;
  return o.align === "r" ? o.x - wide : o.x;
}

/** The box of the text itself: from one size above the first baseline to 0.25 below the last. */
export function textBox(o: TextObj): Rect {
  const w = textWidth(o);
  const h = o.bmp
    ? o.bmp.h
    : o.size + Math.max(o.lines.length - 1, 0) * leading * o.size + o.size / 4;
  return { x: leftOf(o, w), y: o.y - o.size, w, h };
}

/** The plate behind a text. */
export function plateBox(o: TextObj): Rect {
  const b = textBox(o);
  const pad = o.size / 4;
  return { x: b.x - pad, y: b.y - pad, w: b.w + 2 * pad, h: b.h + 2 * pad };
}

/** The whole pixels a hidden box covers: never less than was drawn, cut to w × h. */
export function hiddenBox(r: Rect, w: number, h: number): Rect {
  const x = Math.max(0, Math.floor(r.x));
  const y = Math.max(0, Math.floor(r.y));
  return {
    x,
    y,
    w: Math.max(0, Math.min(w, Math.ceil(r.x + r.w)) - x),
    h: Math.max(0, Math.min(h, Math.ceil(r.y + r.h)) - y),
  };
}

/** The smallest rectangle round points. */
export function around(points: readonly (readonly number[])[]): Rect {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  return x0 > x1
    ? { x: 0, y: 0, w: 0, h: 0 }
    : { x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
}

/** The box the selection frame and handles stand on. */
export function bounds(o: Obj): Rect {
  if (isBoxed(o)) return { x: o.x, y: o.y, w: o.w, h: o.h };
  if (isLine(o))
    return around([
      [o.x1, o.y1],
      [o.x2, o.y2],
    ]);
  if (isPen(o)) return around(o.path.length ? o.path : o.pts);
  if (o.t === "step") {
    const r = stepRadius * o.size;
    const label = o.label ? 0.4 * o.size + lineWidth(o.label, o.size) : 0;
    return { x: o.x - r, y: o.y - r, w: 2 * r + label, h: 2 * r };
  }
  return o.plate ? plateBox(o) : textBox(o);
}

/** The smallest rectangle round rectangles; null of none. */
export function union(rects: readonly Rect[]): Rect | null {
  if (!rects.length) return null;
  return around(
    rects.flatMap((r) => [
      [r.x, r.y],
      [r.x + r.w, r.y + r.h],
    ]),
  );
}

/** Whether a rectangle lies inside another. */
export function inside(r: Rect, of: Rect): boolean {
  return (
    r.x >= of.x &&
    r.y >= of.y &&
    r.x + r.w <= of.x + of.w &&
    r.y + r.h <= of.y + of.h
  );
}

/** Whether a point lies in a rectangle grown by `by`. */
export function contains(r: Rect, p: Point, by = 0): boolean {
  return (
    p.x >= r.x - by &&
    p.y >= r.y - by &&
    p.x <= r.x + r.w + by &&
    p.y <= r.y + r.h + by
  );
}

/** The rectangle between two corners. */
export function between(a: Point, b: Point): Rect {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    w: Math.abs(a.x - b.x),
    h: Math.abs(a.y - b.y),
  };
}
