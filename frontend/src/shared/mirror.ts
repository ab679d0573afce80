// What stands behind a text area that is tinted while it is written: stretches of its text, and how they move with each edit. Offsets count
// UTF-16 units, as selectionStart does.

/** A stretch of a text that means something. */
export type Span = { from: number; to: number; kind: string };

/** An edit: what stood at from to to is now size units long. */
export type Edit = { from: number; to: number; size: number };

/**
 * What was edited between two states of a text. The cursor tells which of equal
 * letters are the new ones; it is where the edit ended.
 */
export function edited(before: string, after: string, cursor: number): Edit {
  const most = Math.min(before.length, after.length);
  let tail = 0;
  const behind = Math.min(most, Math.max(0, after.length - cursor));
  while (
    tail < behind &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  let from = 0;
  while (from < most - tail && before[from] === after[from]) from++;
  return { from, to: before.length - tail, size: after.length - tail - from };
}

/** Spans after an edit: those around it grow, those it cut are gone. */
export function moved<T extends Span>(spans: readonly T[], e: Edit): T[] {
  const by = e.size - (e.to - e.from);
  return spans.flatMap((s) => {
    if (s.to <= e.from) return [s];
    if (s.from >= e.to) return [{ ...s, from: s.from + by, to: s.to + by }];
    if (s.from < e.from && s.to > e.to) return [{ ...s, to: s.to + by }];
    return [];
  });
}

/** A piece of a text and all that it is. */
export type Run = { text: string; kinds: readonly string[] };

/** The text cut wherever a span begins or ends. */
export function runs(text: string, spans: readonly Span[]): Run[] {
  const cuts = new Set([0, text.length]);
  for (const s of spans)
    for (const at of [s.from, s.to]) if (at < text.length) cuts.add(at);
  const at = [...cuts].sort((a, b) => a - b);
  const sorted = [...spans].sort((a, b) => a.from - b.from);
  let next = 0;
  let open: Span[] = [];
  return at.slice(0, -1).map((from, i) => {
    open = open.filter((s) => s.to > from);
    for (let s = sorted[next]; s && s.from <= from; s = sorted[++next])
      if (s.to > from) open.push(s);
    return {
      text: text.slice(from, at[i + 1]),
      kinds: [...new Set(open.map((s) => s.kind))],
    };
  });
}
