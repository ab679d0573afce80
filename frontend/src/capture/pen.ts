// The outline of a freehand stroke. It is computed once, by perfect-freehand,
// and stored with the points: Go fills the stored outline.
import { getStroke } from "perfect-freehand";
import { limits, quarter, type PenObj } from "./doc";

/** The closed outline of points drawn with a stroke width of s base pixels. */
export function outline(
  t: "pen" | "markpen",
  pts: readonly (readonly [number, number, number])[],
  s: number,
): [number, number][] {
  const pressed = pts.some((p) => p[2] !== 0.5);
  const path = getStroke(
    pts.map((p) => [...p]),
    t === "markpen"
      ? {
          size: s,
          thinning: 0,
          smoothing: 0.5,
          streamline: 0.4,
          simulatePressure: false,
        }
      : {
          size: s * 1.5,
          thinning: 0.45,
          smoothing: 0.5,
          streamline: 0.4,
          simulatePressure: !pressed,
        },
  );
  const out: [number, number][] = [];
  for (const [x = 0, y = 0] of path) {
    const p: [number, number] = [quarter(x), quarter(y)];
    const last = out.at(-1);
    if (!last || last[0] !== p[0] || last[1] !== p[1]) out.push(p);
  }
  return out.slice(0, limits.points);
}

/** Adds a point to a stroke, leaving out what is nearer than `apart` base pixels to the last. */
export function addPoint(
  pts: readonly [number, number, number][],
  p: [number, number, number],
  apart: number,
): [number, number, number][] {
  const last = pts.at(-1);
  const q: [number, number, number] = [
    quarter(p[0]),
    quarter(p[1]),
    Math.round(p[2] * 100) / 100,
  ];
  if (last) {
    const dx = q[0] - last[0];
    const dy = q[1] - last[1];
    if (dx * dx + dy * dy < apart * apart)
      return pts as [number, number, number][];
  }
  // A stroke that reached the limit keeps every second point and goes on.
  const kept =
    pts.length >= limits.points / 2 ? pts.filter((_, i) => i % 2 === 0) : pts;
  return [...kept, q];
}

/** The stroke with its outline drawn anew. */
export function redrawn(o: PenObj): PenObj {
  return { ...o, path: outline(o.t, o.pts, o.s) };
}
