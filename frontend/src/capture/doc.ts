// The annotation document: what a person drew over one picture, as data. It is
// stored beside the picture, travels to Go as a JSON string and is flattened
// there (internal/annotate). Coordinates are pixels of the base picture, never
// CSS pixels nor relative to the crop, in steps of a quarter pixel. A document
// is immutable: every edit returns a new one and shares what did not change.

/** A rectangle in base pixels; w and h are never negative. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A point in base pixels. */
export interface Point {
  x: number;
  y: number;
}

/** What every mark carries: colour `#rrggbb`, opacity 0..1, stroke width in base pixels. */
interface Common {
  id: string;
  c: string;
  a: number;
  s: number;
}

/** A straight stroke; an arrow has a head at its end, or at both. */
export interface LineObj extends Common {
  t: "arrow" | "line";
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  head?: "end" | "both";
  dash?: boolean;
}

/** An outline, with an optional fill of opacity `fa`. */
export interface BoxObj extends Common {
  t: "rect" | "ellipse";
  x: number;
  y: number;
  w: number;
  h: number;
  fill?: string;
  fa?: number;
  dash?: boolean;
}

/** A highlighted block (multiplied), or a spotlight: all outside it is dimmed. */
export interface BlockObj extends Common {
  t: "mark" | "spot";
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A freehand stroke: the points as drawn and the closed outline that is filled. */
export interface PenObj extends Common {
  t: "pen" | "markpen";
  pts: [number, number, number][];
  path: [number, number][];
}

/** A picture of text the font has no glyphs for, drawn by the page: PNG, base64. */
export interface Bitmap {
  w: number;
  h: number;
  png: string;
}

/** Lines of text; (x, y) is the first baseline at the side named by `align`. */
export interface TextObj extends Common {
  t: "text";
  x: number;
  y: number;
  size: number;
  lines: string[];
  align: "l" | "c" | "r";
  plate?: string;
  bmp?: Bitmap;
}

/** A numbered disc centred on (x, y). */
export interface StepObj extends Common {
  t: "step";
  x: number;
  y: number;
  n: number;
  size: number;
  label?: string;
}

/** A box burnt into the picture before it leaves the program. */
export interface HideObj extends Common {
  t: "hide";
  x: number;
  y: number;
  w: number;
  h: number;
  how: "solid" | "pixel";
  seed: number;
}

/** One mark. Fields this version does not know are kept as they came. */
export type Obj =
  LineObj | BoxObj | BlockObj | PenObj | TextObj | StepObj | HideObj;

/** The kinds of marks this version draws. */
export type Kind = Obj["t"];

/** Marks that are a box of x, y, w, h. */
export type Boxed = BoxObj | BlockObj | HideObj;

/** The mouse pointer as it was caught, kept apart so that it can be left out. */
export interface Pointer {
  x: number;
  y: number;
  w: number;
  h: number;
  png: string;
  on: boolean;
}

/** One annotated picture. Objects stand bottom to top. */
export interface Doc {
  v: 1;
  id: string;
  w: number;
  h: number;
  /** Device pixels per CSS pixel of the display it was taken from. */
  scale: number;
  /** SHA-256 of the base picture's bytes, lower-case hex. */
  base: string;
  /** When it was taken, Unix milliseconds. */
  at: number;
  crop: Rect | null;
  /** The number the next step mark gets. */
  step: number;
  pointer?: Pointer;
  objects: Obj[];
}

/** What a document may hold at most; the same numbers stand in internal/annotate. */
export const limits = {
  objects: 2000,
  points: 5000,
  runes: 2000,
  side: 20_000,
  pixels: 50_000_000,
  bitmap: 512 * 1024,
  bitmapPixels: 4_000_000,
} as const;

/** Rounds a coordinate to the document's quarter pixel, and never to −0. */
export function quarter(n: number): number {
  return Math.round(n * 4) / 4 + 0;
}

/** A document without marks for a picture of w × h pixels. */
export function emptyDoc(of: {
  id: string;
  w: number;
  h: number;
  base: string;
  at: number;
  scale?: number;
}): Doc {
  return { v: 1, scale: 1, crop: null, step: 1, objects: [], ...of };
}

/** True for the marks that are a box of x, y, w, h. */
export function isBoxed(o: Obj): o is Boxed {
  return "w" in o && "h" in o && "x" in o;
}

/** True for arrows and lines. */
export function isLine(o: Obj): o is LineObj {
  return o.t === "arrow" || o.t === "line";
}

/** The text without its picture, which no longer fits it. */
export function withoutBitmap(o: TextObj): TextObj {
  const plain = { ...o };
  delete plain.bmp;
  return plain;
}

/** True for spotlights. */
export function isSpot(o: Obj): o is BlockObj {
  return o.t === "spot";
}

/** True for freehand strokes. */
export function isPen(o: Obj): o is PenObj {
  return o.t === "pen" || o.t === "markpen";
}

/** The part of the picture that will be kept: the crop, or all of it. */
export function kept(doc: Doc): Rect {
  return doc.crop ?? { x: 0, y: 0, w: doc.w, h: doc.h };
}

/** A new id for an object: short, and unlike those already in the document. */
export function freshId(doc: Doc): string {
  const taken = new Set(doc.objects.map((o) => o.id));
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(6));
    const id = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(
      "",
    );
    if (!taken.has(id)) return id;
  }
}
