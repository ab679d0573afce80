import { call } from "../bridge";
import type {
  ActivityIn,
  ContractRow,
  ContractView,
  TermsView,
  TurnRow,
} from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { k } from "../text/terms";
import { Query } from "./query.svelte";
import { attempt } from "./say";

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
    part("active", "active", "paused"),
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

  /** Changes one term; throws what was refused (W-23 to W-27). */
  async change(what: string, terms: TermsView) {
    this.#view.value = await call("Contracts.ChangeTerms", {
      contract: this.id,
      set: [what],
      terms,
    });
  }

  /** Asks the freelancer for a lower rate, in minor units an hour; throws what was refused (W-23). */
  async askRate(rate: number) {
    this.#view.value = await call("Contracts.AskRate", {
      contract: this.id,
      rate,
    });
  }

  /** Agrees to a lower rate, or not; the client takes the question back. */
  async answerRate(turn: TurnRow, agree: boolean) {
    await attempt(async () => {
      this.#view.value = await call("Contracts.AnswerRate", {
        contract: this.id,
        mark: turn.mark,
        agree,
      });
    });
  }

  /** Changes a term that is switched where it stands, and offers to take it back. */
  async turn(what: string, terms: TermsView) {
    const before = this.view?.terms;
    const done = await attempt(() => this.change(what, terms));
    if (!done || !before) return;
    toasts.undo(
      k.changed(what, k.value(what, k.raw(what, terms), terms.currency)),
      m.undo(),
      () => void attempt(() => this.change(what, before)),
    );
  }

  /** Pauses or resumes, and offers the other (W-35). */
  async pause(on: boolean) {
    const set = (to: boolean) =>
      attempt(async () => {
        this.#view.value = await call(
          to ? "Contracts.Pause" : "Contracts.Resume",
          { id: this.id },
        );
      });
    if (await set(on))
      toasts.undo(on ? k.paused() : k.resumed(), m.undo(), () => void set(!on));
  }

  /** Ends the contract; throws what was refused. */
  async end(reason: string, text: string) {
    this.#view.value = await call("Contracts.End", {
      contract: this.id,
      reason,
      text,
    });
  }

  /** Ends it: the workroom was left. */
  leave() {
    this.#view.stop();
  }
}
