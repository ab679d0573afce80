// The words of what has not reached the service: the Not sent drawer and the banners about it.
import { m } from "./en";
import { dayName, shortTime, timeOf } from "./time";
import { hours } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

/** The kinds of things that can wait or be refused. The program's export names them the same. */
export const titles = {
  message: "Message",
  edit: "Edited message",
  deletion: "Deleting a message",
  erasure: "Deleting a file",
  reaction: "Reaction",
  unreaction: "Taking a reaction back",
  time: "Tracked time",
  screenshot: "Screenshot",
  recode: "Activity of recorded time",
  rememo: "Memo of recorded time",
  swap: "Whose time it is",
  cut: "Deleting recorded time",
  manual: "Time written in by hand",
  terms: "Terms of a contract",
  pause: "Pausing a contract",
  resume: "Resuming a contract",
  end: "Ending a contract",
  lower: "Lower rate of a contract",
  approve: "Approving late time",
  dispute: "Dispute of a week",
  activity: "Activity code",
  contract: "New contract",
  ask: "Asking about an offer",
  accept: "Accepting an offer",
  decline: "Declining an offer",
  withdraw: "Withdrawing an offer",
  bookmark: "Bookmark",
  favourite: "Favourite",
  unfavourite: "No longer a favourite",
  hide: "Hiding a room",
  unhide: "Showing a room again",
  level: "Notifications of a room",
  notices: "What you are told of",
  away: "Out-of-Office",
  notepad: "Notepad",
  privacy: "What others are told of you",
  writing: "What Enter does",
  direct: "First message to somebody",
  block: "Blocking somebody",
  unblock: "Unblocking somebody",
  report: "Report",
  room: "New room",
  rename: "Name of a room",
  archive: "Archiving a room",
  unarchive: "Opening an archived room",
  add: "Adding somebody",
  remove: "Removing somebody",
  leave: "Leaving a room",
  admin: "Making somebody an admin",
  member: "Making an admin a member",
  handover: "Handing a room over",
  file: "File",
  unknown: "Something of another version",
} as const;

const ofRooms = new Set<string>([
  "message",
  "edit",
  "deletion",
  "erasure",
  "reaction",
  "unreaction",
  "bookmark",
  "favourite",
  "unfavourite",
  "hide",
  "unhide",
  "level",
  "rename",
  "archive",
  "unarchive",
  "add",
  "remove",
  "leave",
  "admin",
  "member",
  "handover",
  "report",
  "file",
]);

/** Whether this program has a name for a kind. */
export const isKind = (what: string): what is keyof typeof titles =>
  Object.hasOwn(titles, what);

