// Times and dates as people read them, in the computer's own zone. Zones of
// contracts and diaries are Go's: those labels arrive ready.

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const weekday = new Intl.DateTimeFormat("en", { weekday: "short" });
const dayMonth = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
});
const dayMonthYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
});
const shortDay = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
});
const exact = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "full",
  timeStyle: "medium",
  hourCycle: "h23",
});

/** "10:42" */
export const timeOf = (at: number) => clock.format(at);

/** "Saturday, 21 November 2026 at 10:42:07" */
export const exactTime = (at: number) => exact.format(at);

/** A number that is equal for two moments of one day here. */
export function dayOf(at: number): number {
  const d = new Date(at);
  return d.getFullYear() * 10000 + d.getMonth() * 100 + d.getDate();
}

/** Whole days from one moment's day to another's. */
export function daysBetween(from: number, to: number): number {
  const midnight = (t: number) => {
    const d = new Date(t);
    return Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  };
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}

/** "Today, 21 November", "Yesterday, 20 November", "14 November", with the year if it is another. */
export function dayName(at: number, now: number): string {
  const ago = daysBetween(at, now);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const date = (sameYear ? dayMonth : dayMonthYear).format(at);
  if (ago === 0) return `Today, ${date}`;
  if (ago === 1) return `Yesterday, ${date}`;
  return date;
}

/** Short, for lists: "10:42", "Fri", "3 Nov". */
export function shortTime(at: number, now: number): string {
  const ago = daysBetween(at, now);
  if (ago <= 0) return timeOf(at);
  if (ago < 7) return weekday.format(at);
  return shortDay.format(at);
}

/** "21 November 2026" */
export const dateOf = (at: number) => dayMonthYear.format(at);
