// Texts of the week, the diary of a day and its segments. See en.ts for how texts are written.
import { clockOf } from "./hours";
import { wholeHours } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;
/** "4 min", rounded down; less than one is said so */
const minutesOf = (seconds: number) =>
  seconds < 60 ? "< 1 min" : `${Math.floor(seconds / 60)} min`;

/** Part of the texts of Work. */
export const timesheet = {
  // Timesheets (W-17, T-04)
  timesheet: () => "Timesheet",
  workDiary: () => "Work diary",
  week: () => "Week",
  day: () => "Day",
  weekOrDay: () => "Week or day",
  thisWeek: () => "This week",
  theWeek: () => "Week",
  today: () => "Today",
  previousDay: () => "Previous day",
  nextDay: () => "Next day",
  previousWeek: () => "Previous week",
  nextWeek: () => "Next week",
  chooseDay: (day: string) => `${day}, choose another`,
  calendar: () => "Choose a day",
  previousMonth: () => "Previous month",
  nextMonth: () => "Next month",
  timesIn: (zone: string) => `times in ${zone}`,
  zoneChoice: (zone: string) => `Times in ${zone}, change`,
  activity: () => "Activity",
  total: () => "Total",
  hours: () => "Hours",
  amount: () => "Amount",
  gridName: (range: string) => `Hours by activity and day, ${range}`,
  cellName: (activity: string, day: string, time: string) =>
    `${activity}, ${day}: ${time}`,
  nothing: () => "nothing",
  dayTitle: (day: string, activity: string) => `${day} · ${activity}`,
  /** gone: those of the segments whose counts are deleted. */
  behind: (segments: number, level: number, gone: number) =>
    plural(segments, "segment", "segments") +
    (level >= 0
      ? `, activity ${timesheet.percentOf(level, gone)}`
      : gone > 0
        ? ", counts deleted"
        : ""),
  inLimit: () => "In limit",
  allHours: () => "Hours",
  tracked: () => "Tracked",
  manual: () => "Manual",
  overLimit: () => "Over the limit",
  withoutActivity: () => "Without activity",
  activityLevel: () => "Activity",
  percent: (n: number) => `${n}%`,
  /** gone: segments whose counts are deleted. */
  notMeasured: (gone: number) => (gone > 0 ? "Counts deleted" : "Not measured"),
  averageText: (gone: number) =>
    gone > 0 ? "of segments with counts" : "average of segments",
  percentOf: (n: number, gone: number) =>
    gone > 0 ? `${n}% of segments with counts` : `${n}%`,
  waitingToSync: () => "Waiting to sync",
  segments: (n: number) => plural(n, "segment", "segments"),
  next: () => "What happens next",
  thenFixed: (when: string) => `until ${when}, then time is fixed`,
  addsUp: () => "Minutes are rounded so that rows and columns add up.",
  weekEmpty: () => "Nothing was tracked in this week",
  weekEmptyText: () => "Go to another week, or back to the present one.",
  dayEmpty: (day: string) => `Nothing was tracked on ${day}`,
  dayEmptyText: (mine: boolean) =>
    mine
      ? "Start the tracker and the day fills by itself."
      : "Time shows up here as soon as it is tracked.",
  diaryOf: (title: string) => `Diary of ${title}, change the contract`,
  noDiary: () => "No diary yet",
  noDiaryText: () => "A work diary begins with the first active contract.",
  toThisWeek: () => "Go to this week",
  toToday: () => "Go to today",
  /** Whole minutes of each kind; a kind that is not there is not named. */
  kinds: (tracked: number, kept: number, manual: number) =>
    [
      ...(tracked > 0 ? [`${clockOf(tracked)} tracked`] : []),
      ...(kept > 0 ? [`${clockOf(kept)} kept idle`] : []),
      ...(manual > 0 ? [`${clockOf(manual)} manual`] : []),
    ].join(" · "),
  keptOfIt: (seconds: number) => `${minutesOf(seconds)} of it kept idle`,
  manualOfIt: (seconds: number) => `${minutesOf(seconds)} of it manual`,
  minutesOf: (seconds: number) => minutesOf(seconds),
  allTracked: () => "all tracked",
  ofLimitShort: (limit: number) => `of ${wholeHours(limit)} limit`,
  noLimitShort: () => "no limit",
  weekDays: () => "Days of the week",

  // The diary of a day (T-05)
  diaryGrid: (day: string) => `Work diary of ${day}`,
  hourRow: (label: string) => `Hour ${label}`,
  more: (n: number) => `+${n}`,
  manualTime: () => "Manual time",
  keptIdle: () => "Kept idle",
  noShot: () => "No screenshot",
  shotReason: (reason: string) =>
    ({
      locked: "The screen was locked",
      denied: "The system refused",
      failed: "It could not be taken",
      suspended: "The computer slept",
      none: "The contract asks for none",
      deleted: "Deleted",
      expired: "Deleted after the time it is kept",
    })[reason] ?? "None was taken",
  notYetShot: () => "Not taken yet",
  shotNone: () => "None on this contract",
  blurred: () => "Blurred",
  shotOf: (time: string) => `Screenshot at ${time}`,
  blurredShot: (time: string) => `Blurred screenshot at ${time}`,
  notHere: () => "Not on this computer yet",
  levelName: (active: number, of: number) => `activity ${active} of ${of}`,
  levelUnknown: () => "activity not measured",
  levelGone: () => "counts deleted as agreed",
  levelShort: (active: number, of: number) => `${active}/${of}`,
  presence: () => "presence only",
  presenceGone: () => "counts deleted",
  cellNameDay: (
    from: string,
    to: string,
    label: string,
    rest: readonly string[],
  ) => [`${from} to ${to}`, label, ...rest].join(", "),
  cellEmpty: (from: string) => `${from}, nothing tracked`,
  label: (activity: string, memo: string) => `${activity}: ${memo}`,
  openNow: () => "Being tracked now",
  waiting: () => "Waiting to sync",
  flag: (flag: string) =>
    ({
      over_limit: "Over the limit, unbilled",
      late: "Arrived late, unbilled",
      after_end: "After the end, unbilled",
      code_inactive: "The activity was archived by then",
      clock_corrected: "The computer's clock was wrong and was put right",
      clock_uncertain: "Its place in time is uncertain: the clock was wrong",
    })[flag] ?? flag,
  flagShort: (flag: string) =>
    ({
      over_limit: "Over limit",
      late: "Late",
      after_end: "After end",
      code_inactive: "Archived code",
      clock_corrected: "Clock put right",
      clock_uncertain: "Clock uncertain",
    })[flag] ?? flag,

  // The inspector
  span: (from: string, to: string) => `${from} – ${to}`,
  segment: () => "Segment",
  closeSegment: () => "Close",
  previousSegment: () => "Previous segment",
  nextSegment: () => "Next segment",
  taken: (time: string, displays: number) =>
    `Taken ${time} · ${plural(displays, "display", "displays")}`,
  memo: () => "Memo",
  noMemo: () => "No memo",
  morePieces: (n: number) =>
    `and ${plural(n, "further piece", "further pieces")} in this segment`,
  inputByMinute: () => "Input by minute",
  keys: () => "keys",
  mouse: () => "mouse",
  chartName: (keys: number, mouse: number) =>
    `Input by minute: ${keys} keys, ${mouse} clicks and scrolls`,
  minuteName: (time: string, keys: number, mouse: number) =>
    `${time}: ${keys} keys, ${mouse} mouse`,
  keyboard: () => "Keyboard",
  mouseHead: () => "Mouse",
  levelLong: (active: number, of: number) => `${active} / ${of}`,
  trackedTime: () => "Time",
  countsOnly: () => "Counts only, never what you type.",
  countsOnlyOther: () => "Counts only, never what was typed.",
  presenceOnly: () =>
    "Input could not be counted on that computer: presence only.",
  countsGone: (day: string) => `Counts were deleted on ${day}, as agreed.`,
  manualText: () => "Entered by hand. No screenshot and no counts.",
  keptText: () => "Idle time that was kept on return.",
  openText: () => "This segment grows while the tracker runs.",
  waitingText: () =>
    "Saved on this computer; the service does not have it yet.",
  enlarge: () => "Look at it in full size",
};
