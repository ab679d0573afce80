// Edits of a document: each is a pure function from a document to the next.
import {
  freshId,
  isBoxed,
  isLine,
  isPen,
  limits,
  quarter,
  withoutBitmap,
  type Doc,
  type Obj,
  type Point,
  type Rect,
} from "./doc";
import { bounds, stepRadius, union } from "./boxes";
import { redrawn } from "./pen";
import { markerWidth, inkOn, textSizes, widths, type Style } from "./style";

/** The document with other objects. */
export function withObjects(doc: Doc, objects: Obj[]): Doc {
  return { ...doc, objects };
}

/** Adds a mark on top; a document that is full stays as it is. */
export function add(doc: Doc, o: Obj): Doc {
  if (doc.objects.length >= limits.objects) return doc;
  const next = withObjects(doc, [...doc.objects, o]);
  return o.t === "step" ? { ...next, step: Math.max(doc.step, o.n + 1) } : next;
}

/** Replaces one mark by id. */
export function replace(doc: Doc, o: Obj): Doc {
  return withObjects(
    doc,
    doc.objects.map((was) => (was.id === o.id ? o : was)),
  );
}

/** Changes the marks with these ids. */
export function change(
  doc: Doc,
  ids: readonly string[],
  by: (o: Obj) => Obj,
): Doc {
  if (!ids.length) return doc;
  let changed = false;
  const objects = doc.objects.map((o) => {
    if (!ids.includes(o.id)) return o;
    const next = by(o);
    if (next !== o) changed = true;
    return next;
  });
  return changed ? withObjects(doc, objects) : doc;
}

/** A mark moved by (dx, dy) base pixels. */
export function moved(o: Obj, dx: number, dy: number): Obj {
  const X = (x: number): number => quarter(x + dx);
  const Y = (y: number): number => quarter(y + dy);
  if (isLine(o))
    return { ...o, x1: X(o.x1), y1: Y(o.y1), x2: X(o.x2), y2: Y(o.y2) };
  if (isPen(o)) {
    return {
      ...o,
      pts: o.pts.map(([x, y, p]) => [X(x), Y(y), p]),
      path: o.path.map(([x, y]) => [X(x), Y(y)]),
    };
  }
  return { ...o, x: X(o.x), y: Y(o.y) };
}

/** Moves marks together; they cannot be lost outside the picture. */
export function move(
  doc: Doc,
  ids: readonly string[],
  dx: number,
  dy: number,
): Doc {
  const all = union(doc.objects.filter((o) => ids.includes(o.id)).map(bounds));
  if (!all) return doc;
  const edge = 8;
  const x = quarter(
    Math.min(doc.w - edge - all.x, Math.max(edge - all.x - all.w, dx)),
  );
  const y = quarter(
    Math.min(doc.h - edge - all.y, Math.max(edge - all.y - all.h, dy)),
  );
  if (x === 0 && y === 0) return doc;
  return change(doc, ids, (o) => moved(o, x, y));
}

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

/** Removes marks; the steps that remain are numbered 1, 2, 3 again. */
export function remove(doc: Doc, ids: readonly string[]): Doc {
  const left = doc.objects.filter((o) => !ids.includes(o.id));
  if (left.length === doc.objects.length) return doc;
  const gone = doc.objects.some((o) => o.t === "step" && ids.includes(o.id));
  return gone ? renumbered(withObjects(doc, left)) : withObjects(doc, left);
}

function renumbered(doc: Doc): Doc {
  const order = doc.objects
    .flatMap((o) => (o.t === "step" ? [o] : []))
    .map((o, i) => ({ id: o.id, n: o.n, i }))
    .sort((a, b) => a.n - b.n || a.i - b.i);
  const to = new Map(order.map((o, i) => [o.id, i + 1]));
  const objects = doc.objects.map((o) => {
    const n = to.get(o.id);
    return o.t === "step" && n !== undefined && n !== o.n ? { ...o, n } : o;
  });
  return { ...doc, objects, step: order.length + 1 };
}

