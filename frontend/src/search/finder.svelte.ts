import { call } from "../bridge";
import type { FindView, HitRow } from "../bridge/api";
import { whenChanged } from "../state/changed";
import { sentence } from "../state/say";

/** What stands around a phrase, as the program reads it. */
const quotes = '"“”„«»';

/** What was typed, without the operators of some kinds. */
export function without(text: string, ops: readonly string[]): string {
  return text
    .replace(
      new RegExp(
        `(^|\\s)(${ops.join("|")}):([${quotes}][^${quotes}]*[${quotes}]?|\\S*)`,
        "gi",
      ),
      " ",
    )
    .trim();
}

/** What was typed, with a room instead of those it was narrowed to; "" for all rooms. */
export function inRoom(text: string, room: string): string {
  const rest = without(text, ["in"]);
  if (room === "") return rest;
  const open = rest.split(new RegExp(`[${quotes}]`)).length % 2 === 0;
  const closed = open ? `${rest}"` : rest;
  return `${closed} in:"${roomWords(room)}"`.trim();
}

/** A room's name as it stands between quotes. */
export const roomWords = (name: string) =>
  name.replace(/["“”„«»\s]+/g, " ").trim();

/**
 * A search as it is typed: hits of what is on this computer, newest first, in
 * pages. It is asked again when messages come in, while its page is on screen.
 */
export class Finder {
  /** The room it looks into; "" for all. */
  readonly room: string;
  text = $state("");
  /** The answer to the first page. */
  view = $state.raw<FindView>();
  /** What it is the answer to: while one types, what was typed before. */
  of = $state("");
  hits = $state.raw<HitRow[]>([]);
  /** Leads to older hits; 0 when these are the last. */
  next = $state(0);
  active = $state(0);
  error = $state("");
  fetching = $state(false);
  /** Why fetching older messages ended early. */
  reason = $state("");
  /** How many hits there are, also outside of what in: asks for. */
  all = $derived(this.view?.rooms.reduce((n, r) => n + r.hits, 0) ?? 0);
  /** Only some rooms are asked for. */
  narrowed = $derived(
    this.view?.chips.some((c) => c.op === "in" && c.bad === "") ?? false,
  );
  /** What was found, as it stands in the messages. */
  words = $derived([
    ...new Set(
      this.hits.flatMap((h) =>
        h.parts.filter((p) => p.hit).map((p) => p.text.toLowerCase()),
      ),
    ),
  ]);
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The text that is being asked for, and whether something changed meanwhile. */
  #asking: string | undefined;
  #changed = false;
  #unhear: (() => void) | undefined;
  /** How many parts of the page follow it. */
  #open = 0;
  #paging = false;

  constructor(room: string) {
    this.room = room;
  }

  /** Begins to follow what comes in; answers what ends it. Several parts of a page may follow it. */
  open(): () => void {
    if (this.#open++ === 0) {
      this.#unhear = whenChanged(
        (scope) => this.#concerns(scope),
        () => this.#hear(),
      );
      void this.read();
    }
    return () => {
      if (--this.#open > 0) return;
      this.#unhear?.();
      this.#wait(undefined);
      this.fetching = false;
      this.#asking = undefined;
      this.#changed = false;
      this.#turn++;
    };
  }

  /** Bookmarks are the account's own; all else that is found is a room's. */
  #concerns(scope: string): boolean {
    if (scope.startsWith("a:")) return /(^|\s)is:/i.test(this.text);
    return this.room === ""
      ? scope.startsWith("r:")
      : scope === `r:${this.room}`;
  }

  /** Searches for something else, a moment after the last key. */
  set(text: string) {
    if (text === this.text) return;
    this.text = text;
    this.active = 0;
    this.reason = "";
    this.fetching = false;
    this.#wait(text === "" ? 0 : 120);
  }

  /** Asks after so many milliseconds, or not at all. */
  #wait(ms: number | undefined) {
    clearTimeout(this.#timer);
    this.#timer =
      ms === undefined ? undefined : setTimeout(() => void this.read(), ms);
  }

  /** Asks again after a change. Neither a question about to be put nor one that is out is put off: changes may come without a pause. */
  #hear() {
    if (this.#asking === this.text) this.#changed = true;
    else if (this.#timer === undefined) this.#wait(250);
  }

  #ask(from: number) {
    return call("Search.Find", { text: this.text, room: this.room, from });
  }

  /** Reads as many hits as are shown, or the first page. */
  async read() {
    const turn = ++this.#turn;
    const typed = this.text;
    this.#wait(undefined);
    this.#asking = typed;
    this.#changed = false;
    const wanted = this.of === typed ? this.hits.length : 0;
    const at = this.hits[this.active]?.id;
    try {
      const view = await this.#ask(0);
      let { hits, next } = view;
      while (turn === this.#turn && hits.length < wanted && next !== 0) {
        const page = await this.#ask(next);
        hits = [...hits, ...page.hits];
        next = page.next;
      }
      if (turn !== this.#turn) return;
      this.view = view;
      this.hits = hits;
      this.next = next;
      // A hit that was looked at stays chosen when newer ones come.
      const again = this.of === typed ? hits.findIndex((h) => h.id === at) : -1;
      this.active = this.active > 0 && again >= 0 ? again : 0;
      this.of = typed;
      this.error = "";
      if (view.indexing && this.#timer === undefined) this.#wait(500);
    } catch (e) {
      if (turn === this.#turn) this.error = sentence(e);
    } finally {
      if (turn === this.#turn) {
        this.#asking = undefined;
        if (this.#changed) this.#hear();
      }
    }
  }

  /** The chosen one among the hits of what is typed now; none where these were not read yet and something else is typed meanwhile. */
  async chosen(): Promise<HitRow | undefined> {
    const typed = this.text;
    if (this.of !== typed) await this.read();
    return this.of === typed && this.text === typed
      ? this.hits[this.active]
      : undefined;
  }

  /** The hit before or after the chosen one. */
  step(by: 1 | -1) {
    this.active = Math.min(
      Math.max(this.active + by, 0),
      Math.max(this.hits.length - 1, 0),
    );
    if (this.active > this.hits.length - 8) void this.more();
  }

  /** Reads the next page. */
  async more() {
    if (this.next === 0 || this.#paging) return;
    this.#paging = true;
    const turn = this.#turn;
    try {
      const page = await this.#ask(this.next);
      if (turn !== this.#turn) return;
      this.hits = [...this.hits, ...page.hits];
      this.next = page.next;
    } catch (e) {
      this.error = sentence(e);
    } finally {
      this.#paging = false;
    }
  }

  /** Asks the service for older messages, page by page, until all are here or it is stopped. */
  async fetch() {
    if (this.fetching) return;
    this.fetching = true;
    this.reason = "";
    const typed = this.text;
    try {
      while (this.fetching && this.text === typed) {
        const out = await call("Search.Fetch", {
          text: typed,
          room: this.room,
          from: 0,
        });
        this.reason = out.reason;
        await this.read();
        if (!out.more || out.reason !== "") break;
      }
    } catch (e) {
      this.reason = sentence(e);
    } finally {
      this.fetching = false;
    }
  }
}
