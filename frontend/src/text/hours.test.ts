import { describe, expect, it } from "vitest";

import { clockOf, minuteGrid, spread } from "./hours";

const sum = (n: number[]) => n.reduce((a, b) => a + b, 0);

describe("W-17: minutes in a grid add up", () => {
  it.each([
    [
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      [
        [59, 59, 59],
        [59, 59, 59],
      ],
    ],
    [
      [
        [90, 30],
        [30, 90],
      ],
    ],
    [
      [
        [3599, 1, 61],
        [7201, 119, 0],
        [17, 43, 59],
      ],
    ],
    [[[600, 1200, 0, 0, 0, 0, 0, 333]]],
  ])("%j", (rows) => {
    const g = minuteGrid(rows);
    expect(g.total).toBe(Math.floor(sum(rows.flat()) / 60));
    expect(sum(g.columns)).toBe(g.total);
    expect(sum(g.rows)).toBe(g.total);
    for (const [d, column] of g.columns.entries())
      expect(sum(g.cells.map((r) => r[d] ?? 0))).toBe(column);
    for (const [r, row] of rows.entries())
      for (const [d, s] of row.entries()) {
        expect(Math.abs((g.cells[r]?.[d] ?? 0) - s / 60)).toBeLessThan(1);
        if (s === 0) expect(g.cells[r]?.[d]).toBe(0);
      }
  });

  it("spreads an amount without losing a cent", () => {
    expect(spread(10_000, [1, 1, 1])).toEqual([3334, 3333, 3333]);
    expect(spread(0, [1, 2])).toEqual([0, 0]);
    expect(spread(5, [0, 0])).toEqual([0, 0]);
  });

  it("writes hours and minutes", () => expect(clockOf(1970)).toBe("32:50"));
});
