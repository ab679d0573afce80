import { BridgeError, call } from "../bridge";
import type { FileRow, MessageRow, Person, QuoteRow } from "../bridge/api";
import { sentence } from "./say";
import { uuid7 } from "./uuid";

/** What is about to be sent. */
export type Words = {
  text: string;
  files: FileRow[];
  answering: QuoteRow | undefined;
  me: Person | undefined;
  /** Why it holds contact details before a contract; "" if it holds none. */
  reason: string;
};

/** The row a person sees the moment Enter is pressed; Go's own row follows. */
function paint({ text, files, answering, me, reason }: Words): MessageRow {
  return {
    id: uuid7(),
    author: me?.id ?? "",
    name: me?.name ?? "",
    role: me?.role ?? "",
    mine: true,
    html: "",
    text,
    at: Date.now(),
    num: 0,
    state: "sending",
    again: false,
    code: "",
    reason: "",
    retry: false,
    files,
    edited: 0,
    deleted: 0,
    removed: false,
    auto: false,
    changing: false,
    unsaved: null,
    bookmarked: false,
    reply: answering ?? null,
    reactions: [],
    contact: reason,
    hint: "",
  };
}

/**
 * Messages on their way from the page into the program: on screen before it has
 * answered, one after the other, what was written first goes first.
 */
export class Outgoing {
  readonly room: string;
  rows = $state.raw<MessageRow[]>([]);
  #handed: Promise<void> = Promise.resolve();
  readonly #to: string;
  readonly #before: () => Promise<unknown>;
  readonly #after: () => Promise<unknown>;

  /** Before each message the one promise is waited for, after it the other. To is the account of a direct room that is not yet. */
  constructor(
    room: string,
    before: () => Promise<unknown>,
    after: () => Promise<unknown>,
    to = "",
  ) {
    this.room = room;
    this.#to = to;
    this.#before = before;
    this.#after = after;
  }

  /** Paints a message and hands it over. */
  add(words: Words) {
    const row = paint(words);
    this.rows = [...this.rows, row];
    this.#inTurn(row);
  }

  #inTurn(row: MessageRow) {
    this.#handed = this.#handed.then(() => this.#hand(row));
  }

  async #hand(row: MessageRow) {
    try {
      await this.#before();
      const kept = await call("Rooms.Send", {
        id: row.id,
        room: this.room,
        text: row.text,
        files: row.files.map((f) => f.id),
        reply: row.reply?.id ?? "",
        to: this.#to,
        reason: row.contact,
      });
      this.#replace(kept);
      await this.#after();
    } catch (e) {
      const code = e instanceof BridgeError ? e.code : "bridge";
      const reason = sentence(e);
      this.#replace({ ...row, state: "failed", code, reason, retry: true });
    }
  }

  #replace(row: MessageRow) {
    this.rows = this.rows.map((r) => (r.id === row.id ? row : r));
  }

  /** Tries a message again that did not reach the program. */
  retry(row: MessageRow) {
    this.#replace({
      ...row,
      state: "sending",
      code: "",
      reason: "",
      retry: false,
    });
    this.#inTurn(row);
  }

  /** Forgets a message. */
  drop(id: string) {
    this.rows = this.rows.filter((r) => r.id !== id);
  }

  /** Leaves out what the program's own rows show. */
  known(rows: readonly MessageRow[]) {
    const ids = new Set(rows.map((r) => r.id));
    this.rows = this.rows.filter((r) => !ids.has(r.id));
  }

  has(id: string): boolean {
    return this.rows.some((r) => r.id === id);
  }
}
