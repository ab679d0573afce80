// Hours and amounts in a table: each is rounded down, and what is left over goes
// to the largest remainders, so that rows and columns add up to their totals.

/** Parts of a whole number in proportion to weights; they add up to it exactly. */
export function spread(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) return weights.map(() => 0);
  const exact = weights.map((w) => (total * w) / sum);
  const parts = exact.map(Math.floor);
  let left = total - parts.reduce((a, b) => a + b, 0);
  const order = exact
    .map((x, i) => ({ i, rest: x - Math.floor(x) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i } of order) {
    if (left <= 0) break;
    parts[i] = (parts[i] ?? 0) + 1;
    left--;
  }
  return parts;
}

/** Whole minutes of seconds: the largest remainders are rounded up. */
function wholeMinutes(seconds: readonly number[], total: number): number[] {
  const parts = seconds.map((s) => Math.floor(s / 60));
  let left = total - parts.reduce((a, b) => a + b, 0);
  const order = seconds
    .map((s, i) => ({ i, rest: s % 60 }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i, rest } of order) {
    if (left <= 0 || rest === 0) break;
    parts[i] = (parts[i] ?? 0) + 1;
    left--;
  }
  return parts;
}

/** A grid of seconds in whole minutes. */
export type Minutes = {
  cells: number[][];
  rows: number[];
  columns: number[];
  total: number;
};

/**
 * Rows of seconds as whole minutes whose rows, columns and total all add up: the
 * total is rounded down first, then the columns take it up, then their cells.
 */
export function minuteGrid(rows: readonly (readonly number[])[]): Minutes {
  const width = rows[0]?.length ?? 0;
  const sums = Array.from({ length: width }, (_, d) =>
    rows.reduce((sum, row) => sum + (row[d] ?? 0), 0),
  );
  const total = Math.floor(sums.reduce((a, b) => a + b, 0) / 60);
  const columns = wholeMinutes(sums, total);
  const byColumn = columns.map((minutes, d) =>
    wholeMinutes(
      rows.map((row) => row[d] ?? 0),
      minutes,
    ),
  );
  const cells = rows.map((_, r) => byColumn.map((c) => c[r] ?? 0));
  return {
    cells,
    rows: cells.map((row) => row.reduce((a, b) => a + b, 0)),
    columns,
    total,
  };
}

/** "2:50" of whole minutes. */
export const clockOf = (minutes: number) =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
