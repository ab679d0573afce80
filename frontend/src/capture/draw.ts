// What a drag with a tool makes: from where the pointer went down and is now to
// a mark, before it has a place in the document.
import { freshId, quarter, type Doc, type Obj, type Point } from "./doc";
import { between } from "./boxes";
import { seed } from "./edit";
import { straight, type Mods } from "./resize";
import { addPoint, outline } from "./pen";
import {
  markerWidth,
  inkOn,
  textSizes,
  widths,
  type Style,
  type Tool,
} from "./style";

/** One pointer sample in base pixels; pressure 0..1, 0.5 where the device has none. */
export interface Sample extends Point {
  pressure: number;
}

/** A mark being drawn. */
export interface Drawing {
  tool: Tool;
  style: Style;
  from: Point;
  o: Obj;
}

/** Begins a mark at a sample; null for tools that draw none. */
export function beginDrawing(
  doc: Doc,
  tool: Tool,
  style: Style,
  at: Sample,
  mods: Mods,
): Drawing | null {
  const p = { x: quarter(at.x), y: quarter(at.y) };
  const common = {
    id: freshId(doc),
    c: style.c,
    a: style.a,
    s: (widths[style.size] ?? widths[1]) * doc.scale,
  };
  const size = (textSizes[style.size] ?? textSizes[1]) * doc.scale;
  const box = { ...p, w: 0, h: 0 };
  const dash = style.dash ? { dash: true } : {};
  const made = (o: Obj): Drawing => ({ tool, style, from: p, o });
  switch (tool) {
    case "arrow":
      return made({
        ...common,
        t: "arrow",
        x1: p.x,
        y1: p.y,
        x2: p.x,
        y2: p.y,
        head: style.head,
        ...dash,
      });
    case "line":
      return made({
        ...common,
        t: "line",
        x1: p.x,
        y1: p.y,
        x2: p.x,
        y2: p.y,
        ...dash,
      });
    case "rect":
    case "ellipse": {
      const fill = style.fill ? { fill: style.c, fa: 0.25 } : {};
      return made({ ...common, t: tool, ...box, ...fill, ...dash });
    }
    case "pen":
      return made({
        ...common,
        t: "pen",
        pts: addPoint([], [p.x, p.y, at.pressure], 0),
        path: [],
      });
    case "mark":
      if (!mods.shift) return made({ ...common, t: "mark", ...box });
      return made({
        ...common,
        s: common.s * markerWidth,
        t: "markpen",
        pts: addPoint([], [p.x, p.y, 0.5], 0),
        path: [],
      });
    case "spot":
      return made({ ...common, a: 1, t: "spot", ...box });
    case "hide":
      return made({
        ...common,
        a: 1,
        t: "hide",
        ...box,
        how: style.how,
        seed: seed(),
      });
    case "step":
      return made({ ...common, t: "step", ...p, n: doc.step, size });
    case "text": {
      // The pointer stands in the middle of the first line's letters.
      const y = quarter(p.y + size * 0.36);
      const look = style.plate ? { c: inkOn(style.c), plate: style.c } : {};
      return made({
        ...common,
        ...look,
        t: "text",
        x: p.x,
        y,
        size,
        lines: [],
        align: "l",
      });
    }
    default:
      return null;
  }
}

/** The mark when the pointer has come to `at`; `apart` is the least distance of pen points. */
export function drawTo(
  d: Drawing,
  at: Sample,
  mods: Mods,
  apart: number,
): Drawing {
  const o = d.o;
  const p = { x: quarter(at.x), y: quarter(at.y) };
  switch (o.t) {
    case "arrow":
    case "line": {
      const to = mods.shift ? straight(d.from, p) : p;
      const from = mods.alt
        ? { x: quarter(2 * d.from.x - to.x), y: quarter(2 * d.from.y - to.y) }
        : d.from;
      return { ...d, o: { ...o, x1: from.x, y1: from.y, x2: to.x, y2: to.y } };
    }
    case "pen":
    case "markpen": {
      const pressure = o.t === "pen" ? at.pressure : 0.5;
      const pts = addPoint(o.pts, [p.x, p.y, pressure], apart);
      return pts === o.pts
        ? d
        : { ...d, o: { ...o, pts, path: outline(o.t, pts, o.s) } };
    }
    case "step":
    case "text":
      return o.t === "step" ? { ...d, o: { ...o, x: p.x, y: p.y } } : d;
    default: {
      let dx = p.x - d.from.x;
      let dy = p.y - d.from.y;
      if (mods.shift) {
        const side = Math.max(Math.abs(dx), Math.abs(dy));
        dx = dx < 0 ? -side : side;
        dy = dy < 0 ? -side : side;
      }
      const to = { x: d.from.x + dx, y: d.from.y + dy };
      const from = mods.alt ? { x: d.from.x - dx, y: d.from.y - dy } : d.from;
      return { ...d, o: { ...o, ...between(from, to) } };
    }
  }
}

/** The finished mark, or null when the drag was too short to mean one. */
export function finishDrawing(d: Drawing, moved: boolean): Obj | null {
  const o = d.o;
  if (o.t === "pen" || o.t === "markpen")
    return { ...o, path: outline(o.t, o.pts, o.s) };
  if (o.t === "step" || o.t === "text") return o;
  return moved ? o : null;
}
