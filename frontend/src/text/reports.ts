// Texts of Reports: the activity report, budgets and the list of codes. See en.ts for how texts are written.
import { hours, span } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

const dayMonth = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
});

export const t = {
  /** "26 Oct" of YYYY-MM-DD. */
  dayMonth: (day: string) => dayMonth.format(new Date(`${day}T00:00:00Z`)),
  /** "26 Oct – 22 Nov 2026" of two days. */
  between: (from: string, to: string) =>
    from.slice(0, 4) === to.slice(0, 4)
      ? `${t.dayMonth(from)} – ${t.dayMonth(to)} ${to.slice(0, 4)}`
      : `${t.dayMonth(from)} ${from.slice(0, 4)} – ${t.dayMonth(to)} ${to.slice(0, 4)}`,

  reports: () => "Reports",
  activity: () => "Activity report",
  activityLead: () => "Who spent how long on what",
  budgets: () => "Budgets",
  budgetsLead: () => "Each contract’s weekly limit and what is used of it",
  codes: () => "Activity codes",
  codesLead: () =>
    "One list for all your contracts; freelancers pick from what is assigned",
  manage: () => "Manage activity codes",
  back: () => "Back to budgets",

  // Uses
  use: () => "What to compare",
  uses: (id: string) =>
    ({
      freelancer: "One freelancer",
      activity: "One activity",
      everyone: "Everyone",
    })[id] ?? id,
  export: () => "Export",
  exports: (id: string) =>
    ({
      "csv:trestle": "CSV, all columns",
      "csv:toggl": "CSV for Toggl Track",
      "csv:clockify": "CSV for Clockify",
      "csv:solidtime": "CSV for solidtime",
      "csv:kimai": "CSV for Kimai",
      "xlsx:": "XLSX workbook",
      "pdf:": "PDF timesheet",
      "json:": "JSON",
      "csv:week": "CSV, days across",
    })[id] ?? id,
  print: () => "Print",
  timesheet: () => "Timesheet",
  printed: (moment: string) => `Printed from Trestle, ${moment}`,
  timesIn: (zone: string) => `Times in ${zone.replaceAll("_", " ")}`,
  weekOf: (days: string) => `Week ${days}`,
  total: () => "Total",
  fromTo: () => "From and to",
  memo: () => "Memo",
  dayHead: () => "Day",
  kindHead: () => "Kind",
  tooLong: (n: number) =>
    `${n.toLocaleString("en")} more stretches of time are not on this sheet; the CSV has them all.`,
  exported: (name: string) => `${name} is written.`,

  // Filters
  dates: () => "Dates",
  from: () => "First day",
  to: () => "Last day",
  range: (id: string) =>
    ({
      week: "This week",
      lastWeek: "Last week",
      weeks4: "Last 4 weeks",
      month: "This month",
      lastMonth: "Last month",
      "": "Other days",
    })[id] ?? id,
  client: () => "Client",
  allClients: () => "All clients",
  contracts: () => "Contracts",
  freelancer: () => "Freelancer",
  everyone: () => "Everyone",
  someone: () => "Choose a freelancer",
  activities: () => "Activities",
  allActivities: () => "All activities",
  oneActivity: () => "Choose an activity",
  several: (n: number, what: string) => `${n} ${what}`,
  step: () => "Columns",
  steps: (id: string) => ({ day: "By day", week: "By week" })[id] ?? id,
  zone: () => "Time zone",
  search: () => "Find",
  nothing: () => "Nothing of that name",
  kindOfTime: () => "Kind of time",
  kind: (id: string) =>
    ({
      tracked: "Tracked",
      manual: "Manual",
      kept_idle: "Kept idle",
      over_limit: "Over the limit",
      late: "Late",
    })[id] ?? id,
  archivedCodes: () => "With archived codes",
  noActivity: () => "No activity",
  archivedMark: (code: string) => `${code} (archived)`,

  // Saved views
  saved: () => "Saved reports",
  save: () => "Save this report",
  name: () => "Name",
  keep: () => "Save",
  forget: (name: string) => `Remove ${name}`,
  forgotten: (name: string) => `${name} is removed.`,

  // Figures
  hours: () => "Hours",
  amount: () => "Amount",
  manual: () => "Manual",
  thisWeek: (seconds: number) => `${hours(seconds)} this week`,
  unbilled: (seconds: number) =>
    seconds > 0 ? `${span(seconds)} unbilled` : "all within the limits",
  billed: (amount: string) => `${amount} with adjustments`,
  adjustmentsHead: () => "Adjustments",
  weekHead: () => "Week",
  toWeek: () => "Open the timesheet of this week",
  withAdjustments: () => "With adjustments",
  printHours: (time: string, amount: string) =>
    [`${time} hours`, amount].filter((x) => x !== "").join(", "),
  printManual: (time: string) => `${time} of it manual`,
  ofHours: (percent: string) => `${percent} of hours`,
  share: () => "Share",
  all: () => "All",
  contract: () => "Contract",
  activityHead: () => "Activity",
  swap: () => "Swap rows and columns",
  addUp: () =>
    "Rows, columns and days add up to the same total. Time without an activity has its own line.",
  chart: (by: string) =>
    by === "week" ? "Hours by week and activity" : "Hours by day and activity",
  bar: (day: string, seconds: number) => `${day}: ${hours(seconds)}`,
  details: (what: string) => `Memos of ${what}`,
  cross: (row: string, column: string) => `${row}, ${column}`,
  cell: (row: string, column: string, time: string) =>
    `${row}, ${column}: ${time}, show its memos`,
  toDiary: () => "Open in the diary",
  moreLines: (n: number) => `Show ${n.toLocaleString("en")} more`,
  noMemos: () => "No memos in these days.",
  close: () => "Close",
  running: (n: number) =>
    n === 0 ? "" : `${plural(n, "tracker is", "trackers are")} running`,

  // Empty
  empty: () => "No time here",
  emptyWhy: (filters: readonly string[]) =>
    filters.includes("dates") || filters.length === 0
      ? "Nothing was tracked on these days. Choose others."
      : `All of it is held back by ${filters.map(filterName).join(" or ")}.`,
  clear: (filters: readonly string[]) =>
    filters.includes("dates") || filters.length === 0
      ? "Show the last 4 weeks"
      : `Show all ${filters.map(filterName).join(" and ")}`,
  newContract: () => "New contract",
  noContracts: () => "Nothing to report yet",
  noContractsText: () =>
    "Reports add up the time of your contracts. Offer one to begin.",

  // Budgets
  budget: (used: number, limit: number) =>
    limit > 0 ? `${hours(used)} of ${hours(limit)}` : hours(used),
  noLimit: () => "No limit",
  weekUse: () => "This week",
  rate: () => "Rate",
  inAll: () => "In all",
  over: (seconds: number) => `${hours(seconds)} over`,
  left: (seconds: number) => `${hours(seconds)} left`,
  codesOn: (n: number) => plural(n, "code", "codes"),
  open: (title: string) => `Open ${title}`,
  ended: () => "Ended",
  perHour: (money: string) => `${money} / h`,

  // The list of codes
  code: () => "Code",
  about: () => "Description",
  aboutHint: () => "What belongs here",
  on: () => "Assigned to",
  nowhere: () => "No contract",
  newCode: () => "New code",
  add: () => "Add",
  edit: (code: string) => `Change ${code}`,
  archive: (code: string) => `Archive ${code}`,
  restore: (code: string) => `Restore ${code}`,
  restoreShort: () => "Restore",
  actions: () => "Actions",
  letters: (n: number, of: number) => `${n} of ${of}`,
  archived: (code: string) => `${code} is archived. Its hours stay in reports.`,
  assign: (n: number) => `Assign ${plural(n, "code", "codes")}`,
  assignOne: (code: string) => `Assign ${code}`,
  assignTo: () => "Contracts on which they can be picked",
  choose: (code: string) => `Choose ${code}`,
  chosen: (n: number) => `${n} chosen`,
  noCodes: () => "No activity codes yet",
  noCodesText: () =>
    "Codes label what time was spent on. Freelancers pick one when they track.",
  archivedList: (n: number) => plural(n, "archived code", "archived codes"),
  hoursStay: () => "Their hours stay in reports",
};

const filterName = (id: string) =>
  ({
    clients: "clients",
    contracts: "contracts",
    people: "freelancers",
    activities: "activities",
    kinds: "kinds of time",
  })[id] ?? id;
