import { call } from "../bridge";
import { type Edit, moved, type Span } from "../shared/mirror";

/** Texts without any of these are plain, and nobody need be asked. */
const marks = /[*_~`>:<[#\\-]|\d\.\s/;

/**
 * What a text that is being written is made of, as the program's one markup says.
 * It is asked 80 ms after a key; until it answers, what is known moves along with
 * the text, and an answer about another text is dropped.
 */
export class Tint {
  spans = $state.raw<readonly Span[]>([]);
  readonly #how: () => { room: string; notes: boolean };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #text = 0;

  constructor(how: () => { room: string; notes: boolean }) {
    this.#how = how;
  }

  /** The text was edited. Text is what the markup reads; at leads from a place in it to one in the box, where they differ. */
  typed(text: string, edit: Edit, at?: (place: number) => number) {
    this.spans = moved(this.spans, edit);
    this.#ask(text, at, 80);
  }

  /** Another text stands there. */
  set(text: string, at?: (place: number) => number) {
    this.spans = [];
    this.#ask(text, at, 0);
  }

  #ask(
    text: string,
    at: ((place: number) => number) | undefined,
    wait: number,
  ) {
    const mine = ++this.#text;
    clearTimeout(this.#timer);
    if (!marks.test(text)) {
      this.spans = [];
      return;
    }
    this.#timer = setTimeout(() => {
      void call("Compose.Spans", { ...this.#how(), text }).then(
        ({ spans }) => {
          if (mine !== this.#text) return;
          this.spans = at
            ? spans.map((s) => ({ ...s, from: at(s.from), to: at(s.to) }))
            : spans;
        },
        () => undefined, // the text is only not tinted
      );
    }, wait);
  }

  /** Nobody looks any more. */
  leave() {
    this.#text++;
    clearTimeout(this.#timer);
  }
}
