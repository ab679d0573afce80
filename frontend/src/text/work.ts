// Texts of Work, the diary and the tracker. See en.ts for how texts are written.
import { clockOf } from "./hours";
import { hours } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;
/** "40 h", "37:30" */
const whole = (seconds: number) =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : hours(seconds);
/** "4 min", rounded down; less than one is said so */
const minutesOf = (seconds: number) =>
  seconds < 60 ? "< 1 min" : `${Math.floor(seconds / 60)} min`;

export const w = {
  // The list of contracts (W-01)
  contracts: () => "Contracts",
  newContract: () => "New contract",
  find: () => "Find a contract",
  findNone: (text: string) => `No contract named “${text}”`,
  section: (id: string) =>
    ({ offers: "Offers", active: "Active", ended: "Ended" })[id] ?? id,
  noContracts: () => "No contracts yet",
  noContractsText: () =>
    "Offer one to somebody, or open an invitation you were given.",
  chooseContract: () => "Choose a contract",
  chooseContractText: () => "Pick one on the left to open its workroom.",
  trackingNow: (seconds: number, limit: number) =>
    `Tracking now · ${w.usedShort(seconds, limit)}`,
  used: (seconds: number, limit: number) =>
    limit > 0
      ? `${hours(seconds)} of ${whole(limit)} this week`
      : `${hours(seconds)} this week`,
  usedShort: (seconds: number, limit: number) =>
    limit > 0 ? `${hours(seconds)} of ${whole(limit)}` : hours(seconds),
  rowState: (status: string, side: string) =>
    ({
      offered:
        side === "freelancer" ? "Offered to you" : "Waiting for an answer",
      waiting: "Waiting for the service",
      paused: "Paused",
      refused: "Declined",
      ended: "Ended",
    })[status] ?? "",
  isTracking: () => "Being tracked now",

  // The head of a workroom (W-02, W-03)
  status: (status: string) =>
    ({
      offered: "Offered",
      waiting: "Waiting",
      active: "Active",
      paused: "Paused",
      refused: "Declined",
      ended: "Ended",
    })[status] ?? status,
  hourly: () => "Hourly",
  anHour: (amount: string) => `${amount} an hour`,
  forYourself: () => "For yourself",
  nobodyYet: () => "Nobody has accepted yet",
  started: (date: string) => `Started ${date}`,
  tabs: () => "Workroom",
  overview: () => "Overview",
  timesheets: () => "Timesheets",
  details: () => "Details",
  gone: () => "This contract is not here",
  goneText: () =>
    "It was closed to you, or this computer has not fetched it yet.",
  toContracts: () => "Back to the contracts",
  startTracker: () => "Start the tracker",

  // Overview (W-07, W-08)
  billed: () => "Billed this week so far",
  billedAt: (time: string, rate: string) => `${time} at ${rate}`,
  ofItManual: (time: string) => `${time} of it manual`,
  ofItOver: (time: string) => `${time} over the limit, unbilled`,
  weeklyLimit: () => "Weekly limit",
  ofLimit: (limit: number) => `of ${hours(limit)}`,
  left: (seconds: number) => `${hours(seconds)} left`,
  reached: () => "The limit is reached",
  overBy: (seconds: number) => `${hours(seconds)} over, unbilled`,
  nothingOver: () => "nothing over the limit",
  noLimit: () => "No weekly limit",
  dayOpen: (day: string, time: string) => `${day}, ${time}, open the diary`,
  nothingYet: () => "Nothing was tracked this week yet",
  nothingYetText: (mine: boolean) =>
    mine
      ? "Choose an activity, write what you work on, and start."
      : "Time shows up here as soon as the freelancer tracks it.",
  none: () => "–",
  step: (name: string, side: string) =>
    ({
      open: "Working week",
      adjust: side === "client" ? "Corrections" : "Your corrections",
      review: side === "freelancer" ? "Client review" : "Your review",
      closed: "Closed",
    })[name] ?? name,
  until: (when: string) => `until ${when}`,
  from: (when: string) => `from ${when}`,
  stepNow: () => "Now",
  weekSteps: () => "What happens with this week",
  todaysDiary: () => "Today’s diary",
  openDiary: () => "Open diary",
  notToday: () => "Nothing tracked today",
  recentFiles: () => "Recent files",
  noFiles: () => "Nothing was shared in the room yet.",
  people: () => "People",
  waitingSegments: (n: number) =>
    `${plural(n, "segment waits", "segments wait")} for the service. Saved on this computer.`,

  // An offer (W-32, W-33)
  offerOut: () => "Your offer is made. Send its link.",
  offerOutText: (email: string) =>
    email === ""
      ? "Whoever holds the link can accept, once, within 14 days of the offer."
      : `Only the account of ${email} can accept, once, within 14 days of the offer.`,
  offerElsewhere: () =>
    "Waiting for the freelancer. The link was made on another computer; only that one can show it.",
  waitingFreelancer: () => "Waiting for the freelancer",
  copyLink: () => "Copy the link",
  copied: () => "Copied",
  mail: () => "Send by e-mail",
  mailSubject: (title: string) => `Offer: ${title}`,
  mailBody: (title: string, link: string, name: string) =>
    `Hello,\n\nthis link opens my offer “${title}” in Trestle:\n\n${link}\n\nIt works once, for 14 days.\n\n${name}`,
  invitationLink: () => "Invitation link",
  wasDeclined: () => "The freelancer declined this offer.",
  afterDeclined: () => "To offer other terms, make a new contract.",
  youDeclined: () => "You declined this offer.",

  // Details (W-21, W-26, W-30)
  terms: () => "Terms",
  termsFixed: () => "As both sides agreed",
  termsOffered: () => "As offered",
  rate: () => "Rate",
  perHour: (amount: string) => `${amount} / h`,
  limitWeek: () => "Monday to Sunday, UTC",
  hoursWhole: whole,
  hoursPlain: (seconds: number) =>
    seconds % 3600 === 0 ? String(seconds / 3600) : hours(seconds),
  unlimited: () => "None",
  billing: () => "Billing",
  billingExact: () => "Exact time",
  billingSegments: () => "Whole segments",
  moreTerms: () => "Time and billing",
  allowManual: () => "Allow time written in by hand",
  billSegments: () =>
    "Bill by whole ten-minute segments instead of exact seconds",
  manualTermText: () => "Marked, and not protected",
  manualAllowed: () => "Allowed, always marked as such",
  manualNever: () => "Not allowed: tracked time only",
  billingText: () => "Rounded once a week",
  askActivity: () => "Ask for an activity",
  askActivityText: () => "Needed to start the tracker",
  yes: () => "Yes",
  no: () => "No",
  screenshots: () => "Screenshots",
  screenshotsText: (policy: string) =>
    policy === "none" ? "Time and counts only" : "About one in ten minutes",
  policy: (policy: string) =>
    ({ none: "None", blurred: "Blurred", full: "Full" })[policy] ?? policy,
  idleAfter: () => "Idle after",
  minutes: (n: number) => `${n} min`,
  activityCodes: () => "Activity codes",
  codesCount: (n: number) => `${n} on this contract`,
  code: () => "Code",
  description: () => "Description",
  hoursHead: () => "Hours",
  actions: () => "Actions",
  addCode: () => "Add a code",
  add: () => "Add",
  letters: (n: number, max: number) => `${n} / ${max}`,
  restore: () => "Restore",
  noCodes: () => "No activity codes",
  noCodesText: (client: boolean) =>
    client
      ? "Your names for kinds of work. The freelancer picks one while tracking."
      : "The client has made none. Time is tracked without an activity.",
  aboutContract: () => "Description",
  noAbout: () => "No description was written.",
  yourClient: () => "The client",
  yourFreelancer: () => "The freelancer",
  bothSides: () => "You are both sides of this contract",
  message: () => "Message",
  made: (date: string) => `Offered ${date}`,

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
  inLimit: () => "In limit",
  allHours: () => "Hours",
  tracked: () => "Tracked",
  manual: () => "Manual",
  overLimit: () => "Over the limit",
  withoutActivity: () => "Without activity",
  activityLevel: () => "Activity",
  percent: (n: number) => `${n}%`,
  notMeasured: () => "Not measured",
  averageText: () => "average of segments",
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
  ofLimitShort: (limit: number) => `of ${whole(limit)} limit`,
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
  levelShort: (active: number, of: number) => `${active}/${of}`,
  presence: () => "presence only",
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
  manualText: () => "Entered by hand. No screenshot and no counts.",
  keptText: () => "Idle time that was kept on return.",
  openText: () => "This segment grows while the tracker runs.",
  waitingText: () =>
    "Saved on this computer; the service does not have it yet.",
  enlarge: () => "Look at it in full size",

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
  ofHours: (limit: number) => ` / ${whole(limit)}`,
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
  answer: () => "Continue",
  startAgain: () => "Start again",
  dismiss: () => "Dismiss",
  trackerNotice: () => "The tracker",

  clockOf,
};
