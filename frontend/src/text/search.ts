// The words of the search.
export const s = {
  search: () => "Search",
  hint: () => "Search",
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
  shown: (n: number, more: boolean) =>
    more ? `${n} newest` : n === 1 ? "1 found" : `${n} found`,
  leftOut: (parts: readonly string[]) => `without ${parts.join(", ")}`,
  chip: (op: string, value: string) =>
    op === "" ? `Remove ${value}` : `Remove ${op}: ${value}`,
  filters: () => "Parts of the search",
  olderHits: () => "Show older ones",
  waiting: () => "waiting to be sent",
  file: (name: string) => `File ${name}`,
  indexing: () => "New messages are still being read for the search.",
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
