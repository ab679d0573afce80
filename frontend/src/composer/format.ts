import type { Selected } from "../shared/textarea";

/** What the formatting bar and its shortcuts do (K-12). */
export type Format = "bold" | "italic" | "strike" | "code" | "block" | "quote";

const marks = { bold: "**", italic: "_", strike: "~~", code: "`" };

/**
 * Puts marks around the selection, or takes them off if they are there. Code over
 * several lines becomes a block, a quote marks every line it touches. Other marks
 * end with their paragraph, so over several lines each has its own.
 */
export function apply(format: Format, s: Selected): Selected {
  if (format === "quote") return quoteLines(s);
  const inside = s.text.slice(s.from, s.to);
  const lines = inside.includes("\n");
  if (format === "block" || (format === "code" && lines))
    return block(s, inside);
  if (format === "code") return coded(s, inside);
  if (lines) return wrapLines(s, inside, marks[format]);
  return step(s, format === "italic" ? italicMark(s) : marks[format]);
}

/** Underscores inside a word are letters of it: there the mark is a star, and where it is one already. */
function italicMark(s: Selected): string {
  const before = s.text.slice(0, s.from);
  const after = s.text.slice(s.to);
  const starred = /(?<!\*)\*$/.test(before) && /^\*(?!\*)/.test(after);
  const within = /[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after);
  return starred || (within && s.from !== s.to) ? "*" : marks.italic;
}

/**
 * Code: ticks round the words, more of them where the words hold ticks, and a
 * blank, which is not shown, where a tick of the words would run into them.
 */
