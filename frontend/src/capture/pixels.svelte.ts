// The base picture as pixels, read only along the rings round hidden boxes.
import type { Rect } from "./doc";

/** Loads a picture and answers for its pixels once it is there. */
export class Pixels {
  #context: CanvasRenderingContext2D | null = null;
  /** "ready" when pixels can be read; "failed" if the picture cannot be shown. */
  state: "loading" | "ready" | "failed" = $state("loading");

  constructor(src: string) {
    const image = new Image();
    image.onload = () => this.#take(image);
    image.onerror = () => (this.state = "failed");
    image.src = src;
  }

  #take(image: HTMLImageElement): void {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context) {
      // Go lays a picture with holes over white before it reads it.
      context.globalCompositeOperation = "source-over";
      context.fillStyle = "#ffffff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0);
    }
    this.#context = context;
    this.state = "ready";
  }

  /** The pixels of a rectangle, row by row. */
  readonly read = (r: Rect): Uint8ClampedArray => {
    const pixels = this.#context?.getImageData(r.x, r.y, r.w, r.h).data;
    return pixels ?? new Uint8ClampedArray(r.w * r.h * 4);
  };
}
