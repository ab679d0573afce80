// Which segments are chosen: by a press, with Shift to there, with Ctrl one more, or by drawing over them (T-17).
import type { CellView } from "../bridge/api";

/** How a press chooses: this one alone, all up to it, or it too. */
export type How = "one" | "to" | "too";

/** What is chosen, and from where Shift counts. */
export type Range = { anchor: number; cells: readonly number[] };

export const nobody: Range = { anchor: 0, cells: [] };

/** What is chosen after a press on a cell, among the cells of the day that hold time. */
export function pressed(
  day: readonly CellView[],
  before: Range,
  cell: number,
  how: How,
): Range {
  if (how === "too") {
    const without = before.cells.filter((c) => c !== cell);
    const cells =
      without.length < before.cells.length
        ? without
        : [...before.cells, cell].sort((a, b) => a - b);
    return { anchor: cell, cells };
  }
  const from = day.some((c) => c.cell === before.anchor)
    ? before.anchor
    : undefined;
  if (how === "one" || from === undefined)
    return { anchor: cell, cells: [cell] };
  const low = Math.min(from, cell);
  const high = Math.max(from, cell);
  return {
    anchor: from,
    cells: day.map((c) => c.cell).filter((c) => c >= low && c <= high),
  };
}

/** What is left of a choice when the day was read again. */
export function kept(day: readonly CellView[], range: Range): Range {
  const cells = range.cells.filter((c) => day.some((x) => x.cell === c));
  return cells.length === range.cells.length ? range : { ...range, cells };
}

/** Seconds of the chosen cells. */
export const secondsOf = (
  day: readonly CellView[],
  cells: readonly number[],
): number =>
  day
    .filter((c) => cells.includes(c.cell))
    .reduce((sum, c) => sum + c.seconds, 0);

/** What the chosen cells have in common; undefined where they differ. */
export function common<T>(
  day: readonly CellView[],
  cells: readonly number[],
  of: (cell: CellView) => T,
): T | undefined {
  const all = new Set(
    day.filter((c) => cells.includes(c.cell)).map((c) => of(c)),
  );
  return all.size === 1 ? [...all][0] : undefined;
}
