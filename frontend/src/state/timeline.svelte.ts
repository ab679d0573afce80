import { call } from "../bridge";
import type { MessageRow, Window } from "../bridge/api";

/** The most rows a page keeps; what is furthest from the reader goes first. */
export const mostRows = 1000;

/** How many stay while the reader stands at the end. */
const restingRows = 400;

/** A place in a room: a message, the first one of a moment (ms), or one of a number; number 0 is where what is not read begins. */
export type Place = { message: string } | { at: number } | { num: number };

/** What came of going to a place: the message that stands there, or why it cannot be gone to; neither if something else was gone to. */
export type Arrived = { id: string; reason: string };

/**
 * Joins what was read before with the newest window: older rows stay if the new
 * window begins among them, else there is a gap and they are dropped.
 */
export function join(
  before: readonly MessageRow[],
  newest: readonly MessageRow[],
): MessageRow[] {
  const first = newest[0];
  if (!first) return [];
  const at = before.findIndex((r) => r.id === first.id);
  return at < 0 ? [...newest] : [...before.slice(0, at), ...newest];
}

/** The rows as read now, each that says what it said before as the same object: what did not change is not drawn again. */
export function unchanged(
  before: readonly MessageRow[],
  now: readonly MessageRow[],
): MessageRow[] {
  const was = new Map(before.map((r) => [r.id, r]));
  return now.map((r) => {
    const old = was.get(r.id);
    return old && JSON.stringify(old) === JSON.stringify(r) ? old : r;
  });
}

/**
 * The messages of a room that are on the page: a run without a gap, anywhere in
 * the room, that grows at both ends as one scrolls and loses its far end.
 */
export class Timeline {
  readonly room: string;
  rows = $state.raw<MessageRow[]>([]);
  /** Older ones exist before the first row. */
  more = $state(false);
  /** No newer ones follow the last row. */
  atEnd = $state(true);
  /** Number of the room's newest message. */
  last = $state(0);
  loadingOlder = $state(false);
  loadingNewer = $state(false);
  /** A place is being fetched. */
  seeking = $state(false);
  /** The reader stands at the end. */
  resting = true;
  /** Counts the runs: an answer for another run is dropped. */
  #turn = 0;
  #seekers = 0;
  #left = false;

  constructor(room: string) {
    this.room = room;
  }

  /** What is to be read again to show the same. The end is open while it is on the page. */
  span(): { turn: number; first: string; last: string } {
    // What the service refused stands only here.
    const kept = this.rows.filter((r) => r.state !== "failed");
    return {
      turn: this.#turn,
      first: kept[0]?.id ?? "",
      last: this.atEnd ? "" : (kept.at(-1)?.id ?? ""),
    };
  }

  /** Takes the first window of a room. */
  open(window: Window) {
    this.#replace(window);
  }

  /** Takes what a span is now; answers false if another run is on the page by now, which is then to be read again. */
  again(
    span: { turn: number; first: string; last: string },
    w: Window,
  ): boolean {
    if (span.turn !== this.#turn) return false;
    this.last = w.last;
    const rows = unchanged(this.rows, w.messages);
    const from = this.rows.findIndex((r) => r.id === span.first);
    if (from < 0 || rows[0]?.id !== span.first) {
      const joined = join(this.rows, rows);
      if (joined[0]?.id === rows[0]?.id) this.more = w.more;
      this.atEnd = w.atEnd;
      this.rows = joined;
    } else {
      if (from === 0) this.more = w.more;
      const last = this.rows.findIndex((r) => r.id === span.last);
      const to = last < 0 ? this.rows.length : last + 1;
      this.rows = [
        ...this.rows.slice(0, from),
        ...rows,
        ...this.rows.slice(to),
      ];
      if (last < 0) this.atEnd = w.atEnd;
    }
    this.#trim(this.resting ? "start" : "end");
    return true;
  }

  #replace(w: Window) {
    this.#turn++;
    this.rows = unchanged(this.rows, w.messages);
    this.more = w.more;
    this.atEnd = w.atEnd;
    this.last = w.last;
  }

  #trim(side: "start" | "end") {
    const most = side === "start" && this.resting ? restingRows : mostRows;
    const over = this.rows.length - most;
    if (over <= 0 || (most === restingRows && over < 200)) return;
    if (side === "start") {
      this.rows = this.rows.slice(over);
      this.more = true;
    } else {
      this.rows = this.rows.slice(0, mostRows);
      this.atEnd = false;
    }
  }

  get #first() {
    return this.rows.find((r) => r.state !== "failed")?.id;
  }

  /** Reads the messages before the first row. */
  async older() {
    const first = this.#first;
    if (!this.more || this.loadingOlder || !first) return;
    const turn = this.#turn;
    this.loadingOlder = true;
    try {
      const w = await call("Rooms.Older", {
        room: this.room,
        before: first,
      });
      if (this.#left || turn !== this.#turn || first !== this.#first) return;
      this.rows = [...w.messages, ...this.rows];
      // The service is still fetching them: ask again at the next scroll.
      this.more = w.more || w.loading;
      if (w.messages.length > 0) this.#trim("end");
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Reads the messages after the last row. */
  async newer() {
    const last = this.rows.at(-1);
    if (this.atEnd || this.loadingNewer || !last) return;
    const turn = this.#turn;
    this.loadingNewer = true;
    try {
      const w = await call("Rooms.Newer", { room: this.room, after: last.id });
      if (this.#left || turn !== this.#turn || last.id !== this.rows.at(-1)?.id)
        return;
      this.rows = [...this.rows, ...w.messages];
      this.atEnd = w.atEnd;
      this.last = w.last;
      this.#trim("start");
    } finally {
      this.loadingNewer = false;
    }
  }

  /** Brings a place onto the page, fetched from the service if it must be. */
  async reach(place: Place): Promise<Arrived> {
    const here = this.rows.find((r) =>
      "message" in place
        ? r.id === place.message
        : "num" in place && place.num > 0 && r.num === place.num,
    );
    if (here) return { id: here.id, reason: "" };
    const turn = ++this.#turn;
    this.#seekers++;
    this.seeking = true;
    try {
      for (;;) {
        const a = await call("Rooms.Around", {
          room: this.room,
          message: "",
          at: 0,
          num: 0,
          ...place,
        });
        if (this.#left || turn !== this.#turn) return { id: "", reason: "" };
        if (a.place !== "") {
          this.#replace(a.window);
          return { id: a.place, reason: "" };
        }
        if (!a.window.loading) return { id: "", reason: a.reason };
      }
    } finally {
      this.seeking = --this.#seekers > 0;
    }
  }

  /** Brings the newest messages onto the page. */
  async toEnd() {
    if (this.atEnd) return;
    const turn = ++this.#turn;
    const w = await call("Rooms.Newest", { room: this.room });
    if (!this.#left && turn === this.#turn) this.#replace(w);
  }

  leave() {
    this.#left = true;
  }
}
