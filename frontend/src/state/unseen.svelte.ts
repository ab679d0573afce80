import { app } from "./app.svelte";

/**
 * Pictures that could not be shown. One that is not on this computer is at the
 * service: it is tried again when the connection has come back.
 */
export class Unseen {
  #failed = $state.raw<ReadonlySet<string>>(new Set());

  #key(id: string) {
    return `${this.away ? "away" : "here"} ${id}`;
  }

  /** The service does not answer: a picture that fails may only not be here. */
  get away(): boolean {
    return app.sync?.state === "offline";
  }

  has(id: string): boolean {
    return this.#failed.has(this.#key(id));
  }

  /** It could not be shown. */
  add(id: string) {
    this.#failed = new Set([...this.#failed, this.#key(id)]);
  }

  /** It is shown: it is on this computer now, whatever was before. */
  drop(id: string) {
    if (!this.#failed.has(`away ${id}`)) return;
    this.#failed = new Set([...this.#failed].filter((k) => k !== `away ${id}`));
  }
}
