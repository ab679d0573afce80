/** A line in a corner that goes away by itself; with an action it can undo. */
type Toast = {
  id: number;
  text: string;
  action?: { label: string; run: () => void; missed?: () => void };
};

/**
 * Toasts stay 8 seconds, longer while the pointer or the focus is on them. A
 * person can always act first and take it back, instead of being asked "sure?".
 */
class Toasts {
  list = $state.raw<Toast[]>([]);
  /** The dialogs that are open, the uppermost last: the lines stand in that one, or in the corner of the page. */
  #places = $state.raw<readonly symbol[]>([]);
  #next = 1;
  #held = new Set<number>();
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Where the lines stand now: the place last taken; undefined is the corner of the page. */
  get place(): symbol | undefined {
    return this.#places.at(-1);
  }

  /** Lets the lines stand in a dialog that has opened, until what this answers is called. */
  take(place: symbol): () => void {
    this.#places = [...this.#places, place];
    return () => (this.#places = this.#places.filter((p) => p !== place));
  }

  /** Show a line; returns its number. The same words again only stay longer. */
  show(text: string, action?: Toast["action"]): number {
    const same = this.list.find((t) => t.text === text && !t.action);
    if (same && !action) {
      if (!this.#held.has(same.id)) this.resume(same.id);
      return same.id;
    }
    const toast: Toast = action
      ? { id: this.#next++, text, action }
      : { id: this.#next++, text };
    for (const old of this.list.slice(0, -2)) this.dismiss(old.id);
    this.list = [...this.list, toast];
    this.resume(toast.id);
    return toast.id;
  }

  /**
   * Show a line with "Undo". With missed, what was said is done only once the
   * line is gone without a press: nothing is to be taken back then.
   */
  undo(
    text: string,
    label: string,
    run: () => void,
    missed?: () => void,
  ): number {
    return this.show(text, missed ? { label, run, missed } : { label, run });
  }

  /** Take a line away; taken says that its action was pressed. */
  dismiss(id: number, taken = false) {
    const toast = this.list.find((t) => t.id === id);
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#held.delete(id);
    this.list = this.list.filter((t) => t.id !== id);
    if (!taken) toast?.action?.missed?.();
  }

  /** The page goes away: what still could be undone is done now. */
  settle() {
    for (const t of this.list) if (t.action?.missed) this.dismiss(t.id);
  }

  /** Hold a line while someone reads it. */
  hold(id: number) {
    this.#held.add(id);
    clearTimeout(this.#timers.get(id));
  }

  /** Start its eight seconds again. */
  resume(id: number) {
    clearTimeout(this.#timers.get(id));
    this.#held.delete(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), 8000),
    );
  }
}

export const toasts = new Toasts();
