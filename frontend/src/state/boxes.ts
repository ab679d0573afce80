import { call } from "../bridge";
import type { Draft, FileRow, Staged } from "../bridge/api";

/** A room that is on screen, with its box. */
type Box = {
  files: readonly FileRow[];
  saveDraft(): Promise<void>;
  take(draft: Draft): void;
  draft: { behind(words: string): void };
  attach(staged: Staged): void;
  detach(file: FileRow): void;
  readAll(): void;
};

/** Those on screen, by room: what the program puts back into a box must reach the one that shows it. */
export const boxes = new Map<string, Box>();

/**
 * Takes a message out of the outbox and back into the box of its room, before
 * what stands there; answers which room. Until the program has written it into
 * the draft it stays where it was.
 */
export async function putBack(id: string, room: string): Promise<string> {
  // What stands in the box now is part of what the program joins.
  await boxes.get(room)?.saveDraft();
  const out = await call("Outbox.Edit", { id });
  boxes.get(out.room)?.take(out.draft);
  return out.room;
}
