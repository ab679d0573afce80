import { expect, test } from "vitest";

import { p } from "./presence";

test("M-33 who writes is named, more than two are several", () => {
  expect(p.typing([])).toBe("");
  expect(p.typing(["Ann"])).toBe("Ann is writing…");
  expect(p.typing(["Ann", "Bob"])).toBe("Ann and Bob are writing…");
  expect(p.typing(["Ann", "Bob", "Cy"])).toBe("Several people are writing…");
});

test("M-33 who has read is named, more than two are counted", () => {
  expect(p.readBy(["Ann"])).toBe("Read by Ann");
  expect(p.readBy(["Ann", "Bob"])).toBe("Read by Ann and Bob");
  expect(p.readBy(["Ann", "Bob", "Cy"])).toBe("Read by 3");
  expect(p.readByAll(["Ann", "Bob", "Cy"])).toBe("Read by Ann, Bob, and Cy");
});
