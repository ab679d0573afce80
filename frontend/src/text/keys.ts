// The words of the list of shortcuts.

export const k = {
  title: () => "Shortcuts",
  lead: () => "What the keys do in Trestle.",
  /** What the section is also found by. */
  words: () =>
    "keyboard keys enter hotkey list anywhere everywhere in the system outside the window start stop tracking capture",
  find: () => "Find a shortcut",
  none: (typed: string) => `No shortcut for “${typed}”`,
  count: (n: number) => (n === 1 ? "1 shortcut" : `${n} shortcuts`),
  or: () => "or",
  to: () => "to",
  sends: () => "Enter sends",

  group: {
    messages: () => "Messages",
    formatting: () => "Formatting",
    anywhere: () => "Anywhere in Trestle",
    message: () => "On a message",
  },

  send: () => "Send",
  line: () => "New line",
  lineToo: () => "Alt and Ctrl work too",
  editLast: () => "Edit my last message",
  escape: () => "Close the mention box, then emoji, then the edit",
  room: () => "Previous or next room",
  unreadRoom: () => "Previous or next unread room",
  plain: () => "Paste as text only",
  latest: () => "Jump to latest",
  readAll: () => "Jump to latest and mark as read",

  bold: () => "Bold",
  italic: () => "Italic",
  strike: () => "Strikethrough",
  code: () => "Code",

  switcher: () => "Go to a room, person, contract or command",
  search: () => "Search messages",
  findHere: () => "Find in this room",
  rail: () => "Messages, Work, Diary and on",
  panel: () => "Side panel",
  region: () => "Next or previous part of the window",
  settings: () => "Settings",
  zoom: () => "Larger, smaller, as it was",
  sheet: () => "This list",

  unread: () => "Mark as unread",
  unreadToo: () => "or click it with Alt held",
  open: () => "Its menu",

  /** A key as it stands on its cap. */
  cap: (key: string): string =>
    ({
      ArrowUp: "↑",
      ArrowDown: "↓",
      Escape: "Esc",
      "=": "+",
    })[key] ?? key,
  /** The same spoken. */
  spoken: (key: string): string =>
    ({
      ArrowUp: "Up",
      ArrowDown: "Down",
      Escape: "Escape",
      "\\": "Backslash",
      "/": "Slash",
      ",": "Comma",
      "=": "Plus",
      "-": "Minus",
    })[key] ?? key,
};
