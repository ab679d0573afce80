import { call, fileURL, put } from "../bridge";
import type { FileRow, Staged } from "../bridge/api";
import { m } from "../text/en";

/** The most files that one message takes (product.md, limits). */
export const maxFiles = 10;

/**
 * Hands files of the page to the program, one after the other: their bytes, then
 * their names. What is empty or too large is refused by name and the rest go.
 */
export async function stage(
  room: string,
  list: File[],
  maxFile: number,
  progress: (name: string, done: number, size: number) => void,
): Promise<Staged> {
  const out: Staged = { files: [], refused: [] };
  for (const file of list) {
    const name = file.name || m.pastedPicture();
    if (file.size === 0) {
      // A folder reads as no bytes in its size, but cannot be opened as a file.
      const reads = await file.arrayBuffer().then(
        () => true,
        () => false,
      );
      const reason = reads ? m.emptyFile(name) : m.unreadable(name);
      out.refused.push({ name, reason });
      continue;
    }
    if (maxFile > 0 && file.size > maxFile) {
      out.refused.push({ name, reason: m.tooLarge(name, maxFile) });
      continue;
    }
    try {
      const id = await put(file, (done) => progress(name, done, file.size));
      const staged = await call("Attachments.Stage", { put: id, name, room });
      out.files.push(...staged.files);
      out.refused.push(...staged.refused);
    } catch {
      out.refused.push({ name, reason: m.attachFailed(name) });
    }
  }
  return out;
}

/**
 * Saves a stored file where the person says: the window asks with the system's
 * dialog, a browser with its own. A file that is not here is fetched first.
 */
export async function saveFile(file: FileRow, dialogs: boolean): Promise<void> {
  if (dialogs) {
    await call("Attachments.Save", { id: file.id });
    return;
  }
  if (file.state === "remote") await call("Attachments.Fetch", { id: file.id });
  const link = document.createElement("a");
  link.href = fileURL(file.id);
  link.download = file.name;
  link.click();
}
