// Days of a diary are dates without a time, YYYY-MM-DD, cut in the zone that the
// program names. They are read as UTC here, so that no zone of ours moves them.

const at = (day: string) => new Date(`${day}T00:00:00Z`);
const zone = { timeZone: "UTC" } as const;
const weekday = new Intl.DateTimeFormat("en-GB", { ...zone, weekday: "short" });
const weekdayLong = new Intl.DateTimeFormat("en-GB", {
  ...zone,
  weekday: "long",
});
const dayMonth = new Intl.DateTimeFormat("en-GB", {
  ...zone,
  day: "numeric",
  month: "long",
});
const long = new Intl.DateTimeFormat("en-GB", {
  ...zone,
  day: "numeric",
  month: "long",
  year: "numeric",
});
const month = new Intl.DateTimeFormat("en-GB", {
  ...zone,
  month: "long",
  year: "numeric",
});
const instant = (options: Intl.DateTimeFormatOptions) => {
  const make = (timeZone?: string) =>
    new Intl.DateTimeFormat("en-GB", {
      ...options,
      hourCycle: "h23",
      ...(timeZone ? { timeZone } : {}),
    });
  const made = new Map<string, Intl.DateTimeFormat>();
  return (t: number, timeZone: string) => {
    let format = made.get(timeZone);
    if (!format) made.set(timeZone, (format = make(timeZone)));
    return format.format(t);
  };
};
const moment = instant({
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const clock = instant({
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** True for YYYY-MM-DD of a day that exists. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text).getTime());
}

/** The day of this computer's clock. */
export function today(now = new Date()): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The day so many days later; negative for earlier. */
export function addDays(day: string, n: number): string {
  const d = at(day);
  d.setUTCDate(d.getUTCDate() + n);
  return d.toISOString().slice(0, 10);
}

/** The Monday of a day's week. */
export function monday(day: string): string {
  return addDays(day, -((at(day).getUTCDay() + 6) % 7));
}

/** The same day of another month, or its last day. */
export function addMonths(day: string, n: number): string {
  const d = at(day);
  const wanted = d.getUTCDate();
  d.setUTCDate(1);
  d.setUTCMonth(d.getUTCMonth() + n);
  const last = new Date(
    Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 0),
  ).getUTCDate();
  d.setUTCDate(Math.min(wanted, last));
  return d.toISOString().slice(0, 10);
}

/** The weeks of a month as a calendar shows them, Monday first. */
export function monthWeeks(day: string): string[][] {
  const first = monday(`${day.slice(0, 7)}-01`);
  const last = addDays(addMonths(`${day.slice(0, 7)}-01`, 1), -1);
  const out: string[][] = [];
  for (let w = first; w <= last; w = addDays(w, 7))
    out.push(Array.from({ length: 7 }, (_, i) => addDays(w, i)));
  return out;
}

/** "Sat" */
export const shortWeekday = (day: string) => weekday.format(at(day));
/** "21" */
export const dayNumber = (day: string) => String(at(day).getUTCDate());
/** "Saturday 21 November" */
export const fullDay = (day: string) =>
  `${weekdayLong.format(at(day))} ${dayMonth.format(at(day))}`;
/** "21 November 2026" */
export const longDay = (day: string) => long.format(at(day));
/** "November 2026" */
export const monthName = (day: string) => month.format(at(day));

/** "16 – 22 November 2026", "26 October – 1 November 2026" */
export function range(from: string, to: string): string {
  const start =
    from.slice(0, 7) === to.slice(0, 7)
      ? dayNumber(from)
      : from.slice(0, 4) === to.slice(0, 4)
        ? dayMonth.format(at(from))
        : long.format(at(from));
  return `${start} – ${long.format(at(to))}`;
}

/** "Mon 23 Nov, 02:00", in a time zone; "" is this computer's clock. */
export const momentOf = (t: number, timeZone = "") =>
  moment(t, timeZone).replace(/,? at /, ", ");
/** "09:16:24", in a time zone; "" is this computer's clock. */
export const clockWithSeconds = (t: number, timeZone = "") =>
  clock(t, timeZone);
const isoDay = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short" });
/** Today as YYYY-MM-DD in a time zone; "" is this computer's clock. */
export const todayIn = (timeZone: string, now = new Date()) =>
  (timeZone === ""
    ? isoDay
    : new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone })
  ).format(now);

const parts = instant({
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Milliseconds a zone's clock is ahead of UTC at a moment. */
function ahead(t: number, timeZone: string): number {
  const [day = "", time = ""] = parts(t, timeZone).split(", ");
  const local = Date.parse(`${day.split("/").reverse().join("-")}T${time}Z`);
  return local - Math.floor(t / 1000) * 1000;
}

/**
 * The moments at which the clock of a time zone ("" is this computer's) shows a
 * time of a day: one as a rule, none in the hour that a zone leaves out, two in
 * the hour that it repeats.
 */
export function momentsOf(
  day: string,
  time: string,
  timeZone: string,
): number[] {
  const guess = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(guess)) return [];
  const far = 86_400_000;
  const offsets = new Set(
    [guess - far, guess, guess + far].map((t) => ahead(t, timeZone)),
  );
  return [...offsets]
    .map((offset) => guess - offset)
    .filter((t) => t + ahead(t, timeZone) === guess)
    .sort((a, b) => a - b);
}

/** "UTC+2", "UTC−3:30": how far a zone's clock is ahead at a moment. */
export function offsetOf(t: number, timeZone: string): string {
  const minutes = Math.round(ahead(t, timeZone) / 60_000);
  const all = Math.abs(minutes);
  const rest = all % 60 === 0 ? "" : `:${String(all % 60).padStart(2, "0")}`;
  return minutes === 0
    ? "UTC"
    : `UTC${minutes < 0 ? "−" : "+"}${Math.floor(all / 60)}${rest}`;
}

const short = instant({ hour: "2-digit", minute: "2-digit" });
/** "09:16", in a time zone; "" is this computer's clock. */
export const clockIn = (t: number, timeZone = "") => short(t, timeZone);
