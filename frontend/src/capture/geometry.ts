// The points of marks, in base pixels. internal/annotate/geometry.go computes
// the same ones when it flattens; both are held, number by number, to
// internal/annotate/testdata/geometry.json. Only +, −, ×, ÷, square root and
// floor are used, which are exact in both languages.
import type { LineObj, Obj, Point } from "./doc";

/** Rounds to 1/64 pixel, halves upward; never to −0. */
export function snap(v: number): number {
  return Math.floor(v * 64 + 0.5) / 64 + 0;
}

function snapped(x: number, y: number): Point {
  return { x: snap(x), y: snap(y) };
}

// The plain square root: Math.hypot differs between engines.
function length(dx: number, dy: number): number {
  return Math.sqrt(dx * dx + dy * dy);
}

/** How many corners stand for a circle of radius r: 16, doubled while r exceeds 2, 8, 32, … */
function sides(r: number): number {
  let n = 16;
  for (let limit = 2; r > limit && n < 1024; limit *= 4) n *= 2;
  return n;
}

// n points of the unit circle, from (1, 0) towards (0, 1), by halving the quarter.
function circle(n: number): Point[] {
  let quarter: Point[] = [
    { x: 1, y: 0 },
    { x: 0, y: 1 },
  ];
  while (quarter.length - 1 < n / 4) {
    const finer: Point[] = [];
    quarter.forEach((p, i) => {
      const before = quarter[i - 1];
      if (before) {
        const x = before.x + p.x;
        const y = before.y + p.y;
        const l = length(x, y);
        finer.push({ x: x / l, y: y / l });
      }
      finer.push(p);
    });
    quarter = finer;
  }
  const out: Point[] = [];
  for (let turn = 0; turn < 4; turn++) {
    for (let p of quarter.slice(0, n / 4)) {
      for (let i = 0; i < turn; i++) p = { x: -p.y, y: p.x };
      out.push(p);
    }
  }
  return out;
}

/** The polygon of a disc. */
export function disc(cx: number, cy: number, r: number): Point[] {
  return circle(sides(r)).map((p) => snapped(cx + r * p.x, cy + r * p.y));
}

// 4.5 strokes, and never more than its share of the line: half of it for two heads.
function headLength(line: number, s: number, both: boolean): number {
  return Math.min(4.5 * s, both ? line / 2 : line);
}

/** The polygon of an arrow head: tip, side, notch, side. A line without length has none. */
export function head(
  tip: Point,
  from: Point,
  s: number,
  both: boolean,
): Point[] {
  const dx = tip.x - from.x;
  const dy = tip.y - from.y;
  const line = length(dx, dy);
  if (line === 0) return [];
  const ux = dx / line;
  const uy = dy / line;
  const l = headLength(line, s, both);
  const half = (l * 4) / 9;
  const notch = (l * 4) / 5;
  const backX = tip.x - ux * l;
  const backY = tip.y - uy * l;
  return [
    snapped(tip.x, tip.y),
    snapped(backX - uy * half, backY + ux * half),
    snapped(tip.x - ux * notch, tip.y - uy * notch),
    snapped(backX + uy * half, backY - ux * half),
  ];
}

/** The line of an arrow, ending in the notch of each head; heads is 0, 1 (at b) or 2. */
export function shaft(
  a: Point,
  b: Point,
  s: number,
  heads: number,
): [Point, Point] {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const line = length(dx, dy);
  if (line === 0 || heads === 0) return [snapped(a.x, a.y), snapped(b.x, b.y)];
  const notch = (headLength(line, s, heads === 2) * 4) / 5;
  const ux = dx / line;
  const uy = dy / line;
  const end = snapped(b.x - ux * notch, b.y - uy * notch);
  if (heads === 1) return [snapped(a.x, a.y), end];
  return [snapped(a.x + ux * notch, a.y + uy * notch), end];
}

const maxDashes = 20_000;

/** The pieces of a dashed polyline: 2 strokes on, 3 off, running on round the corners. */
export function dash(s: number, line: readonly Point[]): [Point, Point][] {
  const on = Math.max(2 * s, 1);
  const off = Math.max(3 * s, 1);
  let left = on;
  let drawing = true;
  const out: [Point, Point][] = [];
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1] as Point;
    const b = line[i] as Point;
    const total = length(b.x - a.x, b.y - a.y);
    if (total === 0) continue;
    const ux = (b.x - a.x) / total;
    const uy = (b.y - a.y) / total;
    for (let at = 0; at < total && out.length < maxDashes;) {
      const step = Math.min(left, total - at);
      if (drawing) {
        out.push([
          snapped(a.x + ux * at, a.y + uy * at),
          snapped(a.x + ux * (at + step), a.y + uy * (at + step)),
        ]);
      }
      at += step;
      left -= step;
      if (left <= 0) {
        drawing = !drawing;
        left = drawing ? on : off;
      }
    }
  }
  return out;
}

/** The corners of a rectangle. */
export function box(x: number, y: number, w: number, h: number): Point[] {
  return [
    snapped(x, y),
    snapped(x + w, y),
    snapped(x + w, y + h),
    snapped(x, y + h),
  ];
}

/** The polygon of an ellipse. */
export function ellipse(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
): Point[] {
  return circle(sides(Math.max(rx, ry))).map((p) =>
    snapped(cx + rx * p.x, cy + ry * p.y),
  );
}

/** How many heads a line has; an arrow that does not say has one. */
export function headCount(o: LineObj): 0 | 1 | 2 {
  if (o.head === "both") return 2;
  return o.head === "end" || o.t === "arrow" ? 1 : 0;
}

/** The straight strokes (drawn with round ends) and the filled heads of an arrow or line. */
export function linePieces(o: LineObj): {
  strokes: [Point, Point][];
  heads: Point[][];
} {
  const a = { x: o.x1, y: o.y1 };
  const b = { x: o.x2, y: o.y2 };
  const n = headCount(o);
  const whole = shaft(a, b, o.s, n);
  const heads: Point[][] = [];
  if (n >= 1) heads.push(head(b, a, o.s, n === 2));
  if (n === 2) heads.push(head(a, b, o.s, true));
  return { strokes: o.dash ? dash(o.s, whole) : [whole], heads };
}

/** The pieces of a dashed rectangle or ellipse. */
export function dashedBorder(
  o: Extract<Obj, { t: "rect" | "ellipse" }>,
): [Point, Point][] {
  const line =
    o.t === "ellipse"
      ? ellipse(o.x + o.w / 2, o.y + o.h / 2, o.w / 2, o.h / 2)
      : box(o.x, o.y, o.w, o.h);
  return dash(o.s, [...line, line[0] as Point]);
}

/** A polygon as SVG path data. */
export function polygon(
  points: readonly (Point | readonly number[])[],
): string {
  if (!points.length) return "";
  const at = (p: Point | readonly number[]): string =>
    "x" in p ? `${p.x} ${p.y}` : `${p[0]} ${p[1]}`;
  return `M${points.map(at).join("L")}Z`;
}

/** Straight strokes as SVG path data. */
export function segments(pieces: readonly (readonly [Point, Point])[]): string {
  return pieces.map(([a, b]) => `M${a.x} ${a.y}L${b.x} ${b.y}`).join("");
}