function coded(s: Selected, inside: string): Selected {
  const core = inside.trim();
  const lead = inside.length - inside.trimStart().length;
  const from = s.from + lead;
  const over = (words: string, at: number, to: number): Selected => ({
    text: s.text.slice(0, from) + words + s.text.slice(from + core.length),
    from: at,
    to,
  });
  const own = /^(`+)([^`](?:[^]*[^`])?)\1$/.exec(core);
  if (own && !ticksIn(own[2] ?? "").has(own[1] ?? "")) {
    const words = (own[2] ?? "").replace(/^ (`[^]*|[^]*`) $/, "$1");
    return over(words, from, from + words.length);
  }
  let mark = marks.code;
  const round = /(?<!`)`+$/.exec(s.text.slice(0, s.from))?.[0];
  if (round && s.text.slice(s.to).startsWith(round)) return step(s, round);
  while (ticksIn(core).has(mark)) mark += "`";
  if (!core.startsWith("`") && !core.endsWith("`")) return step(s, mark);
  const words = `${mark} ${core} ${mark}`;
  return over(words, from, from + words.length);
}

/** The runs of ticks in a text. */
const ticksIn = (text: string) => new Set(text.match(/`+/g));

/**
 * Without a selection, behind words that were just marked, the cursor steps out
 * of the mark: that is how one writes on in plain letters. A blank that was typed
 * before the key comes along, since a mark behind a blank does not format.
 */
function step(s: Selected, mark: string): Selected {
  const before = s.text.slice(0, s.from);
  const after = s.text.slice(s.to);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const written = line.trimEnd();
  const open = count(written, mark) % 2 === 1;
  if (s.from !== s.to || !open || !after.startsWith(mark))
    return wrap(s, s.text.slice(s.from, s.to), mark);
  const n = mark.length;
  const blanks = line.slice(written.length);
  const head = before.slice(0, before.length - blanks.length);
  const rest = blanks + after.slice(n);
  // Nothing was written between the marks: they go.
  if (written.endsWith(mark))
    return { text: head.slice(0, -n) + rest, from: s.from - n, to: s.from - n };
  return { text: head + mark + rest, from: s.from + n, to: s.from + n };
}

/** Where one sign is a mark, two of them are another one, and an underscore inside a word is a letter of it. */
const singles: Record<string, RegExp> = {
  _: /(?<![_\p{L}\p{N}])_(?!_)|(?<!_)_(?![_\p{L}\p{N}])/gu,
  "*": /(?<!\*)\*(?!\*)/g,
};

/** How many marks of a kind stand in a text. */
function count(text: string, mark: string): number {
  const single = singles[mark];
  return single
    ? (text.match(single) ?? []).length
    : text.split(mark).length - 1;
}

/** Whether all of the words stand in one pair of marks; two marked words in a row do not. */
function isMarked(words: string, mark: string): boolean {
  const n = mark.length;
  return (
    words.length > 2 * n &&
    words.startsWith(mark) &&
    words.endsWith(mark) &&
    count(words.slice(n, -n), mark) === 0
  );
}

/** The words as one pair of marks may hold them: where marks of the same kind would run into it, these go. */
function bare(words: string, mark: string): string {
  const touches = words.startsWith(mark) || words.endsWith(mark);
  if (!touches || count(words, mark) % 2 === 1) return words;
  return words.replaceAll(singles[mark] ?? mark, "");
}

/** What stands before the words of a line: signs of a quote, of a list, of a heading. */
const head = /^(?:> ?)*(?:[ \t]*(?:[-*]|\d{1,9}\.) |#{1,6} )?[ \t]*/;

function wrapLines(s: Selected, inside: string, mark: string): Selected {
  const begins = s.from === 0 || s.text[s.from - 1] === "\n";
  const lines = inside.split("\n").map((line, i) => {
    const lead = (i > 0 || begins ? head : /^[ \t]*/).exec(line)?.[0] ?? "";
    return { lead, core: line.slice(lead.length).trimEnd(), line };
  });
  const n = mark.length;
  const words = lines.filter((l) => l.core !== "");
  const all = words.every(({ core }) => isMarked(core, mark));
  const changed = lines
    .map(({ lead, core, line }) => {
      if (core === "") return line;
      const rest = line.slice(lead.length + core.length);
      if (all) return lead + core.slice(n, -n) + rest;
      if (isMarked(core, mark)) return line;
      return lead + mark + bare(core, mark) + mark + rest;
    })
    .join("\n");
  return {
    text: s.text.slice(0, s.from) + changed + s.text.slice(s.to),
    from: s.from,
    to: s.from + changed.length,
  };
}

function wrap(s: Selected, inside: string, mark: string): Selected {
  const n = mark.length;
  const before = s.text.slice(0, s.from);
  const after = s.text.slice(s.to);
  if (before.endsWith(mark) && after.startsWith(mark)) {
    return {
      text: before.slice(0, -n) + inside + after.slice(n),
      from: s.from - n,
      to: s.to - n,
    };
  }
  if (inside === mark + mark || isMarked(inside, mark)) {
    const words = inside.slice(n, -n);
    return {
      text: before + words + after,
      from: s.from,
      to: s.from + words.length,
    };
  }
  // Marks next to a blank do not format: blanks at the ends stay outside.
  const lead = inside.length - inside.trimStart().length;
  const core = inside.trim();
  if (core === "" && inside !== "") return s;
  const words = bare(core, mark);
  const text =
    before +
    inside.slice(0, lead) +
    mark +
    words +
    mark +
    inside.slice(lead + core.length) +
    after;
  const from = s.from + lead + n;
  return { text, from, to: from + words.length };
}

function block(s: Selected, inside: string): Selected {
  const before = s.text.slice(0, s.from);
  const after = s.text.slice(s.to);
  // The fences round the selection go again.
  const was = /(?:^|\n)(`{3,})\n$/.exec(before);
  const end = /^\n?(`{3,})(?:\n|$)/.exec(after);
  if (
    was &&
    end &&
    was[1] === end[1] &&
    (inside.endsWith("\n") || end[0].startsWith("\n") || inside === "")
  ) {
    const head = before.slice(0, -(was[1] ?? "").length - 1);
    return {
      text: head + inside + after.slice(end[0].replace(/\n$/, "").length),
      from: head.length,
      to: head.length + inside.length,
    };
  }
  const fence = fenceFor(inside);
  const open =
    (before === "" || before.endsWith("\n") ? "" : "\n") + `${fence}\n`;
  const close =
    (inside.endsWith("\n") ? "" : "\n") +
    fence +
    (after.startsWith("\n") || after === "" ? "" : "\n");
  const from = s.from + open.length;
  return {
    text: before + open + inside + close + after,
    from,
    to: from + inside.length,
  };
}

/** The fence of a block: longer than those that stand in it, which would end it. */
function fenceFor(inside: string): string {
  const lines = inside.match(/^[ \t]*`{3,}(?=[ \t]*$)/gm) ?? [];
  const most = Math.max(2, ...lines.map((l) => l.trim().length));
  return "`".repeat(most + 1);
}

function quoteLines(s: Selected): Selected {
  const start = s.text.lastIndexOf("\n", s.from - 1) + 1;
  const stop = s.text.indexOf("\n", s.to);
  const end = stop < 0 ? s.text.length : stop;
  const lines = s.text.slice(start, end).split("\n");
  const all = lines.every((l) => l.startsWith(">"));
  const changed = lines
    .map((l) => (all ? l.replace(/^> ?/, "") : `> ${l}`))
    .join("\n");
  const text = s.text.slice(0, start) + changed + s.text.slice(end);
  const at = start + changed.length;
  return lines.length === 1
    ? { text, from: at, to: at }
    : { text, from: start, to: at };
}

/** A text as a quote, ready to be answered below. */
export function asQuote(text: string): string {
  return text
    .split("\n")
    .map((l) => `> ${l}`)
    .join("\n")
    .concat("\n");
}
