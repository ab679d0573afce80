// What the pointer does: a press begins a gesture, moving it shows the document
// it would make, letting go makes it. Positions come in CSS pixels of the canvas.
import { between, bounds, contains } from "./boxes";
import { draggedCrop, type CropDrag } from "./crop";
import {
  isLine,
  kept,
  limits,
  type Doc,
  type Obj,
  type Point,
  type Rect,
} from "./doc";
import { beginDrawing, drawTo, finishDrawing, type Drawing } from "./draw";
import * as edit from "./edit";

import { hitTest, hits, inBand } from "./hit";
import type { Marking } from "./marking.svelte";
import {
  handleAt,
  handleOn,
  handlesOf,
  resized,
  type Handle,
  type Mods,
} from "./resize";
import { rectOnScreen, toBase, toScreen, type View } from "./view";

/** A pointer sample on the canvas; pressure is 0.5 for a mouse. */
export interface Press extends Point {
  pressure: number;
}

type Gesture = { start: Point; moved: boolean } & (
  | { g: "draw"; d: Drawing }
  | { g: "move"; ids: readonly string[]; drop: string | null }
  | { g: "resize"; o: Obj; handle: Handle }
  | { g: "band"; from: Point; to: Point; held: readonly string[] }
  | { g: "pan"; view: View }
  | { g: "crop"; drag: CropDrag; at: Point }
);

/** Half the size of a handle's hit area, CSS pixels. */
const reach = 8;
/** How near to a mark a press still hits it, CSS pixels. */
const slop = 6;
/** How far a press may wander and still be a click, CSS pixels. */
const slack = 3;

const still: Mods = { shift: false, alt: false };

export class Pointing {
  #m: Marking;
  #windows: readonly Rect[];
  #gesture: Gesture | null = $state.raw(null);
  /** Where the pointer is on the canvas, or null. */
  at: Point | null = $state.raw(null);
  /** Space is held: a drag moves the picture. */
  panning = $state(false);

  /** `windows` in base pixels, the topmost first: while cropping, a click takes one. */
  constructor(m: Marking, windows: readonly Rect[]) {
    this.#m = m;
    this.#windows = windows;
  }

