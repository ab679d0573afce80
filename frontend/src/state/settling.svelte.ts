import { call } from "../bridge";
import type { WeekView } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { k } from "../text/terms";
import { span } from "../text/units";
import { sentence } from "./say";

/**
 * What is settled about a week after its times were fixed: late time that the
 * client approves, and a dispute of either side (T-16, W-38). What was refused is
 * said; the week is read again by its own query.
 */
export class Settling {
  readonly contract: string;
  #zone: () => string;
  /** A call is under way. */
  busy = $state(false);

  constructor(contract: string, zone: () => string) {
    this.contract = contract;
    this.#zone = zone;
  }

  /** Approves all late time of a week as an adjustment. */
  approve(week: WeekView) {
    return this.#do(
      k.approved(span(week.settling.lateOpen)),
      call("Diary.ApproveLate", {
        contract: this.contract,
        week: week.week,
        cells: [],
        zone: this.#zone(),
      }),
    );
  }

  /** Disputes a week. */
  dispute(week: WeekView, text: string) {
    return this.#do(
      k.nowDisputed(),
      call("Diary.Dispute", {
        contract: this.contract,
        week: week.week,
        text,
        zone: this.#zone(),
      }),
    );
  }

  write(week: WeekView, text: string) {
    return this.#do("", call("Diary.DisputeWrite", this.#of(week, { text })));
  }

  /** Offers an amount in minor units, below 0 what the client gets back. */
  offer(week: WeekView, amount: number, text: string) {
    return this.#do(
      "",
      call("Diary.DisputeOffer", this.#of(week, { amount, text })),
    );
  }

  /** Accepts the offer that is shown, and no other. */
  accept(week: WeekView) {
    return this.#do(
      k.settled(),
      call("Diary.DisputeAccept", this.#of(week, {})),
    );
  }

  withdraw(week: WeekView) {
    return this.#do(
      k.withdrawn(),
      call("Diary.DisputeWithdraw", this.#of(week, {})),
    );
  }

  #of(week: WeekView, more: { text?: string; amount?: number }) {
    const one = week.settling.dispute;
    return {
      contract: this.contract,
      week: week.week,
      id: one?.id ?? "",
      text: more.text ?? "",
      amount: more.amount ?? 0,
      mark: one?.offer?.mark ?? 0,
      zone: this.#zone(),
    };
  }

  async #do(said: string, run: Promise<WeekView>): Promise<boolean> {
    this.busy = true;
    try {
      await run;
      if (said !== "") toasts.show(said);
      return true;
    } catch (e) {
      toasts.show(sentence(e));
      return false;
    } finally {
      this.busy = false;
    }
  }
}