/** Copies marks a little to the side; returns the ids of the copies. */
export function duplicate(
  doc: Doc,
  ids: readonly string[],
): { doc: Doc; ids: string[] } {
  const by = Math.round(12 * doc.scale);
  let next = doc;
  const made: string[] = [];
  for (const o of doc.objects) {
    if (!ids.includes(o.id) || next.objects.length >= limits.objects) continue;
    const id = freshId(next);
    let copy: Obj = { ...moved(o, by, by), id };
    if (copy.t === "step") copy = { ...copy, n: next.step };
    if (copy.t === "hide") copy = { ...copy, seed: seed() };
    next = add(next, copy);
    made.push(id);
  }
  return { doc: next, ids: made };
}

/** A seed for the noise of a pixelated box; it tells nothing of what is beneath. */
export function seed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}

/** Moves marks one place up or down, or to the very top or bottom. */
export function order(
  doc: Doc,
  ids: readonly string[],
  to: "up" | "down" | "top" | "bottom",
): Doc {
  const isOne = (o: Obj): boolean => ids.includes(o.id);
  const objects = [...doc.objects];
  if (to === "top" || to === "bottom") {
    const ones = objects.filter(isOne);
    const rest = objects.filter((o) => !isOne(o));
    const next = to === "top" ? [...rest, ...ones] : [...ones, ...rest];
    return next.every((o, i) => o === doc.objects[i])
      ? doc
      : withObjects(doc, next);
  }
  const step = to === "up" ? 1 : -1;
  const from = to === "up" ? objects.length - 1 : 0;
  let swapped = false;
  for (let i = from; i >= 0 && i < objects.length; i -= step) {
    const [one, other] = [objects[i], objects[i + step]];
    if (one && other && isOne(one) && !isOne(other)) {
      [objects[i], objects[i + step]] = [other, one];
      swapped = true;
    }
  }
  return swapped ? withObjects(doc, objects) : doc;
}

/** A mark with part of a style applied; what does not concern it is left. */
export function restyled(o: Obj, style: Partial<Style>, scale: number): Obj {
  const next = { ...o };
  if (style.c !== undefined && next.t !== "spot") {
    next.c = style.c;
    if ((next.t === "rect" || next.t === "ellipse") && next.fill)
      next.fill = style.c;
    if (next.t === "text" && next.plate) {
      next.plate = style.c;
      next.c = inkOn(style.c);
    }
  }
  if (style.a !== undefined && next.t !== "hide" && next.t !== "spot")
    next.a = style.a;
  if (style.size !== undefined) {
    const width = (widths[style.size] ?? widths[1]) * scale;
    if (next.t === "text" || next.t === "step") {
      next.size = (textSizes[style.size] ?? textSizes[1]) * scale;
      if (next.t === "text") delete next.bmp;
    } else if (isPen(next)) {
      next.s = next.t === "markpen" ? width * markerWidth : width;
      return redrawn(next);
    } else if (!isBoxed(next) || next.t === "rect" || next.t === "ellipse") {
      next.s = width;
    }
  }
  if (next.t === "rect" || next.t === "ellipse") {
    if (style.fill === true) {
      next.fill = next.c;
      next.fa ??= 0.25;
    }
    if (style.fill === false) {
      delete next.fill;
      delete next.fa;
    }
  }
  if (
    style.dash !== undefined &&
    (isLine(next) || next.t === "rect" || next.t === "ellipse")
  ) {
    if (style.dash) next.dash = true;
    else delete next.dash;
  }
  if (style.head !== undefined && next.t === "arrow") next.head = style.head;
  if (style.how !== undefined && next.t === "hide") next.how = style.how;
  if (style.plate !== undefined && next.t === "text") {
    const colour = next.plate ?? next.c;
    if (style.plate) {
      next.plate = colour;
      next.c = inkOn(colour);
    } else {
      delete next.plate;
      next.c = colour;
    }
  }
  return next;
}
