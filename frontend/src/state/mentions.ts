// A mention is stored as <@ACCOUNT>, so that it follows renames; in the box it reads "@Name". Beside the text in the box stands where in it
// the mentions are: typing before one moves it, typing inside makes it text again.
import type { Edit } from "../shared/mirror";

/** A mention in the text of a box. */
export type Mention = { from: number; to: number; id: string };

/** A text as the box shows it. */
export type Shown = { text: string; mentions: readonly Mention[] };

const stored = /<@([A-Za-z0-9_-]{1,64})>/g;

/** A name as it may stand in a line. */
const oneLine = (name: string) =>
  name.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ");

/** What a person sees of a stored text. Whoever is not known stays as stored. */
export function show(
  text: string,
  nameOf: (id: string) => string | undefined,
): Shown {
  const mentions: Mention[] = [];
  let out = "";
  let done = 0;
  for (const found of text.matchAll(stored)) {
    const id = found[1] ?? "";
    const name = nameOf(id);
    if (name === undefined) continue;
    out += text.slice(done, found.index);
    done = found.index + found[0].length;
    mentions.push({
      from: out.length,
      to: out.length + 1 + oneLine(name).length,
      id,
    });
    out += `@${oneLine(name)}`;
  }
  return { text: out + text.slice(done), mentions };
}

/** The text as it is stored and sent. */
export function store(s: Shown): string {
  let out = "";
  let done = 0;
  for (const x of s.mentions) {
    out += `${s.text.slice(done, x.from)}<@${x.id}>`;
    done = x.to;
  }
  return out + s.text.slice(done);
}

const length = (x: Mention) => x.id.length + 3;

/** Where a place of the shown text is in the stored one; from inside a mention its end. */
export function toStored(mentions: readonly Mention[], at: number): number {
  let by = 0;
  for (const x of mentions) {
    if (at <= x.from) break;
    if (at < x.to) return x.from + by + length(x);
    by += length(x) - (x.to - x.from);
  }
  return at + by;
}

/** Where a place of the stored text is in the shown one; from inside a mention its end. */
export function toShown(mentions: readonly Mention[], at: number): number {
  let by = 0;
  for (const x of mentions) {
    if (at <= x.from + by) break;
    if (at < x.from + by + length(x)) return x.to;
    by += length(x) - (x.to - x.from);
  }
  return at - by;
}

/**
 * The mentions of a text after an edit that led to another one: those it touched
 * inside are text now. One that was typed over and stands among the new words
 * again is still meant: marks round a selection type all of it anew (K-12).
 */
export function follow(s: Shown, after: string, e: Edit): Mention[] {
  const by = e.size - (e.to - e.from);
  const end = e.from + e.size;
  let next = e.from;
  return s.mentions.flatMap((x) => {
    if (x.to <= e.from) return [x];
    if (x.from >= e.to) return [{ ...x, from: x.from + by, to: x.to + by }];
    if (x.from < e.from || x.to > e.to) return [];
    const from = after.indexOf(s.text.slice(x.from, x.to), next);
    const to = from + x.to - x.from;
    if (from < 0 || to > end) return [];
    next = to;
    return [{ ...x, from, to }];
  });
}

/** What was cut or copied in a box last, so that its mentions can be pasted. */
let clip: Shown = { text: "", mentions: [] };

/** A stretch of a box goes to the clipboard. */
export function taken(s: Shown, from: number, to: number) {
  clip = {
    text: s.text.slice(from, to),
    mentions: s.mentions
      .filter((x) => x.from >= from && x.to <= to)
      .map((x) => ({ ...x, from: x.from - from, to: x.to - from })),
  };
}

/** The mentions of words that were pasted at a place: those they had where they come from. */
export function pasted(words: string, at: number): Mention[] {
  if (words !== clip.text) return [];
  return clip.mentions.map((x) => ({
    ...x,
    from: x.from + at,
    to: x.to + at,
  }));
}

/** A mention picked for a stretch of the text, that stretch already being its name; it takes the place of others there. */
export function add(
  mentions: readonly Mention[],
  picked: Mention,
): readonly Mention[] {
  return [
    ...mentions.filter((x) => x.to <= picked.from || x.from >= picked.to),
    picked,
  ].sort((a, b) => a.from - b.from);
}

/**
 * The mentions of the texts that were in the box, so that undo brings back not
 * only the words. The oldest are forgotten.
 */
export class Seen {
  #texts = new Map<string, readonly Mention[]>();
  #size = 0;

  /** Keeps what stood in the box. */
  keep(s: Shown) {
    if (this.#texts.delete(s.text)) this.#size -= s.text.length;
    // A text without any needs no memory, unless another had some.
    if (s.mentions.length === 0 && this.#texts.size === 0) return;
    this.#texts.set(s.text, s.mentions);
    this.#size += s.text.length;
    for (const text of this.#texts.keys()) {
      if (this.#texts.size <= 500 && this.#size <= 1_000_000) break;
      this.#texts.delete(text);
      this.#size -= text.length;
    }
  }

  /** The mentions a text had when it stood here last. */
  of(text: string): readonly Mention[] | undefined {
    return this.#texts.get(text);
  }
}
