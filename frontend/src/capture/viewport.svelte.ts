// How the picture lies on the canvas: fitted until the person zooms or pans.
import { untrack } from "svelte";
import type { Point, Rect } from "./doc";
import {
  centred,
  fit,
  panBy,
  toBase,
  zoomAt,
  type Frame,
  type View,
} from "./view";

export class Viewport {
  #shown: () => Rect;
  #manual: View | null = $state.raw(null);
  /** The canvas and the room its bars need, CSS pixels. */
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
  /** The interface's zoom: CSS pixels for one pixel of its design. */
  rem = $state(1);

  /** `shown` tells the part of the picture that is to be seen. */
  constructor(shown: () => Rect) {
    this.#shown = shown;
  }

  /** Where base pixels are now. */
  readonly now: View = $derived.by(
    () => this.#manual ?? fit(this.#shown(), this.frame, this.full),
  );

  /** The zoom that shows one base pixel on one device pixel. */
  get full(): number {
    return 1 / this.ratio;
  }

  /** Between the whole picture and its actual size. */
  toggle(): void {
    const whole = fit(this.#shown(), this.frame, this.full);
    const larger = this.#manual === null && whole.zoom !== this.full;
    this.#manual = larger
      ? centred(this.#shown(), this.frame, this.full)
      : null;
  }

  fit(): void {
    this.#manual = null;
  }

  /** Zooms by a factor round a place on the canvas, or its middle. */
  zoom(factor: number, at?: Point): void {
    const middle = { x: this.frame.w / 2, y: this.frame.h / 2 };
    this.#manual = zoomAt(this.now, at ?? middle, this.now.zoom * factor);
  }

  /** Moves the picture by CSS pixels from where it lay. */
  pan(dx: number, dy: number, from: View = this.now): void {
    this.#manual = panBy(from, dx, dy);
  }

  /** The part of the picture that lies between the bars now, base pixels. */
  seen(): Rect {
    const { frame, now } = this;
    const shown = this.#shown();
    const a = toBase(now, { x: frame.left, y: frame.top });
    const b = toBase(now, {
      x: frame.w - frame.right,
      y: frame.h - frame.bottom,
    });
    const x = Math.max(shown.x, a.x);
    const y = Math.max(shown.y, a.y);
    const w = Math.min(shown.x + shown.w, b.x) - x;
    const h = Math.min(shown.y + shown.h, b.y) - y;
    return w > 0 && h > 0 ? { x, y, w, h } : shown;
  }

  /** Tells the canvas's size and the window's pixel ratio and zoom. */
  resize(frame: Frame, ratio: number, rem = 1): void {
    untrack(() => {
      this.frame = frame;
      this.ratio = ratio;
      this.rem = rem;
    });
  }
}
