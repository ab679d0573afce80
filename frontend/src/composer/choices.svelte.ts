import { call } from "../bridge";
import type { EmojiRow, Person } from "../bridge/api";
import { fold } from "../shared/fold";
import type { Span } from "../shared/mirror";
import { allEmoji } from "../state/emoji";
import { begun, type Begun, emojiFor } from "./complete";

/** One line of the box: a person, or an emoji with the name that fits. */
export type Choice =
  | { kind: "mention"; person: Person }
  | { kind: "emoji"; emoji: EmojiRow; name: string };

/**
 * The box of choices above the cursor: what was begun there and what could be
 * meant. Closed by Esc it stays closed for that word.
 */
export class Choices {
  readonly room: string;
  /** The word the choices are for, while there are any. */
  at = $state.raw<Begun>();
  list = $state.raw<readonly Choice[]>([]);
  active = $state(0);
  #closed = -1;
  #asked = 0;
  #moved = false;

  constructor(room: string) {
    this.room = room;
  }

  /** True while the box is there. */
  get open(): boolean {
    return this.at !== undefined && this.list.length > 0;
  }

  /** Text or cursor changed: looks what stands before the cursor. */
  async look(text: string, cursor: number, spans: readonly Span[]) {
    const word = begun(text, cursor, spans);
    const mine = ++this.#asked;
    if (!word) {
      this.#closed = -1;
      this.#drop();
      return;
    }
    if (word.from === this.#closed) return;
    if (this.at && this.at.from !== word.from) this.#drop();
    else if (this.at) {
      // Enter may come before the answer: what is offered fits what is typed by now.
      const was = this.list[this.active];
      this.at = word;
      this.list = this.list.filter((x) => fits(x, word.typed));
      this.active = Math.max(0, was ? this.list.indexOf(was) : 0);
    }
    const list = await this.#fitting(word).catch(() => []);
    if (mine !== this.#asked) return;
    if (list.length === 0) {
      this.#drop();
      return;
    }
    // What is chosen stays chosen while it still fits.
    const was = this.list[this.active];
    const kept = list.findIndex((x) => keyOf(x) === (was && keyOf(was)));
    this.active = this.#moved && kept >= 0 ? kept : 0;
    this.at = word;
    this.list = list;
  }

  async #fitting(word: Begun): Promise<Choice[]> {
    if (word.kind === "emoji")
      return emojiFor(await allEmoji(), word.typed).map(({ row, name }) => ({
        kind: "emoji",
        emoji: row,
        name,
      }));
    const { people } = await call("Compose.Mentions", {
      room: this.room,
      typed: word.typed,
    });
    return people.map((person) => ({ kind: "mention", person }));
  }

  /** Another line was chosen by key or mouse: it stays while it fits. */
  choose(index: number) {
    this.active = index;
    this.#moved = true;
  }

  #drop() {
    this.#moved = false;
    this.at = undefined;
    this.list = [];
    this.active = 0;
  }

  /** Closes the box; it does not come back for the same word. */
  close() {
    // Closed already: it was for a word that may still stand there.
    this.#closed = this.at?.from ?? this.#closed;
    this.#asked++;
    this.#drop();
  }
}

/** What tells two choices apart. */
export function keyOf(choice: Choice): string {
  return choice.kind === "mention" ? choice.person.id : choice.emoji.emoji;
}

function fits(choice: Choice, typed: string): boolean {
  return choice.kind === "mention"
    ? fold(choice.person.name).includes(fold(typed).trim())
    : choice.emoji.names.some((n) => n.includes(typed.toLowerCase()));
}
