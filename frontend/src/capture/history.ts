// Undo and redo: one immutable document a gesture, two hundred deep.
import type { Doc } from "./doc";

/** How many gestures can be taken back. */
export const depth = 200;

/** The documents behind, the one shown, and those taken back. */
export interface History {
  readonly past: readonly Doc[];
  readonly now: Doc;
  readonly future: readonly Doc[];
}

/** A history that begins with doc and reaches no further back. */
export function begin(doc: Doc): History {
  return { past: [], now: doc, future: [] };
}

/** Adds the result of a gesture; a gesture that changed nothing adds nothing. */
export function commit(h: History, doc: Doc): History {
  if (doc === h.now) return h;
  return { past: [...h.past, h.now].slice(-depth), now: doc, future: [] };
}

/** Takes the last gesture back. */
export function undo(h: History): History {
  const before = h.past.at(-1);
  if (!before) return h;
  return {
    past: h.past.slice(0, -1),
    now: before,
    future: [h.now, ...h.future],
  };
}

/** Does the gesture last taken back again. */
export function redo(h: History): History {
  const [after, ...rest] = h.future;
  if (!after) return h;
  return { past: [...h.past, h.now], now: after, future: rest };
}
