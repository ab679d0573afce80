import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { ascent, descent, missing, runs, unitsPerEm } from "./font/advances";
import { covered, lineWidth, stops, storedLines } from "./metrics";

// Reads advances straight out of the font file: the tables of OpenType, format 4 of cmap.
function widthsOf(file: Buffer): Map<number, number> {
  const tables = new Map<string, number>();
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    const at = 12 + 16 * i;
    tables.set(file.toString("latin1", at, at + 4), file.readUInt32BE(at + 8));
  }
  const table = (name: string): number => tables.get(name) ?? NaN;
  expect(file.readUInt16BE(table("head") + 18)).toBe(unitsPerEm);
  expect(file.readInt16BE(table("hhea") + 4)).toBe(ascent);
  expect(file.readInt16BE(table("hhea") + 6)).toBe(-descent);
  const wide = file.readUInt16BE(table("hhea") + 34);
  const advance = (g: number): number =>
    file.readUInt16BE(table("hmtx") + 4 * Math.min(g, wide - 1));
  expect(advance(0)).toBe(missing);
  const cmap = table("cmap");
  const out = new Map<number, number>();
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const sub = cmap + file.readUInt32BE(cmap + 8 + 8 * i);
    if (file.readUInt16BE(sub) !== 4) continue;
    const n = file.readUInt16BE(sub + 6);
    for (let s = 0; s < n; s += 2) {
      const end = file.readUInt16BE(sub + 14 + s);
      const start = file.readUInt16BE(sub + 16 + n + s);
      const delta = file.readUInt16BE(sub + 16 + 2 * n + s);
      const place = sub + 16 + 3 * n + s;
      const offset = file.readUInt16BE(place);
      for (let c = start; c <= end && c !== 0xffff; c++) {
        let g = offset
          ? file.readUInt16BE(place + offset + 2 * (c - start))
          : c;
        if (g || !offset) g = (g + delta) & 0xffff;
        if (g) out.set(c, advance(g));
      }
    }
  }
  return out;
}

test("TestC08_widths_are_those_of_the_font_file", () => {
  const table = new Map(
    runs.flatMap(([first, all]) => all.map((w, i) => [first + i, w] as const)),
  );
  expect(table).toEqual(
    widthsOf(readFileSync("src/capture/font/Go-Medium.ttf")),
  );
});

test("TestC08_a_line_is_as_wide_as_its_advances", () => {
  expect(lineWidth("", 20)).toBe(0);
  expect(stops("ab", 20)).toHaveLength(3);
  expect(lineWidth("ab", 20)).toBeCloseTo(
    lineWidth("a", 20) + lineWidth("b", 20),
    6,
  );
  // Steps of 1/64 pixel, as Go adds them up.
  expect(Number.isInteger(lineWidth("Quarter", 17.25) * 64)).toBe(true);
});

test.each([
  ["Latin, Cyrillic, Greek: äß Ž я Ω €", true],
  ["Tiếng Việt", false],
  ["日本", false],
  ["smile 🙂", false],
])("TestC08_missing_glyphs_are_known: %s", (line, has) => {
  expect(covered([line])).toBe(has);
});

test.each([
  ["a\r\nb", ["a", "b"]],
  ["\n\n a \t\n\n", [" a"]],
  ["e\u0301", ["é"]],
  ["bell\u0007\u2028!", ["bell!"]],
  ["  \n ", []],
])("TestC08_text_is_stored_clean: %j", (value, lines) => {
  expect(storedLines(value)).toEqual(lines);
});

test("TestC08_each_advance_is_the_nearest_64th_of_a_pixel", () => {
  for (const [first, all] of runs.slice(2, 4)) {
    all.forEach((units, i) => {
      const width = lineWidth(String.fromCodePoint(first + i), 17.25);
      const exact = (units * 17.25 * 64) / unitsPerEm;
      expect(Math.abs(width * 64 - exact)).toBeLessThanOrEqual(0.5);
    });
  }
});
