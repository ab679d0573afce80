// The words about contact details before a contract.

const kinds: Record<string, string> = {
  phone: "a phone number",
  email: "an e-mail address",
  address: "a postal address",
  form: "a contact form",
  application: "a way to apply elsewhere",
  handle: "a name on another app",
  ask: "a request for contact details",
};

const reasons: Record<string, { label: string; text: string }> = {
  legal: {
    label: "Legal papers",
    text: "A non-disclosure agreement, a business licence. Writing stays here.",
  },
  access: {
    label: "Access for scoping",
    text: "An address needed to open a repository, an ad account. Writing stays here.",
  },
  portfolio: {
    label: "Part of a portfolio",
    text: "It shows work done before. Ask to be written to only here.",
  },
  not_contact: {
    label: "These are no contact details",
    text: "What was found is something else.",
  },
};

/** One, two and three of a list. */
function listed(list: readonly string[]): string {
  const last = list.at(-1) ?? "";
  return list.length < 2 ? last : `${list.slice(0, -1).join(", ")} and ${last}`;
}

export const c = {
  /** What was found, named. */
  found: (of: readonly string[], files: readonly string[]) => {
    const words = [...new Set(of)].map((k) => kinds[k] ?? "contact details");
    const inFiles = files.map((f) => `contact details in ${f}`);
    return `Found: ${listed([...words, ...inFiles])}.`;
  },
  rule: () =>
    "Contact details stay private until a contract has started. Writing here goes on as before.",
  ruleAsk: () =>
    "Until a contract has started, everything is written here, and nobody is asked for contact details.",
  title: () => "Not sent yet",
  choose: () => "Take it out, or say why it is needed. Readers see the reason.",
  readers: () => "If they are needed, say why. Readers see the reason.",
  edit: () => "Edit",
  reason: (reason: string) => reasons[reason]?.label ?? reason,
  reasonText: (reason: string) => reasons[reason]?.text ?? "",
  reasonList: () => "Reasons",

  /** Under a message: the reason its author named. */
  named: (reason: string, name: string, mine: boolean) => {
    const who = mine ? "You said" : `${name} said`;
    return reason === "not_contact"
      ? `${who} that these are no contact details.`
      : `Contact details, sent as ${(reasons[reason]?.label ?? reason).toLowerCase()}. Writing stays here until a contract starts.`;
  },
  asks: () =>
    "Asks for contact details before a contract. You need not answer that.",
  pays: () =>
    "Payment before a contract or past its record is against the rules here, and often a fraud.",
  polite: () => "Answer politely",
  politeText: () =>
    "Thank you for asking. I keep to the rules here and share contact details once a contract has started. Until then, let us write in this room.",
  report: () => "Report",

  secret: () =>
    "This looks like a password or key. Give as few rights as the work needs, and nothing with private content.",
  sureSecret: () => "Send it all the same",
  scheduling: () =>
    "Does this link make an appointment without asking for the other person’s contact details?",
  sureScheduling: () => "Yes, it works without",
  document: () =>
    "Documents such as a CV may hold no contact details before a contract. This kind of file is not looked into.",
  understood: () => "Understood",
  /** The building beside a name, or beside the name of a room in which somebody is one. */
  business: (who: string) =>
    who === "" ? "Business client" : `${who} is a Business client`,
};
