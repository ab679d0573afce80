// Texts of Work: contracts, their workroom, offers and terms. See en.ts for how texts are written.
import { clockOf } from "./hours";
import { timesheet } from "./timesheet";
import { tracking } from "./tracking";
import { hours, wholeHours } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

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
      ? `${hours(seconds)} of ${wholeHours(limit)} this week`
      : `${hours(seconds)} this week`,
  usedShort: (seconds: number, limit: number) =>
    limit > 0 ? `${hours(seconds)} of ${wholeHours(limit)}` : hours(seconds),
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
  /** Where time is over the limit, it may be the manual one: what is billed is then not the whole of which it is a part. */
  ofItManual: (time: string, over: boolean) =>
    over ? `${time} entered by hand` : `${time} of it manual`,
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
      ? "Whoever opens the link first can ask about the offer and answer it, within 14 days of it."
      : `Only the account of ${email} can ask about the offer and answer it, within 14 days of it.`,
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
  afterDeclined: () => "To offer other terms, make a new contract.",

  // Details (W-21, W-26, W-30)
  terms: () => "Terms",
  termsFixed: () => "As both sides agreed",
  termsOffered: () => "As offered",
  rate: () => "Rate",
  perHour: (amount: string) => `${amount} / h`,
  limitWeek: () => "Monday to Sunday, UTC",
  hoursWhole: wholeHours,
  hoursPlain: (seconds: number) =>
    seconds % 3600 === 0 ? String(seconds / 3600) : hours(seconds),
  unlimited: () => "None",
  billing: () => "Billing",
  billingExact: () => "Exact time",
  billingSegments: () => "Whole segments",
  moreTerms: () => "Time and billing",
  allowManual: () => "Allow time written in by hand",
  billSegments: () =>
    "Bill by wholeHours ten-minute segments instead of exact seconds",
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

  clockOf,
  ...timesheet,
  ...tracking,
};
