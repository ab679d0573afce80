import { call } from "../bridge";
import type { EmojiRow } from "../bridge/api";

let table: Promise<EmojiRow[]> | undefined;

/** All emoji in the order of a panel, read once. */
export function allEmoji(): Promise<EmojiRow[]> {
  table ??= call("Rooms.Emoji").then(
    (view) => view.emoji,
    (e: unknown) => {
      table = undefined;
      throw e;
    },
  );
  return table;
}

/** Those whose names begin with the words, then those found by other words. */
export function findEmoji(all: readonly EmojiRow[], typed: string): EmojiRow[] {
  const words = typed
    .toLowerCase()
    .split(/[\s:_]+/)
    .filter((x) => x !== "");
  if (words.length === 0) return [...all];
  const rank = (row: EmojiRow) => {
    const names = [row.label, ...row.names].flatMap((n) =>
      n.toLowerCase().split(/[\s_]+/),
    );
    const begins = (list: readonly string[]) =>
      words.every((x) => list.some((n) => n.startsWith(x)));
    if (row.names.includes(words.join("_"))) return 0;
    if (begins(names)) return 1;
    return begins([...names, ...row.search]) ? 2 : 3;
  };
  return all
    .map((row) => ({ row, at: rank(row) }))
    .filter((x) => x.at < 3)
    .sort((a, b) => a.at - b.at)
    .map((x) => x.row);
}
