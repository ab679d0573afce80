import { expect, test } from "vitest";

import { addDays, addMonths, gridOf, inMonth } from "./month";

test("M-34: days and months are walked by the calendar", () => {
  expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30"); // the clock is set forth
  expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
  expect(addMonths("2026-03-31", -1)).toBe("2026-02-28");
  expect(addMonths("2026-11-25", 2)).toBe("2027-01-25");
  expect(inMonth("2026-11-30", "2026-11-01")).toBe(true);
});

test("M-34: a month is six weeks that begin on a Monday", () => {
  const grid = gridOf("2026-11-21");
  expect(grid.length).toBe(6);
  expect(grid[0]?.[0]).toBe("2026-10-26");
  expect(grid[0]?.[6]).toBe("2026-11-01");
  expect(grid[4]?.[6]).toBe("2026-11-29");
  expect(gridOf("2027-02-10")[0]?.[0]).toBe("2027-02-01");
});
