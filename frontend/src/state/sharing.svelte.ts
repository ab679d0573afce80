import { call, on } from "../bridge";
import type { Caps, FileRow, Staged } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { f } from "../text/files";
import { maxFiles, stage, Taking } from "./files.svelte";
import { attempt } from "./say";
import { uuid7 } from "./uuid";

/** Files that go straight into a room, beside what is being written there (F-13). */
export class Sharing {
  busy = $state(false);
  #room: string;
  #unhear: () => void;
  #asked = false;

  constructor(room: string) {
    this.#room = room;
    this.#unhear = on("picked", (staged) => {
      if (this.#asked) void this.#send(staged);
      this.#asked = false;
    });
  }

  /** Asks for files: by the system's dialog, else by the page's own. */
  async pick(caps: Caps, own: () => void) {
    if (!caps.dialogs) own();
    else
      this.#asked = await attempt(() =>
        call("Attachments.Pick", { room: this.#room }),
      );
  }

  /** Takes files of the page. */
  async take(list: File[], maxFile: number) {
    if (list.length === 0) return;
    this.busy = true;
    const taking = list.map((file) => new Taking(file));
    await this.#send(await stage(this.#room, taking, maxFile));
    this.busy = false;
  }

  async #send(staged: Staged) {
    for (const r of staged.refused) toasts.show(m.refused(r.name, r.reason));
    for (let i = 0; i < staged.files.length; i += maxFiles)
      await this.#share(staged.files.slice(i, i + maxFiles));
  }

  async #share(files: readonly FileRow[]) {
    const went = await attempt(() =>
      call("Attachments.Share", {
        id: uuid7(),
        room: this.#room,
        files: files.map((x) => x.id),
      }),
    );
    if (went) toasts.show(f.shared(files.length));
  }

  /** The page was left. */
  leave() {
    this.#unhear();
  }
}
