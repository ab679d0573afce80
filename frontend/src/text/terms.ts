// Texts of terms that change after the start, of pausing and ending, of late time and disputes. See en.ts for how texts are written.
import type { TermsView } from "../bridge/api";
import { money, span } from "./units";
import { w } from "./work";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

/** A term as it was or is, in words; values come as text. */
function value(what: string, raw: string, currency: string): string {
  switch (what) {
    case "rate":
      return w.perHour(money(Number(raw), currency));
    case "limit":
      return Number(raw) > 0 ? w.hoursWhole(Number(raw)) : "no limit";
    case "manual":
      return raw === "true" ? "allowed" : "not allowed";
    case "activity":
      return raw === "true" ? "needed" : "not needed";
    case "shots":
      return w.policy(raw).toLowerCase();
    case "idle":
      return plural(Number(raw), "minute", "minutes");
    default:
      return plural(Number(raw), "day", "days");
  }
}

/** A term of a contract as value takes it. */
function raw(what: string, terms: TermsView): string {
  switch (what) {
    case "manual":
      return String(terms.manual ?? false);
    case "activity":
      return String(terms.requireActivity);
    default:
      return terms.shots;
  }
}

const names: Record<string, string> = {
  rate: "Rate",
  limit: "Weekly limit",
  manual: "Manual time",
  activity: "Activity at the start",
  shots: "Screenshots",
  idle: "Idle after",
  keep: "Keep pictures",
  review: "Review",
};

