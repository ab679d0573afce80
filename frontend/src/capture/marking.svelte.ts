// What the annotator holds: the document and its past, the tool in hand, what is
// selected, the words being typed. It knows no bridge: the page gives it a
// document and hears of each new one. What the pointer does is in pointing.
import {
  freshId,
  kept,
  limits,
  quarter,
  withoutBitmap,
  type Doc,
  type Obj,
  type Rect,
  type TextObj,
} from "./doc";
import { bounds, union } from "./boxes";
import { crop, nudgeEdge } from "./crop";
import * as edit from "./edit";
import type { Handle } from "./resize";
import { drawOrder } from "./hit";
import { begin, commit, redo, undo, type History } from "./history";
import { covered, storedLines } from "./metrics";
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
import { rectOnScreen, type View } from "./view";
import { Viewport } from "./viewport.svelte";

/** What is said in the line above the tools. */
export type Notice =
  "cropSmall" | "full" | "textLong" | "bitmapLarge" | "noRoom" | null;

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
  /** Adds the picture of text the font cannot write. */
  finishText: (o: TextObj) => TextObj;
  onsave: (doc: Doc) => void;
  onstyles: (styles: Styles) => void;
}

// The crop's handles in the order Tab takes them.
const edges: readonly Handle[] = ["se", "s", "sw", "w", "nw", "n", "ne", "e"];

export class Marking {
  #setup: Setup;
  #history: History = $state.raw() as History;
  #merge = "";
  /** The document a gesture under way would make. */
  preview: Doc | null = $state.raw(null);
  tool: Tool = $state("select");
  selected: readonly string[] = $state.raw([]);
  styles: Styles = $state.raw() as Styles;
  editing: Editing | null = $state.raw(null);
  notice: Notice = $state(null);
  /** The crop's handle that arrow keys move. */
  edge: Handle = $state("se");
  #cropBefore: Rect | null = null;

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

  /** The document as it is drawn: with what a gesture is doing. */
  readonly doc: Doc = $derived(this.preview ?? this.#history.now);
  /** How it lies on the canvas: all of the picture while cropping. */
  readonly port = new Viewport(() => this.shown);
  readonly chosen: readonly Obj[] = $derived(
    this.doc.objects.filter((o) => this.selected.includes(o.id)),
  );
  readonly canUndo: boolean = $derived(this.#history.past.length > 0);
  readonly canRedo: boolean = $derived(this.#history.future.length > 0);
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

  /** The part of the picture on show. */
  get shown(): Rect {
    return this.tool === "crop"
      ? { x: 0, y: 0, w: this.stored.w, h: this.stored.h }
      : kept(this.doc);
  }

  /** Where base pixels are on the canvas. */
  get view(): View {
    return this.port.now;
  }

  // ---- documents

  /** Makes doc the document: one gesture, or with `merge` the end of a run of equal ones. */
  commit(doc: Doc, merge = ""): void {
    this.preview = null;
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
    if (to === this.#history) return;
    this.preview = null;
    this.#merge = "";
    this.#history = to;
    const ids = new Set(to.now.objects.map((o) => o.id));
    this.selected = this.selected.filter((id) => ids.has(id));
    this.#setup.onsave(to.now);
  }

  // ---- tools, selection, style

  setTool(tool: Tool): void {
    if (this.editing) this.endText();
    this.preview = null;
    this.notice = null;
    if (tool === "crop" && this.tool !== "crop") {
      this.#cropBefore = this.#history.now.crop;
      this.edge = "se";
    }
    if ((tool === "crop") !== (this.tool === "crop")) this.port.fit();
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
        this.preview = doc;
        return;
      }
      this.commit(doc, how === "merge" ? `style ${ids.join(" ")}` : "");
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
    this.commit(doc);
  }

  duplicate(): void {
    const { doc, ids } = edit.duplicate(this.stored, this.selected);
    if (!ids.length) return;
    this.commit(doc);
    this.selected = ids;
  }

  order(to: "up" | "down" | "top" | "bottom"): void {
    this.commit(edit.order(this.stored, this.selected, to));
  }

  togglePointer(): void {
    const { pointer } = this.stored;
    if (pointer)
      this.commit({
        ...this.stored,
        pointer: { ...pointer, on: !pointer.on },
      });
  }

  /** Arrow keys: moves what is selected, or an edge of the crop. */
  nudge(dx: number, dy: number): void {
    if (this.tool === "crop") {
      const r = nudgeEdge(kept(this.stored), this.edge, dx, dy);
      this.setCrop(r, "crop");
      return;
    }
    this.commit(edit.move(this.stored, this.selected, dx, dy), "nudge");
  }

  /** Takes the next handle of the crop into the arrow keys' hand; false after the last. */
  nextEdge(by: 1 | -1): boolean {
    const next = edges[edges.indexOf(this.edge) + by];
    this.edge = next ?? (by === 1 ? edges[0] : edges[edges.length - 1]) ?? "se";
    return next !== undefined;
  }

  /** Sets the crop, or refuses one under a pixel. */
  setCrop(r: Rect | null, merge = ""): void {
    const result = crop(this.stored, r);
    if ("small" in result) this.notice = "cropSmall";
    else this.commit(result.doc, merge);
  }

  /** Whether the crop changed since the crop tool was taken up. */
  get cropChanged(): boolean {
    return this.tool === "crop" && this.#cropBefore !== this.stored.crop;
  }

  /** Esc: drops one layer. True if nothing was left to drop, so that the editor closes. */
  escape(): boolean {
    this.notice = null;
    if (this.editing) this.endText();
    else if (this.selected.length) this.selected = [];
    else if (this.tool !== "select") this.setTool("select");
    else return true;
    return false;
  }

  // ---- words

  /** Begins a text that is not in the document yet. */
  write(o: TextObj): void {
    this.editing = { o, value: "", fresh: true };
  }

  /** The text with the picture it needs where the font lacks its letters. */
  finished(o: TextObj): TextObj {
    return this.#setup.finishText(o);
  }

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
        this.commit(edit.replace(this.stored, { ...e.o, n }));
      return;
    }
    const lines = storedLines(e.value);
    if (!lines.length) {
      if (!e.fresh) this.commit(edit.remove(this.stored, [e.o.id]));
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
      this.commit(edit.add(this.stored, { ...o, id: freshId(this.stored) }));
    else if (!same) this.commit(edit.replace(this.stored, o));
    const last = e.fresh ? this.stored.objects.at(-1) : o;
    this.selected = last ? [last.id] : [];
    this.notice = covered(o.lines) || o.bmp ? notice : "bitmapLarge";
  }

  /** The box round what is selected, in CSS pixels of the canvas. */
  readonly selectionBox: Rect | null = $derived.by(() => {
    const r = union(this.chosen.map(bounds));
    return r ? rectOnScreen(this.view, r) : null;
  });
}
