// How marks look before anyone chose: the nine colours of the number keys, the
// four sizes, and what each tool remembers of the last choice.
import type { Kind, Obj } from "./doc";

/** The tools, by what they make; select and crop make nothing. */
export type Tool =
  | "select"
  | "crop"
  | "arrow"
  | "line"
  | "rect"
  | "ellipse"
  | "pen"
  | "mark"
  | "text"
  | "step"
  | "hide"
  | "spot";

/** The colours of keys 1 to 9, in that order. */
export const colours = [
  "#e5363f",
  "#ee7b1d",
  "#f2c230",
  "#17815a",
  "#3350cc",
  "#8b4fc0",
  "#e2629a",
  "#1b1a18",
  "#ffffff",
] as const;

/** Names of the nine colours, keys of the texts. */
export const colourNames = [
  "red",
  "orange",
  "yellow",
  "green",
  "cobalt",
  "violet",
  "pink",
  "black",
  "white",
] as const;

/** Stroke widths before the display's scale. */
export const widths = [2, 4, 7, 12] as const;

/** Text and step sizes before the display's scale. */
export const textSizes = [16, 20, 28, 40] as const;

/** A freehand highlighter is this many times as wide as a pen of its size. */
export const markerWidth = 4;

/** What a tool draws with; size is an index into widths or textSizes. */
export interface Style {
  c: string;
  a: number;
  size: number;
  fill: boolean;
  dash: boolean;
  head: "end" | "both";
  plate: boolean;
  how: "solid" | "pixel";
}

const plain: Style = {
  c: colours[0],
  a: 1,
  size: 1,
  fill: false,
  dash: false,
  head: "end",
  plate: false,
  how: "solid",
};

/** The style of every tool. */
export type Styles = Record<Tool, Style>;

/** What the tools draw with when nothing was chosen yet. */
export function firstStyles(): Styles {
  const of = (change: Partial<Style> = {}): Style => ({ ...plain, ...change });
  return {
    select: of(),
    crop: of(),
    arrow: of(),
    line: of(),
    rect: of(),
    ellipse: of(),
    pen: of(),
    mark: of({ c: colours[2] }),
    text: of(),
    step: of(),
    hide: of({ c: colours[7] }),
    spot: of(),
  };
}

/** Reads remembered styles; anything odd in them falls back to the first style. */
export function readStyles(json: string | null): Styles {
  const styles = firstStyles();
  if (!json) return styles;
  let stored: unknown;
  try {
    stored = JSON.parse(json);
  } catch {
    return styles;
  }
  if (typeof stored !== "object" || stored === null) return styles;
  for (const tool of Object.keys(styles) as Tool[]) {
    const s = (stored as Record<string, unknown>)[tool];
    if (typeof s !== "object" || s === null) continue;
    const { c, a, size, fill, dash, head, plate, how } = s as Partial<
      Record<keyof Style, unknown>
    >;
    const to = styles[tool];
    if (typeof c === "string" && /^#[0-9a-f]{6}$/.test(c)) to.c = c;
    if (typeof a === "number" && a >= 0.1 && a <= 1) to.a = a;
    if (typeof size === "number" && widths[size] !== undefined) to.size = size;
    if (typeof fill === "boolean") to.fill = fill;
    if (typeof dash === "boolean") to.dash = dash;
    if (head === "end" || head === "both") to.head = head;
    if (typeof plate === "boolean") to.plate = plate;
    if (how === "solid" || how === "pixel") to.how = how;
  }
  return styles;
}

/** The tool that makes marks of a kind. */
export function toolOf(kind: Kind): Tool {
  return kind === "markpen" ? "mark" : kind;
}

/** What the style bar offers for marks of a tool. */
export interface Offers {
  colour: boolean;
  size: boolean;
  opacity: boolean;
  fill: boolean;
  dash: boolean;
  head: boolean;
  plate: boolean;
  how: boolean;
}

/** The offers of a tool: a spotlight has no colour, a hidden box no opacity. */
export function offers(tool: Tool): Offers {
  const is = (...tools: Tool[]): boolean => tools.includes(tool);
  return {
    colour: !is("select", "crop", "spot"),
    size: is("arrow", "line", "rect", "ellipse", "pen", "text", "step"),
    opacity: is(
      "arrow",
      "line",
      "rect",
      "ellipse",
      "pen",
      "mark",
      "text",
      "step",
    ),
    fill: is("rect", "ellipse"),
    dash: is("arrow", "line", "rect", "ellipse"),
    head: is("arrow"),
    plate: is("text"),
    how: is("hide"),
  };
}

/** Black or white, whichever reads better on a colour; the rule of internal/annotate. */
export function inkOn(colour: string): "#000000" | "#ffffff" {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) =>
    parseInt(colour.slice(i, i + 2), 16),
  );
  return 299 * r + 587 * g + 114 * b > 150_000 ? "#000000" : "#ffffff";
}

/** The index of the size nearest to n, where `of` is multiplied by scale. */
export function nearest(
  n: number,
  of: readonly number[],
  scale: number,
): number {
  let best = 0;
  of.forEach((v, i) => {
    if (Math.abs(v * scale - n) < Math.abs((of[best] ?? 0) * scale - n))
      best = i;
  });
  return best;
}

/** The size index a mark has now. */
export function sizeOf(o: Obj, scale: number): number {
  if (o.t === "text" || o.t === "step")
    return nearest(o.size, textSizes, scale);
  return nearest(o.s, widths, o.t === "markpen" ? scale * markerWidth : scale);
}
