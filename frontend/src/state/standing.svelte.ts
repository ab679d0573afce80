import type { MessageRow } from "../bridge/api";

/** What of a room decides where its reader stands. */
export type Stood = {
  readonly messages: readonly MessageRow[];
  readonly view: { readonly kind: string } | undefined;
  readonly timeline: { readonly atEnd: boolean; readonly last: number };
};

/**
 * Where the reader of a room stands: how far was read on this visit, what is new
 * below, whether the way there is offered, and what is read aloud (M-31).
 */
export class Standing {
  readonly #room: Stood;
  /** The list shows its last row. */
  #low = $state(true);
  #reached = $state(0);
  #dismissed = $state("");
  /** The focus is in the room: in its list or in the box under it. */
  focus = $state(false);

  constructor(room: Stood) {
    this.#room = room;
  }

  /** The newest message is in view. */
  get atEnd(): boolean {
    return this.#low && this.#room.timeline.atEnd;
  }

  /** How many new ones wait below what was reached. */
  get below(): number {
    const { messages, timeline } = this.#room;
    return timeline.atEnd
      ? messages.filter((r) => !r.mine && r.num > this.#reached).length
      : Math.max(0, timeline.last - this.#reached);
  }

  /** What is newest: the way to it is offered again once that is another. */
  get #newest(): string {
    const { messages, timeline } = this.#room;
    return timeline.atEnd
      ? (messages.at(-1)?.id ?? "")
      : `before ${timeline.last}`;
  }

  /** The way to the latest is offered. One message in a room of two is no reason to point at it. */
  get offered(): boolean {
    return (
      !this.atEnd &&
      this.#dismissed !== this.#newest &&
      !(this.#room.view?.kind === "direct" && this.below === 1)
    );
  }

  /** The newest message, where it is read aloud: to whoever stands at the end of the room. */
  get spoken(): MessageRow | undefined {
    const last = this.#room.messages.at(-1);
    return this.atEnd && this.focus && last && !last.mine ? last : undefined;
  }

  /** The list shows messages up to this number now; low says that its last row is among them. */
  viewed(num: number, low: boolean) {
    this.#low = low;
    if (num > this.#reached) this.#reached = num;
  }

  /** The reader wants no pointing at what is newest now. */
  dismiss() {
    this.#dismissed = this.#newest;
  }
}
