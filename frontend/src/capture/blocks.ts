// The blocks that stand where something is hidden, as internal/annotate/hide.go
// paints them: from the one-pixel ring round the box and a seed. The inside of
// a hidden box is never read, here as there.
import type { Doc, HideObj, Rect } from "./doc";
import { contains, hiddenBox } from "./boxes";

/** Gives the pixels of a rectangle of the base, row by row: red, green, blue, opacity. */
export type Read = (r: Rect) => Uint8ClampedArray;

/** A block of one colour. */
export interface Block extends Rect {
  c: string;
}

interface Sum {
  r: number;
  g: number;
  b: number;
  n: number;
}

const nothing: Sum = { r: 0, g: 0, b: 0, n: 0 };

function grow(to: Sum, by: Sum, weight: number): void {
  to.r += by.r * weight;
  to.g += by.g * weight;
  to.b += by.b * weight;
  to.n += by.n * weight;
}

function hex(...parts: number[]): string {
  return "#" + parts.map((p) => p.toString(16).padStart(2, "0")).join("");
}

/** The blocks of one hidden box; a solid one, or one without a ring to read, is a single block. */
export function blocksOf(doc: Doc, o: HideObj, read: Read): Block[] {
  const box = hiddenBox(o, doc.w, doc.h);
  if (!box.w || !box.h) return [];
  const solid = [{ ...box, c: o.c }];
  if (o.how !== "pixel") return solid;
  const hidden = doc.objects.flatMap((x) =>
    x.t === "hide" ? [hiddenBox(x, doc.w, doc.h)] : [],
  );
  const all: Sum = { ...nothing };
  const side = (r: Rect): Sum[] => {
    const n = r.w * r.h;
    const at = (i: number): { x: number; y: number } =>
      r.h === 1 ? { x: r.x + i, y: r.y } : { x: r.x, y: r.y + i };
    if (r.x < 0 || r.y < 0 || r.x + r.w > doc.w || r.y + r.h > doc.h)
      return Array.from({ length: n }, () => nothing);
    const pixels = read(r);
    return Array.from({ length: n }, (_, i) => {
      const { x, y } = at(i);
      // Pixels, not edges: the pixel x covers x to x + 1.
      if (hidden.some((b) => contains(b, { x: x + 0.5, y: y + 0.5 })))
        return nothing;
      const s = {
        r: pixels[4 * i] ?? 0,
        g: pixels[4 * i + 1] ?? 0,
        b: pixels[4 * i + 2] ?? 0,
        n: 1,
      };
      grow(all, s, 1);
      return s;
    });
  };
  const top = side({ x: box.x, y: box.y - 1, w: box.w, h: 1 });
  const bottom = side({ x: box.x, y: box.y + box.h, w: box.w, h: 1 });
  const left = side({ x: box.x - 1, y: box.y, w: 1, h: box.h });
  const right = side({ x: box.x + box.w, y: box.y, w: 1, h: box.h });
  if (all.n === 0) return solid;

  const size = Math.min(
    Math.max(Math.trunc(Math.min(box.w, box.h) / 5), 6),
    28,
  );
  const half = Math.trunc(size / 2);
  const out: Block[] = [];
  for (let y = 0; y < box.h; y += size) {
    for (let x = 0; x < box.w; x += size) {
      const w = Math.min(size, box.w - x);
      const h = Math.min(size, box.h - y);
      let c: Sum = { ...nothing };
      const weigh = (of: readonly Sum[], distance: number): void => {
        const weight = Math.trunc(4096 / (distance + half));
        for (const s of of) grow(c, s, weight);
      };
      weigh(top.slice(x, x + w), y);
      weigh(bottom.slice(x, x + w), box.h - y - h);
      weigh(left.slice(y, y + h), x);
      weigh(right.slice(y, y + h), box.w - x - w);
      if (c.n === 0) c = all;
      const noise = scramble(o.seed, x, y);
      const shade = (noise % 65) - 32;
      const tint = (v: number, n: number): number =>
        Math.min(Math.max(Math.trunc(v / c.n) + shade + (n % 17) - 8, 0), 255);
      out.push({
        x: box.x + x,
        y: box.y + y,
        w,
        h,
        c: hex(
          tint(c.r, noise >>> 8),
          tint(c.g, noise >>> 14),
          tint(c.b, noise >>> 20),
        ),
      });
    }
  }
  return out;
}

// The finaliser of MurmurHash3 (public domain), as in hide.go.
function scramble(seed: number, x: number, y: number): number {
  let h = (seed ^ Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** Blocks joined by colour into SVG path data, so that a large box stays a few elements. */
export function pathsOf(blocks: readonly Block[]): { c: string; d: string }[] {
  const by = new Map<string, string>();
  for (const b of blocks) {
    by.set(b.c, `${by.get(b.c) ?? ""}M${b.x} ${b.y}h${b.w}v${b.h}h${-b.w}Z`);
  }
  return [...by].map(([c, d]) => ({ c, d }));
}
