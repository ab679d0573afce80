// The words of who is here, who writes, and who has read (M-33).
const list = new Intl.ListFormat("en", { style: "long", type: "conjunction" });

export const p = {
  state: (state: string) =>
    ({ on: "here now", away: "away", off: "not here" })[state] ?? "",
  typing: (names: readonly string[]) => {
    if (names.length === 0) return "";
    if (names.length === 1) return `${names[0] ?? ""} is writing…`;
    if (names.length === 2) return `${list.format(names)} are writing…`;
    return "Several people are writing…";
  },
  localTime: (time: string, place: string) => `${time} in ${place}`,
  localTimeLong: (name: string, time: string, place: string) =>
    `It is ${time} for ${name}, in ${place}`,
  readBy: (names: readonly string[]) =>
    names.length <= 2
      ? `Read by ${list.format(names)}`
      : `Read by ${names.length}`,
  readByAll: (names: readonly string[]) => `Read by ${list.format(names)}`,
  privacy: () => "Privacy",
  privacyLead: () => "What others are told of you.",
  privacyWords: () => "presence here away receipts read time zone typing",
  presence: () => "Show when I am here",
  presenceText: () =>
    "People you share a room with see whether you are here, away or not here. Only whether this window is in use counts; nobody is told when you were last here.",
  receipts: () => "Show others how far I have read",
  receiptsText: () =>
    "Off, nobody is told, and you are not shown how far others have read.",
  zone: () => "Time zone",
  zoneText: () =>
    "Taken from this computer, so that others know your local time.",
  waitsHere: () =>
    "There is no connection to your service: what you change here takes effect once there is.",
  noZone: () => "Not known yet",
};
