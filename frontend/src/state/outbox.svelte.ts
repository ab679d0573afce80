import { call } from "../bridge";
import type { Document, NotSentView, UnsentRow } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { o } from "../text/outbox";
import { putBack } from "./boxes";
import { Query } from "./query.svelte";
import { attempt } from "./say";

// What was discarded and can still be taken back. It outlives the drawer: closing and opening it must not show it again.
let hidden = $state.raw<ReadonlySet<string>>(new Set());

/** Saves a document of the program's: a browser downloads it; in a window the program has asked where to. */
export function download(doc: Document) {
  if (doc.name === "") return;
  const url = URL.createObjectURL(new Blob([doc.text]));
  const link = document.createElement("a");
  link.href = url;
  link.download = doc.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toasts.show(o.exported());
}

/** Those of some things that sending again can help, without asking what is still meant. */
export const again = (rows: readonly UnsentRow[]) =>
  rows.filter((r) => r.retry && r.state !== "confirm");

/** What has not reached the service, and what a person does about it. */
export class Unsent {
  #query = new Query<NotSentView>(
    () => call("Outbox.NotSent"),
    () => true,
  );
  loaded = $derived(this.#query.value !== undefined);
  groups = $derived(
    (this.#query.value?.groups ?? [])
      .map((g) => ({ ...g, rows: g.rows.filter((r) => !hidden.has(r.id)) }))
      .filter((g) => g.rows.length > 0),
  );
  rows = $derived(
    (this.#query.value?.rows ?? []).filter((r) => !hidden.has(r.id)),
  );
  waiting = $derived(
    (this.#query.value?.waiting ?? []).filter((r) => !hidden.has(r.id)),
  );
  more = $derived(this.#query.value?.more ?? 0);
  /** How many a person must decide about. */
  refused = $derived(
    this.rows.length + this.groups.reduce((n, g) => n + g.rows.length, 0),
  );
  /** Those that sending again can help. */
  retryable = $derived(again(this.#decided()));

  constructor() {
    void this.#query.refresh();
  }

  #decided(): UnsentRow[] {
    return [...this.rows, ...this.groups.flatMap((g) => g.rows)];
  }

  /** What was refused of a room or contract, oldest first. */
  of(place: string): UnsentRow[] {
    return this.#decided()
      .filter((r) => r.place === place)
      .toSorted((a, b) => a.at - b.at);
  }

  /** Sends things again, one after the other. */
  async retry(rows: readonly UnsentRow[]) {
    for (const row of rows)
      if (!(await attempt(() => call("Outbox.Retry", { id: row.id })))) return;
  }

  /** Hides things, and throws them away when the undo has run out. */
  discard(rows: readonly UnsentRow[]) {
    const ids = new Set(rows.map((r) => r.id));
    hidden = new Set([...hidden, ...ids]);
    toasts.undo(
      o.discarded(rows.length),
      m.undo(),
      () => (hidden = new Set([...hidden].filter((id) => !ids.has(id)))),
      () =>
        void (async () => {
          for (const id of ids)
            await attempt(() => call("Outbox.Discard", { id }));
          hidden = new Set([...hidden].filter((id) => !ids.has(id)));
        })(),
    );
  }

  /** Takes a message back into the box of its room; answers which room. */
  async edit(row: UnsentRow): Promise<string> {
    let room = "";
    await attempt(async () => (room = await putBack(row.id, row.room)));
    return room;
  }

  /** Copies what was written, one after the other. */
  async copy(rows: readonly UnsentRow[]) {
    const text = rows.map((r) => r.source).join("\n\n");
    if (await attempt(() => navigator.clipboard.writeText(text)))
      toasts.show(m.copied());
  }

  /** Saves all that was not sent as a file. */
  async export() {
    await attempt(async () => download(await call("Outbox.Export")));
  }

  /** Saves the bytes of what this program cannot read. */
  async saveBytes(row: UnsentRow) {
    await attempt(async () =>
      download(await call("Outbox.Bytes", { id: row.id })),
    );
  }

  /** Ends it: the drawer was closed. */
  stop() {
    this.#query.stop();
  }
}
