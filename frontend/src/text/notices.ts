// The words of the bell, of Settings › Notifications and of the out-of-office responder.
import { dayName, shortTime } from "./time";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

/** "Wed 25 November 2026" of YYYY-MM-DD; days are dates without a zone here. */
const day = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const dayMonth = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "long",
});
const month = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  month: "long",
  year: "numeric",
});
const short = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
});
const utc = (date: string) => new Date(`${date}T00:00:00Z`);

export const n = {
  // The bell
  bell: (fresh: number) =>
    fresh === 0
      ? "Notifications"
      : `Notifications, ${plural(fresh, "new", "new")}`,
  title: () => "Notifications",
  none: () => "Nothing in the last 30 days",
  noneText: () =>
    "Mentions, messages and answers to offers are listed here. Settings say which.",
  settings: () => "Notification settings",
  count: (count: number) => `${count} messages`,
  by: (by: string, text: string) => (by === "" ? text : `${by}: ${text}`),
  unsent: (count: number) =>
    `${plural(count, "change was", "changes were")} not accepted`,
  at: (at: number) => shortTime(at, Date.now()),
  day: (at: number) => dayName(at, Date.now()),
  fresh: () => "New",

  windowTitle: (unread: number) =>
    unread === 0 ? "Trestle" : `(${unread > 99 ? "99+" : unread}) Trestle`,

  // What one is told of
  tellMe: () => "Tell me about",
  topic: (id: string) =>
    ({
      mentions: "Direct messages and mentions",
      messages: "Other messages in my rooms",
      offers: "Answers to my offers",
      contract: "Contract changes",
      limit: "Time tracker and weekly limit",
      unsent: "Items not sent",
    })[id] ?? id,
  all: () => "All notifications",
  allOff: () => "Nothing interrupts you on any device while this is off.",
  test: () => "Send a test",
  how: () => "How",
  howOften: () => "How often",
  howOftenText: () => "Mentions always come at once",
  every: (minutes: number) =>
    ({ 0: "At once", 15: "15 min", 60: "Hourly", 1440: "Daily" })[minutes] ??
    "",
  everyText: (minutes: number) =>
    ({
      0: "Mentions always come at once",
      15: "At each quarter of an hour. Mentions come at once.",
      60: "At each full hour. Mentions come at once.",
      1440: "At nine in the morning. Mentions come at once.",
    })[minutes] ?? "",
  quiet: () => "Quiet hours",
  hold: () => "Hold notifications",
  holdText: () => "They wait in the bell",
  from: () => "From",
  to: () => "to",
  until: () => "Until",
  weekday: (d: number) =>
    [
      "Sunday",
      "Monday",
      "Tuesday",
      "Wednesday",
      "Thursday",
      "Friday",
      "Saturday",
    ][d] ?? "",
  letter: (d: number) => "SMTWTFS"[d] ?? "",
  days: () => "Days with quiet hours; the others are quiet all day",
  rest: (count: number) => (count === 0 ? "every day" : "the rest all day"),
  city: (zone: string) => (zone.split("/").pop() ?? zone).replaceAll("_", " "),
  here: () => "On this computer",
  showHere: (name: string) => `Show notifications of ${name}`,
  showHereText: () => "The account that is signed in here",
  showText: () => "Show message text",
  showTextText: () => "Off says only that something came",
  badge: () => "Unread count",
  badgeText: () => "On the tray and in the window's title",
  differ: () => "Rooms that differ",
  differText: () => "Chosen in the menu of a room",
  level: (id: string) =>
    ({ all: "All messages", mentions: "Mentions", none: "Nothing" })[id] ?? id,
  levelOf: (room: string) => `Notifications of ${room}`,
  noNotifier: () => "This desktop shows no notifications",

  // Out of office
  office: () => "Out-of-Office",
  officeLead: () =>
    "One automatic answer per person for each absence. Your rooms show a banner meanwhile.",
  officeWords: () => "away vacation holiday responder automatic answer",
  responder: () => "Responder",
  message: () => "Message",
  messageHint: () => "Bold, italic and links work as in a message",
  length: (now: number) => `${now.toLocaleString("en")} / 1,000`,
  placeholder: () => "I am away and will answer when I am back.",
  when: () => "When",
  first: () => "First day",
  last: () => "Last day",
  choose: () => "Choose a day",
  crossed: () => "The last day lies before the first.",
  date: (date: string) => day.format(utc(date)).replaceAll(",", ""),
  short: (date: string) => dayMonth.format(utc(date)),
  small: (date: string) => short.format(utc(date)),
  month: (date: string) => month.format(utc(date)),
  hours: (zone: string) =>
    `Starts 00:00 and ends 24:00${zone === "" ? "" : ` in ${n.city(zone)}`}. You can end it early at any time.`,
  over: () => "This absence has ended. Choose new days, or switch it off.",
  who: () => "Who gets it",
  whoOnce: () =>
    "Each person once during this absence, in the room where they write to you; in a group only if they mention you.",
  whoNever: () => "Never in answer to another automatic answer.",
  whoQuiet: () => "Your notifications wait in the bell until you are back.",
  others: () => "What others see",
  awayUntil: (name: string, last: string) =>
    `${name} is away until ${n.short(last)}.`,
  quote: (text: string) =>
    `“${[...text].length > 60 ? [...text].slice(0, 58).join("").trimEnd() + "…" : text}”`,
  nothingYet: () => "Write a message and choose the days.",
  before: () => "Previous month",
  after: () => "Next month",
  beginsOn: (first: string) => `from ${n.small(first)}`,
  endsOn: (last: string) => `until ${n.small(last)}`,
};
