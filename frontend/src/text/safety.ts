// The words of keeping people apart: reports, blocks, and what the administrator wrote.

/** The reasons of a report, in the order in which they are offered (P-20). */
export const reasons: { id: string; label: string }[] = [
  {
    id: "spend",
    label: "Asks me to spend money to apply (gift cards, checks, equipment)",
  },
  { id: "contact", label: "Wants contact details before a contract" },
  { id: "payment", label: "Wants payment up front or outside the contract" },
  { id: "account", label: "Wants to buy my account" },
  { id: "skills", label: "Claims false skills" },
  { id: "scam", label: "Sends a suspicious link, or a scam" },
  { id: "abuse", label: "Threatens or abuses" },
  { id: "other", label: "Something else" },
];

export const s = {
  report: () => "Report",
  reportEntry: () => "Report…",
  reportPersonEntry: () => "Report this person…",
  reportMessage: () => "Report this message",
  reportPerson: (name: string) => `Report ${name}`,
  reportLead: () =>
    "The administrator of your service reads the message with five around it, as they are now. Nobody else is told.",
  reportPersonLead: () =>
    "The administrator of your service reads this. Nobody else is told.",
  why: () => "What is wrong?",
  note: () => "Note",
  noteNeeded: () => "Note (needed for this reason)",
  submit: () => "Submit",
  chooseReason: () => "Choose a reason.",
  needsNote: () => "Write what is wrong: this reason needs a note.",
  reported: () => "Reported. What comes of it stands in Settings, Safety.",
  reasonOf: (id: string) =>
    reasons.find((x) => x.id === id)?.label ?? "Something else",

  block: () => "Block",
  blockName: (name: string) => `Block ${name}`,
  unblock: () => "Unblock",
  blocked: (name: string) =>
    `${name} is blocked: nothing passes between you any more.`,
  blockedHere: () => "blocked",
  apartLine: (name: string) =>
    `You blocked ${name}. Nothing passes between you.`,
  unblocked: (name: string) => `${name} is not blocked any more.`,
  whyNot: (why: string) =>
    ({
      contract: "An active contract stands between you. It has to end first.",
      blocked: "Blocked already.",
    })[why] ?? "",
  folded: (name: string) => `A message of ${name}, whom you blocked`,
  show: () => "Show",

  title: () => "Safety",
  lead: () => "Whom you blocked, and what came of your reports.",
  words: () => "block blocked unblock report reports safety abuse spam",
  blockedPeople: () => "Blocked people",
  nobody: () =>
    "You blocked nobody. Block somebody from a room's People, or from the menu of a message.",
  since: (day: string) => `Since ${day}`,
  reports: () => "Your reports",
  noReports: () => "You reported nothing.",
  outcome: (outcome: string, waiting: boolean) =>
    waiting
      ? "Waits to be sent"
      : ({
          "": "Not decided yet",
          dismissed: "Looked at, nothing was done",
          warned: "The person was warned",
          removed: "The message was removed",
          suspended: "The account was suspended",
        }[outcome] ?? "Decided"),

  suspended: (why: string) =>
    `Your account is suspended: ${why} You can read and export everything; nothing is sent.`,
  warned: (why: string) => `The administrator warns you: ${why}`,
  understood: () => "I have read it",
};
