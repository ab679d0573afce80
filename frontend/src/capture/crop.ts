// The crop: how it is set, dragged and nudged. It is part of the document, so
// that undo brings a crop back as it does a mark.
import { between } from "./boxes";
import { kept, type Doc, type Point, type Rect } from "./doc";
import { handleOn, resizedRect, type Handle, type Mods } from "./resize";

/** What came of setting a crop. */
export type CropResult = { doc: Doc } | { small: true };

/** Crops to r, cut at the picture's edges and to whole pixels; under one pixel is refused. */
export function crop(doc: Doc, r: Rect | null): CropResult {
  if (!r) return { doc: doc.crop ? { ...doc, crop: null } : doc };
  const x0 = Math.round(Math.max(0, Math.min(doc.w, r.x)));
  const y0 = Math.round(Math.max(0, Math.min(doc.h, r.y)));
  const x1 = Math.round(Math.max(0, Math.min(doc.w, r.x + r.w)));
  const y1 = Math.round(Math.max(0, Math.min(doc.h, r.y + r.h)));
  if (x1 - x0 < 1 || y1 - y0 < 1) return { small: true };
  const next = { x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
  const whole =
    next.x === 0 && next.y === 0 && next.w === doc.w && next.h === doc.h;
  const was = kept(doc);
  if (
    was.x === next.x &&
    was.y === next.y &&
    was.w === next.w &&
    was.h === next.h
  )
    return { doc };
  return { doc: { ...doc, crop: whole ? null : next } };
}

/** Moves one edge (or two, at a corner) of a rectangle by whole pixels. */
export function nudgeEdge(
  r: Rect,
  handle: Handle,
  dx: number,
  dy: number,
): Rect {
  const p = handleOn(r, handle);
  return resizedRect(
    r,
    handle,
    { x: p.x + dx, y: p.y + dy },
    { shift: false, alt: false },
  );
}

/** A crop being dragged: drawn anew, by a handle, or moved whole. */
export type CropDrag =
  | { by: "corner"; from: Point }
  | { by: "handle"; was: Rect; handle: Handle }
  | { by: "inside"; was: Rect; from: Point };

/** The crop when the pointer has come to `at`, in whole pixels inside the picture. */
export function draggedCrop(
  doc: Doc,
  drag: CropDrag,
  at: Point,
  mods: Mods,
): Rect {
  const clamp = (n: number, most: number): number =>
    Math.min(most, Math.max(0, n));
  if (drag.by === "inside") {
    const x = clamp(
      Math.round(drag.was.x + at.x - drag.from.x),
      doc.w - drag.was.w,
    );
    const y = clamp(
      Math.round(drag.was.y + at.y - drag.from.y),
      doc.h - drag.was.h,
    );
    return { ...drag.was, x, y };
  }
  const p = { x: clamp(at.x, doc.w), y: clamp(at.y, doc.h) };
  let r: Rect;
  if (drag.by === "handle") r = resizedRect(drag.was, drag.handle, p, mods);
  else {
    let [dx, dy] = [p.x - drag.from.x, p.y - drag.from.y];
    if (mods.shift) {
      const side = Math.min(Math.abs(dx), Math.abs(dy));
      [dx, dy] = [Math.sign(dx) * side, Math.sign(dy) * side];
    }
    r = between(drag.from, { x: drag.from.x + dx, y: drag.from.y + dy });
  }
  const x = clamp(Math.round(r.x), doc.w);
  const y = clamp(Math.round(r.y), doc.h);
  return {
    x,
    y,
    w: clamp(Math.round(r.x + r.w), doc.w) - x,
    h: clamp(Math.round(r.y + r.h), doc.h) - y,
  };
}
