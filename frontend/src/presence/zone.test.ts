import { expect, test } from "vitest";

import { otherTime, placeOf, timeIn } from "./zone";

test("M-33 the other side's local time", () => {
  const noon = Date.UTC(2026, 10, 21, 12, 0);
  expect(timeIn("Africa/Accra", noon)).toBe("12:00");
  expect(timeIn("America/Argentina/Buenos_Aires", noon)).toBe("09:00");
  expect(placeOf("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
  expect(timeIn("Nowhere/Land", noon)).toBe("");
  expect(otherTime("", noon)).toBe("");
  expect(otherTime("Nowhere/Land", noon)).toBe("");
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(otherTime(mine, noon)).toBe("");
  expect(otherTime("Pacific/Kiritimati", noon)).toBe("02:00");
});
