// Where base pixels are on the screen: a zoom, and the place of the base's
// corner in CSS pixels from the corner of the canvas.
import type { Point, Rect } from "./doc";

/** Zoom is CSS pixels per base pixel. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** The canvas in CSS pixels, with the room its bars need on each side. */
export interface Frame {
  w: number;
  h: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The smallest and largest zoom. */
export const zooms = { min: 0.05, max: 32 } as const;

/** From the screen to base pixels. */
export function toBase(v: View, p: Point): Point {
  return { x: (p.x - v.x) / v.zoom, y: (p.y - v.y) / v.zoom };
}

/** From base pixels to the screen. */
export function toScreen(v: View, p: Point): Point {
  return { x: p.x * v.zoom + v.x, y: p.y * v.zoom + v.y };
}

/** A base rectangle on the screen. */
export function rectOnScreen(v: View, r: Rect): Rect {
  return { ...toScreen(v, r), w: r.w * v.zoom, h: r.h * v.zoom };
}

/** Shows r whole and centred between the bars; never larger than `most`. */
export function fit(r: Rect, f: Frame, most: number): View {
  const w = Math.max(40, f.w - f.left - f.right);
  const h = Math.max(40, f.h - f.top - f.bottom);
  const zoom = clampZoom(Math.min(w / r.w, h / r.h, most));
  return centred(r, f, zoom);
}

/** Shows r at a zoom, centred between the bars; whole CSS pixels, so that 100 % is sharp. */
export function centred(r: Rect, f: Frame, zoom: number): View {
  const w = Math.max(40, f.w - f.left - f.right);
  const h = Math.max(40, f.h - f.top - f.bottom);
  return {
    zoom,
    x: Math.round(f.left + (w - r.w * zoom) / 2 - r.x * zoom),
    y: Math.round(f.top + (h - r.h * zoom) / 2 - r.y * zoom),
  };
}

/** Zooms by a factor with the base pixel under `at` (screen) staying where it is. */
export function zoomAt(v: View, at: Point, zoom: number): View {
  const z = clampZoom(zoom);
  const b = toBase(v, at);
  return { zoom: z, x: at.x - b.x * z, y: at.y - b.y * z };
}

/** Moves the picture by screen pixels. */
export function panBy(v: View, dx: number, dy: number): View {
  return { ...v, x: v.x + dx, y: v.y + dy };
}

function clampZoom(z: number): number {
  return Math.min(zooms.max, Math.max(zooms.min, z));
}
