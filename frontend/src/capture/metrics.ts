// Measures text as Go does: the advances of Go Medium added up, without hinting,
// kerning or ligatures. Works without a browser, so selection and tests agree.
import type { TextObj } from "./doc";
import { ascent, descent, missing, runs, unitsPerEm } from "./font/advances";

/** Distance of two baselines, in sizes. */
export const leading = 1.25;

/** Height of Go Medium above and below the baseline, in sizes. */
export const above = ascent / unitsPerEm;
export const below = descent / unitsPerEm;

function advance(code: number): number | undefined {
  let lo = 0;
  let hi = runs.length - 1;
  while (lo <= hi) {
    const mid = (lo + hi) >> 1;
    const [first, widths] = runs[mid] as (typeof runs)[number];
    if (code < first) hi = mid - 1;
    else if (code >= first + widths.length) lo = mid + 1;
    else return widths[code - first];
  }
  return undefined;
}

/** Whether Go Medium has every glyph: if not, the page must draw the text for Go. */
export function covered(lines: readonly string[]): boolean {
  return lines.every((l) =>
    [...l].every((ch) => advance(ch.codePointAt(0) as number) !== undefined),
  );
}

/** Where each character of a line starts, in base pixels from its left, and the width at the end. */
export function stops(line: string, size: number): number[] {
  // Go sets each glyph on 1/64 pixel: size and advances are rounded to it.
  const ppem = Math.floor(size * 64 + 0.5);
  let sum = 0;
  const out = [0];
  for (const ch of line) {
    const units = advance(ch.codePointAt(0) as number) ?? missing;
    sum += Math.floor((units * ppem + unitsPerEm / 2) / unitsPerEm);
    out.push(sum / 64);
  }
  return out;
}

/** Width of one line in base pixels; a missing glyph counts as the font's box. */
export function lineWidth(line: string, size: number): number {
  return stops(line, size).at(-1) ?? 0;
}

/** Width of the widest line. */
export function textWidth(o: Pick<TextObj, "lines" | "size" | "bmp">): number {
  if (o.bmp) return o.bmp.w;
  return o.lines.reduce((w, l) => Math.max(w, lineWidth(l, o.size)), 0);
}

/** Text as it is stored: composed, without control characters, tabs as four spaces. */
export function storedLines(value: string): string[] {
  const lines = value
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, "    ")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, "")
    .split("\n")
    .map((l) => l.replace(/ +$/, ""));
  while (lines.length && lines.at(-1) === "") lines.pop();
  while (lines.length && lines[0] === "") lines.shift();
  return lines;
}
