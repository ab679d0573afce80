import { call } from "../bridge";
import type { ActivityIn, ContractRow, ContractView } from "../bridge/api";
import { Query } from "./query.svelte";

/** A part of the contract list under its heading. */
export type ContractSection = { id: string; contracts: ContractRow[] };

/** Contracts by status: offers first, then what runs, then what is over (W-01). */
export function byStatus(rows: readonly ContractRow[]): ContractSection[] {
  const part = (id: string, ...statuses: string[]) => ({
    id,
    contracts: rows.filter((r) => statuses.includes(r.status)),
  });
  return [
    part("offers", "offered", "waiting"),
    part("active", "active"),
    part("ended", "refused", "ended"),
  ].filter((s) => s.contracts.length > 0);
}

/** True for a scope in which something of this contract may have changed. */
export const touches = (contract: string) => (scope: string) =>
  scope === `k:${contract}` ||
  scope.startsWith(`d:${contract}:`) ||
  scope === "tracker" ||
  scope === "sync";

/** One open workroom: its Overview and Details. */
export class Workroom {
  readonly id: string;
  #view: Query<ContractView>;
  view = $derived.by(() => this.#view.value);
  error = $derived.by(() => this.#view.error);

  constructor(id: string) {
    this.id = id;
    this.#view = new Query(
      () => call("Contracts.Get", { id }),
      (scope) =>
        touches(id)(scope) ||
        scope.startsWith("a:") ||
        scope === `r:${this.#view.value?.row.room ?? ""}`,
    );
    void this.#view.refresh();
  }

  /** Adds or changes an activity code; throws what was refused. */
  async setActivity(activity: Omit<ActivityIn, "contract">) {
    await call("Contracts.SetActivity", { contract: this.id, ...activity });
    await this.#view.refresh();
  }

  /** Ends it: the workroom was left. */
  leave() {
    this.#view.stop();
  }
}
