import { describe, expect, it, test } from "vitest";

import { dayName, shortTime } from "./time";
import { bytes, hours, money, readMoney, readHours, span } from "./units";

test.each([
  [1, "1 B"],
  [999, "999 B"],
  [118_000, "118 KB"],
  [999_600, "1.0 MB"],
  [62_800_000, "62.8 MB"],
  [1 << 30, "1 GiB"],
])("%i bytes read %s", (n, text) => {
  expect(bytes(n)).toBe(text);
});

test.each([
  [0, "0:00"],
  [59, "0:00"],
  [6120, "1:42"],
  [144_000, "40:00"],
])("%i seconds read %s", (n, text) => {
  expect(hours(n)).toBe(text);
});

test.each([
  ["52", "USD", 5200],
  ["52.5", "EUR", 5250],
  ["52,05", "EUR", 5205],
  ["0.07", "EUR", 7],
  ["1000", "JPY", 1000],
  ["10.5", "JPY", undefined],
  ["1.005", "EUR", undefined],
  ["-1", "EUR", undefined],
  ["1e3", "EUR", undefined],
  ["", "EUR", undefined],
  ["12345678901", "EUR", undefined],
])("the amount %s in %s is %s", (text, currency, minor) => {
  expect(readMoney(text, currency)).toBe(minor);
});

test("amounts", () => {
  expect(money(5200, "USD")).toBe("$52.00");
  expect(money(1000, "JPY")).toBe("¥1,000");
});

test("days", () => {
  const now = new Date(2026, 10, 21, 10, 42).getTime();
  const at = (d: number, m = 10, y = 2026) =>
    new Date(y, m, d, 23, 59).getTime();
  expect(dayName(now, now)).toBe("Today, 21 November");
  expect(dayName(at(20), now)).toBe("Yesterday, 20 November");
  expect(dayName(at(3), now)).toBe("3 November");
  expect(dayName(at(3, 10, 2025), now)).toBe("3 November 2025");
  expect(shortTime(now, now)).toBe("10:42");
  expect(shortTime(at(20), now)).toBe("Fri");
  expect(shortTime(at(3), now)).toBe("3 Nov");
});

describe("W-24: hours a week", () =>
  it.each([
    ["40", 144_000],
    [" 37:30 ", 135_000],
    ["0:10", 600],
    ["168", 604_800],
    ["168:01", undefined],
    ["0", undefined],
    ["37:60", undefined],
    ["forty", undefined],
  ])("%s", (text, seconds) => expect(readHours(text)).toBe(seconds)));

it.each([
  [0, "0:00"],
  [7, "7 s"],
  [125, "2 min 5 s"],
  [600, "0:10"],
  [3607, "1:00:07"],
])("%i seconds are %s", (seconds, text) => expect(span(seconds)).toBe(text));
