// Texts of bringing time in from other programs' files. See en.ts for how texts are written.
import { hours } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

export const im = {
  open: () => "Import time",
  title: () => "Import time",
  lead: () =>
    "From a CSV export of Toggl Track, Clockify or solidtime, or from Trestle’s own. It becomes manual time.",
  choose: () => "Choose a file",
  other: () => "Another file",
  where: () =>
    "In Toggl Track: Reports, Detailed, Export, CSV. In Clockify: Reports, Detailed, Export, CSV.",
  large: () => "The file has more than 8 MB. Export fewer days at once.",
  empty: () => "The file is empty.",
  reading: () => "Reading the file",
  of: (layout: string, rows: number) =>
    `${layout === "trestle" ? "Trestle" : ({ toggl: "Toggl Track", clockify: "Clockify" }[layout] ?? layout)} export, ${plural(rows, "row", "rows")}`,
  letters: (name: string) => `Its letters were read as ${name}.`,
  left: (columns: readonly string[]) =>
    `Not taken over: ${columns.join(", ")}.`,
  zone: () => "Time zone of the file",
  here: (zone: string) => `${zone.replaceAll("_", " ")} (this computer)`,
  order: (sample: string) => `How is ${sample} to be read?`,
  orders: (id: string) => (id === "dmy" ? "Day first" : "Month first"),
  whose: () => "Whose time",
  chooseWhose: () => "Choose a person",
  person: (name: string, rows: number) =>
    `${name === "" ? "No name" : name} (${plural(rows, "row", "rows")})`,
  project: (name: string) => (name === "" ? "No project" : name),
  projects: () => "Project in the file",
  contracts: () => "Contract here",
  chooseContract: () => "Choose a contract",
  leaveOut: () => "Leave out",
  task: (name: string) => (name === "" ? "No task" : name),
  tasks: () => "Task in the file",
  codes: () => "Activity here",
  chooseCode: () => "Choose an activity",
  noCode: () => "No activity",
  to: (name: string) => `${name} becomes`,
  memo: () => "Memo for rows without one",
  memoHint: () => "A few words, 1 to 255 letters",
  show: () => "Rows to show",
  shows: (id: string) =>
    ({
      "": "All",
      add: "To be added",
      there: "Already there",
      refused: "Not taken",
    })[id] ?? id,
  state: (id: string) =>
    ({ add: "Will be added", there: "Already there", refused: "Not taken" })[
      id
    ] ?? id,
  line: () => "Line",
  when: () => "When",
  time: () => "Time",
  /** "0:01:03" */
  exact: (seconds: number) =>
    `${hours(seconds)}:${String(seconds % 60).padStart(2, "0")}`,
  what: () => "Memo",
  becomes: () => "What becomes of it",
  inWay: (text: string, what: string) =>
    what === "" ? text : `${text} ${what}`,
  more: (n: number) => `Show ${n.toLocaleString("en")} more`,
  none: () => "No rows here.",
  add: (rows: number, seconds: number) =>
    rows === 0
      ? "Nothing to add"
      : `Add ${plural(rows, "row", "rows")}, ${hours(seconds)}`,
  adding: (done: number, total: number) =>
    `Adding ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`,
  stop: () => "Stop",
  cancel: () => "Cancel",
  close: () => "Close",
  undo: () => "Undo",
  added: (rows: number, seconds: number) =>
    `${plural(rows, "row", "rows")} added, ${hours(seconds)}.`,
  failed: (n: number) =>
    `${plural(n, "row was", "rows were")} not added after all:`,
  undone: (seconds: number) => `${hours(seconds)} taken back.`,
  deleted: (seconds: number) =>
    `${hours(seconds)} were sent already. They are deleted, and cannot be written in there again.`,
  standing: (seconds: number) => `${hours(seconds)} stand still and stay.`,
};
