// A report as a table: rows and columns of seconds, and what they add up to. Pure.
import type { MoneyView, TimeSum } from "../bridge/api";

/** One line: its key, seconds by column, and its sums. */
export type PivotRow = {
  key: string[];
  seconds: number[];
  total: number;
  money: MoneyView[];
};

export type Pivot = {
  columns: string[];
  rows: PivotRow[];
  /** By column. */
  totals: number[];
  total: number;
  money: MoneyView[];
};

/** Adds an amount to those of its currency. */
function pay(list: MoneyView[], amount: number, currency: string) {
  const found = list.find((m) => m.currency === currency);
  if (found) found.amount += amount;
  else list.push({ amount, currency });
}

/**
 * Lays sums out: the keys at the places `down` name a row, the one at `across` a
 * column; without it there are no columns. Columns stand in the order given, or as
 * they come; rows with most time first, an empty key last.
 */
export function pivot(
  list: readonly TimeSum[],
  down: readonly number[],
  across: number | undefined,
  order: readonly string[] = [],
): Pivot {
  const columns = [...order];
  const rows = new Map<string, PivotRow>();
  const out: Pivot = { columns, rows: [], totals: [], total: 0, money: [] };
  for (const s of list) {
    const key = down.map((i) => s.keys[i] ?? "");
    const id = key.join("\n");
    let row = rows.get(id);
    if (!row) rows.set(id, (row = { key, seconds: [], total: 0, money: [] }));
    if (across !== undefined) {
      const name = s.keys[across] ?? "";
      let at = columns.indexOf(name);
      if (at < 0) at = columns.push(name) - 1;
      row.seconds[at] = (row.seconds[at] ?? 0) + s.seconds;
      out.totals[at] = (out.totals[at] ?? 0) + s.seconds;
    }
    row.total += s.seconds;
    out.total += s.seconds;
    pay(row.money, s.amount, s.currency);
    pay(out.money, s.amount, s.currency);
  }
  for (const row of rows.values())
    row.seconds = columns.map((_, i) => row.seconds[i] ?? 0);
  out.totals = columns.map((_, i) => out.totals[i] ?? 0);
  out.rows = [...rows.values()].sort(
    (a, b) =>
      Number(a.key[0] === "") - Number(b.key[0] === "") ||
      b.total - a.total ||
      a.key.join("\n").localeCompare(b.key.join("\n")),
  );
  return out;
}

/** Each day from the first to the last, YYYY-MM-DD, or each Monday of them. */
export function daysOf(from: string, to: string, by: string): string[] {
  const out: string[] = [];
  const day = new Date(`${from}T00:00:00Z`);
  if (by === "week")
    day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  const end = Date.parse(`${to}T00:00:00Z`);
  while (day.getTime() <= end && out.length < 4000) {
    out.push(day.toISOString().slice(0, 10));
    day.setUTCDate(day.getUTCDate() + (by === "week" ? 7 : 1));
  }
  return out;
}

/** The days of a range by name, as the calendar stands on a day. */
export function rangeOf(id: string, today: string): [string, string] {
  const day = new Date(`${today}T00:00:00Z`);
  const text = (d: Date) => d.toISOString().slice(0, 10);
  const plus = (n: number) => {
    const d = new Date(day);
    d.setUTCDate(d.getUTCDate() + n);
    return d;
  };
  const monday = -((day.getUTCDay() + 6) % 7);
  const month = (n: number) =>
    new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + n, 1));
  const before = (d: Date) => new Date(d.getTime() - 86_400_000);
  switch (id) {
    case "week":
      return [text(plus(monday)), text(plus(monday + 6))];
    case "lastWeek":
      return [text(plus(monday - 7)), text(plus(monday - 1))];
    case "month":
      return [text(month(0)), text(before(month(1)))];
    case "lastMonth":
      return [text(month(-1)), text(before(month(0)))];
    default:
      return [text(plus(monday - 21)), text(plus(monday + 6))];
  }
}

/** "36%", "<1%", "–" of nothing. */
export function percent(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return "–";
  const n = Math.round((100 * part) / whole);
  return n === 0 ? "<1%" : `${n}%`;
}
