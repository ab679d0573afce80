import { call, on } from "../bridge";
import { safety } from "./safety.svelte";

/** How often it is said that I write, and how long it is shown that somebody does (M-33). */
const every = 4_000;
const shown = 6_000;

type Line = { room: string; who: string; name: string; until: number };

/** Who is writing in which room, as told a moment ago. */
class Typing {
  #lines = $state.raw<readonly Line[]>([]);
  readonly #said = new Map<string, number>();

  /** The names of those who write in a room, the one who began first being first. */
  in(room: string): string[] {
    return this.#lines
      .filter((l) => l.room === room && !safety.isBlocked(l.who))
      .map((l) => l.name);
  }

  /** I changed a text in a room. Called on every key; the others are told at most once in four seconds. */
  typed(room: string) {
    const now = Date.now();
    if (now - (this.#said.get(room) ?? 0) < every) return;
    this.#said.set(room, now);
    void call("Presence.Typing", { room }).catch(() => undefined); // worth something now or not at all
  }

  /** Somebody's message came: they are done. */
  ended(room: string, who: string) {
    this.#lines = this.#lines.filter((l) => l.room !== room || l.who !== who);
  }

  /** Begins to hear; once. */
  start() {
    on("typing", ({ room, who, name }) => {
      const until = Date.now() + shown;
      const known = this.#lines.some((l) => l.room === room && l.who === who);
      this.#lines = known
        ? this.#lines.map((l) =>
            l.room === room && l.who === who ? { ...l, until } : l,
          )
        : [...this.#lines, { room, who, name, until }];
      setTimeout(() => {
        const now = Date.now();
        this.#lines = this.#lines.filter((l) => l.until > now);
      }, shown + 20);
    });
  }
}

export const typing = new Typing();
