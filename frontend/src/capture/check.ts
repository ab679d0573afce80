// Whether a document may be opened, edited and sent. internal/annotate asks the
// same questions (decode.go, validate.go) before it flattens: a document from
// disk or from another person is hostile until both say yes.
import { limits, type Doc, type Obj } from "./doc";

/** Why a document is refused; the codes are Go's. */
export type Fault =
  /** Not a document at all, or a field has the wrong type or range. */
  | "capture_invalid"
  /** Made by a newer version, or holding a mark this one does not know: it might be a redaction. */
  | "capture_newer"
  /** More objects, points, characters or pixels than allowed. */
  | "capture_too_large";

/** A refused document, with the field that is wrong. */
export class DocError extends Error {
  constructor(
    readonly code: Fault,
    readonly field: string,
  ) {
    super(`${code}: ${field}`);
    this.name = "DocError";
  }
}

type Raw = Record<string, unknown>;

// A mark may stick out of the picture, not live elsewhere.
const far = 2 * limits.side;
const mebi = 1 << 20;

function refuse(code: Fault, field: string): never {
  throw new DocError(code, field);
}

function invalid(field: string): never {
  refuse("capture_invalid", field);
}

function record(v: unknown, field: string): Raw {
  if (typeof v !== "object" || v === null || Array.isArray(v)) invalid(field);
  return v as Raw;
}

function number(v: unknown, lo: number, hi: number, field: string): number {
  if (typeof v !== "number" || !(v >= lo && v <= hi)) invalid(field);
  return v;
}

function whole(v: unknown, lo: number, hi: number, field: string): number {
  const n = number(v, lo, hi, field);
  if (!Number.isInteger(n)) invalid(field);
  return n;
}

function coordinates(o: Raw, keys: readonly string[], field: string): void {
  for (const k of keys) number(o[k], -far, far, `${field}.${k}`);
}

function text(v: unknown, field: string): string {
  if (typeof v !== "string") invalid(field);
  return v;
}

function flag(v: unknown, field: string): void {
  if (v !== undefined && v !== null && typeof v !== "boolean") invalid(field);
}

function colour(v: unknown, field: string): void {
  if (!/^#[0-9a-f]{6}$/i.test(text(v, field))) invalid(field);
}

function optionalColour(v: unknown, field: string): void {
  if (v !== undefined && v !== null && v !== "") colour(v, field);
}

function box(o: Raw, field: string): void {
  coordinates(o, ["x", "y"], field);
  number(o.w, 0, far, `${field}.w`);
  number(o.h, 0, far, `${field}.h`);
}

function id(v: unknown, field: string): string {
  const s = text(v, field);
  if (s === "" || new TextEncoder().encode(s).length > 64) invalid(field);
  return s;
}

// Width and height stand in the first chunk of every PNG.
function pngSize(base64: string): [number, number] | null {
  let head: string;
  try {
    head = atob(base64.slice(0, 32));
  } catch {
    return null;
  }
  if (!head.startsWith("\x89PNG\r\n\x1a\n") || head.slice(12, 16) !== "IHDR")
    return null;
  const at = (i: number): number =>
    [0, 1, 2, 3].reduce((n, k) => n * 256 + head.charCodeAt(i + k), 0);
  return [at(16), at(20)];
}

function bitmap(b: Raw, field: string): void {
  const w = whole(b.w, -far, far, `${field}.w`);
  const h = whole(b.h, -far, far, `${field}.h`);
  const png = text(b.png, `${field}.png`);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(png) || png.length % 4 !== 0)
    invalid(`${field}.png`);
  if ((png.length / 4) * 3 - (/=*$/.exec(png)?.[0].length ?? 0) > limits.bitmap)
    refuse("capture_too_large", `${field}.png`);
  if (
    w < 1 ||
    h < 1 ||
    w > limits.side ||
    h > limits.side ||
    w * h > limits.bitmapPixels
  )
    refuse("capture_too_large", `${field}.w`);
  const size = pngSize(png);
  if (!size || size[0] !== w || size[1] !== h) invalid(`${field}.png`);
}

function points(v: unknown, numbers: 2 | 3, field: string): number {
  if (v === undefined || v === null) return 0;
  if (!Array.isArray(v)) invalid(field);
  if (v.length > limits.points) refuse("capture_too_large", field);
  for (const p of v as unknown[]) {
    if (!Array.isArray(p) || p.length !== numbers) invalid(field);
    for (const n of p as unknown[]) number(n, -far, far, field);
  }
  return v.length;
}

function runes(s: string): number {
  return [...s].length;
}

type Check = (o: Raw, field: string) => void;

const line: Check = (o, field) => {
  coordinates(o, ["x1", "y1", "x2", "y2"], field);
  if (![undefined, null, "", "end", "both"].includes(o.head as string))
    invalid(`${field}.head`);
  flag(o.dash, `${field}.dash`);
};

const shape: Check = (o, field) => {
  box(o, field);
  optionalColour(o.fill, `${field}.fill`);
  if (o.fa !== undefined && o.fa !== null) number(o.fa, 0, 1, `${field}.fa`);
  flag(o.dash, `${field}.dash`);
};

const stroke: Check = (o, field) => {
  if (
    points(o.pts, 3, `${field}.pts`) + points(o.path, 2, `${field}.path`) ===
    0
  )
    invalid(field);
};

