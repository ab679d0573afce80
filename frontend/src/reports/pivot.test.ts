import { describe, expect, it } from "vitest";

import { daysOf, percent, pivot, rangeOf } from "./pivot";

const sum = (
  keys: string[],
  seconds: number,
  amount = 0,
  currency = "EUR",
) => ({
  keys,
  seconds,
  billable: seconds,
  manual: 0,
  amount,
  currency,
});

describe("pivot", () => {
  const list = [
    sum(["esme", "k1", "map"], 60, 10),
    sum(["esme", "k1", ""], 30, 5),
    sum(["noor", "k2", "map"], 300, 7, "USD"),
  ];
  it("adds up rows and columns to the same total (A-13)", () => {
    const p = pivot(list, [0, 1], 2, ["map", ""]);
    expect(p.rows.map((r) => [r.key.join("/"), r.total])).toEqual([
      ["noor/k2", 300],
      ["esme/k1", 90],
    ]);
    expect(p.totals).toEqual([360, 30]);
    expect(p.total).toBe(390);
    expect(p.money).toEqual([
      { amount: 15, currency: "EUR" },
      { amount: 7, currency: "USD" },
    ]);
  });
  it("puts what has no activity last", () => {
    const p = pivot([sum([""], 900), sum(["map"], 60)], [0], undefined);
    expect(p.rows.map((r) => r.key[0])).toEqual(["map", ""]);
    expect(p.columns).toEqual([]);
  });
});

describe("days", () => {
  it("counts over the end of a month and of summer time", () => {
    expect(daysOf("2026-10-24", "2026-11-01", "day")).toHaveLength(9);
    expect(daysOf("2026-10-28", "2026-11-10", "week")).toEqual([
      "2026-10-26",
      "2026-11-02",
      "2026-11-09",
    ]);
  });
  it("knows the ranges by name", () => {
    expect(rangeOf("weeks4", "2026-11-22")).toEqual([
      "2026-10-26",
      "2026-11-22",
    ]);
    expect(rangeOf("week", "2026-11-22")).toEqual(["2026-11-16", "2026-11-22"]);
    expect(rangeOf("lastWeek", "2026-11-22")).toEqual([
      "2026-11-09",
      "2026-11-15",
    ]);
    expect(rangeOf("month", "2026-02-10")).toEqual([
      "2026-02-01",
      "2026-02-28",
    ]);
    expect(rangeOf("lastMonth", "2026-01-10")).toEqual([
      "2025-12-01",
      "2025-12-31",
    ]);
  });
});

describe("percent", () => {
  it("says less than one where there is something", () => {
    expect([percent(0, 9), percent(1, 900), percent(9, 9)]).toEqual([
      "–",
      "<1%",
      "100%",
    ]);
  });
});
