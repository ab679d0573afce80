// Text the font has no glyphs for is drawn by the page, once, when its editing
// ends; Go pastes that picture. Everything else is drawn by Go from the font.
import { limits, withoutBitmap, type Bitmap, type TextObj } from "./doc";
import { covered, leading } from "./metrics";

/** The fonts of text that Go Medium cannot write; the browser picks per letter. */
export const fallbackFont =
  '"Go Medium", "Inter Variable", system-ui, sans-serif';

/**
 * The text with its picture where it needs one: a bitmap as wide as the widest
 * line and as high as the text box, its first baseline one size below its top. Text
 * too large for a bitmap comes back without, and is drawn with boxes.
 */
export function withBitmap(o: TextObj): TextObj {
  const plain = withoutBitmap(o);
  if (covered(o.lines)) return plain;
  const bmp = draw(plain);
  return bmp ? { ...plain, bmp } : plain;
}

function draw(o: TextObj): Bitmap | null {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return null;
  const font = `${o.size}px ${fallbackFont}`;
  context.font = font;
  const widths = o.lines.map((l) => context.measureText(l).width);
  const w = Math.ceil(Math.max(1, ...widths));
  const h = Math.ceil((1.25 + leading * (o.lines.length - 1)) * o.size);
  if (w > limits.side || h > limits.side || w * h > limits.bitmapPixels)
    return null;
  canvas.width = w;
  canvas.height = h;
  context.font = font;
  context.fillStyle = o.c;
  context.textBaseline = "alphabetic";
  o.lines.forEach((line, i) => {
    const free = w - (widths[i] ?? 0);
    const x = o.align === "l" ? 0 : o.align === "c" ? free / 2 : free;
    context.fillText(line, x, (1 + leading * i) * o.size);
  });
  const url = canvas.toDataURL("image/png");
  const png = url.slice(url.indexOf(",") + 1);
  if ((png.length / 4) * 3 > limits.bitmap) return null;
  return { w, h, png };
}