const words: Check = (o, field) => {
  coordinates(o, ["x", "y"], field);
  number(o.size, 1, 2000, `${field}.size`);
  if (!["l", "c", "r"].includes(o.align as string)) invalid(`${field}.align`);
  optionalColour(o.plate, `${field}.plate`);
  if (!Array.isArray(o.lines)) invalid(`${field}.lines`);
  const lines = o.lines as unknown[];
  const count = lines.reduce<number>(
    (n, l) => n + runes(text(l, `${field}.lines`)),
    lines.length,
  );
  if (count > limits.runes) refuse("capture_too_large", `${field}.lines`);
  if (o.bmp !== undefined && o.bmp !== null)
    bitmap(record(o.bmp, `${field}.bmp`), `${field}.bmp`);
};

const step: Check = (o, field) => {
  coordinates(o, ["x", "y"], field);
  number(o.size, 1, 2000, `${field}.size`);
  whole(o.n, 0, 1_000_000, `${field}.n`);
  if (
    o.label !== undefined &&
    o.label !== null &&
    runes(text(o.label, `${field}.label`)) > limits.runes
  )
    refuse("capture_too_large", `${field}.label`);
};

const hide: Check = (o, field) => {
  box(o, field);
  // A way of hiding this version does not know must not be shown as something else.
  if (text(o.how, `${field}.how`) !== "solid" && o.how !== "pixel")
    refuse("capture_newer", `${field}.how`);
  whole(o.seed, 0, 0xffffffff, `${field}.seed`);
};

// What each kind of mark must hold beyond id, colour, opacity and width.
const kinds = new Map<string, Check>([
  ["arrow", line],
  ["line", line],
  ["rect", shape],
  ["ellipse", shape],
  ["mark", box],
  ["spot", box],
  ["pen", stroke],
  ["markpen", stroke],
  ["text", words],
  ["step", step],
  ["hide", hide],
]);

/** Returns the value as a document, or throws a DocError that names the field. */
export function checkDoc(value: unknown): Doc {
  const d = record(value, "doc");
  const v = whole(d.v, -mebi, Number.MAX_SAFE_INTEGER, "v");
  if (v > 1) refuse("capture_newer", "v");
  if (v !== 1) invalid("v");
  id(d.id, "id");
  const w = whole(d.w, 1, Number.MAX_SAFE_INTEGER, "w");
  const h = whole(d.h, 1, Number.MAX_SAFE_INTEGER, "h");
  if (w > limits.side || h > limits.side || w * h > limits.pixels)
    refuse("capture_too_large", "w");
  if (number(d.scale, 0, 16, "scale") === 0) invalid("scale");
  if (!/^[0-9a-f]{64}$/.test(text(d.base, "base"))) invalid("base");
  whole(d.at, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "at");
  if (d.crop !== null && d.crop !== undefined)
    crop(record(d.crop, "crop"), w, h);
  whole(d.step, 0, 1_000_000, "step");
  if (d.pointer !== undefined && d.pointer !== null) {
    const p = record(d.pointer, "pointer");
    coordinates(p, ["x", "y"], "pointer");
    bitmap(p, "pointer");
    if (typeof p.on !== "boolean") invalid("pointer.on");
  }
  if (!Array.isArray(d.objects)) invalid("objects");
  if (d.objects.length > limits.objects) refuse("capture_too_large", "objects");
  const ids = new Set<string>();
  (d.objects as unknown[]).forEach((raw, i) => {
    const field = `objects[${i}]`;
    const o = record(raw, field);
    const own = id(o.id, `${field}.id`);
    if (ids.has(own)) invalid(`${field}.id`);
    ids.add(own);
    const check = kinds.get(text(o.t, `${field}.t`));
    if (!check) refuse("capture_newer", `${field}.t`);
    colour(o.c, `${field}.c`);
    number(o.a, 0, 1, `${field}.a`);
    number(o.s, 0, 1000, `${field}.s`);
    check(o, field);
  });
  return settled(value as Doc);
}

function crop(c: Raw, w: number, h: number): void {
  box(c, "crop");
  const r = c as unknown as { x: number; y: number; w: number; h: number };
  const wide = Math.min(w, r.x + r.w) - Math.max(0, r.x);
  const high = Math.min(h, r.y + r.h) - Math.max(0, r.y);
  if (wide <= 0 || high <= 0) invalid("crop");
}

// The lists a stroke may leave out are there from now on.
function settled(doc: Doc): Doc {
  const short = (o: Obj): boolean =>
    (o.t === "pen" || o.t === "markpen") &&
    !((o.pts as unknown) && (o.path as unknown));
  if (doc.crop !== undefined && !doc.objects.some(short)) return doc;
  return {
    ...doc,
    crop: doc.crop ?? null,
    objects: doc.objects.map((o) => {
      if ((o.t !== "pen" && o.t !== "markpen") || !short(o)) return o;
      return {
        ...o,
        pts: o.pts ?? [],
        path: o.path ?? [],
      };
    }),
  };
}

/** Reads a document from its JSON text; throws a DocError. */
export function readDoc(json: string): Doc {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    invalid("json");
  }
  return checkDoc(value);
}
