import { describe, expect, it } from "vitest";

import {
  addDays,
  addMonths,
  isDay,
  momentsOf,
  monday,
  monthWeeks,
  offsetOf,
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

describe("T-14: a time of a day in a zone", () => {
  const utc = (text: string) => Date.parse(text);
  it.each([
    [
      "an ordinary time",
      "2026-11-20",
      "09:00",
      "Europe/Berlin",
      ["2026-11-20T08:00:00Z"],
    ],
    ["UTC", "2026-11-20", "09:00", "UTC", ["2026-11-20T09:00:00Z"]],
    [
      "off the hours",
      "2026-11-20",
      "12:05",
      "Asia/Kathmandu",
      ["2026-11-20T06:20:00Z"],
    ],
    ["the hour that is left out", "2026-03-29", "02:30", "Europe/Berlin", []],
    [
      "just after it",
      "2026-03-29",
      "03:00",
      "Europe/Berlin",
      ["2026-03-29T01:00:00Z"],
    ],
    [
      "the hour that comes twice",
      "2026-10-25",
      "02:50",
      "Europe/Berlin",
      ["2026-10-25T00:50:00Z", "2026-10-25T01:50:00Z"],
    ],
    [
      "half an hour back",
      "2026-04-05",
      "01:45",
      "Australia/Lord_Howe",
      ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"],
    ],
    ["the day of no date", "", "02:50", "UTC", []],
  ])("%s", (_, day, time, zone, moments) =>
    expect(momentsOf(day, time, zone)).toEqual(moments.map(utc)),
  );
  it.each([
    ["2026-10-25T00:50:00Z", "Europe/Berlin", "UTC+2"],
    ["2026-10-25T01:50:00Z", "Europe/Berlin", "UTC+1"],
    ["2026-10-25T01:50:00Z", "America/St_Johns", "UTC−2:30"],
    ["2026-10-25T01:50:00Z", "UTC", "UTC"],
  ])("%s in %s is %s", (t, zone, name) =>
    expect(offsetOf(utc(t), zone)).toBe(name),
  );
});
