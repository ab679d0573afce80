// Days as YYYY-MM-DD, read as UTC so that no zone moves them.

const at = (day: string) => new Date(`${day}T00:00:00Z`);
const text = (d: Date) => d.toISOString().slice(0, 10);

/** The day so many days after another. */
export function addDays(day: string, n: number): string {
  const d = at(day);
  d.setUTCDate(d.getUTCDate() + n);
  return text(d);
}

/** The same day of another month, or that month's last. */
export function addMonths(day: string, n: number): string {
  const d = at(day);
  const date = d.getUTCDate();
  d.setUTCDate(1);
  d.setUTCMonth(d.getUTCMonth() + n + 1, 0);
  d.setUTCDate(Math.min(date, d.getUTCDate()));
  return text(d);
}

/** Whether two days lie in one month. */
export const inMonth = (day: string, of: string) =>
  day.slice(0, 7) === of.slice(0, 7);

/** The six weeks, Monday first, that hold the month of a day. */
export function gridOf(day: string): string[][] {
  const first = `${day.slice(0, 7)}-01`;
  const begin = addDays(first, -((at(first).getUTCDay() + 6) % 7));
  return Array.from({ length: 6 }, (_, w) =>
    Array.from({ length: 7 }, (_, d) => addDays(begin, w * 7 + d)),
  );
}

/** The day of a moment here. */
export function dayHere(now: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
