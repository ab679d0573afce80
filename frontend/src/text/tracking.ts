// Texts of the tracker, its panel and what it asks. See en.ts for how texts are written.
import { wholeHours } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

/** Part of the texts of Work. */
export const tracking = {
  // The tracker (T-01, T-20)
  tracker: () => "Time tracker",
  trackerOpen: (what: string) => `${what}. Open the tracker`,
  startShort: () => "Start",
  startOn: (what: string) => `Start on ${what}`,
  start: () => "Start tracking",
  stop: () => "Stop tracking",
  stopped: () => "Stopped",
  away: () => "Away",
  limitReached: () => "Week limit reached",
  offlineSaved: () => "Offline, saved on this computer",
  trackingSince: (time: string) => `Tracking since ${time}`,
  notTracking: () => "Not tracking",
  questionOpen: () => "A question is open",
  contract: () => "Contract",
  chooseActivity: () => "Choose an activity",
  noActivity: () => "No activity",
  archivedCode: (code: string) => `${code} (archived)`,
  archivedWhile: (own: boolean) =>
    `${own ? "You" : "The client"} archived it. The time so far is kept; pick another to go on with.`,
  whatOn: () => "What are you working on?",
  whatOnHint: () => "A few words, seen in the diary",
  changeFromNow: () => "Change from now on",
  keepAsIs: () => "Undo",
  thisSegment: () => "This segment",
  segmentLevel: (active: number, of: number) => `Activity ${active} of ${of}`,
  segmentUnknown: () => "Activity not measured",
  segmentEmpty: () => "Nothing counted yet",
  shotRule: (policy: string) =>
    ({
      none: "no screenshots",
      blurred: "one blurred screenshot, at random",
      full: "one screenshot, at random",
    })[policy] ?? "",
  shotBefore: (policy: string) =>
    ({
      none: "This contract takes no screenshots, only time and counts.",
      blurred:
        "About every ten minutes this contract takes a screenshot, blurred before it leaves this computer.",
      full: "About every ten minutes this contract takes a screenshot of all displays. You see each for ten seconds and can blur or delete it.",
    })[policy] ?? "",
  notCounted: (why: string) =>
    why === ""
      ? "Input is not counted on this computer: presence only."
      : `Presence only: ${why}`,
  lastShot: () => "Last screenshot",
  seeInDiary: (time: string) => `View the screenshot at ${time} in the diary`,
  deleteInDiary: (time: string) =>
    `Delete the screenshot at ${time} and its time`,
  lastShotWhen: (time: string) => `${time} · kept for your client`,
  weekLimit: () => "Week limit",
  ofHours: (limit: number) => ` / ${wholeHours(limit)}`,
  waitingShort: (n: number) =>
    `${plural(n, "segment", "segments")} waiting to sync`,
  allSaved: () => "Everything is with the service",
  noTrackable: () => "No contract to track on",
  noTrackableText: () =>
    "Time is tracked on an active contract in which you are the freelancer.",
  weekToday: () => "Today",

  // Notices of the tracker (T-07, T-10, T-12)
  shotTaken: (title: string) => `Screenshot taken for ${title}`,
  shotLeaves: (seconds: number) =>
    `Leaves this computer in ${plural(seconds, "second", "seconds")} unless you delete it.`,
  shotBlurred: () => "It was made unreadable, only that leaves.",
  shotGone: () => "Screenshot deleted. No copy is kept.",
  secondsLeft: (n: number) => plural(n, "second left", "seconds left"),
  keep: () => "Keep",
  blur: () => "Blur",
  remove: () => "Delete",
  /** Milliseconds, rounded down as the time that an answer takes away. */
  awayFor: (time: number) =>
    `You were away for ${plural(Math.max(1, Math.floor(time / 60_000)), "minute", "minutes")}`,
  awayNow: () => "You seem to be away",
  awayText: (from: string, until: string) =>
    `No keyboard or mouse from ${from} to ${until}`,
  awayWhile: (what: string) => (what === "" ? "" : ` while tracking ${what}`),
  awaySince: (from: string) => `No keyboard or mouse since ${from}.`,
  discard: () => "Discard",
  discardText: (time: string) => `Removes ${time}, the tracker stays stopped`,
  discardContinue: () => "Discard and continue",
  discardContinueText: (time: string) =>
    `Removes ${time}, tracking goes on from now`,
  keepIdle: () => "Keep as idle time",
  keepIdleText: (time: string) => `Adds ${time}, marked idle in the diary`,
  nothingCounted: () => "Nothing is counted until you choose.",
  startAgain: () => "Start again",
  dismiss: () => "Dismiss",
  trackerNotice: () => "The tracker",
};
