import { call, on } from "../bridge";
import type { PersonSeen } from "../bridge/api";
import { whenChanged } from "./changed";

/** How long what the live channel may have lost stays wrong at most. */
const again = 5 * 60_000;

/**
 * What is known now of people one shares a room with: whether they are here,
 * their time zone, their absence. Nothing is kept: without a connection nobody is
 * known (M-33).
 */
class People {
  #seen = $state.raw<ReadonlyMap<string, PersonSeen>>(new Map());
  readonly #shown = new Set<string>();
  readonly #asked = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  /** What is known of somebody; undefined while nothing is. Whoever is asked for is kept up to date. */
  of(id: string): PersonSeen | undefined {
    if (id !== "" && !this.#shown.has(id)) {
      this.#shown.add(id);
      this.#soon(id);
    }
    return this.#seen.get(id);
  }

  /** Begins to hear; once. */
  start() {
    on("presence", ({ who, state }) => {
      const known = this.#seen.get(who);
      if (known) this.#put([{ ...known, state }]);
      // What they say of themselves may be another too.
      if (this.#shown.has(who)) this.#soon(who, 300);
    });
    whenChanged(
      (scope) => scope === "sync",
      () => void this.#all(),
    );
    setInterval(() => {
      if (document.visibilityState === "visible") void this.#all();
    }, again);
  }

  #soon(id: string, wait = 30) {
    this.#asked.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const ids = [...this.#asked];
      this.#asked.clear();
      void this.#ask(ids);
    }, wait);
  }

  async #all() {
    if (this.#shown.size > 0) await this.#ask([...this.#shown]);
  }

  async #ask(ids: string[]) {
    const turn = ++this.#turn;
    try {
      const { known, people } = await call("Presence.People", { ids });
      if (!known) {
        if (turn === this.#turn) this.#seen = new Map();
        return;
      }
      const here = new Set(people.map((p) => p.id));
      const next = new Map(this.#seen);
      for (const id of ids) if (!here.has(id)) next.delete(id);
      for (const p of people) next.set(p.id, p);
      this.#seen = next;
    } catch {
      this.#seen = new Map();
    }
  }

  #put(people: PersonSeen[]) {
    const next = new Map(this.#seen);
    for (const p of people) next.set(p.id, p);
    this.#seen = next;
  }
}

export const people = new People();
