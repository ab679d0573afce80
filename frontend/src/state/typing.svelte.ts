import { call, on } from "../bridge";
import type { MessageRow, RoomRow } from "../bridge/api";
import { safety } from "./safety.svelte";

/** How often it is said that I write, and how long it is shown that somebody does (M-33). */
const every = 4_000;
const shown = 6_000;

type Line = { room: string; who: string; name: string; until: number };

/** Who is writing in which room, as told a moment ago. */
class Typing {
  #lines = $state.raw<readonly Line[]>([]);
  readonly #said = new Map<string, number>();
  /** The newest message that was looked at, by room: its number, and in the list its time. */
  readonly #newest = new Map<string, number>();
  readonly #at = new Map<string, number>();

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

  /** The messages of an open room as they stand: whose came since the last look is done, also when others followed. */
  came(room: string, messages: readonly Pick<MessageRow, "author" | "num">[]) {
    const newest = messages.reduce((n, m) => Math.max(n, m.num), 0);
    const before = this.#newest.get(room) ?? newest;
    this.#newest.set(room, Math.max(newest, before));
    if (newest <= before) return;
    const done = new Set(
      messages.filter((m) => m.num > before).map((m) => m.author),
    );
    this.#drop((l) => l.room === room && done.has(l.who));
  }

  /** The list of rooms as it stands: of a room that is not open only its newest message is known, and whose it is. */
  listed(rooms: readonly Pick<RoomRow, "id" | "at" | "by">[]) {
    for (const r of rooms) {
      const before = this.#at.get(r.id) ?? r.at;
      this.#at.set(r.id, Math.max(before, r.at));
      if (r.at > before) this.#drop((l) => l.room === r.id && l.name === r.by);
    }
  }

  #drop(which: (l: Line) => boolean) {
    if (this.#lines.some(which))
      this.#lines = this.#lines.filter((l) => !which(l));
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
