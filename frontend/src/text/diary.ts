// Texts of changing the diary: memo, activity, delete, time by hand, who looked. See en.ts for how texts are written.
import { span } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;
export const d = {
  view: () => "View",

  // A range of segments (T-17)
  chosen: (n: number, time: string) =>
    `${plural(n, "segment", "segments")} chosen · ${time}`,
  clear: () => "Choose none",
  rangeBar: () => "Chosen segments",
  changeMemo: () => "Change memo",
  changeActivity: () => "Change activity",
  details: () => "Details",
  deleteTime: (time: string) => `Delete ${time}`,
  deleteShot: (time: string) => `Delete screenshot and ${time}`,
  deleteOne: (time: string) => `Delete ${time}`,

  // Editing (T-02, A-07)
  memo: () => "Memo",
  memoHint: () => "A few words, 1 to 255 letters",
  activity: () => "Activity",
  various: () => "Several",
  save: () => "Save",
  cancel: () => "Cancel",
  addActivity: () => "Give it an activity",
  withoutActivity: (time: string) => `${time} without an activity`,
  saved: (what: string, n: number) =>
    `${what} changed for ${plural(n, "segment", "segments")}.`,
  memoWord: () => "Memo",
  activityWord: () => "Activity",
  undo: () => "Undo",
  undone: () => "Changed back.",

  // Deleting (T-08)
  cutTitle: () => "Delete this time?",
  cutSays: (
    seconds: number,
    segments: number,
    shots: number,
    contract: string,
  ) =>
    [
      `${span(seconds)} of ${contract} in ${plural(segments, "segment", "segments")} will be gone`,
      shots > 0
        ? `, with ${plural(shots, "screenshot", "screenshots")} here and at the service`
        : "",
      ". Nobody is paid for it and it cannot be taken back.",
    ].join(""),
  cutStays: () =>
    "What stays is a line in the history of the day: who deleted how much, and when.",
  cutDo: (seconds: number) => `Delete ${span(seconds)}`,
  cutBy: (who: string, seconds: number, when: string) =>
    `${who} deleted ${span(seconds)} of it, ${when}`,
  cutDone: (seconds: number) => `${span(seconds)} deleted.`,

  // Time by hand (T-14)
  addManual: () => "Add manual time",
  manualTitle: () => "Add time by hand",
  manualLead: () =>
    "It is marked as manual everywhere, counts to the weekly limit and is not protected.",
  date: () => "Date",
  from: () => "From",
  to: () => "To",
  manualAdd: (time: string) => (time === "" ? "Add" : `Add ${time}`),
  clashes: () => "Time is there already:",
  fillGaps: () => "Add the gaps only",
  added: (seconds: number) => `${span(seconds)} added.`,
  notLater: () => "The end is before the start.",
  noSuchTime: () => "The clock skips this time on that day.",
  whichHour: () => "The clock shows this time twice on that day",
  hourTwice: (first: boolean, offset: string) =>
    `${first ? "First" : "Second"} time (${offset})`,
  inFuture: () => "Time that is still to come cannot be added.",

  // Zones (T-04)
  zoneMine: () => "Times on my clock",
  zoneOther: (who: string, zone: string) => `Times of ${who} (${zone})`,
  zoneUTC: () => "Times in UTC",

  // History and who looked (T-08, T-09)
  more: () => "More",
  history: () => "History of this day",
  historyEmpty: () => "Nothing was changed on this day.",
  historyLine: (
    who: string,
    what: string,
    from: string,
    to: string,
    seconds: number,
    value: string,
  ) =>
    `${who} ${
      {
        memo: `changed the memo of ${from} – ${to} to “${value}”`,
        activity: `changed the activity of ${from} – ${to} to ${value === "" ? "none" : value}`,
        cut: `deleted ${span(seconds)} of ${from} – ${to}`,
        owner: `gave the overlap of ${from} – ${to} to this contract`,
        expired: `${value} were deleted, as the contract says`,
        manual: `added ${span(seconds)} by hand, ${from} – ${to}`,
      }[what] ?? `changed ${from} – ${to}`
    }`,
  historyWaits: () => ", waiting to sync",
  verifyGood: (sealed: number, head: string) =>
    sealed === 0
      ? "No week is sealed yet. A week is sealed once its review is over."
      : `The closed weeks are as they were sealed. The newest sum is ${head}; the other side sees the same.`,
  verifyBad: () =>
    "At least one closed week is not as it was sealed. Compare it with the other side.",
  sealState: (state: string) =>
    ({
      open: "not closed yet",
      waiting: "closed, not sealed yet",
      good: "as sealed",
      changed: "changed since",
      rewritten: "sealed anew",
      broken: "seal broken",
    })[state] ?? state,
  verify: () => "Check this diary",
  swap: () => "Give the overlap to this contract",
  swapped: (seconds: number) => `${span(seconds)} given to this contract.`,
  nobodyLooked: () => "Nobody has looked at this screenshot yet.",
  looks: () => "Who looked at screenshots",
  looksText: () =>
    "Each look at a screenshot by somebody else is written down, by person.",
  looksOwn: () =>
    "Your own looks, as the freelancer sees them. Looking cannot be hidden.",
  looksNone: () => "Nobody has looked yet",
  looksNoneOwn: () => "You have not looked yet",
  looksNoneText: () => "Each look stands here, with its person and its time.",
  looksWho: () => "Who",
  looksWhat: () => "Segment",
  looksWhen: () => "When",
  looksSegment: (day: string, label: string) => `${day}, ${label}`,
  looksLarge: () => "in full size",
  looksSmall: () => "as a small picture",
  looksWaits: () => "not at the service yet",
  you: () => "You",
  lookedAt: (n: number) =>
    `${n === 1 ? "Looked at once" : `Looked at ${n} times`}.`,
  lookedMine: () => "Your looks",
  lookedWho: () => "See by whom",
  looksTold: (name: string) =>
    `${name === "" ? "The freelancer" : name} sees who looks at these pictures, and when.`,
  isProtected: () =>
    "Protected. Tracked, with a memo, active, in the limit and in time.",
  /** why: what keeps the protection away, in short. */
  notProtected: (why: readonly string[]) => `Not protected: ${why.join(", ")}.`,
  unsaid: () =>
    "Whether it was protected cannot be said any more without its counts.",
  bareManual: () => "entered by hand",
  bareKept: () => "idle time that was kept",
  bareOver: () => "over the limit",
  bareLate: () => "came after the week was fixed",
  bareEnded: () => "after the end of the contract",
  bareStill: (counted: boolean) =>
    counted ? "no active minute" : "input is not measured here",
  bareMemo: () => "without a memo",
  otherTime: () => "Other time",
  trackedHere: () => "Tracked here too",
  owner: (title: string) => `The time belongs to ${title}`,
  shadowed: (seconds: number) =>
    `${span(seconds)} ${seconds === 1 ? "belongs" : "belong"} to other tracked time and are not billed here`,
  lateOf: (seconds: number) => `${span(seconds)} arrived late, unbilled`,
  overOf: (seconds: number) => `${span(seconds)} over the limit, unbilled`,
  afterEndOf: (seconds: number) => `${span(seconds)} after the end, unbilled`,
};
