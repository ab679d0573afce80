import { expect, test } from "vitest";

import { checkDoc, DocError, readDoc, type Fault } from "./check";
import type { Obj, PenObj } from "./doc";
import { docOf, oneOfEach } from "./sample";

// The smallest PNG header that says 3 × 2.
const png = btoa(
  "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x06\x00\x00\x00\x00\x00\x00\x00\x00",
);

test("TestC03_a_document_with_every_mark_comes_back_exactly", () => {
  const doc = docOf(...oneOfEach());
  expect(readDoc(JSON.stringify(doc))).toEqual(doc);
  expect(JSON.stringify(readDoc(JSON.stringify(doc)))).toBe(
    JSON.stringify(doc),
  );
});

test("TestC13_unknown_fields_are_kept", () => {
  const doc = {
    ...docOf(Object.assign(oneOfEach()[2] as Obj, { later: 1 })),
    more: { a: [1] },
  };
  expect(checkDoc(structuredClone(doc))).toEqual(doc);
});

function refusal(value: unknown): Fault | null {
  try {
    checkDoc(value);
    return null;
  } catch (e) {
    if (e instanceof DocError) return e.code;
    throw e;
  }
}

const [arrow, , rect, , , , pen, , words, step, hide] = oneOfEach() as [
  Obj,
  Obj,
  Obj,
  Obj,
  Obj,
  Obj,
  Obj,
  Obj,
  Obj,
  Obj,
  Obj,
];
const doc = docOf();
const withField = (o: Obj, change: object): unknown =>
  docOf({ ...o, ...change });
const long = "x".repeat(2001);

test.each<[string, unknown, Fault | null]>([
  ["nothing", null, "capture_invalid"],
  ["a list", [], "capture_invalid"],
  ["version 2", { ...doc, v: 2 }, "capture_newer"],
  ["version 0", { ...doc, v: 0 }, "capture_invalid"],
  ["no id", { ...doc, id: "" }, "capture_invalid"],
  ["id of 65 bytes", { ...doc, id: "é".repeat(33) }, "capture_invalid"],
  ["too wide", { ...doc, w: 20_001 }, "capture_too_large"],
  ["too many pixels", { ...doc, w: 10_000, h: 5001 }, "capture_too_large"],
  ["no width", { ...doc, w: 0 }, "capture_invalid"],
  ["half a pixel", { ...doc, w: 10.5 }, "capture_invalid"],
  ["scale 0", { ...doc, scale: 0 }, "capture_invalid"],
  ["base in capitals", { ...doc, base: "AB".repeat(32) }, "capture_invalid"],
  [
    "crop outside",
    { ...doc, crop: { x: 400, y: 0, w: 10, h: 10 } },
    "capture_invalid",
  ],
  [
    "crop inside out",
    { ...doc, crop: { x: 10, y: 0, w: -5, h: 10 } },
    "capture_invalid",
  ],
  ["crop", { ...doc, crop: { x: 10, y: 0, w: 5, h: 10 } }, null],
  [
    "2001 objects",
    docOf(
      ...Array.from({ length: 2001 }, (_, i) => ({ ...rect, id: `o${i}` })),
    ),
    "capture_too_large",
  ],
  ["an unknown mark", withField(rect, { t: "blur" }), "capture_newer"],
  [
    "a mark called constructor",
    withField(rect, { t: "constructor" }),
    "capture_newer",
  ],
  [
    "an unknown way of hiding",
    withField(hide, { how: "blur" }),
    "capture_newer",
  ],
  ["one id twice", docOf(rect, rect), "capture_invalid"],
  ["colour by name", withField(rect, { c: "red" }), "capture_invalid"],
  ["opacity 2", withField(rect, { a: 2 }), "capture_invalid"],
  ["NaN", withField(rect, { x: NaN }), "capture_invalid"],
  ["infinite", withField(arrow, { x2: Infinity }), "capture_invalid"],
  ["far away", withField(arrow, { x2: 40_001 }), "capture_invalid"],
  ["a coordinate as text", withField(rect, { x: "1" }), "capture_invalid"],
  ["negative width", withField(rect, { w: -1 }), "capture_invalid"],
  ["an unknown head", withField(arrow, { head: "tail" }), "capture_invalid"],
  [
    "5001 points",
    withField(pen, { pts: Array.from({ length: 5001 }, () => [1, 1, 0.5]) }),
    "capture_too_large",
  ],
  [
    "a point of two numbers",
    withField(pen, { pts: [[1, 1]] }),
    "capture_invalid",
  ],
  [
    "no points at all",
    withField(pen, { pts: [], path: [] }),
    "capture_invalid",
  ],
  ["2001 characters", withField(words, { lines: [long] }), "capture_too_large"],
  ["centred text", withField(words, { align: "c" }), null],
  ["justified text", withField(words, { align: "j" }), "capture_invalid"],
  ["a bitmap", withField(words, { bmp: { w: 3, h: 2, png } }), null],
  [
    "a bitmap of another size",
    withField(words, { bmp: { w: 4, h: 2, png } }),
    "capture_invalid",
  ],
  [
    "a bitmap that is none",
    withField(words, { bmp: { w: 3, h: 2, png: "AAAA" } }),
    "capture_invalid",
  ],
  [
    "a bitmap over 512 KiB",
    withField(words, { bmp: { w: 3, h: 2, png: "A".repeat(699_056) } }),
    "capture_too_large",
  ],
  ["half a step", withField(step, { n: 1.5 }), "capture_invalid"],
  [
    "a seed over 32 bits",
    withField(hide, { seed: 2 ** 32 }),
    "capture_invalid",
  ],
])("TestC03_refused_or_not: %s", (_, value, fault) => {
  expect(refusal(value)).toBe(fault);
});

test("TestC03_a_stroke_may_leave_out_one_of_its_lists", () => {
  const rest: Partial<PenObj> = { ...(pen as PenObj) };
  delete rest.path;
  const read = checkDoc(docOf(rest as Obj));
  expect(read.objects[0]).toEqual({ ...pen, path: [] });
});