export const k = {
  value,
  raw,
  name: (what: string) => names[what] ?? what,

  // Who may, and what comes (W-23 to W-27)
  told: (name: string) => `${name} is told of each change before it applies.`,
  raise: () => "Raise",
  adjust: () => "Adjust",
  change: () => "Change",
  changeTerm: (what: string) => `Change ${(names[what] ?? what).toLowerCase()}`,
  changeWith: (word: string, what: string) =>
    `${word} ${(names[what] ?? what).toLowerCase()}`,
  keep: () => "Keep pictures",
  keepText: () => "After the week; times stay",
  review: () => "Review",
  reviewText: () => "Days after the week’s end",
  days: (n: number) => plural(n, "day", "days"),
  coming: (now: string, when: string) => `${now} ${when}`,
  fromStart: () => "from the next start",
  from: (when: string) => `from ${when}`,
  waits: () => "waits for the service",
  changed: (what: string, now: string) => `${names[what] ?? what}: ${now}.`,

  // The dialogs
  rateLead: () =>
    "A higher rate counts from next Monday 00:00 UTC. For a lower one the freelancer is asked first.",
  limitLead: () =>
    "It counts for the whole of this week, and never below the time that is already in it.",
  idleLead: () =>
    "Minutes without a key, click or movement until tracking ends, 3 to 30. Counts from the next start.",
  keepLead: () =>
    "Days after their week until screenshots and minute counts are deleted, 7 to 365. Times stay.",
  reviewLead: () =>
    "Days after a week’s end until it closes. Codes and disputes are possible until then.",
  rateNew: (currency: string) => `New rate, ${currency} an hour`,
  limitNew: () => "Hours a week",
  idleNew: () => "Minutes",
  daysNew: () => "Days",
  noLimit: () => "No weekly limit",
  badHours: () => "Hours up to 168, such as 40 or 37:30.",
  badNumber: () => "A whole number is needed.",
  badRate: (currency: string) => `An amount in ${currency}, such as 52.00.`,
  save: () => "Save",
  cancel: () => "Cancel",

  // The menu of a workroom (W-02, W-35)
  more: () => "More of this contract",
  menuRate: () => "Rate…",
  menuCodes: () => "Activity codes…",
  menuLimit: () => "Weekly limit…",
  menuDispute: () => "Dispute a week…",
  pause: () => "Pause",
  resume: () => "Resume",
  paused: () => "The contract is paused. The tracker has stopped.",
  resumed: () => "The contract is active again.",
  pausedSince: (when: string) => `Paused since ${when}`,
  pausedText: (client: boolean) =>
    client
      ? "Nothing can be tracked until you resume it."
      : "The client paused it. Time after that is kept and not billed.",
  endedSince: (when: string) => `Ended ${when}`,
  endedText: () => "Time after that is kept and not billed.",
  endedWhy: (who: string, reason: string, text: string) =>
    [
      `${who}: ${reason === "" ? "ended it" : k.endReason(reason)}.`,
      ...(text === "" ? [] : [text]),
    ].join(" "),
  end: () => "End contract…",
  endTitle: (title: string) => `End “${title}”?`,
  endLead: () =>
    "The tracker stops, and nothing can be tracked any more. Diary, messages and reports stay. This cannot be taken back.",
  endWhy: () => "Reason",
  endReason: (reason: string) =>
    ({
      done: "The work is done",
      unneeded: "It is no longer needed",
      terms: "The terms do not fit",
      quality: "The work was not as expected",
      other: "Something else",
    })[reason] ?? reason,
  endText: () => "What else is to be said",
  endDo: () => "End the contract",

  // Recent activity (W-29)
  recent: () => "Recent activity",
  turn: (
    who: string,
    what: string,
    was: string,
    now: string,
    currency: string,
  ): string => {
    switch (what) {
      case "paused":
        return `${who} paused the contract`;
      case "resumed":
        return `${who} resumed the contract`;
      case "ended":
        return `${who} ended the contract`;
      case "approved":
        return `${who} approved late time`;
      case "disputed":
        return `${who} disputed a week`;
      case "answered":
        return `${who} wrote about a dispute`;
      case "offered":
        return `${who} offered a settlement`;
      case "settled":
        return `${who} accepted a settlement`;
      case "withdrawn":
        return `${who} withdrew a dispute`;
      case "rate_asked":
      case "rate_agreed":
      case "rate_declined":
      case "rate_withdrawn": {
        const done = {
          rate_asked: "asked for a lower rate",
          rate_agreed: "agreed to a lower rate",
          rate_declined: "declined a lower rate",
          rate_withdrawn: "took the question about a lower rate back",
        }[what];
        return currency === ""
          ? `${who} ${done}`
          : `${who} ${done}, ${value("rate", now, currency)}`;
      }
      case "rate":
        if (currency === "")
          return `${who} ${Number(now) < Number(was) ? "lowered" : "raised"} the rate`;
        return `${who} ${Number(now) < Number(was) ? "lowered" : "raised"} the rate from ${value(what, was, currency)} to ${value(what, now, currency)}`;
      case "activity":
        return now === "true"
          ? `${who} asks for an activity to start`
          : `${who} no longer asks for an activity`;
      case "manual":
        return now === "true"
          ? `${who} allowed manual time`
          : `${who} no longer allows manual time`;
      default:
        return `${who} changed ${(names[what] ?? what).toLowerCase()} from ${value(what, was, currency)} to ${value(what, now, currency)}`;
    }
  },
  accepted: (who: string) => `${who} accepted the offer`,
  offered: (who: string) => `${who} made the offer`,

  // A lower rate (W-23)
  askedRate: (who: string, now: string) =>
    `${who} asks for a lower rate: ${now}, from the Monday after you agree.`,
  askedOut: (who: string, now: string) =>
    `${who} is asked for a lower rate: ${now}.`,
  look: () => "Look at it",
  agree: () => "Agree",
  decline: () => "Decline",
  takeBack: () => "Take back",

  // Before a start (W-27)
  sinceStart: () => "Changed since you tracked here last",

  // Late time (T-16)
  late: () => "Arrived late",
  lateText: (client: boolean) =>
    client
      ? "It came after the times were fixed and is not billed. You can approve it as an adjustment."
      : "It came after the times were fixed and is not billed unless the client approves it.",
  approve: (time: string, worth: string) => `Approve ${time} (${worth})`,
  approved: (time: string) => `${time} approved as an adjustment.`,
  adjustments: () => "Adjustments",
  adjustment: (kind: string, seconds: number) =>
    kind === "late"
      ? `Late time approved, ${span(seconds)}`
      : "Settled dispute",
  by: (who: string, when: string) => `${who}, ${when}`,

  // Disputes (W-38)
  dispute: () => "Dispute this week…",
  disputeTitle: () => "Dispute this week?",
  disputeLead: () =>
    "The week is marked as disputed for both sides. Write what is wrong; it is settled by an adjustment that both accept.",
  disputeWhat: () => "What is wrong",
  disputeDo: () => "Dispute",
  nowDisputed: () => "The week is disputed. Both sides see it.",
  disputed: () => "Disputed",
  disputeState: (state: string) =>
    ({ open: "Disputed", settled: "Settled", withdrawn: "Withdrawn" })[state] ??
    state,
  disputeBy: (who: string, mine: boolean, open: boolean) =>
    `${mine ? "You" : who} ${open ? (mine ? "dispute" : "disputes") : "disputed"} this week`,
  write: () => "Answer",
  writeHint: () => "Write to the other side",
  send: () => "Send",
  offer: () => "Offer a settlement…",
  offerTitle: () => "Offer a settlement",
  offerLead: () =>
    "The amount is added to the bill of the week, or taken off it with a minus. It counts once both accept.",
  offerAmount: (currency: string) => `Amount in ${currency}`,
  offerText: () => "What it is for",
  offerDo: () => "Offer",
  offered1: (who: string, mine: boolean, amount: string, open: boolean) =>
    open
      ? `${mine ? "You offer" : `${who} offers`} ${amount}`
      : `${mine ? "You" : who} offered ${amount}`,
  comesTo: () => "The week with adjustments",
  accept: () => "Accept",
  withdraw: () => "Withdraw the dispute",
  withdrawn: () => "The dispute is withdrawn.",
  settled: () => "Settled. The adjustment is on the week’s bill.",
  badAmount: (currency: string) =>
    `An amount in ${currency}, such as 26.00 or -26.00.`,
};
