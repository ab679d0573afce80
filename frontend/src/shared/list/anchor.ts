import type { Heights } from "./fenwick";

/** What stays where it is while rows come and grow: the end, or one row. */
export type Anchor =
  { end: true } | { end: false; key: string; offset: number };

/** Closer to the end than this counts as at the end, in pixels. */
const near = 2;

/** How rows may hold a view. */
export type Hold = {
  /** The last row is the end of all, so that a view that is there stays there. */
  follow: boolean;
  /** Says of a row that it only stands in for others, which take its place: it holds nothing. */
  loose: (row: number) => boolean;
};

const firm: Hold = { follow: true, loose: () => false };

/**
 * The anchor of what is now in view: the end, if the view is there, else the
 * first row in view and how far the view has gone into it. Where only rows that
 * stand in for others are in view, it is the nearest one beside them.
 */
export function capture(
  scrollTop: number,
  view: number,
  heights: Heights,
  keys: readonly string[],
  hold: Hold = firm,
): Anchor {
  if (hold.follow && heights.total - scrollTop - view < near)
    return { end: true };
  let i = heights.find(scrollTop);
  while (i < keys.length && hold.loose(i)) i++;
  if (i === keys.length) for (i--; i > 0 && hold.loose(i);) i--;
  return { end: false, key: keys[i] ?? "", offset: scrollTop - heights.top(i) };
}

/** How large a view is, in pixels. */
export type Size = { high: number; wide: number };

/**
 * The anchor after a scroll event. A view of another size than when it was last
 * settled was moved by the browser, not by a person, and its rows may have other
 * heights than are known: what it held stays.
 */
export function scrolled(
  was: Anchor,
  settled: Size,
  scrollTop: number,
  view: Size,
  heights: Heights,
  keys: readonly string[],
  hold: Hold = firm,
): Anchor {
  return view.high === settled.high && view.wide === settled.wide
    ? capture(scrollTop, view.high, heights, keys, hold)
    : was;
}

/**
 * Where the view has to stand to keep the anchor. A row that is gone answers
 * undefined: the view then stays where it is.
 */
export function restore(
  anchor: Anchor,
  view: number,
  heights: Heights,
  index: ReadonlyMap<string, number>,
): number | undefined {
  const last = Math.max(0, heights.total - view);
  if (anchor.end) return last;
  const i = index.get(anchor.key);
  if (i === undefined) return undefined;
  return Math.max(0, Math.min(heights.top(i) + anchor.offset, last));
}

/** The rows to draw: those in view and `beyond` pixels on both sides, as [from, to). */
export function range(
  scrollTop: number,
  view: number,
  beyond: number,
  heights: Heights,
): [number, number] {
  if (heights.length === 0) return [0, 0];
  return [
    heights.find(scrollTop - beyond),
    heights.find(scrollTop + view + beyond) + 1,
  ];
}
