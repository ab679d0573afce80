import type { MessageRow } from "../bridge/api";
import { dayName, dayOf } from "../text/time";

/** A line of the message list: a day, the line where new ones begin, a message, or what stands in for messages that are not on the page. */
export type Row =
  | { kind: "gap"; key: "before" | "after" }
  | { kind: "day"; key: string; label: string; at: number }
  | { kind: "new"; key: "new" }
  | { kind: "message"; key: string; message: MessageRow; follows: boolean };

/** Messages of one person within this time stand under one name, in ms. */
const together = 5 * 60_000;

/** Where messages are missing on the page: before the first, or before one that is on its way. */
export type Gaps = { before: boolean; after: string | undefined };

/**
 * The lines of the list: a divider at each day, one where new messages begin, and
 * no repeated name for what one person wrote in a row.
 */
export function toRows(
  messages: readonly MessageRow[],
  firstNew: string,
  now: number,
  gaps: Gaps = { before: false, after: undefined },
): Row[] {
  const rows: Row[] = [];
  let before: MessageRow | undefined;
  if (gaps.before) rows.push({ kind: "gap", key: "before" });
  for (const message of messages) {
    if (message.id === gaps.after) {
      rows.push({ kind: "gap", key: "after" });
      before = undefined;
    }
    const newDay = !before || dayOf(before.at) !== dayOf(message.at);
    if (newDay) {
      rows.push({
        kind: "day",
        key: `day-${dayOf(message.at)}-${message.id}`,
        label: dayName(message.at, now),
        at: message.at,
      });
    }
    const isNew = message.id === firstNew;
    if (isNew) rows.push({ kind: "new", key: "new" });
    const follows =
      !newDay &&
      !isNew &&
      before !== undefined &&
      before.author === message.author &&
      before.state !== "failed" &&
      !message.reply &&
      message.at - before.at < together;
    rows.push({ kind: "message", key: message.id, message, follows });
    before = message;
  }
  if (gaps.after === "") rows.push({ kind: "gap", key: "after" });
  return rows;
}
