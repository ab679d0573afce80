/** "118 KB", "62.8 MB", "1 GiB": decimal units, but a limit that is a power of two keeps its own. */
export function bytes(n: number): string {
  if (n > 0 && n % (1 << 30) === 0) return `${n / (1 << 30)} GiB`;
  if (n < 1000) return `${n} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 99.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ""}`;
}

/** "12:05", hours and minutes of a number of seconds, as in the diary. */
export function hours(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** "40 h" of whole hours, "37:30" of others. */
export const wholeHours = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : hours(seconds);

/** "9:10" of whole minutes, "2 min 5 s" and "40 s" of others: where a few seconds count. */
export function span(seconds: number): string {
  if (seconds % 60 === 0) return hours(seconds);
  return seconds < 60
    ? `${seconds} s`
    : seconds < 3600
      ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
      : `${hours(seconds)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** How many minor units one unit of a currency has: 100 for EUR, 1 for JPY. */
export function minorUnits(currency: string): number {
  try {
    const digits = new Intl.NumberFormat("en", {
      style: "currency",
      currency,
    }).resolvedOptions().maximumFractionDigits;
    return 10 ** (digits ?? 2);
  } catch {
    return 100;
  }
}

/** "$52.00" from minor units; whole numbers inside, so nothing is rounded. */
export function money(minor: number, currency: string): string {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).format(
      minor / minorUnits(currency),
    );
  } catch {
    return `${minor / 100} ${currency}`;
  }
}

/**
 * Reads what a person typed as an amount into minor units, without floating
 * point; undefined if it is no amount or has more decimals than the currency.
 */
export function readMoney(text: string, currency: string): number | undefined {
  const found = /^\s*(\d{1,9})(?:[.,](\d+))?\s*$/.exec(text);
  if (!found) return undefined;
  const digits = String(minorUnits(currency)).length - 1;
  const part = found[2] ?? "";
  if (part.length > digits) return undefined;
  return Number((found[1] ?? "") + part.padEnd(digits, "0"));
}

/** Reads "40" or "37:30" into seconds; undefined if it is none, or not from ten minutes to a week. */
export function readHours(text: string): number | undefined {
  const found = /^\s*(\d{1,3})(?::([0-5]\d))?\s*$/.exec(text);
  if (!found) return undefined;
  const seconds = Number(found[1]) * 3600 + Number(found[2] ?? 0) * 60;
  return seconds >= 600 && seconds <= 168 * 3600 ? seconds : undefined;
}
