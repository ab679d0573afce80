import { call } from "../bridge";
import type {
  BudgetsView,
  SavedReport,
  TimeReport,
  TimeReportIn,
} from "../bridge/api";
import { rangeOf } from "../reports/pivot";
import { Query } from "./query.svelte";
import { attempt } from "./say";

/** One freelancer over activities, one activity over freelancers, or both. */
export type Use = "freelancer" | "activity" | "everyone";

/** Scopes whose change a report shows. */
const concerns = (scope: string) =>
  scope.startsWith("d:") ||
  scope.startsWith("k:") ||
  scope.startsWith("a:") ||
  scope === "tracker";

/** The filters of a report, empty lists letting everything through. */
export type Filters = Pick<
  TimeReportIn,
  "clients" | "contracts" | "people" | "activities" | "kinds"
>;

const none = (): Filters => ({
  clients: [],
  contracts: [],
  people: [],
  activities: [],
  kinds: [],
});

/** What the Reports screen shows; kept while other screens are open. */
class Reports {
  use = $state<Use>("everyone");
  range = $state("weeks4");
  from = $state("");
  to = $state("");
  zone = $state("UTC");
  step = $state<"day" | "week">("day");
  swap = $state(false);
  filters = $state.raw<Filters>(none());
  saved = $state.raw<SavedReport[]>([]);
  #query: Query<TimeReport> | undefined = $state.raw();
  #budgets: Query<BudgetsView> | undefined = $state.raw();
  view = $derived.by(() => this.#query?.value);
  error = $derived.by(() => this.#query?.error ?? this.#budgets?.error);
  budgets = $derived.by(() => this.#budgets?.value);

  /** The keys a table of this use needs. */
  group(): string[] {
    if (this.use === "freelancer") return ["activity", this.step];
    if (this.use === "activity") return ["freelancer", "contract", this.step];
    return ["freelancer", "contract", "activity"];
  }

  /** What is asked for now. */
  asked(): TimeReportIn {
    const today = new Date().toLocaleDateString("sv", { timeZone: this.zone });
    const [from, to] =
      this.range === "" ? [this.from, this.to] : rangeOf(this.range, today);
    return { from, to, zone: this.zone, group: this.group(), ...this.filters };
  }

  /** Begins to show reports. */
  enter() {
    this.#query = new Query(() => call("Reports.Time", this.asked()), concerns);
    this.#budgets = new Query(() => call("Reports.Budgets"), concerns);
    void this.#query.refresh();
    void this.#budgets.refresh();
    void attempt(async () => {
      this.saved = (await call("Reports.Saved")).list;
    });
  }

  /** Ends it: the screen was left. */
  leave() {
    this.#query?.stop();
    this.#budgets?.stop();
  }

  #read() {
    void this.#query?.refresh();
  }

  /** Changes filters and reads the report again. */
  filter(change: Partial<Filters>) {
    this.filters = { ...this.filters, ...change };
    this.#read();
  }
  /** Takes filters off; dates become the last four weeks. */
  clear(which: readonly string[]) {
    if (which.includes("dates")) this.range = "weeks4";
    const change: Partial<Filters> = {};
    for (const w of which)
      if (w in this.filters) change[w as keyof Filters] = [];
    this.filter(change);
  }
  choose(use: Use) {
    this.use = use;
    // One freelancer, one activity: the one with most time, until another is chosen.
    const v = this.view;
    const first = (list: { id: string; seconds: number }[] | undefined) =>
      list
        ?.filter((f) => f.id !== "")
        .slice(0, 1)
        .map((f) => f.id) ?? [];
    if (use === "freelancer" && this.filters.people.length !== 1)
      this.filters = { ...this.filters, people: first(v?.people) };
    if (use === "activity" && this.filters.activities.length !== 1)
      this.filters = { ...this.filters, activities: first(v?.activities) };
    if (use === "everyone")
      this.filters = { ...this.filters, people: [], activities: [] };
    this.#read();
  }
  days(range: string, from = "", to = "") {
    // Dates of one's own begin with those that are shown.
    const now = this.asked();
    this.range = range;
    if (range === "") {
      this.from = from || now.from;
      this.to = to || now.to;
    }
    this.#read();
  }
  by(step: "day" | "week") {
    this.step = step;
    this.#read();
  }
  in(zone: string) {
    this.zone = zone;
    this.#read();
  }

  /** Keeps the report under a name; throws what was refused. */
  async save(name: string) {
    const report = this.asked();
    const { use, range, swap } = this;
    this.saved = (
      await call("Reports.Save", { id: "", name, use, range, swap, report })
    ).list;
  }
  async forget(id: string) {
    this.saved = (await call("Reports.Forget", { id })).list;
  }
  /** Shows a saved one. */
  show(s: SavedReport) {
    const { clients, contracts, people, activities, kinds } = s.report;
    this.use = s.use as Use;
    this.range = s.range;
    this.swap = s.swap;
    this.from = s.report.from;
    this.to = s.report.to;
    this.zone = s.report.zone || "UTC";
    this.step = s.report.group.includes("week") ? "week" : "day";
    this.filters = {
      clients: clients ?? [],
      contracts: contracts ?? [],
      people: people ?? [],
      activities: activities ?? [],
      kinds: kinds ?? [],
    };
    this.#read();
  }
}

export const reports = new Reports();
