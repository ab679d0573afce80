// The words of the search.
import { dateOf, dayName, daysBetween, shortTime, timeOf } from "./time";

const month = new Intl.DateTimeFormat("en-GB", { month: "long" });
const monthYear = new Intl.DateTimeFormat("en-GB", {
  month: "long",
  year: "numeric",
});

/** A number of hits, of which no more than some are counted: "14", "1000+". */
const counted = (n: number, over: boolean) => `${n}${over ? "+" : ""}`;

export const s = {
  search: () => "Search",
  clear: () => "Clear the search",
  where: () => "What to search",
  peopleRooms: () => "People & rooms",
  messages: () => "Messages",
  people: () => "People",
  rooms: () => "Rooms",
  noRoom: (words: string) => `No person or room is called “${words}”.`,
  searchMessages: () => "Search messages",
  results: () => "Messages found",
  newest: () => "newest first",
  shown: (n: number, more: boolean, all: number, over: boolean) => {
    const of = all > n ? ` of ${counted(all, over)}` : "";
    return more ? `${n} newest${of}` : `${n}${of} found`;
  },
  counted,
  roomsWithHits: () => "Rooms with hits",
  hitsIn: (n: number, hidden: boolean) =>
    `${n === 1 ? "1 hit" : `${n} hits`}${hidden ? " · hidden room" : ""}`,
  bookmarks: () => "Bookmarks",
  /** What is typed to find all of them. */
  bookmarked: () => "is:bookmarked",
  allBookmarks: () => "All bookmarks",
  around: () => "The message in its room",
  aroundLog: (room: string) => `Messages around it in ${room}`,
  newerHit: () => "Newer hit",
  olderHit: () => "Older hit",
  openInRoom: () => "Open in room",
  notRead: () => "Reading here does not mark the room as read",
  enter: () => "Enter",
  opens: () => "open",
  /** The part of the list a hit stands in: "Today", "This week", "Earlier in November", "October", "May 2025". */
  period: (at: number, now: number) => {
    const ago = daysBetween(at, now);
    if (ago <= 0) return "Today";
    if (ago <= (new Date(now).getDay() + 6) % 7) return "This week";
    if (monthYear.format(at) === monthYear.format(now))
      return `Earlier in ${month.format(at)}`;
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return (sameYear ? month : monthYear).format(at);
  },
  /** When a hit was written: "10:12", "Thu 15:48", "12 Nov", with the whole date in another year. */
  when: (at: number, now: number) => {
    const ago = daysBetween(at, now);
    if (ago <= 0) return timeOf(at);
    if (ago < 7) return `${shortTime(at, now)} ${timeOf(at)}`;
    return new Date(at).getFullYear() === new Date(now).getFullYear()
      ? shortTime(at, now)
      : dateOf(at);
  },
  /** The same at the head of what is around it: "Today, 10:12", "12 November, 09:30". */
  moment: (at: number, now: number) => {
    const ago = daysBetween(at, now);
    const day =
      ago === 0 ? "Today" : ago === 1 ? "Yesterday" : dayName(at, now);
    return `${day}, ${timeOf(at)}`;
  },
  leftOut: (parts: readonly string[]) => `without ${parts.join(", ")}`,
  chip: (op: string, value: string) =>
    op === "" ? `Remove ${value}` : `Remove ${op}: ${value}`,
  filters: () => "Parts of the search",
  olderHits: () => "Show older ones",
  waiting: () => "waiting to be sent",
  file: (name: string) => `File ${name}`,
  isFile: () => "File",
  indexing: () => "Some messages are still being read for the search.",
  here: () => "Searched on this computer",
  behind: (rooms: readonly string[]) =>
    rooms.length === 1
      ? `Older messages of ${rooms[0] ?? ""} are at the service and not searched yet.`
      : `Older messages of ${rooms.length} rooms are at the service and not searched yet.`,
  fetch: () => "Get older messages",
  fetching: () => "Getting older messages",
  stop: () => "Stop",
  begin: () => "Search your messages",
  beginText: () =>
    "Type words above the list of rooms. What is on this computer is searched, also without a network.",
  beginHere: () => "Type words to find them in this room.",
  onlyBad: () => "Nothing to search for",
  onlyBadText: () =>
    "Correct or close the part that is marked, or type a word.",
  nothing: () => "Nothing found",
  nothingText: (typed: string) =>
    `No message or file on this computer fits “${typed}”.`,
  nothingBehind: () => "Older messages at the service were not searched.",
  withoutFilters: () => "Search without filters",
  inNames: () => "Look in people & rooms",
  inAll: () => "Search all rooms",
  how: () => "How to search",
  hints: (): { text: string; about: string }[] => [
    { text: "from:bob", about: "sent by" },
    { text: 'from:"Bob Jones"', about: "two words: quotes" },
    { text: 'in:"Room for Project A"', about: "in one room" },
    { text: "before:20260501", about: "that day or earlier" },
    { text: "after:20260501", about: "that day or later" },
    { text: "is:bookmarked", about: "your bookmarks" },
  ],
  findHere: () => "Find in this room",
  failed: (why: string) => `The search failed: ${why}`,
};
