import { on } from "../bridge";

type Ear = { concerns: (scope: string) => boolean; run: () => void };
const ears = new Set<Ear>();
let waiting: Set<string> | "all" | undefined;

/**
 * Calls run when something it shows may have changed. Announcements of one frame
 * come as one call; lists are read again, never patched. Answers the function
 * that stops it.
 */
export function whenChanged(
  concerns: (scope: string) => boolean,
  run: () => void,
): () => void {
  const ear = { concerns, run };
  ears.add(ear);
  return () => ears.delete(ear);
}

/** Starts hearing what the program announces; once. */
export function listen() {
  on("changed", ({ all, scopes }) => {
    const idle = waiting === undefined;
    if (all || waiting === "all") waiting = "all";
    else waiting = new Set([...(waiting ?? []), ...(scopes ?? [])]);
    // A timer, not a frame: a hidden window gets no frames but must keep up.
    if (idle) setTimeout(flush, 16);
  });
}

function flush() {
  const now = waiting;
  waiting = undefined;
  if (now === undefined) return;
  for (const ear of [...ears]) {
    if (now === "all" || [...now].some(ear.concerns)) ear.run();
  }
}
