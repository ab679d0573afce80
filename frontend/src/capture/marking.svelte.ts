// What the annotator shows and what the pointer and the keys do to it. It knows
// no bridge: the page gives it a document and hears of each new one.
import { untrack } from "svelte";
import {
  freshId,
  kept,
  limits,
  quarter,
  withoutBitmap,
  type Doc,
  type Obj,
  type Point,
  type Rect,
  type TextObj,
} from "./doc";
import { bounds, between, contains, union } from "./boxes";
import {
  beginDrawing,
  drawTo,
  finishDrawing,
  type Drawing,
  type Sample,
} from "./draw";
import * as edit from "./edit";
import type { Handle, Mods } from "./edit";
import { drawOrder, hitTest, hits, inBand } from "./hit";
import { begin, commit, redo, undo, type History } from "./history";
import { storedLines } from "./metrics";
import {
  colours,
  offers,
  sizeOf,
  toolOf,
  widths,
  type Style,
  type Styles,
  type Tool,
} from "./style";
import {
  centred,
  fit,
  panBy,
  rectOnScreen,
  toBase,
  toScreen,
  zoomAt,
  type Frame,
  type View,
} from "./view";

/** What is said in the line above the tools. */
export type Notice =
  "cropSmall" | "full" | "textLong" | "bitmapLarge" | "noRoom" | null;

/** A pointer sample on the canvas: CSS pixels from its corner. */
export interface Press extends Point {
  pressure: number;
}

type Gesture =
  | { g: "draw"; start: Point; moved: boolean; d: Drawing }
  | {
      g: "move";
      start: Point;
      moved: boolean;
      ids: string[];
      add: string | null;
      doc: Doc;
    }
  | {
      g: "resize";
      start: Point;
      moved: boolean;
      o: Obj;
      handle: Handle;
      doc: Doc;
    }
  | {
      g: "band";
      start: Point;
      moved: boolean;
      from: Point;
      to: Point;
      held: string[];
    }
  | { g: "pan"; start: Point; moved: boolean; view: View }
  | { g: "crop"; start: Point; moved: boolean; from: Point; rect: Rect }
  | {
      g: "cropEdge";
      start: Point;
      moved: boolean;
      was: Rect;
      handle: Handle;
      rect: Rect;
    }
  | { g: "cropMove"; start: Point; moved: boolean; was: Rect; rect: Rect };

/** A text or step whose words are being typed. */
export interface Editing {
  o: Obj & { t: "text" | "step" };
  value: string;
  /** It is not in the document yet. */
  fresh: boolean;
}

/** What the host gives once. */
export interface Setup {
  doc: Doc;
  styles: Styles;
  tool: Tool;
  /** Windows in base pixels, the topmost first, to crop to with one click. */
  windows: readonly Rect[];
  /** Adds the picture of text the font cannot write. */
  finishText: (o: TextObj) => TextObj;
  onsave: (doc: Doc) => void;
  onstyles: (styles: Styles) => void;
}

/** Half the size of a handle's hit area, CSS pixels. */
const reach = 8;
/** How far a press may wander and still be a click, CSS pixels. */
const slack = 3;

const still: Mods = { shift: false, alt: false };

