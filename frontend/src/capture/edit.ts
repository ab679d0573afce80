// Edits of a document: each is a pure function from a document to the next.
import {
  freshId,
  isBoxed,
  isLine,
  isPen,
  limits,
  quarter,
  type Doc,
  type Obj,
} from "./doc";
import { bounds, union } from "./boxes";
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
  // A picture of words shows their old colour and size.
  if (next.t === "text" && (style.c ?? style.size ?? style.plate) !== undefined)
    delete next.bmp;
  if (style.a !== undefined && next.t !== "hide" && next.t !== "spot")
    next.a = style.a;
  if (style.size !== undefined) {
    const width = (widths[style.size] ?? widths[1]) * scale;
    if (next.t === "text" || next.t === "step") {
      next.size = (textSizes[style.size] ?? textSizes[1]) * scale;
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
