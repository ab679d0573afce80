import { expect, test } from "vitest";

import { fitted, least, most, stepped } from "./zoom";

test.each([
  [1000, 500, 500, 500, 0.5],
  [500, 1000, 500, 500, 0.5],
  [100, 100, 500, 500, 1],
  [1000, 1000, 0, 0, 1],
  [0, 0, 500, 500, 1],
])("F-09: %i × %i in %i × %i is seen whole", (w, h, box, high, want) => {
  expect(fitted(w, h, box, high)).toBe(want);
});

test("F-09: steps lead from any size through 100 % to both ends and stay there", () => {
  let at = 0.42;
  const up = [];
  for (let i = 0; i < 30; i++) up.push((at = stepped(at, 1)));
  expect(up[0]).toBe(0.5);
  expect(up).toContain(1);
  expect(at).toBe(most);
  const down = [];
  for (let i = 0; i < 30; i++) down.push((at = stepped(at, -1)));
  expect(down).toContain(1);
  expect(at).toBe(least);
});
