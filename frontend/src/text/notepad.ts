// The words of the personal notepad (M-35).
import { timeOf } from "./time";

export const n = {
  title: () => "Personal notepad",
  onlyMe: () => "Only you can see this",
  mode: () => "Read or write",
  read: () => "Read",
  write: () => "Write",
  box: () => "Notes",
  placeholder: () => "Notes, ideas, lists. Only for you.",
  empty: () => "Nothing noted yet",
  emptyText: () =>
    "Notes, ideas and lists about this room. They are on all your devices, and nobody else ever sees them.",
  begin: () => "Write a note",
  saved: (at: number) => (at === 0 ? "Saved" : `Saved ${timeOf(at)}`),
  saving: () => "Saving…",
  waits: () => "Saved on this computer",
  unsaved: () => "Not saved",
  long: (over: number) =>
    `${over} ${over === 1 ? "character" : "characters"} too many`,
  tools: () => "Formatting",
  bold: () => "Bold",
  italic: () => "Italic",
  heading: () => "Heading",
  bullets: () => "Bulleted list",
  numbers: () => "Numbered list",
  link: () => "Link",
  linkText: () => "text",
  clash: () => "Changed on two devices at once",
  clashText: () => "Both texts are kept until you choose.",
  compare: () => "Compare",
  compareTitle: () => "Two texts of this notepad",
  compareLead: () =>
    "The same lines were changed on two devices. Marked lines stand in one of the two only. Nothing is lost until you choose.",
  first: () => "In the notepad",
  second: () => "The other text",
  changed: (at: string) => `Changed ${at}`,
  keepFirst: () => "Keep this one",
  keepSecond: () => "Keep the other",
  keepBoth: () => "Keep both, one after the other",
  later: () => "Decide later",
  onlyHere: () => "only in this text",
};
