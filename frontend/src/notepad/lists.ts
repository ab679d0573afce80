import type { Selected } from "../shared/textarea";

const item = /^([ \t]*)(?:([-*]) |(\d{1,9})\. )(.*)$/;

/**
 * What Enter does in a list: the next line begins with a mark of its own, a
 * number the next one; in an empty item the mark goes. Undefined where Enter is
 * only Enter.
 */
export function nextItem(s: Selected): Selected | undefined {
  if (s.from !== s.to) return undefined;
  const start = s.text.lastIndexOf("\n", s.from - 1) + 1;
  const line = s.text.slice(start, s.from);
  const found = item.exec(line);
  if (!found) return undefined;
  const [, indent = "", bullet, number, rest = ""] = found;
  const tail = s.text.slice(s.from);
  if (rest.trim() === "") {
    if (tail !== "" && !tail.startsWith("\n")) return undefined;
    return { text: s.text.slice(0, start) + tail, from: start, to: start };
  }
  const mark = bullet ? `${bullet} ` : `${Number(number) + 1}. `;
  const put = `\n${indent}${mark}`;
  const at = s.from + put.length;
  return { text: s.text.slice(0, s.from) + put + tail, from: at, to: at };
}

/** What the buttons for whole lines do: set a mark before each, or take it off. */
export function marked(
  kind: "heading" | "bullets" | "numbers",
  s: Selected,
): Selected {
  const start = s.text.lastIndexOf("\n", s.from - 1) + 1;
  const stop = s.text.indexOf("\n", s.to);
  const end = stop < 0 ? s.text.length : stop;
  const lines = s.text.slice(start, end).split("\n");
  const bare = (l: string) =>
    l.replace(/^(?:#{1,6} |[ \t]*(?:[-*] |\d{1,9}\. ))/, "");
  const has = {
    heading: /^#{1,6} /,
    bullets: /^[ \t]*[-*] /,
    numbers: /^[ \t]*\d{1,9}\. /,
  }[kind];
  const all = lines.every((l) => has.test(l));
  const changed = lines
    .map((l, i) => {
      if (all) return bare(l);
      const mark = { heading: "## ", bullets: "- ", numbers: `${i + 1}. ` }[
        kind
      ];
      return mark + bare(l);
    })
    .join("\n");
  const text = s.text.slice(0, start) + changed + s.text.slice(end);
  const at = start + changed.length;
  return lines.length === 1
    ? { text, from: at, to: at }
    : { text, from: start, to: at };
}

/** Makes the selection the text of a link, and selects where it leads. */
export function linked(s: Selected, text: string): Selected {
  const inside = s.text.slice(s.from, s.to).trim() || text;
  const put = `[${inside}](https://)`;
  const from = s.from + inside.length + 3;
  return {
    text: s.text.slice(0, s.from) + put + s.text.slice(s.to),
    from,
    to: from + "https://".length,
  };
}

/** Where a cursor goes when the text under it becomes another one. */
export function carried(before: string, after: string, at: number): number {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  if (at <= head) return at;
  let tail = 0;
  while (
    tail < most - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  if (at >= before.length - tail) return at + after.length - before.length;
  return Math.min(at, after.length - tail);
}

/** A line of one of two texts, and whether the other has it too. */
export type Line = { text: string; only: boolean };

/** The lines of two texts, each marked where the other has no such line. */
export function compared(a: string, b: string): [Line[], Line[]] {
  const x = a.split("\n");
  const y = b.split("\n");
  const lines = (list: string[], other: string[]) => {
    const there = new Set(other);
    return list.map((text) => ({
      text,
      only: text.trim() !== "" && !there.has(text),
    }));
  };
  return [lines(x, y), lines(y, x)];
}
