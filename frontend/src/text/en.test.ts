import { expect, test } from "vitest";

import { m } from "./en";

test("texts are functions", () => {
  expect(m.app()).toBe("Trestle");
});
