import { call } from "../bridge";
import type { KnownRow } from "../bridge/api";

/** Finding people in the address book as their name is typed, and those that were taken. */
export class Picker {
  words = $state("");
  found = $state.raw<KnownRow[]>([]);
  taken = $state.raw<KnownRow[]>([]);
  active = $state(0);
  loaded = $state(false);
  /** Those found are all left out: there is nobody to take who is not in the room. */
  allIn = $state(false);
  /** Who is left out: they are in the room already. */
  #without: ReadonlySet<string>;
  #asked = 0;

  constructor(without: Iterable<string> = []) {
    this.#without = new Set(without);
    void this.#read();
  }

  /** Those found that were not taken yet. */
  list = $derived(
    this.found.filter((p) => !this.taken.some((t) => t.id === p.id)),
  );
  at = $derived(Math.min(this.active, Math.max(0, this.list.length - 1)));

  type(words: string) {
    this.words = words;
    this.active = 0;
    void this.#read();
  }

  take(person: KnownRow) {
    this.taken = [...this.taken, person];
    this.type("");
  }

  drop(id: string) {
    this.taken = this.taken.filter((t) => t.id !== id);
  }

  async #read() {
    const ask = ++this.#asked;
    try {
      const { people } = await call("Rooms.People", {
        query: this.words.trim(),
        limit: 50,
      });
      if (ask !== this.#asked) return;
      this.found = people.filter((p) => !this.#without.has(p.id) && !p.blocked);
      this.allIn =
        people.length > 0 && people.every((p) => this.#without.has(p.id));
      this.loaded = true;
    } catch {
      // What was found before stays; the next letter asks again.
    }
  }
}
