// What is being typed that a box of choices can finish: a name behind an @, an emoji behind a colon.
import type { EmojiRow } from "../bridge/api";
import type { Span } from "../shared/mirror";

/** A word that was begun, from its sign to the cursor. */
export type Begun = {
  kind: "mention" | "emoji";
  from: number;
  to: number;
  /** What stands behind the sign. */
  typed: string;
};

// A sign in the middle of a word, as in an e-mail address or a time, begins nothing. A name may have one space in it.
const name =
  /(?:^|[^\p{L}\p{N}_@.])@((?:[^\s@<>]{1,40}(?: [^\s@<>]{0,40})?)?)$/u;
const emoji = /(?:^|[^\p{L}\p{N}_:]):([a-z0-9_+-]{2,32})$/iu;

/** What the cursor stands behind; nothing inside code, a link or a mention. */
export function begun(
  text: string,
  cursor: number,
  spans: readonly Span[],
): Begun | undefined {
  const before = text.slice(Math.max(0, cursor - 90), cursor);
  const word = (
    kind: Begun["kind"],
    typed: string | undefined,
  ): Begun | undefined => {
    if (typed === undefined) return undefined;
    const from = cursor - typed.length - 1;
    const within = spans.some(
      (s) =>
        s.from <= from &&
        s.to > from &&
        ["code", "block", "link", "mention"].includes(s.kind),
    );
    return within ? undefined : { kind, from, to: cursor, typed };
  };
  return (
    word("mention", name.exec(before)?.[1]) ??
    word("emoji", emoji.exec(before)?.[1])
  );
}

/** The emoji whose names fit, those that begin so first; at most eight. */
export function emojiFor(
  all: readonly EmojiRow[],
  typed: string,
): { row: EmojiRow; name: string }[] {
  const want = typed.toLowerCase();
  const found: { row: EmojiRow; name: string; at: number }[] = [];
  for (const row of all) {
    let best: { name: string; at: number } | undefined;
    for (const n of row.names) {
      const at =
        n === want
          ? 0
          : n.startsWith(want)
            ? 1
            : n.split(/[_-]/).some((w) => w.startsWith(want))
              ? 2
              : 3;
      if (at < 3 && (!best || at < best.at)) best = { name: n, at };
    }
    if (best) found.push({ row, ...best });
  }
  return found
    .sort((a, b) => a.at - b.at || a.name.length - b.name.length)
    .slice(0, 8);
}
