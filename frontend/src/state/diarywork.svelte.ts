import { call } from "../bridge";
import type {
  ActivityRow,
  ContractView,
  CutIn,
  CutView,
  EditTimeIn,
  LooksView,
  ManualIn,
  ManualOut,
  TimeDone,
  TimeLog,
  VerifyView,
} from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { d } from "../text/diary";
import { people } from "./people.svelte";
import { Query } from "./query.svelte";
import { attempt, sentence } from "./say";

/** What is changed about some segments; what is not named stays. */
export type Change = { memo?: string; activity?: string };

/**
 * What can be done to the diary of one contract: memo, activity, delete, time by
 * hand. The rules are the program's; a change can be taken back from its toast.
 */
export class DiaryWork {
  readonly contract: string;
  #view: Query<ContractView>;
  view = $derived.by(() => this.#view.value);
  /** Codes that can be picked. */
  codes = $derived.by<ActivityRow[]>(() =>
    (this.#view.value?.activities ?? []).filter((a) => !a.archived),
  );
  /** Time needs an activity, and there is one to pick. */
  required = $derived.by(
    () =>
      this.codes.length > 0 &&
      (this.#view.value?.terms.requireActivity ?? false),
  );
  title = $derived.by(() => this.#view.value?.row.title ?? "");
  freelancer = $derived.by(() => this.#view.value?.freelancer ?? "");
  /** The other side, where there is exactly one and their zone is known. */
  other = $derived.by(() => {
    const them = (this.#view.value?.people ?? []).filter(
      (p) => !p.me && !p.left,
    );
    const one = them.length === 1 ? them[0] : undefined;
    const zone = one ? (people.of(one.id)?.zone ?? "") : "";
    return one && zone !== "" ? { name: one.name, zone } : undefined;
  });
  /** A change is on its way. */
  busy = $state(false);

  constructor(contract: string) {
    this.contract = contract;
    this.#view = new Query(
      () => call("Contracts.Get", { id: contract }),
      (scope) => scope === `k:${contract}` || scope.startsWith("a:"),
    );
    void this.#view.refresh();
  }

  /** Changes memo or activity of segments, and offers to take it back; false if it was refused. */
  change(cells: readonly number[], what: Change): Promise<boolean> {
    return this.#change(what, { cells: [...cells], from: 0, to: 0 });
  }

  /** Gives an activity to the time of a week (its Monday) that has none. */
  label(week: string, activity: string): Promise<boolean> {
    const from = Date.parse(`${week}T00:00:00Z`);
    const to = from + 7 * 86_400_000;
    return this.#change({ activity }, { cells: [], from, to, bare: true });
  }

  async #change(
    what: Change,
    where: Pick<EditTimeIn, "cells" | "from" | "to" | "bare">,
  ): Promise<boolean> {
    const input: EditTimeIn = {
      contract: this.contract,
      ...where,
      setMemo: what.memo !== undefined,
      memo: what.memo ?? "",
      setActivity: what.activity !== undefined,
      activity: what.activity ?? "",
    };
    const done = await this.#do(() => call("Diary.Edit", input));
    if (!done) return false;
    const word = what.memo !== undefined ? d.memoWord() : d.activityWord();
    this.#told(d.saved(word, done.segments), done);
    return true;
  }

  /** What deleting would take, said before it does. */
  cutSays(cells: readonly number[]): Promise<CutView> {
    return call("Diary.CutSays", this.#cut(cells));
  }

  /** Deletes; nothing takes it back. */
  async cut(cells: readonly number[]): Promise<boolean> {
    const done = await this.#do(() => call("Diary.Cut", this.#cut(cells)));
    if (done) toasts.show(d.cutDone(done.seconds));
    return done !== undefined;
  }

  /** Gives time that something else owns to this contract. */
  async swap(cells: readonly number[]): Promise<void> {
    const done = await this.#do(() => call("Diary.Swap", this.#cut(cells)));
    if (done) this.#told(d.swapped(done.seconds), done);
  }

  /** Writes time in by hand; throws what was refused. */
  addManual(input: Omit<ManualIn, "contract">): Promise<ManualOut> {
    return call("Diary.AddManual", { contract: this.contract, ...input });
  }

  /** What was changed on a day. */
  history(day: string, zone: string): Promise<TimeLog> {
    return call("Diary.History", { contract: this.contract, day, zone });
  }

  /** Who looked at the screenshots of a segment, or of all with 0 (T-09). */
  looks(cell: number, zone: string): Promise<LooksView> {
    return call("Diary.Looks", { contract: this.contract, cell, zone });
  }

  /** Whether the closed weeks are as both sides hold them. */
  verify(): Promise<VerifyView> {
    return call("Diary.Verify", { id: this.contract });
  }

  /** Ends it: the diary was left. */
  leave() {
    this.#view.stop();
  }

  #cut(cells: readonly number[]): CutIn {
    return { contract: this.contract, cells: [...cells], from: 0, to: 0 };
  }

  async #do(run: () => Promise<TimeDone>): Promise<TimeDone | undefined> {
    this.busy = true;
    try {
      return await run();
    } catch (e) {
      toasts.show(sentence(e));
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  #told(text: string, done: TimeDone) {
    if (done.undo.length === 0) {
      toasts.show(text);
      return;
    }
    toasts.undo(
      text,
      d.undo(),
      () =>
        void attempt(async () => {
          await call("Diary.Restore", {
            contract: this.contract,
            parts: done.undo,
          });
          toasts.show(d.undone());
        }),
    );
  }
}