  /** Whether a gesture is under way. */
  readonly busy: boolean = $derived(this.#gesture !== null);
  /** Whether a crop is being drawn or changed. */
  readonly cropping: boolean = $derived(this.#gesture?.g === "crop");
  /** The rubber band, base pixels. */
  readonly band: Rect | null = $derived(
    this.#gesture?.g === "band" && this.#gesture.moved
      ? between(this.#gesture.from, this.#gesture.to)
      : null,
  );
  /** The window under the pointer that a click would crop to. */
  readonly snap: Rect | null = $derived.by(() => {
    const { tool, view, stored } = this.#m;
    if (tool !== "crop" || !this.at || this.busy) return null;
    const p = toBase(view, this.at);
    return stored.crop && contains(stored.crop, p) ? null : this.#window(p);
  });
  /** The cursor for where the pointer is. */
  readonly cursor: string = $derived.by(() => {
    if (this.#gesture?.g === "pan") return "grabbing";
    if (this.panning) return "grab";
    if (!this.at) return "default";
    const over = this.#handleUnder(this.at);
    if (over) return cursors[over.handle];
    const m = this.#m;
    const p = toBase(m.view, this.at);
    if (this.#onChosen(p)) return "move";
    if (m.tool === "select") return this.#under(p) ? "move" : "default";
    return m.tool === "text" ? "text" : "crosshair";
  });

  get #slop(): number {
    return slop / this.#m.view.zoom;
  }

  #under(p: Point): Obj | null {
    return hitTest(this.#m.stored, p, this.#slop);
  }

  // What is selected is moved by pressing it; in the hand of the select tool an
  // empty frame is moved by its inside as well, unless another mark lies there.
  #onChosen(p: Point): boolean {
    const m = this.#m;
    if (m.chosen.some((o) => hits(o, p, this.#slop))) return true;
    if (m.tool !== "select" || this.#under(p)) return false;
    return m.chosen.some((o) => !isLine(o) && contains(bounds(o), p));
  }

  #window(p: Point): Rect | null {
    return this.#windows.find((r) => contains(r, p)) ?? null;
  }

  // The handle under the pointer, of the one mark selected or of the crop.
  #handleUnder(p: Point): { handle: Handle; o: Obj | null } | null {
    const m = this.#m;
    const near = (at: Point): boolean => {
      const s = toScreen(m.view, at);
      return Math.abs(s.x - p.x) <= reach && Math.abs(s.y - p.y) <= reach;
    };
    if (m.tool === "crop") {
      const handle = this.#cropHandle(p, near);
      return handle ? { handle, o: null } : null;
    }
    const [o] = m.chosen;
    if (!o || m.chosen.length > 1) return null;
    // Corners come first, so that a small box can still be made larger.
    const order = [...handlesOf(o)].sort((a, b) => b.length - a.length);
    const handle = order.find((h) => near(handleAt(o, h)));
    return handle ? { handle, o } : null;
  }

  #cropHandle(p: Point, near: (at: Point) => boolean): Handle | null {
    const m = this.#m;
    const r = kept(m.doc);
    const all: Handle[] = ["nw", "ne", "se", "sw", "n", "e", "s", "w"];
    const handle = all.find((h) => near(handleOn(r, h)));
    if (handle) return handle;
    const s = rectOnScreen(m.view, r);
    if (!m.stored.crop || !contains(s, p, reach)) return null;
    // The whole of an edge can be taken, not only its middle.
    const edges: [Handle, number][] = [
      ["w", p.x - s.x],
      ["e", s.x + s.w - p.x],
      ["n", p.y - s.y],
      ["s", s.y + s.h - p.y],
    ];
    return edges.find(([, d]) => Math.abs(d) <= reach / 2)?.[0] ?? null;
  }

  /** A press: button 0 draws, selects or moves; the middle one, or Space, pans. */
  down(p: Press, mods: Mods, button: number): void {
    const m = this.#m;
    if (m.editing) {
      m.endText();
      if (m.tool === "text") return;
    }
    m.settle();
    m.notice = null;
    this.at = p;
    const begin = { start: { x: p.x, y: p.y }, moved: false };
    if (button === 1 || (button === 0 && this.panning)) {
      this.#gesture = { ...begin, g: "pan", view: m.view };
    } else if (button !== 0) {
      return;
    } else if (m.tool === "crop") {
      this.#gesture = { ...begin, ...this.#takeCrop(p) };
    } else {
      const over = this.#handleUnder(p);
      const at = toBase(m.view, p);
      const onChosen = this.#onChosen(at);
      if (over?.o) {
        this.#gesture = {
          ...begin,
          g: "resize",
          o: over.o,
          handle: over.handle,
        };
      } else if (m.tool === "select" || onChosen) {
        this.#gesture = { ...begin, ...this.#take(at, mods, onChosen) };
      } else {
        const d = this.#begin(p, mods);
        if (d) this.#gesture = { ...begin, g: "draw", d };
      }
    }
  }

  #takeCrop(p: Press) {
    const m = this.#m;
    const was = kept(m.stored);
    const from = toBase(m.view, p);
    const over = this.#handleUnder(p);
    if (over) m.edge = over.handle;
    const drag: CropDrag = over
      ? { by: "handle", was, handle: over.handle }
      : m.stored.crop && contains(was, from)
        ? { by: "inside", was, from }
        : { by: "corner", from };
    return { g: "crop" as const, drag, at: from };
  }

  // What a press takes hold of: one mark, several, or the corner of a rubber band.
  #take(at: Point, mods: Mods, onChosen: boolean) {
    const m = this.#m;
    const under = this.#under(at);
    const hold = (ids: readonly string[], drop: string | null = null) => {
      m.selected = ids;
      return { g: "move" as const, ids, drop };
    };
    if (mods.shift && under) {
      return m.selected.includes(under.id)
        ? hold(m.selected, under.id)
        : hold([...m.selected, under.id]);
    }
    const mine = !under || m.selected.includes(under.id);
    if (onChosen && (m.tool !== "select" || mine)) return hold(m.selected);
    if (under) return hold([under.id]);
    const held = mods.shift ? m.selected : [];
    m.selected = held;
    return { g: "band" as const, from: at, to: at, held };
  }

  #begin(p: Press, mods: Mods): Drawing | null {
    const m = this.#m;
    const at = toBase(m.view, p);
    if (m.tool === "text") {
      const under = this.#under(at);
      if (under?.t === "text") {
        m.edit(under);
        return null;
      }
    }
    m.selected = [];
    const sample = { ...at, pressure: p.pressure };
    return beginDrawing(m.stored, m.tool, m.styles[m.tool], sample, mods);
  }

