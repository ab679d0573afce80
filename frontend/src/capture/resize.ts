// Handles: where they stand on a mark, and what dragging one makes of it.
import { bounds, stepRadius } from "./boxes";
import {
  isLine,
  isPen,
  quarter,
  withoutBitmap,
  type Obj,
  type Point,
  type Rect,
} from "./doc";
import { moved } from "./edit";
import { redrawn } from "./pen";

/** The eight handles of a box, by the sides they move, and the two ends of a line. */
export type Handle =
  "nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "start" | "end";

/** The handles a mark has. */
export function handlesOf(o: Obj): readonly Handle[] {
  if (isLine(o)) return ["start", "end"];
  if (o.t === "step") return ["nw", "ne", "se", "sw"];
  if (o.t === "text") return ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
  return ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
}

/** Where a handle of a mark stands, in base pixels. */
export function handleAt(o: Obj, handle: Handle): Point {
  if (isLine(o))
    return handle === "start" ? { x: o.x1, y: o.y1 } : { x: o.x2, y: o.y2 };
  return handleOn(bounds(o), handle);
}

/** Where a handle stands on a rectangle. */
export function handleOn(r: Rect, handle: Handle): Point {
  const x = handle.includes("w")
    ? r.x
    : handle.includes("e")
      ? r.x + r.w
      : r.x + r.w / 2;
  const y = handle.startsWith("n")
    ? r.y
    : handle.startsWith("s")
      ? r.y + r.h
      : r.y + r.h / 2;
  return { x, y };
}

/** Which keys are held while dragging. */
export interface Mods {
  /** Straight, square or in proportion. */
  shift: boolean;
  /** From the centre. */
  alt: boolean;
}

/** A rectangle whose handle was dragged to p; turned inside out it comes back positive. */
export function resizedRect(
  r: Rect,
  handle: Handle,
  p: Point,
  mods: Mods,
): Rect {
  const west = handle.includes("w");
  const east = handle.includes("e") && handle !== "end";
  const north = handle.startsWith("n");
  const south = handle === "s" || handle === "se" || handle === "sw";
  let [x0, y0, x1, y1] = [r.x, r.y, r.x + r.w, r.y + r.h];
  if (west) x0 = p.x;
  if (east) x1 = p.x;
  if (north) y0 = p.y;
  if (south) y1 = p.y;
  if (mods.alt) {
    if (west) x1 = r.x + r.w - (x0 - r.x);
    if (east) x0 = r.x - (x1 - r.x - r.w);
    if (north) y1 = r.y + r.h - (y0 - r.y);
    if (south) y0 = r.y - (y1 - r.y - r.h);
  }
  if (mods.shift && r.w > 0 && r.h > 0 && (west || east) && (north || south)) {
    const ratio = Math.max(Math.abs(x1 - x0) / r.w, Math.abs(y1 - y0) / r.h);
    const w = r.w * ratio * (x1 < x0 ? -1 : 1);
    const h = r.h * ratio * (y1 < y0 ? -1 : 1);
    if (mods.alt) {
      const [cx, cy] = [r.x + r.w / 2, r.y + r.h / 2];
      [x0, x1, y0, y1] = [cx - w / 2, cx + w / 2, cy - h / 2, cy + h / 2];
    } else {
      if (west) x0 = x1 - w;
      else x1 = x0 + w;
      if (north) y0 = y1 - h;
      else y1 = y0 + h;
    }
  }
  return {
    x: quarter(Math.min(x0, x1)),
    y: quarter(Math.min(y0, y1)),
    w: quarter(Math.abs(x1 - x0)),
    h: quarter(Math.abs(y1 - y0)),
  };
}

/** A point on the ray from `from` towards p whose angle is a multiple of 15°. */
export function straight(from: Point, p: Point): Point {
  const dx = p.x - from.x;
  const dy = p.y - from.y;
  const step = Math.PI / 12;
  const angle = Math.round(Math.atan2(dy, dx) / step) * step;
  const along = Math.max(0, dx * Math.cos(angle) + dy * Math.sin(angle));
  return {
    x: quarter(from.x + Math.cos(angle) * along),
    y: quarter(from.y + Math.sin(angle) * along),
  };
}

/** A mark whose handle was dragged to p. */
export function resized(o: Obj, handle: Handle, p: Point, mods: Mods): Obj {
  if (isLine(o)) {
    const [from, at] = [
      handleAt(o, handle === "start" ? "end" : "start"),
      handleAt(o, handle),
    ];
    const to = mods.shift
      ? straight(from, p)
      : { x: quarter(p.x), y: quarter(p.y) };
    const other = mods.alt
      ? {
          x: quarter(from.x - (to.x - at.x)),
          y: quarter(from.y - (to.y - at.y)),
        }
      : from;
    const [a, b] = handle === "start" ? [to, other] : [other, to];
    return { ...o, x1: a.x, y1: a.y, x2: b.x, y2: b.y };
  }
  const was = bounds(o);
  if (o.t === "step") {
    const half = Math.max(Math.abs(p.x - o.x), Math.abs(p.y - o.y));
    return { ...o, size: clampSize(half / stepRadius) };
  }
  if (o.t === "text") return resizedText(o, handle, p, mods);
  const to = resizedRect(was, handle, p, mods);
  if (isPen(o)) {
    const X = (x: number): number =>
      to.x + (was.w ? ((x - was.x) * to.w) / was.w : 0);
    const Y = (y: number): number =>
      to.y + (was.h ? ((y - was.y) * to.h) / was.h : 0);
    return redrawn({
      ...o,
      pts: o.pts.map(([x, y, z]) => [quarter(X(x)), quarter(Y(y)), z]),
    });
  }
  return { ...o, ...to };
}

function clampSize(size: number): number {
  return Math.min(400, Math.max(6, quarter(size)));
}

// Text keeps its shape: the side dragged says how much larger it becomes, the
// opposite side stays.
function resizedText(
  o: Extract<Obj, { t: "text" }>,
  handle: Handle,
  p: Point,
  mods: Mods,
): Obj {
  const was = bounds(o);
  const to = resizedRect(was, handle, p, { shift: false, alt: mods.alt });
  const wide = handle === "e" || handle === "w";
  const high = handle === "n" || handle === "s";
  const by = wide
    ? to.w / was.w
    : high
      ? to.h / was.h
      : Math.max(to.w / was.w, to.h / was.h);
  const size = clampSize(o.size * by);
  const scaled = { ...withoutBitmap(o), size };
  const now = bounds(scaled);
  const keep = handleOn(was, mods.alt ? handle : opposite(handle));
  const at = handleOn(now, mods.alt ? handle : opposite(handle));
  if (mods.alt) {
    return moved(
      scaled,
      was.x + was.w / 2 - now.x - now.w / 2,
      was.y + was.h / 2 - now.y - now.h / 2,
    );
  }
  return moved(scaled, keep.x - at.x, keep.y - at.y);
}

/** The handle across. */
export function opposite(handle: Handle): Handle {
  const to: Record<string, string> = { n: "s", s: "n", e: "w", w: "e" };
  if (handle === "start") return "end";
  if (handle === "end") return "start";
  return [...handle].map((c) => to[c]).join("") as Handle;
}