export class Marking {
  #setup: Setup;
  #history: History = $state.raw() as History;
  #manual: View | null = $state.raw(null);
  #merge = "";
  #gesture: Gesture | null = $state.raw(null);
  tool: Tool = $state("select");
  selected: readonly string[] = $state.raw([]);
  styles: Styles = $state.raw() as Styles;
  frame: Frame = $state.raw({
    w: 800,
    h: 600,
    left: 40,
    top: 40,
    right: 40,
    bottom: 96,
  });
  /** Device pixels per CSS pixel of the window. */
  ratio = $state(1);
  editing: Editing | null = $state.raw(null);
  /** Where the pointer is on the canvas, or null. */
  pointer: Point | null = $state.raw(null);
  notice: Notice = $state(null);
  /** Space is held: a drag moves the picture. */
  panning = $state(false);
  /** The crop's handle that arrow keys move. */
  edge: Handle = $state("se");
  #cropBefore: Rect | null = null;
  #styling: Doc | null = $state.raw(null);

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#history = begin(setup.doc);
    this.styles = setup.styles;
    this.setTool(setup.tool);
  }

  /** The document as it stands, without a gesture under way. */
  get stored(): Doc {
    return this.#history.now;
  }

  /** The document as it is drawn: with what the pointer is doing. */
  readonly doc: Doc = $derived.by(() => {
    const g = this.#gesture;
    const doc = this.#styling ?? this.#history.now;
    if (g?.g === "draw") return edit.add(doc, g.d.o);
    if (g?.g === "move" || g?.g === "resize") return g.doc;
    if (g?.g === "crop" || g?.g === "cropEdge" || g?.g === "cropMove") {
      return g.moved ? { ...doc, crop: g.rect } : doc;
    }
    return doc;
  });

  /** The part of the picture on show: all of it while cropping. */
  readonly shown: Rect = $derived(
    this.tool === "crop"
      ? { x: 0, y: 0, w: this.#history.now.w, h: this.#history.now.h }
      : kept(this.doc),
  );
  readonly view: View = $derived(
    this.#manual ?? fit(this.shown, this.frame, this.full),
  );
  readonly chosen: readonly Obj[] = $derived(
    this.doc.objects.filter((o) => this.selected.includes(o.id)),
  );
  readonly band: Rect | null = $derived(
    this.#gesture?.g === "band" && this.#gesture.moved
      ? between(this.#gesture.from, this.#gesture.to)
      : null,
  );
  readonly canUndo: boolean = $derived(this.#history.past.length > 0);
  readonly canRedo: boolean = $derived(this.#history.future.length > 0);
  /** Whether a crop is being drawn or changed. */
  readonly cropping: boolean = $derived(
    this.#gesture?.g.startsWith("crop") ?? false,
  );
  readonly busy: boolean = $derived(this.#gesture !== null);
  /** The window under the pointer that a click would crop to. */
  readonly snap: Rect | null = $derived.by(() => {
    if (this.tool !== "crop" || !this.pointer || this.cropping) return null;
    return this.#window(toBase(this.view, this.pointer));
  });
  /** The tool whose style the bar shows: of what is selected, else the one in hand. */
  readonly styleTool: Tool = $derived.by(() => {
    const [first] = this.chosen;
    if (!first) return this.tool;
    const tool = toolOf(first.t);
    return this.chosen.every((o) => toolOf(o.t) === tool) ? tool : "rect";
  });
  /** The style the bar shows. */
  readonly style: Style = $derived.by(() => {
    const [o] = this.chosen;
    const style = this.styles[this.styleTool];
    if (!o) return style;
    return {
      c: o.t === "text" ? (o.plate ?? o.c) : o.c,
      a: o.a,
      size: sizeOf(o, this.doc.scale),
      fill: "fill" in o && !!o.fill,
      dash: "dash" in o && !!o.dash,
      head: o.t === "arrow" ? (o.head ?? "end") : style.head,
      plate: o.t === "text" && !!o.plate,
      how: o.t === "hide" ? o.how : style.how,
    };
  });

  /** The zoom that shows one base pixel on one device pixel. */
  get full(): number {
    return 1 / this.ratio;
  }

  // ---- documents

  #commit(doc: Doc, merge = ""): void {
    this.notice = null;
    const now = this.#history.now;
    if (doc === now) return;
    if (merge !== "" && merge === this.#merge)
      this.#history = { ...this.#history, now: doc, future: [] };
    else this.#history = commit(this.#history, doc);
    this.#merge = merge;
    this.#setup.onsave(doc);
  }

  /** Ends a run of equal keys or wheel turns, which are one gesture. */
  settle(): void {
    this.#merge = "";
  }

  undo(): void {
    this.#travel(undo(this.#history));
  }

  redo(): void {
    this.#travel(redo(this.#history));
  }

  #travel(to: History): void {
    if (this.#gesture || to === this.#history) return;
    this.#merge = "";
    this.#history = to;
    const ids = new Set(to.now.objects.map((o) => o.id));
    this.selected = this.selected.filter((id) => ids.has(id));
    this.#setup.onsave(to.now);
  }

  // ---- tools, selection, style

  setTool(tool: Tool): void {
    if (this.editing) this.endText();
    this.#gesture = null;
    this.notice = null;
    if (tool === "crop" && this.tool !== "crop") {
      this.#cropBefore = this.#history.now.crop;
      this.edge = "se";
    }
    if ((tool === "crop") !== (this.tool === "crop")) this.#manual = null;
    if (tool !== this.tool && tool !== "select") this.selected = [];
    this.tool = tool;
  }

  select(ids: readonly string[]): void {
    this.selected = ids;
  }

  selectAll(): void {
    this.setTool("select");
    this.selected = this.stored.objects.map((o) => o.id);
  }

  /** Selects the next object in drawing order; false at the end, where Tab leaves the canvas. */
  selectNext(by: 1 | -1): boolean {
    const order = drawOrder(this.stored).map((o) => o.id);
    const last = this.selected.at(-1);
    const at =
      last === undefined ? (by === 1 ? -1 : order.length) : order.indexOf(last);
    const next = order[at + by];
    if (next === undefined) return false;
    this.selected = [next];
    return true;
  }

  /** Applies part of a style to what is selected, or remembers it for the tool. */
  restyle(
    change: Partial<Style>,
    how: "preview" | "done" | "merge" = "done",
  ): void {
    const tool = this.styleTool;
    const e = this.editing;
    const ids = e?.fresh ? [] : this.selected;
    if (e?.o.t === "text" && how !== "preview") {
      const o = edit.restyled(e.o, change, this.stored.scale);
      if (o.t === "text") this.editing = { ...e, o };
    }
    if (ids.length) {
      const doc = edit.change(this.stored, ids, (o) => {
        const next = edit.restyled(o, change, this.stored.scale);
        return next.t === "text" && !next.bmp
          ? this.#setup.finishText(next)
          : next;
      });
      if (how === "preview") {
        this.#styling = doc;
        return;
      }
      this.#styling = null;
      this.#commit(doc, how === "merge" ? `style ${ids.join(" ")}` : "");
    }
    if (how === "preview") return;
    if (this.chosen.every((o) => toolOf(o.t) === tool)) {
      this.styles = {
        ...this.styles,
        [tool]: { ...this.styles[tool], ...change },
      };
      this.#setup.onstyles(this.styles);
    }
  }

  /** Colour of a number key. */
  colour(n: number): void {
    const c = colours[n - 1];
    if (c && offers(this.styleTool).colour) this.restyle({ c });
  }

  /** One size up or down; false where there is nothing to size. */
  size(by: 1 | -1): boolean {
    if (
      !offers(this.styleTool).size &&
      !this.chosen.some((o) => o.t === "markpen")
    )
      return false;
    const size = Math.min(widths.length - 1, Math.max(0, this.style.size + by));
    if (size !== this.style.size) this.restyle({ size }, "merge");
    return true;
  }

  remove(): void {
    const doc = edit.remove(this.stored, this.selected);
    this.selected = [];
    this.#commit(doc);
  }

  duplicate(): void {
    const { doc, ids } = edit.duplicate(this.stored, this.selected);
    if (!ids.length) return;
    this.#commit(doc);
    this.selected = ids;
  }

  order(to: "up" | "down" | "top" | "bottom"): void {
    this.#commit(edit.order(this.stored, this.selected, to));
  }

  togglePointer(): void {
    const { pointer } = this.stored;
    if (pointer)
      this.#commit({
        ...this.stored,
        pointer: { ...pointer, on: !pointer.on },
      });
  }

  /** Arrow keys: moves what is selected, or an edge of the crop. */
  nudge(dx: number, dy: number): void {
    if (this.tool === "crop") {
      const r = edit.nudgeEdge(kept(this.stored), this.edge, dx, dy);
      this.setCrop(r, "crop");
      return;
    }
    this.#commit(edit.move(this.stored, this.selected, dx, dy), "nudge");
  }

  /** Sets the crop, or refuses one under a pixel. */
  setCrop(r: Rect | null, merge = ""): void {
    const result = edit.crop(this.stored, r);
    if ("small" in result) this.notice = "cropSmall";
    else this.#commit(result.doc, merge);
  }

  /** Whether the crop changed since the crop tool was taken up. */
  get cropChanged(): boolean {
    return this.tool === "crop" && this.#cropBefore !== this.stored.crop;
  }

  /** Esc: drops one layer. True if nothing was left to drop, so that the editor closes. */
  escape(): boolean {
    this.notice = null;
    if (this.editing) this.endText();
    else if (this.#gesture) this.cancel();
    else if (this.selected.length) this.selected = [];
    else if (this.tool !== "select") this.setTool("select");
    else return true;
    return false;
  }

  // ---- view

  /** Between the whole picture and its actual size. */
  toggleFit(): void {
    const whole = fit(this.shown, this.frame, this.full);
    const isWhole = this.#manual === null;
    this.#manual =
      isWhole && whole.zoom !== this.full
        ? centred(this.shown, this.frame, this.full)
        : null;
  }

  fit(): void {
    this.#manual = null;
  }

  /** Zooms by a factor round a place on the canvas, or its middle. */
  zoom(factor: number, at?: Point): void {
    const middle = { x: this.frame.w / 2, y: this.frame.h / 2 };
    this.#manual = zoomAt(this.view, at ?? middle, this.view.zoom * factor);
  }

  pan(dx: number, dy: number): void {
    this.#manual = panBy(this.view, dx, dy);
  }

  // ---- the pointer

  /** The handle under a place on the canvas, of the one mark selected or of the crop. */
  handleUnder(p: Point): { handle: Handle; o: Obj | null } | null {
    const near = (at: Point): boolean => {
      const s = toScreen(this.view, at);
      return Math.abs(s.x - p.x) <= reach && Math.abs(s.y - p.y) <= reach;
    };
    if (this.tool === "crop") {
      const r = kept(this.doc);
      const corners: Handle[] = ["nw", "ne", "se", "sw", "n", "e", "s", "w"];
      const corner = corners.find((h) => near(edit.handleOn(r, h)));
      if (corner) return { handle: corner, o: null };
      const s = rectOnScreen(this.view, r);
      if (!contains(s, p, reach)) return null;
      const sides: [Handle, number][] = [
        ["w", p.x - s.x],
        ["e", s.x + s.w - p.x],
        ["n", p.y - s.y],
        ["s", s.y + s.h - p.y],
      ];
      const side = sides.find(([, d]) => Math.abs(d) <= reach / 2);
      return side && this.stored.crop ? { handle: side[0], o: null } : null;
    }
    const [o] = this.chosen;
    if (!o || this.chosen.length > 1) return null;
    // Corners come first, so that a small box can still be made larger.
    const order = [...edit.handlesOf(o)].sort((a, b) => b.length - a.length);
    const handle = order.find((h) => near(this.handlePlace(o, h)));
    return handle ? { handle, o } : null;
  }

  /** Where a handle of a mark is drawn, in base pixels: a little outside a text or step. */
  handlePlace(o: Obj, handle: Handle): Point {
    return edit.handleAt(o, handle);
  }

  /** The cursor for a place on the canvas. */
  cursor(p: Point | null): string {
    if (this.#gesture?.g === "pan") return "grabbing";
    if (this.panning) return "grab";
    if (!p) return "default";
    const over = this.handleUnder(p);
    if (over) return handleCursors[over.handle];
    const at = toBase(this.view, p);
    if (this.chosen.some((o) => hits(o, at, 6 / this.view.zoom))) return "move";
    if (this.tool === "select")
      return hitTest(this.stored, at, 6 / this.view.zoom) ? "move" : "default";
    if (this.tool === "text") return "text";
    return "crosshair";
  }

  /** A press: button 0 draws, selects or moves; the middle one, or Space, pans. */
  down(p: Press, mods: Mods, button: number): void {
    if (this.editing) {
      this.endText();
      if (this.tool === "text") return;
    }
    this.#merge = "";
    this.notice = null;
    this.pointer = p;
    const start = { x: p.x, y: p.y };
    if (button === 1 || (button === 0 && this.panning)) {
      this.#gesture = { g: "pan", start, moved: false, view: this.view };
      return;
    }
    if (button !== 0) return;
    if (this.tool === "crop") {
      this.#downCrop(p, start);
      return;
    }
    const at = toBase(this.view, p);
    const over = this.handleUnder(p);
    if (over?.o) {
      this.#gesture = {
        g: "resize",
        start,
        moved: false,
        o: over.o,
        handle: over.handle,
        doc: this.stored,
      };
      return;
    }
    const slop = 6 / this.view.zoom;
    const onChosen = this.chosen.some((o) => hits(o, at, slop));
    if (this.tool === "select" || onChosen) {
      this.#downSelect(at, start, mods, onChosen);
      return;
    }
    if (this.tool === "text") {
      const under = hitTest(this.stored, at, slop);
      if (under?.t === "text") {
        this.edit(under);
        return;
      }
    }
    if (this.stored.objects.length >= limits.objects) {
      this.notice = "full";
      return;
    }
    const d = beginDrawing(
      this.stored,
      this.tool,
      this.styles[this.tool],
      this.#sample(p),
      mods,
    );
    this.selected = [];
    if (d) this.#gesture = { g: "draw", start, moved: false, d };
  }

  #downCrop(p: Press, start: Point): void {
    const over = this.handleUnder(p);
    const was = kept(this.stored);
    const at = toBase(this.view, p);
    if (over) {
      this.edge = over.handle;
      this.#gesture = {
        g: "cropEdge",
        start,
        moved: false,
        was,
        handle: over.handle,
        rect: was,
      };
    } else if (this.stored.crop && contains(was, at)) {
      this.#gesture = { g: "cropMove", start, moved: false, was, rect: was };
    } else {
      this.#gesture = {
        g: "crop",
        start,
        moved: false,
        from: at,
        rect: { ...at, w: 0, h: 0 },
      };
    }
  }

  #downSelect(at: Point, start: Point, mods: Mods, onChosen: boolean): void {
    const under = hitTest(this.stored, at, 6 / this.view.zoom);
    if (mods.shift && under) {
      const has = this.selected.includes(under.id);
      const ids = has ? this.selected : [...this.selected, under.id];
      this.selected = ids;
      this.#gesture = {
        g: "move",
        start,
        moved: false,
        ids: [...ids],
        add: has ? under.id : null,
        doc: this.stored,
      };
      return;
    }
    if (
      onChosen &&
      (this.tool !== "select" || !under || this.selected.includes(under.id))
    ) {
      this.#gesture = {
        g: "move",
        start,
        moved: false,
        ids: [...this.selected],
        add: null,
        doc: this.stored,
      };
      return;
    }
    if (under) {
      this.selected = [under.id];
      this.#gesture = {
        g: "move",
        start,
        moved: false,
        ids: [under.id],
        add: null,
        doc: this.stored,
      };
      return;
    }
    const held = mods.shift ? [...this.selected] : [];
    this.selected = held;
    this.#gesture = { g: "band", start, moved: false, from: at, to: at, held };
  }

  #sample(p: Press): Sample {
    return { ...toBase(this.view, p), pressure: p.pressure };
  }

  /** The pointer moved; between presses it only hovers. */
  moved(p: Press, mods: Mods): void {
    this.pointer = p;
    const g = this.#gesture;
    if (!g) return;
    const dx = p.x - g.start.x;
    const dy = p.y - g.start.y;
    const far = g.moved || Math.abs(dx) >= slack || Math.abs(dy) >= slack;
    if (!far && g.g !== "draw") return;
    const z = this.view.zoom;
    const at = toBase(this.view, p);
    switch (g.g) {
      case "pan":
        this.#manual = panBy(g.view, dx, dy);
        this.#gesture = { ...g, moved: true };
        return;
      case "draw":
        this.#gesture = {
          ...g,
          moved: far,
          d: drawTo(g.d, this.#sample(p), mods, Math.max(0.5, 1 / z)),
        };
        return;
      case "move": {
        let [x, y] = [dx / z, dy / z];
        if (mods.shift) [x, y] = Math.abs(x) > Math.abs(y) ? [x, 0] : [0, y];
        // Whole pixels, so that an edge that was sharp stays sharp.
        const doc = edit.move(this.stored, g.ids, Math.round(x), Math.round(y));
        this.#gesture = { ...g, moved: true, doc };
        return;
      }
      case "resize":
        this.#gesture = {
          ...g,
          moved: true,
          doc: edit.replace(this.stored, edit.resized(g.o, g.handle, at, mods)),
        };
        return;
      case "band":
        this.#gesture = { ...g, moved: true, to: at };
        this.selected = [
          ...new Set([...g.held, ...inBand(this.stored, between(g.from, at))]),
        ];
        return;
      default:
        this.#moveCrop(g, at, { x: dx / z, y: dy / z }, mods);
    }
  }

  #moveCrop(
    g: Extract<Gesture, { g: "crop" | "cropEdge" | "cropMove" }>,
    at: Point,
    by: Point,
    mods: Mods,
  ): void {
    const { w, h } = this.stored;
    let r: Rect;
    if (g.g === "cropMove") {
      const x = Math.min(w - g.was.w, Math.max(0, Math.round(g.was.x + by.x)));
      const y = Math.min(h - g.was.h, Math.max(0, Math.round(g.was.y + by.y)));
      r = { ...g.was, x, y };
    } else {
      const clamped = {
        x: Math.min(w, Math.max(0, at.x)),
        y: Math.min(h, Math.max(0, at.y)),
      };
      if (g.g === "cropEdge")
        r = edit.resizedRect(g.was, g.handle, clamped, mods);
      else {
        let [dx, dy] = [clamped.x - g.from.x, clamped.y - g.from.y];
        if (mods.shift) {
          const side = Math.min(Math.abs(dx), Math.abs(dy));
          [dx, dy] = [Math.sign(dx) * side, Math.sign(dy) * side];
        }
        r = between(g.from, { x: g.from.x + dx, y: g.from.y + dy });
      }
      const x0 = Math.max(0, Math.round(r.x));
      const y0 = Math.max(0, Math.round(r.y));
      r = {
        x: x0,
        y: y0,
        w: Math.min(w, Math.round(r.x + r.w)) - x0,
        h: Math.min(h, Math.round(r.y + r.h)) - y0,
      };
    }
    this.#gesture = { ...g, moved: true, rect: r };
  }

  /** The press ended: the gesture becomes a document. */
  up(p: Press, mods: Mods): void {
    this.moved(p, mods);
    const g = this.#gesture;
    this.#gesture = null;
    if (!g) return;
    switch (g.g) {
      case "draw":
        this.#finish(g.d, g.moved, g.start);
        return;
      case "move":
        if (g.moved) this.#commit(g.doc);
        else if (g.add)
          this.selected = this.selected.filter((id) => id !== g.add);
        return;
      case "resize": {
        if (!g.moved) return;
        const o = g.doc.objects.find((one) => one.id === g.o.id);
        const text =
          o?.t === "text"
            ? edit.replace(g.doc, this.#setup.finishText(o))
            : g.doc;
        this.#commit(text);
        return;
      }
      case "crop":
        if (g.moved) this.setCrop(g.rect);
        else {
          const window = this.#window(g.from);
          if (window) this.setCrop(window);
        }
        return;
      case "cropEdge":
      case "cropMove":
        if (g.moved) this.setCrop(g.rect);
        return;
      default:
    }
  }

  #window(at: Point): Rect | null {
    return this.#setup.windows.find((r) => contains(r, at)) ?? null;
  }

  #finish(d: Drawing, wasMoved: boolean, start: Point): void {
    const o = finishDrawing(d, wasMoved);
    if (o?.t === "text") {
      this.editing = { o, value: "", fresh: true };
      return;
    }
    if (o) {
      this.#commit(edit.add(this.stored, o));
      this.selected = [o.id];
      return;
    }
    // A click that drew nothing picks what it hit.
    const under = hitTest(
      this.stored,
      toBase(this.view, start),
      6 / this.view.zoom,
    );
    if (under) this.selected = [under.id];
  }

  /** Takes back a gesture under way. */
  cancel(): void {
    const g = this.#gesture;
    if (g?.g === "pan") this.#manual = g.view;
    this.#gesture = null;
    this.#styling = null;
  }

  /** A double click: the words of a text or the number of a step. */
  doubled(p: Point): void {
    if (this.tool === "crop") {
      if (this.stored.crop) this.setTool("select");
      return;
    }
    const under = hitTest(
      this.stored,
      toBase(this.view, p),
      6 / this.view.zoom,
    );
    if (under?.t === "text" || under?.t === "step") this.edit(under);
  }

  // ---- drawing without a pointer

  /** Enter on a tool: puts a mark of a useful size in the middle of what is seen. */
  place(): void {
    if (this.tool === "select" || this.tool === "crop") return;
    const seen = this.#seen();
    const c = { x: seen.x + seen.w / 2, y: seen.y + seen.h / 2 };
    const half = { x: Math.max(8, seen.w / 6), y: Math.max(8, seen.h / 6) };
    const from = { x: c.x - half.x, y: c.y - half.y, pressure: 0.5 };
    const to = { x: c.x + half.x, y: c.y + half.y, pressure: 0.5 };
    const point = this.tool === "step" || this.tool === "text";
    const d = beginDrawing(
      this.stored,
      this.tool,
      this.styles[this.tool],
      point ? { ...c, pressure: 0.5 } : from,
      still,
    );
    if (!d) return;
    this.#finish(point ? d : drawTo(d, to, still, 0.5), true, c);
  }

  #seen(): Rect {
    const { frame, view, shown } = this;
    const a = toBase(view, { x: frame.left, y: frame.top });
    const b = toBase(view, {
      x: frame.w - frame.right,
      y: frame.h - frame.bottom,
    });
    const x = Math.max(shown.x, a.x);
    const y = Math.max(shown.y, a.y);
    const w = Math.min(shown.x + shown.w, b.x) - x;
    const h = Math.min(shown.y + shown.h, b.y) - y;
    return w > 0 && h > 0 ? { x, y, w, h } : shown;
  }

  // ---- words

  /** Opens a text's words, or a step's number. */
  edit(o: Obj): void {
    if (o.t === "text")
      this.editing = { o, value: o.lines.join("\n"), fresh: false };
    else if (o.t === "step")
      this.editing = { o, value: String(o.n), fresh: false };
    else return;
    this.selected = [o.id];
  }

  /** The words as typed so far; too many are cut. */
  typed(value: string): void {
    if (!this.editing) return;
    const runes = [...value];
    if (runes.length > limits.runes - 100) this.notice = "textLong";
    this.editing = {
      ...this.editing,
      value: runes.slice(0, limits.runes - 100).join(""),
    };
  }

  /** The editing ends: the words become a mark, and a mark without words goes. */
  endText(): void {
    const e = this.editing;
    if (!e) return;
    this.editing = null;
    const notice = this.notice;
    if (e.o.t === "step") {
      const n = Math.trunc(Number(e.value));
      if (n >= 1 && n <= 9999 && n !== e.o.n)
        this.#commit(edit.replace(this.stored, { ...e.o, n }));
      return;
    }
    const lines = storedLines(e.value);
    if (!lines.length) {
      if (!e.fresh) this.#commit(edit.remove(this.stored, [e.o.id]));
      this.selected = [];
      return;
    }
    const o = this.#setup.finishText({
      ...withoutBitmap(e.o),
      lines,
      x: quarter(e.o.x),
      y: quarter(e.o.y),
    });
    const same =
      e.o.lines.length === lines.length &&
      e.o.lines.every((l, i) => l === lines[i]);
    if (e.fresh)
      this.#commit(edit.add(this.stored, { ...o, id: freshId(this.stored) }));
    else if (!same) this.#commit(edit.replace(this.stored, o));
    const last = e.fresh ? this.stored.objects.at(-1) : o;
    this.selected = last ? [last.id] : [];
    this.notice = notice;
  }

  /** The box round what is selected, in CSS pixels of the canvas. */
  readonly selectionBox: Rect | null = $derived.by(() => {
    const r = union(this.chosen.map(bounds));
    return r ? rectOnScreen(this.view, r) : null;
  });

  /** Tells the window's size and pixel ratio. */
  resize(frame: Frame, ratio: number): void {
    untrack(() => {
      this.frame = frame;
      this.ratio = ratio;
    });
  }
}

const handleCursors: Record<Handle, string> = {
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
