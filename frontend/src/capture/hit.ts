// Which mark is under the pointer.
import {
  isBoxed,
  isLine,
  isPen,
  type Doc,
  type Obj,
  type Point,
  type Rect,
} from "./doc";
import { bounds, contains, inside, stepRadius } from "./boxes";

/** Distance of a point from the stretch between two others. */
export function distance(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
  const u = Math.min(1, Math.max(0, t));
  const x = p.x - a.x - u * dx;
  const y = p.y - a.y - u * dy;
  return Math.sqrt(x * x + y * y);
}

/** Whether the pointer, with `reach` base pixels round it, is on a mark. */
export function hits(o: Obj, p: Point, reach: number): boolean {
  if (isLine(o)) {
    return (
      distance(p, { x: o.x1, y: o.y1 }, { x: o.x2, y: o.y2 }) <= o.s / 2 + reach
    );
  }
  if (isPen(o)) return onStroke(o.pts, p, o.s / 2 + reach);
  if (o.t === "step") {
    return (
      distance(p, o, o) <= stepRadius * o.size + reach / 2 ||
      contains(bounds(o), p)
    );
  }
  if (o.t === "text") return contains(bounds(o), p, reach / 2);
  if (isBoxed(o) && (o.t === "rect" || o.t === "ellipse") && !o.fill) {
    return o.t === "rect"
      ? onFrame(o, p, o.s / 2 + reach)
      : onRing(o, p, o.s / 2 + reach);
  }
  if (o.t === "spot") return onFrame(o, p, reach);
  if (o.t === "ellipse") return inEllipse(o, p, o.s / 2 + reach);
  return contains(bounds(o), p, reach / 2);
}

/** The topmost mark under the pointer; hidden boxes lie below all others, as they are drawn. */
export function hitTest(doc: Doc, p: Point, reach: number): Obj | null {
  const order = [...drawOrder(doc)].reverse();
  // What is hit exactly wins over what is only near.
  return (
    order.find((o) => hits(o, p, 0)) ??
    order.find((o) => hits(o, p, reach)) ??
    null
  );
}

/** Objects bottom to top as they are drawn: hidden boxes, spotlights, then the rest. */
export function drawOrder(doc: Doc): Obj[] {
  const hides = doc.objects.filter((o) => o.t === "hide");
  const spots = doc.objects.filter((o) => o.t === "spot");
  const rest = doc.objects.filter((o) => o.t !== "hide" && o.t !== "spot");
  return [...hides, ...spots, ...rest];
}

/** The ids of the marks wholly inside a rubber band. */
export function inBand(doc: Doc, band: Rect): string[] {
  return doc.objects.filter((o) => inside(bounds(o), band)).map((o) => o.id);
}

function onStroke(
  pts: readonly (readonly number[])[],
  p: Point,
  reach: number,
): boolean {
  for (let i = 0; i < pts.length; i++) {
    const [ax = 0, ay = 0] = pts[Math.max(0, i - 1)] ?? [];
    const [bx = 0, by = 0] = pts[i] ?? [];
    if (distance(p, { x: ax, y: ay }, { x: bx, y: by }) <= reach) return true;
  }
  return false;
}

function onFrame(r: Rect, p: Point, reach: number): boolean {
  if (!contains(r, p, reach)) return false;
  const inner = {
    x: r.x + reach,
    y: r.y + reach,
    w: r.w - 2 * reach,
    h: r.h - 2 * reach,
  };
  return inner.w <= 0 || inner.h <= 0 || !contains(inner, p);
}

function inEllipse(r: Rect, p: Point, by: number): boolean {
  const a = r.w / 2 + by;
  const b = r.h / 2 + by;
  if (a <= 0 || b <= 0) return false;
  const x = (p.x - r.x - r.w / 2) / a;
  const y = (p.y - r.y - r.h / 2) / b;
  return x * x + y * y <= 1;
}

function onRing(r: Rect, p: Point, reach: number): boolean {
  return inEllipse(r, p, reach) && !inEllipse(r, p, -reach);
}
