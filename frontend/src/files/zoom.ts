/** The sizes a picture can be drawn at, of its own. */
export const least = 0.05;
export const most = 8;

/** How large a picture of w × h is drawn to be seen whole in a box, never larger than it is. */
export function fitted(
  w: number,
  h: number,
  box: number,
  high: number,
): number {
  if (w <= 0 || h <= 0 || box <= 0 || high <= 0) return 1;
  return Math.min(1, box / w, high / h);
}

const steps = [
  least,
  0.1,
  0.15,
  0.25,
  0.33,
  0.5,
  0.67,
  0.8,
  1,
  1.25,
  1.5,
  2,
  3,
  4,
  6,
  most,
];

/** The next size up or down. */
export function stepped(scale: number, by: 1 | -1): number {
  const next =
    by > 0
      ? steps.find((s) => s > scale * 1.01)
      : steps.findLast((s) => s < scale * 0.99);
  return next ?? (by > 0 ? most : least);
}
