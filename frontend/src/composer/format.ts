import type { Selected } from "../shared/textarea";

/** What the formatting bar and its shortcuts do (K-12). */
export type Format = "bold" | "italic" | "strike" | "code" | "block" | "quote";

const marks = { bold: "**", italic: "_", strike: "~~", code: "`" };

/**
 * Puts marks around the selection, or takes them off if they are there. Code over
 * several lines becomes a block, a quote marks every line it touches.
 */
export function apply(format: Format, s: Selected): Selected {
  if (format === "quote") return quoteLines(s);
  const inside = s.text.slice(s.from, s.to);
  if (format === "block" || (format === "code" && inside.includes("\n")))
    return block(s, inside);
  return wrap(s, inside, marks[format]);
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
  if (
    inside.length >= 2 * n &&
    inside.startsWith(mark) &&
    inside.endsWith(mark)
  ) {
    const bare = inside.slice(n, -n);
    return {
      text: before + bare + after,
      from: s.from,
      to: s.from + bare.length,
    };
  }
  // Marks next to a blank do not format: blanks at the ends stay outside.
  const lead = inside.length - inside.trimStart().length;
  const core = inside.trim();
  if (core === "" && inside !== "") return s;
  const text =
    before +
    inside.slice(0, lead) +
    mark +
    core +
    mark +
    inside.slice(lead + core.length) +
    after;
  const from = s.from + lead + n;
  return { text, from, to: from + core.length };
}

function block(s: Selected, inside: string): Selected {
  const before = s.text.slice(0, s.from);
  const after = s.text.slice(s.to);
  // The fences round the selection go again.
  const was = /(^|\n)```\n$/.exec(before);
  const end = /^\n?```(?:\n|$)/.exec(after);
  if (
    was &&
    end &&
    (inside.endsWith("\n") || end[0].startsWith("\n") || inside === "")
  ) {
    const head = before.slice(0, -4);
    return {
      text: head + inside + after.slice(end[0].replace(/\n$/, "").length),
      from: head.length,
      to: head.length + inside.length,
    };
  }
  const open = (before === "" || before.endsWith("\n") ? "" : "\n") + "```\n";
  const close =
    (inside.endsWith("\n") ? "" : "\n") +
    "```" +
    (after.startsWith("\n") || after === "" ? "" : "\n");
  const from = s.from + open.length;
  return {
    text: before + open + inside + close + after,
    from,
    to: from + inside.length,
  };
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