export const o = {
  title: () => "Not sent",
  lead: (refused: number, waiting: number, tooOld: boolean) =>
    refused > 0
      ? "Nothing here is lost. Decide about each when you like."
      : waiting > 0 && tooOld
        ? "Nothing here is lost. It goes out once Trestle is updated."
        : waiting > 0
          ? "These go out by themselves. Nothing is for you to do."
          : undefined,
  empty: () => "Everything was sent",
  emptyText: () =>
    "What the service refuses, and what waits for a connection, is listed here.",
  refusedList: () => "Refused",
  waitingList: (n: number) => `Waiting to be sent · ${n}`,
  more: (n: number) => `and ${plural(n, "more", "more")}`,
  count: (n: number) => plural(n, "item", "items"),

  /** What a row is, by its kind. */
  what: (what: string) => titles[isKind(what) ? what : "unknown"],
  where: (what: string, where: string) =>
    where === ""
      ? ofRooms.has(what)
        ? "in a room that is closed to you"
        : ""
      : ofRooms.has(what)
        ? `in ${where}`
        : `for ${where}`,
  /** What a row says that has no words of a person's own. */
  sentence: (row: { what: string; by: string; text: string }) =>
    ({
      deletion: "The whole message, for everybody.",
      erasure: "Its bytes, for everybody.",
      time: row.text === "" ? "Without a memo." : "",
      screenshot: "A picture for the diary.",
      swap: "It belongs to this contract.",
      cut: "The time and its screenshots.",
      terms: "They count as soon as the service has them.",
      pause: "Nothing is tracked on it until it goes on.",
      resume: "Time is tracked on it again.",
      lower: "It counts only if the freelancer agrees.",
      approve: "It stands as a line beside the bill of its week.",
      ask: row.by === "" ? "" : `Offered by ${row.by}.`,
      withdraw: "Its link works no more, and its room is closed.",
      accept: row.by === "" ? "You said yes." : `Offered by ${row.by}.`,
      decline: row.by === "" ? "You said no." : `Offered by ${row.by}.`,
      bookmark: "The message is kept among your bookmarks.",
      favourite: "The room becomes one of your favourites.",
      unfavourite: "The room stops being one of your favourites.",
      hide: "The room leaves your lists.",
      unhide: "The room comes back to your lists.",
      level: "What you are told of there.",
      notices: "Your settings of notifications.",
      away: "What others are answered while you are away.",
      archive: "Nobody writes there any more.",
      unarchive: "The room is open for writing again.",
      leave: "You go out of the room.",
    })[row.what] ?? "",
  /** The message that a row is about. */
  about: (text: string) => `“${text}”`,
  /** The name of a row for those who listen. */
  name: (what: string, where: string, reason: string) =>
    [o.what(what), o.where(what, where)].filter((x) => x !== "").join(" ") +
    (reason === "" ? "" : `. ${reason}`),
  time: (from: number, until: number) =>
    `${dayName(from, Date.now())}, ${timeOf(from)}–${timeOf(until)} · ${hours((until - from) / 1000)}`,
  activity: (code: string, when: string) =>
    code === "" ? when : `${code} · ${when}`,
  moment: (at: number) => `${dayName(at, Date.now())}, ${timeOf(at)}`,
  at: (at: number) => shortTime(at, Date.now()),

  /** How a thing waits. */
  state: (state: string, reason: string, tooOld: boolean) =>
    ({
      queued: tooOld ? "Waits for the update" : "Waits for the connection",
      sending: "Being sent",
      waiting: "Waits for a file or for what it belongs to",
      held: "Waits behind a message that was refused",
    })[state] ?? (reason === "" ? "Tried again by itself in a moment" : reason),
  confirm: () =>
    "The service was restored from a backup and does not have this any more. Send it again only if you still mean it.",
  unreadable: () =>
    "This version of Trestle cannot send it. It is kept; a newer version may. Its bytes can be saved.",
  now: (text: string) => `Now: ${text}`,
  behind: (n: number) =>
    `${plural(n, "later message waits", "later messages wait")} until you decide about this one.`,

  retry: () => "Retry",
  retryAll: () => "Retry all",
  look: () => "Look at the offer",
  sendAgain: () => "Send again",
  edit: () => "Edit",
  copy: () => "Copy",
  copyText: () => "Copy text",
  /** The way to what was not sent of one room. */
  showOf: (n: number) => `Show what was not sent · ${n}`,
  discard: () => "Discard",
  discardAll: () => "Discard all",
  bytes: () => "Save its bytes",
  openRoom: () => "Open the room",
  discarded: (n: number) =>
    n === 1 ? "Discarded" : `${plural(n, "item", "items")} discarded`,
  export: () => "Export",
  exportHint: () => "Save all of it, drafts too, as a file you can read",
  exported: () => "Saved to your downloads",
  list: () => "Unsent items",

  /** The menu entry and the line below the sidebar. */
  menu: (n: number) => (n === 0 ? "Not sent" : `Not sent · ${n}`),

  /** Banners (D-06). */
  offline: (messages: number, waiting: number) => {
    const back = "will be sent when the connection is back.";
    if (messages > 0)
      return `Offline. ${plural(messages, "message", "messages")} ${back}`;
    if (waiting > 0)
      return `Offline. ${plural(waiting, "change", "changes")} ${back}`;
    return "Offline. What you do is kept here and sent when the connection is back.";
  },
  tooOld: (waiting: number) =>
    `This version of Trestle is too old to send to this service. You can go on reading${waiting > 0 ? `; ${plural(waiting, "change is", "changes are")} kept here` : ""}. Please update.`,
  /** The line below the sidebar, beside the number of what was refused. */
  restSaved: () => "Everything else saved",
  /** The line below the sidebar, while nothing may be sent. */
  kept: (n: number) => `${plural(n, "change is", "changes are")} kept here`,
  show: () => "Show",
  tryAgain: () => "Try again",
  close: () => m.close(),
};
