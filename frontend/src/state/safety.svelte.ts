import { call } from "../bridge";
import type { BlockedView, StandingView } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { s } from "../text/safety";
import { Query } from "./query.svelte";
import { attempt } from "./say";

/** What is being reported: a message, or a person where message is empty. */
export type Reporting = {
  room: string;
  message: string;
  account: string;
  name: string;
};

/** Where this computer keeps which warning was read. */
const kept = "warning-read";

const ofMine = (scope: string) =>
  scope.startsWith("a:") || scope.startsWith("k:");

/** Blocks and reports, and what the administrator wrote to my account (P-19 to P-24, U-14). */
class Safety {
  /** The report that is being written. */
  reporting = $state.raw<Reporting>();
  /** When the warning was written that has been read here. */
  read = $state(Number(localStorage.getItem(kept)) || 0);
  #blocked = new Query<BlockedView>(() => call("Safety.Blocked"), ofMine);
  #standing = new Query<StandingView>(() => call("Safety.Standing"), ofMine);
  #begun = false;

  /** Begins to read; whoever shows something of it asks for that. */
  start() {
    if (this.#begun) return;
    this.#begun = true;
    void this.#blocked.refresh();
    void this.#standing.refresh();
  }

  get people() {
    return this.#blocked.value?.people ?? [];
  }

  get standing() {
    return this.#standing.value;
  }

  isBlocked(account: string): boolean {
    return this.people.some((p) => p.id === account);
  }

  /** Why somebody cannot be blocked: contract or blocked; "" if they can. */
  why(account: string): string {
    if (this.isBlocked(account)) return "blocked";
    return this.#blocked.value?.active.includes(account) ? "contract" : "";
  }

  /** The warning was read; it is not shown again until there is a newer one. */
  understood() {
    this.read = this.standing?.warnedAt ?? 0;
    localStorage.setItem(kept, String(this.read));
  }

  report(what: Reporting) {
    this.reporting = what;
  }

  /** Blocks at once; it can be taken back. */
  async block(account: string, name: string) {
    if (!(await attempt(() => call("Safety.Block", { account, name })))) return;
    void this.#blocked.refresh();
    toasts.undo(
      s.blocked(name),
      m.undo(),
      () => void this.unblock(account, name, true),
    );
  }

  async unblock(account: string, name: string, quiet = false) {
    if (!(await attempt(() => call("Safety.Unblock", { account, name }))))
      return;
    void this.#blocked.refresh();
    if (!quiet)
      toasts.undo(
        s.unblocked(name),
        m.undo(),
        () => void this.block(account, name),
      );
  }
}

export const safety = new Safety();
