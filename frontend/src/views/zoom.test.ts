import { expect, test } from "vitest";

import { zoomed } from "./zoom";

test.each([
  [100, 1, 110],
  [100, -1, 90],
  [200, 1, undefined],
  [80, -1, undefined],
  [175, 0, 100],
  [117, 1, 125], // a size that no key leads to
  [117, -1, 110],
] as const)("D-13: at %i %, one step of %i leads to %s", (now, step, want) => {
  expect(zoomed(now, step)).toBe(want);
});
