// What the rows and columns of a report are, and what they are called. Pure.
import type { TimeReport, TimeReportIn, TimeSum } from "../bridge/api";
import { t } from "../text/reports";
import { daysOf, type Pivot, pivot } from "./pivot";

/** What a row or a column is called. */
export type Head = {
  name: string;
  sub?: string;
  colour?: number;
  person?: string;
};

/** One freelancer over activities, one activity over freelancers, or both. */
type Form = "freelancer" | "activity" | "everyone";

/** A report as a table, with the names of its keys and the way to what lies behind them. */
export type Shape = {
  form: Form;
  swapped: boolean;
  table: Pivot;
  row: (key: string[]) => Head;
  column: (key: string) => Head;
  /** The filters that leave only what a row, or one cell of it, adds up. */
  behind: (key: string[], column?: string) => Partial<TimeReportIn>;
};

/** The table of a report that was read, whatever is asked for meanwhile. */
export function shapeOf(v: TimeReport, swap: boolean): Shape {
  const form: Form =
    v.group[0] === "activity"
      ? "freelancer"
      : v.group[2] === "activity"
        ? "everyone"
        : "activity";
  const swapped = form === "everyone" && swap;
  const codeDown = form === "freelancer" || swapped;
  const step = v.group.includes("week") ? "week" : "day";

  const code = (id: string): Head => {
    const a = v.activities.find((x) => x.id === id);
    const name = a?.id ? a.name : t.noActivity();
    return {
      name: a?.archived ? t.archivedMark(name) : name,
      colour: a?.colour ?? 0,
    };
  };
  const person = (who: string, contract: string): Head => ({
    name: v.people.find((p) => p.id === who)?.name ?? "",
    sub: v.contracts.find((c) => c.id === contract)?.name ?? "",
    person: who,
  });

  const column = (key: string): Head => {
    if (form !== "everyone") return { name: t.dayMonth(key) };
    if (!swapped) return code(key);
    const [who = "", contract = ""] = key.split("\n");
    return { name: person(who, contract).name };
  };
  const ofCode = (id: string) => ({ activities: [id] });
  const ofPerson = (who = "", contract = "") => ({
    people: [who],
    contracts: [contract],
  });
  /** The days of a column, within those of the report. */
  const ofDays = (key: string) => {
    const last = step === "week" ? daysOf(key, v.to, "day").slice(0, 7) : [key];
    return {
      from: key < v.from ? v.from : key,
      to: last.at(-1) ?? key,
    };
  };
  return {
    form,
    swapped,
    table: tableOf(v, form, swapped, step),
    row: (key) =>
      codeDown ? code(key[0] ?? "") : person(key[0] ?? "", key[1] ?? ""),
    column,
    behind(key, across) {
      const row = codeDown ? ofCode(key[0] ?? "") : ofPerson(key[0], key[1]);
      if (across === undefined) return row;
      if (form !== "everyone") return { ...row, ...ofDays(across) };
      return swapped
        ? { ...row, ...ofPerson(...across.split("\n")) }
        : { ...row, ...ofCode(across) };
    },
  };
}

function tableOf(
  v: TimeReport,
  form: Form,
  swapped: boolean,
  step: string,
): Pivot {
  if (form === "everyone" && !swapped)
    return pivot(v.rows, [0, 1], 2, codes(v));
  if (form === "everyone") {
    const turned: TimeSum[] = v.rows.map((r) => ({
      ...r,
      keys: [r.keys[2] ?? "", `${r.keys[0]}\n${r.keys[1]}`],
    }));
    const people = new Set(v.rows.map((r) => `${r.keys[0]}\n${r.keys[1]}`));
    return pivot(turned, [0], 1, [...people].sort());
  }
  const days = daysOf(v.from, v.to, step);
  // Days without any time are left out of a long table.
  const used = days.filter(
    (d) => days.length <= 14 || v.rows.some((r) => r.keys.at(-1) === d),
  );
  return form === "freelancer"
    ? pivot(v.rows, [0], 1, used)
    : pivot(v.rows, [0, 1], 2, used);
}

/** The activities that have time, most first, "no activity" last. */
const codes = (v: TimeReport) =>
  v.activities
    .filter((a) => v.rows.some((r) => r.keys.includes(a.id)))
    .sort(
      (a, b) =>
        Number(a.id === "") - Number(b.id === "") || b.seconds - a.seconds,
    )
    .map((a) => a.id);

/** What a report leaves out, in words: the names of all that is chosen in each filter. */
export function chosenFilters(v: TimeReport, asked: TimeReportIn): string[] {
  const named = (
    chosen: readonly string[],
    list: readonly { id: string; name: string }[],
    name: (id: string, name: string) => string = (_, name) => name,
  ) =>
    list
      .filter((x) => chosen.includes(x.id))
      .map((x) => name(x.id, x.name))
      .join(", ");
  return [
    named(asked.clients, v.clients),
    named(asked.contracts, v.contracts),
    named(asked.people, v.people),
    named(asked.activities, v.activities, (id, name) =>
      id === "" ? t.noActivity() : name,
    ),
    named(asked.kinds, v.kinds, (id) => t.kind(id)),
  ].filter((x) => x !== "");
}
