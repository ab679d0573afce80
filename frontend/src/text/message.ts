// The words of what can be done with a message.
import { exactTime } from "./time";

const listed = (names: readonly string[]) =>
  names.length <= 1
    ? (names[0] ?? "")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

export const w = {
  react: () => "React",
  addReaction: () => "Add a reaction",
  reply: () => "Reply",
  edit: () => "Edit",
  delete: () => "Delete",
  markUnread: () => "Mark as unread",
  /** What others wrote while I wrote without a network. */
  above: (n: number) => (n > 1 ? `${n} new above` : "New above"),
  more: () => "More",

  edited: () => "edited",
  editedAt: (at: number) => `Edited ${exactTime(at)}. Show what it said before`,
  earlier: () => "What it said before",
  wordingAt: (at: number) => exactTime(at),
  deleted: (removed = false) =>
    removed
      ? "This message was removed by an administrator"
      : "This message was deleted",
  deletedNote: () => "Message deleted",
  editGone: () =>
    "The message was deleted meanwhile. Your words stay in the box: Send makes a new message of them.",
  changing: () => "This change waits to be sent",
  /** A change of a message that the service refused. */
  unsaved: (what: string) =>
    what === "deletion" ? "Not deleted." : "Edit not saved.",

  /** The name of a message's line for those who listen. */
  name: (
    author: string,
    time: string,
    text: string,
    parts: {
      auto?: boolean;
      edited?: boolean;
      reply?: string;
      files?: readonly string[];
      refused?: string;
      hint?: string;
    } = {},
  ) =>
    [
      `${author}, ${time}`,
      (parts.refused ?? "").replace(/\.$/, ""),
      parts.auto ? "automatic" : "",
      parts.reply ? `answers ${parts.reply}` : "",
      text,
      parts.files && parts.files.length > 0
        ? `${parts.files.length === 1 ? "file" : "files"} ${listed(parts.files)}`
        : "",
      parts.edited ? "edited" : "",
      parts.hint ?? "",
    ]
      .filter((x) => x !== "")
      .join(", "),

  quoteAway: () => "An earlier message",
  quoteFolded: () => "From somebody you blocked",
  quoteDeleted: (removed = false) =>
    removed ? "Message removed by an administrator" : "Message deleted",
  goToQuoted: (name: string) =>
    name === ""
      ? "Go to the message this one answers"
      : `Go to the message of ${name} that this one answers`,
  seeking: () => "Going there…",
  loadingMore: () => "More messages are on their way",
  goToDay: (day: string) => `${day}. Go to another day`,
  toToday: () => "The newest message",
  toWeek: () => "A week ago",
  toMonth: () => "A month ago",
  toBeginning: () => "The beginning",
  toDay: () => "A day…",
  toDayTitle: () => "Go to a day",
  dayLabel: () => "Day",
  goThere: () => "Go there",
  bookmark: () => "Bookmark",
  unbookmark: () => "Remove bookmark",
  bookmarked: () => "Bookmarked",
  copyLink: () => "Copy link",
  copyQuote: () => "Copy as quote",
  linkCopied: () => "Link copied",

  /** A reaction as a button: what it is, who, and what a press does. */
  reaction: (emoji: string, names: readonly string[], mine: boolean) =>
    `${emoji} ${names.length}, ${listed(names)}. ${mine ? "Take yours away" : "Join"}`,
  reactedBy: (names: readonly string[]) => listed(names),

  editing: () => "Editing your message",
  newWords: () => "What it says from now on",
  /** An empty room to somebody who was let in later. */
  fromNow: (room: string) =>
    `You see what is written in ${room} from the moment you came.`,
  /** In a room that takes no words. */
  silent: () => "Nothing was written here",
  emptied: () => "A message cannot be empty.",
  emptiedDelete: () => "Delete the message",
  answering: (name: string) => `Replying to ${name}`,
  stopEditing: () => "Cancel the edit",
  stopAnswering: () => "Do not reply",
  save: () => "Save",

  emoji: () => "Emoji",
  findEmoji: () => "Search emoji",
  noEmoji: (text: string) => `No emoji named “${text}”`,
  oftenUsed: () => "Often used",
  emojiGroup: (group: number) =>
    [
      "Smileys",
      "People",
      "",
      "Animals and nature",
      "Food and drink",
      "Travel and places",
      "Activities",
      "Objects",
      "Symbols",
      "Flags",
    ][group] ?? "",
};
