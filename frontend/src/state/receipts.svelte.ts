import { call } from "../bridge";
import type { MessageRow, ReceiptRow, ReceiptsView } from "../bridge/api";
import { Query } from "./query.svelte";

/**
 * Under which of my messages each member stands: the newest one they have read,
 * of those that are open to them (M-06: who was let in from now on has read
 * nothing of before).
 * With atEnd false newer ones follow the rows, so who has read the last of them
 * may stand further on and is left out.
 */
export function anchors(
  rows: readonly MessageRow[],
  receipts: readonly ReceiptRow[],
  atEnd: boolean,
): Map<string, string[]> {
  const mine = rows.filter((r) => r.mine && r.num > 0);
  const last = rows.findLast((r) => r.num > 0)?.num ?? 0;
  const out = new Map<string, string[]>();
  for (const who of receipts) {
    if (!atEnd && who.num >= last) continue;
    const at = mine.findLast(
      (r) => r.num <= who.num && r.at >= who.from && r.deleted === 0,
    );
    if (at) out.set(at.id, [...(out.get(at.id) ?? []), who.name]);
  }
  return out;
}

/** How far the others have read an open room. */
export class Receipts {
  readonly #view: Query<ReceiptsView>;
  readonly list = $derived.by(() => this.#view.value?.receipts ?? []);

  constructor(room: string) {
    const near = new Set([`rc:${room}`, `r:${room}`]);
    this.#view = new Query(
      () => call("Presence.Receipts", { room }),
      (scope) => near.has(scope) || scope.startsWith("a:"),
    );
    void this.#view.refresh();
  }

  leave() {
    this.#view.stop();
  }
}
