import { call, fileURL, on, put } from "../bridge";
import type { FileRow, Staged } from "../bridge/api";
import { m } from "../text/en";
import { fileDoor } from "./filedoor.svelte";
import { transfers } from "./transfers.svelte";

/** The most files that one message takes (product.md, limits). */
export const maxFiles = 10;

/** A file of the page on its way into the program. */
export class Taking {
  readonly file: File;
  readonly name: string;
  readonly size: number;
  done = $state(0);
  /** Set once the person called it off. */
  stopped = $state(false);
  #abort = new AbortController();
  /** The put's id, once all bytes are over: the program reads them then. */
  put = $state("");

  constructor(file: File) {
    this.file = file;
    this.name = file.name || m.pastedPicture();
    this.size = file.size;
  }

  get signal() {
    return this.#abort.signal;
  }

  /** Calls it off, wherever it is. */
  stop() {
    this.stopped = true;
    this.#abort.abort();
    if (this.put !== "") void transfers.stop(this.put);
  }
}

/** Hands one file over and answers what became of it. */
async function hand(room: string, t: Taking): Promise<Staged> {
  const nothing: Staged = { files: [], refused: [] };
  try {
    // The first half of the bar is the way into the program, the second its reading of it.
    t.put = await put(t.file, (done) => (t.done = done / 2), t.signal);
    const id = t.put;
    let unhear = () => {};
    const answer = new Promise<Staged>((resolve) => {
      unhear = on("staged", (s) => {
        if (s.put === id) resolve(s);
      });
      t.signal.addEventListener("abort", () => resolve(nothing));
    });
    try {
      await call("Attachments.Stage", { put: id, name: t.name, room });
      return await answer;
    } finally {
      unhear();
    }
  } catch {
    return t.stopped
      ? nothing
      : {
          files: [],
          refused: [{ name: t.name, reason: m.attachFailed(t.name) }],
        };
  }
}

/**
 * Hands files of the page to the program, one after the other: their bytes, then
 * their names. What is empty or too large is refused by name and the rest go.
 */
export async function stage(
  room: string,
  list: Taking[],
  maxFile: number,
): Promise<Staged> {
  const out: Staged = { files: [], refused: [] };
  for (const t of list) {
    const { name, size } = t;
    if (t.stopped) continue;
    if (size === 0) {
      // A folder reads as no bytes in its size, but cannot be opened as a file.
      const reads = await t.file.arrayBuffer().then(
        () => true,
        () => false,
      );
      const reason = reads ? m.emptyFile(name) : m.unreadable(name);
      out.refused.push({ name, reason });
      continue;
    }
    if (maxFile > 0 && size > maxFile) {
      out.refused.push({ name, reason: m.tooLarge(name, maxFile) });
      continue;
    }
    const staged = await hand(room, t);
    t.done = size;
    out.files.push(...staged.files);
    out.refused.push(...staged.refused);
  }
  return out;
}

/**
 * Saves a stored file where the person says: the window asks with the system's
 * dialog, a browser with its own. A file that is not here is fetched first.
 */
export async function saveFile(file: FileRow, dialogs: boolean): Promise<void> {
  if (!(await fileDoor.mayTake(file))) return;
  if (dialogs) {
    await call("Attachments.Save", { id: file.id });
    return;
  }
  if (!(await transfers.fetch(file.id))) return;
  const link = document.createElement("a");
  link.href = fileURL(file.id);
  link.download = file.name;
  link.click();
}
