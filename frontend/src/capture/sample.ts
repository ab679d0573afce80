// Documents for tests.
import { emptyDoc, type Doc, type Obj } from "./doc";

const common = { c: "#e5363f", a: 1, s: 4 };

/** A document of 400 × 300 pixels with these marks. */
export function docOf(...objects: Obj[]): Doc {
  const steps = objects.filter((o) => o.t === "step").length;
  return {
    ...emptyDoc({
      id: "d1",
      w: 400,
      h: 300,
      base: "ab".repeat(32),
      at: 1_800_000_000_000,
    }),
    objects,
    step: steps + 1,
  };
}

/** One mark of every kind. */
export function oneOfEach(): Obj[] {
  return [
    {
      ...common,
      id: "arrow",
      t: "arrow",
      x1: 10,
      y1: 10,
      x2: 110,
      y2: 60,
      head: "end",
    },
    {
      ...common,
      id: "line",
      t: "line",
      x1: 10,
      y1: 80,
      x2: 110,
      y2: 80,
      dash: true,
    },
    { ...common, id: "rect", t: "rect", x: 150, y: 20, w: 80, h: 40 },
    {
      ...common,
      id: "ellipse",
      t: "ellipse",
      x: 250,
      y: 20,
      w: 80,
      h: 40,
      fill: "#3350cc",
      fa: 0.25,
    },
    { ...common, id: "mark", t: "mark", x: 10, y: 100, w: 100, h: 20 },
    { ...common, id: "spot", t: "spot", x: 120, y: 100, w: 60, h: 60 },
    {
      ...common,
      id: "pen",
      t: "pen",
      pts: [
        [200, 100, 0.5],
        [220, 110, 0.5],
        [240, 100, 0.5],
      ],
      path: [
        [200, 98],
        [220, 108],
        [240, 98],
        [240, 102],
        [220, 112],
        [200, 102],
      ],
    },
    {
      ...common,
      id: "markpen",
      t: "markpen",
      s: 16,
      pts: [
        [200, 140, 0.5],
        [260, 140, 0.5],
      ],
      path: [
        [200, 132],
        [260, 132],
        [260, 148],
        [200, 148],
      ],
    },
    {
      ...common,
      id: "text",
      t: "text",
      x: 20,
      y: 180,
      size: 20,
      lines: ["Two words", "more"],
      align: "l",
    },
    { ...common, id: "step", t: "step", x: 300, y: 180, n: 1, size: 20 },
    {
      ...common,
      id: "hide",
      t: "hide",
      x: 300,
      y: 220,
      w: 60,
      h: 30,
      how: "pixel",
      seed: 7,
    },
  ];
}

/** Repeatable noise between 0 and 1 (mulberry32, public domain). */
export function noise(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
