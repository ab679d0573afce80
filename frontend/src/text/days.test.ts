import { describe, expect, it } from "vitest";

import {
  addDays,
  addMonths,
  isDay,
  monday,
  monthWeeks,
  range,
  today,
} from "./days";

describe("days of a diary", () => {
  it("knows what a day is", () => {
    expect(isDay("2026-11-21")).toBe(true);
    expect(isDay("2026-13-01")).toBe(false);
    expect(isDay("today")).toBe(false);
  });
  it("walks over months, years and the change of clocks", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(addMonths("2026-03-31", -1)).toBe("2026-02-28");
  });
  it("begins weeks on Monday", () => {
    expect(monday("2026-11-22")).toBe("2026-11-16");
    expect(monday("2026-11-16")).toBe("2026-11-16");
  });
  it("shows a month in whole weeks", () => {
    const weeks = monthWeeks("2026-11-21");
    expect(weeks[0]?.[0]).toBe("2026-10-26");
    expect(weeks.at(-1)?.at(-1)).toBe("2026-12-06");
  });
  it("says a range once", () => {
    expect(range("2026-11-16", "2026-11-22")).toBe("16 – 22 November 2026");
    expect(range("2026-10-26", "2026-11-01")).toBe(
      "26 October – 1 November 2026",
    );
  });
  it("takes today from the clock of this computer", () =>
    expect(today(new Date(2026, 10, 1, 23, 59))).toBe("2026-11-01"));
});
