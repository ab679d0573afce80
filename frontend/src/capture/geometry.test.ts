import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { dash, disc, head, shaft } from "./geometry";

type Case = {
  fn: "disc" | "head" | "shaft" | "dash";
  in: number[];
  out: number[][];
};

// vitest runs in frontend; the file is Go's and holds both sides to one truth.
const file = "../internal/annotate/testdata/geometry.json";
const cases = JSON.parse(readFileSync(file, "utf8")) as Case[];

function run(c: Case): number[][] {
  const [a = 0, b = 0, d = 0, e = 0, s = 0, n = 0] = c.in;
  switch (c.fn) {
    case "disc":
      return disc(a, b, d).map((p) => [p.x, p.y]);
    case "head":
      return head({ x: a, y: b }, { x: d, y: e }, s, n === 1).map((p) => [
        p.x,
        p.y,
      ]);
    case "shaft":
      return shaft({ x: a, y: b }, { x: d, y: e }, s, n).map((p) => [p.x, p.y]);
    case "dash": {
      const [width = 0, ...rest] = c.in;
      const line = Array.from({ length: rest.length / 2 }, (_, i) => ({
        x: rest[2 * i] ?? 0,
        y: rest[2 * i + 1] ?? 0,
      }));
      return dash(width, line).map(([p, q]) => [p.x, p.y, q.x, q.y]);
    }
  }
}

test("the fixture of internal/annotate is there", () => {
  expect(cases.length).toBeGreaterThan(10);
});

test.each(cases.map((c, i) => [`${i} ${c.fn} ${c.in.join(" ")}`, c] as const))(
  "TestC06_same_points_as_Go: %s",
  (_, c) => {
    expect(run(c)).toEqual(c.out);
  },
);