  /** The pointer moved; between presses it only hovers. */
  moved(p: Press, mods: Mods): void {
    this.at = p;
    const g = this.#gesture;
    if (!g) return;
    const [dx, dy] = [p.x - g.start.x, p.y - g.start.y];
    const moved = g.moved || Math.max(Math.abs(dx), Math.abs(dy)) >= slack;
    if (!moved && g.g !== "draw") return;
    const m = this.#m;
    const doc = m.stored;
    const { zoom } = m.view;
    const at = toBase(m.view, p);
    switch (g.g) {
      case "pan":
        m.port.pan(dx, dy, g.view);
        this.#gesture = { ...g, moved };
        return;
      case "draw": {
        const sample = { ...at, pressure: p.pressure };
        const d = drawTo(g.d, sample, mods, Math.max(0.5, 1 / zoom));
        this.#show({ ...g, moved, d }, edit.add(doc, d.o));
        return;
      }
      case "move": {
        let [x, y] = [dx / zoom, dy / zoom];
        if (mods.shift) [x, y] = Math.abs(x) > Math.abs(y) ? [x, 0] : [0, y];
        // Whole pixels, so that an edge that was sharp stays sharp.
        const next = edit.move(doc, g.ids, Math.round(x), Math.round(y));
        this.#show({ ...g, moved }, next);
        return;
      }
      case "resize": {
        const o = resized(g.o, g.handle, at, mods);
        this.#show({ ...g, moved }, edit.replace(doc, o));
        return;
      }
      case "band": {
        const found = inBand(doc, between(g.from, at));
        m.selected = [...new Set([...g.held, ...found])];
        this.#gesture = { ...g, moved, to: at };
        return;
      }
      case "crop":
        this.#show(
          { ...g, moved, at },
          { ...doc, crop: draggedCrop(doc, g.drag, at, mods) },
        );
    }
  }

  #show(g: Gesture, doc: Doc): void {
    this.#gesture = g;
    this.#m.preview = doc;
  }

  /** The press ended: what it would make is made. */
  up(p: Press, mods: Mods): void {
    this.moved(p, mods);
    const g = this.#gesture;
    const m = this.#m;
    const doc = m.preview;
    this.#gesture = null;
    m.preview = null;
    if (!g) return;
    if (g.g === "draw") {
      this.#finish(g.d, g.moved, toBase(m.view, g.start));
    } else if (g.g === "crop") {
      if (g.moved) m.setCrop(doc?.crop ?? null);
      else if (g.drag.by === "corner") this.#clickCrop(g.at);
    } else if (!g.moved) {
      if (g.g === "move" && g.drop !== null)
        m.selected = m.selected.filter((id) => id !== g.drop);
    } else if (doc && g.g === "resize") {
      const o = doc.objects.find((one) => one.id === g.o.id);
      m.commit(o?.t === "text" ? edit.replace(doc, m.finished(o)) : doc);
    } else if (doc && g.g === "move") {
      m.commit(doc);
    }
  }

  #clickCrop(at: Point): void {
    const window = this.#window(at);
    if (window) this.#m.setCrop(window);
  }

  #finish(d: Drawing, moved: boolean, start: Point): void {
    const m = this.#m;
    const o = finishDrawing(d, moved);
    if (o && m.stored.objects.length >= limits.objects) {
      m.notice = "full";
    } else if (o?.t === "text") {
      m.write(o);
    } else if (o) {
      m.commit(edit.add(m.stored, o));
      m.selected = [o.id];
    } else {
      // A click that drew nothing picks what it hit.
      const under = this.#under(start);
      if (under) m.selected = [under.id];
    }
  }

  /** Takes back a gesture under way. */
  cancel(): void {
    const g = this.#gesture;
    if (g?.g === "pan") this.#m.port.pan(0, 0, g.view);
    this.#gesture = null;
    this.#m.preview = null;
  }

  /** A double click: the words of a text, the number of a step, or the crop is right. */
  doubled(p: Point): void {
    const m = this.#m;
    if (m.tool === "crop") {
      if (m.stored.crop) m.setTool("select");
      return;
    }
    const under = this.#under(toBase(m.view, p));
    if (under) m.edit(under);
  }

  /** Draws without a pointer: a mark of a useful size in the middle of what is seen. */
  place(): void {
    const m = this.#m;
    const seen = m.port.seen();
    const c = { x: seen.x + seen.w / 2, y: seen.y + seen.h / 2, pressure: 0.5 };
    const half = { x: Math.max(8, seen.w / 6), y: Math.max(8, seen.h / 6) };
    const from = { ...c, x: c.x - half.x, y: c.y - half.y };
    const to = { ...c, x: c.x + half.x, y: c.y + half.y };
    const point = m.tool === "step" || m.tool === "text";
    const style = m.styles[m.tool];
    const d = beginDrawing(m.stored, m.tool, style, point ? c : from, still);
    if (d) this.#finish(point ? d : drawTo(d, to, still, 0.5), true, c);
  }
}

const cursors: Record<Handle, string> = {
  nw: "nwse-resize",
  se: "nwse-resize",
  ne: "nesw-resize",
  sw: "nesw-resize",
  n: "ns-resize",
  s: "ns-resize",
  e: "ew-resize",
  w: "ew-resize",
  start: "move",
  end: "move",
};
