import { expect, test } from "vitest";

import { reports } from "./reports.svelte";

// who chooses dates of their own begins with those that are shown, and changes one of them at a time.
test("dates of one's own begin with those that are shown", () => {
  reports.days("lastMonth");
  const { from, to } = reports.asked();
  expect(from).toMatch(/^\d{4}-\d\d-01$/);
  reports.days("");
  expect(reports.asked()).toMatchObject({ from, to });
  reports.days("", "2026-01-05", to);
  expect(reports.asked()).toMatchObject({ from: "2026-01-05", to });
});
