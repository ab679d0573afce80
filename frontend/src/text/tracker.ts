// Texts of the tracker's panel, its small window and its settings; those of the diary are in diary.ts. See en.ts for how texts are written.
import { hours } from "./units";

const waits = (seconds: number) =>
  seconds < 60
    ? `${seconds} seconds`
    : seconds === 60
      ? "one minute"
      : `${Math.round(seconds / 60)} minutes`;

export const t = {
  // The panel (T-01, T-20)
  resume: () => "Resume tracking",
  paused: () => "Paused · one click goes on",
  switchTo: (title: string) => `Switch to ${title}`,
  switchNow: () => "Switch now",
  notNow: () => "Not now",
  recent: () => "Tracked lately",
  recentOf: (code: string, title: string) =>
    code === "" ? title : `${title} · ${code}`,
  placeOf: (title: string, code: string) => `${title} · ${code}`,
  unbilled: () => "Go on unbilled",
  unbilledText: (title: string) =>
    `The weekly limit${title === "" ? "" : ` of ${title}`} is reached. More time is not billed.`,
  goesUnbilled: () => "Beyond the limit, by your choice: not billed.",
  lostTo: (where: string) => `Tracking goes on at ${where}.`,
  /** What the contract takes, said before the start (T-07). */
  shotBefore: (policy: string, preview: number, blur: boolean) =>
    policy === "none"
      ? "This contract takes no screenshots, only time and counts."
      : policy === "blurred" || blur
        ? "About every ten minutes this contract takes a screenshot, blurred before it leaves this computer."
        : `About every ten minutes this contract takes a screenshot. You see each for ${waits(preview)} and can blur or delete it.`,
  shrink: () => "Make the window small",
  smaller: () => "Time and button alone",
  larger: () => "Show the fields",
  whole: () => "Back to the whole window",
  mini: () => "Mini tracker",
  miniTime: (time: string, what: string) => `${time}, ${what}`,
  settings: () => "Tracker settings",
  menu: () => "More of the tracker",
  readingNow: () =>
    "Reading or in a call: you are asked after 60 minutes without a key or movement.",
  readingOff: () => "Back to normal",

  // The question after time away (T-10)
  assign: () => "Give it to another activity…",
  assignText: () => "For a call or a meeting",
  assignTo: () => "Contract and activity",
  assignMemo: () => "What it was",
  assignMemoHint: () => "A few words, seen in the diary",
  assignDone: () => "Give it",
  moreQuestions: (n: number) =>
    n === 1 ? "1 more question waits" : `${n} more questions wait`,
  tooLong: () => "Over 8 hours cannot be kept as idle time.",

  // Settings (settings-tracker)
  title: () => "Tracker",
  lead: () =>
    "Applies to this computer. What your client asks for is in the contract’s Details.",
  words: () =>
    "screenshot shot preview sound blur displays idle away mini tray sign in unsent export privacy recorded",
  open: () => "Open tracker",
  whenAway: () => "When you are away",
  askAfter: () => "Ask after",
  askAfterText: () => "Set by each contract, 3 to 30 minutes",
  askAfterNow: (minutes: number) => `${minutes} minutes`,
  byContract: () => "By contract",
  noAnswer: () => "If you do not answer",
  noAnswerText: () => "The question stays until the week is frozen",
  discarded: () => "Time is discarded",
  reading: () => "Reading or in a call",
  readingText: () => "Asks after 60 minutes, this session only",
  lock: () => "Lock and sleep stop the clock",
  lockText: () => "Short locks continue without a question",
  always: () => "Always",
  shots: () => "Screenshots",
  preview: () => "Show each shot before it leaves",
  previewText: () => "Time to delete it from this computer",
  seconds: (n: number) =>
    n < 60 ? `${n} seconds` : n === 60 ? "1 minute" : `${n / 60} minutes`,
  sound: () => "Sound when one is taken",
  blurAll: () => "Blur every shot",
  blurAllText: () => "Done here, before it leaves",
  displays: () => "Displays",
  allDisplays: () => "All displays",
  mainDisplay: () => "Main display",
  miniAndTray: () => "Mini tracker and tray",
  onTop: () => "Keep the mini tracker on top",
  login: () => "Start Trestle when I sign in",
  loginText: () => "Starts in the tray, the clock stays stopped",
  capture: () => "Screen capture",
  captureOn: () => "Allowed",
  captureOff: () => "Not possible",
  captureUntried: () => "Not tried yet",
  tested: (time: string, displays: number) =>
    `Test shot ${time}, stays here · ${displays === 1 ? "1 display" : `${displays} displays`}`,
  testNone: () => "A test shot is shown to you alone and kept nowhere.",
  take: () => "Take a test shot",
  another: () => "Take another",
  testOf: (time: string) => `Test shot at ${time}`,
  testWhy: (reason: string) =>
    ({
      locked: "The screen is locked.",
      denied: "This system refused the picture.",
    })[reason] ?? "There is no display that a picture can be taken of.",
  recorded: () => "What is recorded",
  counts: () => "Counts of keys, clicks and scrolls",
  countsNot: () => "Counts of keys and clicks: not on this computer",
  shotsAsked: () => "Screenshots the contract asks for",
  whichKeys: () => "Which keys you press",
  titles: () => "Window titles, addresses, sound, camera",
  isRecorded: () => "Recorded:",
  neverRecorded: () => "Never recorded:",
  offline: () => "Offline",
  unsentTime: () => "Unsent time as a file",
  unsentTimeText: () =>
    "A table that a person can read, and that Import time takes in again",
  exportUnsent: () => "Export unsent time",
  offlineText: () =>
    "Time is kept on this computer without limit and sent when the service can be reached. Nothing is dropped for being late.",
  nothingWaits: () => "nothing waits",
  waitingSegments: (n: number) =>
    n === 1 ? "1 segment waiting" : `${n} segments waiting`,
  ranFor: (seconds: number) => hours(seconds),
};
