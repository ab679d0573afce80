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
  /** The words that what was found answers. */
  #answered = $state("");

  constructor(without: Iterable<string> = []) {
    this.#without = new Set(without);
    void this.#read();
  }

  /**
   * Those found that were not taken yet. Until an answer to the newest words is here, those of the older answer that fit them: Enter
   * never takes somebody whom the words in the box leave out.
   */
  list = $derived(
    this.found.filter(
      (p) =>
        !this.taken.some((t) => t.id === p.id) &&
        (this.#answered === this.words.trim() || fits(p, this.words)),
    ),
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
    const query = this.words.trim();
    try {
      const { people } = await call("Rooms.People", { query, limit: 50 });
      if (ask !== this.#asked) return;
      this.#answered = query;
      this.found = people.filter((p) => !this.#without.has(p.id) && !p.blocked);
      this.allIn =
        people.length > 0 && people.every((p) => this.#without.has(p.id));
      this.loaded = true;
    } catch {
      // What was found before stays; the next letter asks again.
    }
  }
}

const fits = (person: KnownRow, words: string) =>
  person.name.toLowerCase().includes(words.trim().toLowerCase());
