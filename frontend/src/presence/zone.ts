/** The place a time zone is named by: "Europe/Lisbon" is Lisbon. */
export function placeOf(zone: string): string {
  return (zone.split("/").at(-1) ?? "").replaceAll("_", " ");
}

/** The time in a zone, "08:42"; "" for one this computer does not know. */
export function timeIn(zone: string, at: number): string {
  try {
    return new Intl.DateTimeFormat(undefined, {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(at);
  } catch {
    return "";
  }
}

/** The time of somebody in a zone, if their clock shows another than mine. */
export function otherTime(zone: string, at: number): string {
  const theirs = zone === "" ? "" : timeIn(zone, at);
  const mine = timeIn(Intl.DateTimeFormat().resolvedOptions().timeZone, at);
  return theirs === mine ? "" : theirs;
}
