import { call, on } from "../bridge";
import type { ChangedFiles, DroppedView, FileRow } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { f } from "../text/files";
import { boxes } from "./boxes";
import { Query } from "./query.svelte";
import { attempt } from "./say";
import { uuid7 } from "./uuid";

/**
 * What is done to a file wherever it is shown: open it outside, delete it, be
 * warned of it. And what the disk of this computer asks about files.
 */
class FileDoor {
  /** Deleted here, while it can still be undone, and until the program says so too. */
  #gone = $state.raw<ReadonlySet<string>>(new Set());
  /** A program that is to be saved: the person is asked first. */
  warned = $state.raw<{ file: FileRow; answer: (go: boolean) => void }>();
  #changed = new Query<ChangedFiles>(
    () => call("Watching.Changed"),
    (scope) => scope === "watch" || scope.startsWith("r:"),
  );

  /** Begins to hear what the disk says; once. */
  start() {
    on("added", (added) => this.#added(added));
    void this.#changed.refresh();
  }

  /** Files that changed on the disk. */
  get changed() {
    return this.#changed.value?.files ?? [];
  }
  /** The computer does not tell of changes. */
  get polled() {
    return this.#changed.value?.polled ?? false;
  }

  /** Whether a file is deleted, here already if not everywhere. */
  deleted(file: FileRow): boolean {
    return file.deleted !== 0 || this.#gone.has(file.id);
  }

  /** Deletes a file for everybody once its undo has run out (F-11). */
  remove(file: FileRow) {
    this.#gone = new Set([...this.#gone, file.id]);
    const back = () =>
      (this.#gone = new Set([...this.#gone].filter((x) => x !== file.id)));
    toasts.undo(
      f.deleted(file.name),
      f.undo(),
      back,
      () =>
        void attempt(() =>
          call("Rooms.DeleteFile", { room: file.room, file: file.id }),
        ).then((went) => went || back()),
    );
  }

  /** Hands a copy of a file to the system's program; only ever on a press. */
  async open(file: FileRow) {
    await attempt(async () => {
      const { state } = await call("Attachments.Open", { id: file.id });
      toasts.show(
        state === "fetching" ? f.fetching(file.name) : f.opening(file.name),
      );
    });
  }

  /** Asks before a program is saved; answers whether to go on (F-12). */
  async mayTake(file: FileRow): Promise<boolean> {
    if (!file.program && file.kind !== "program") return true;
    this.warned?.answer(false);
    const go = await new Promise<boolean>(
      (answer) => (this.warned = { file, answer }),
    );
    this.warned = undefined;
    return go;
  }

  /** Sends a changed file as a new version (D-07). */
  async sendVersion(id: string, name: string) {
    if (
      await attempt(() =>
        call("Watching.SendVersion", { id, message: uuid7() }),
      )
    )
      toasts.show(f.sent(name));
    await this.#changed.refresh();
  }
  async notNow(id: string) {
    await attempt(() => call("Watching.NotNow", { id }));
    await this.#changed.refresh();
  }
  async stopWatching(id: string, name: string) {
    if (await attempt(() => call("Watching.Stop", { id })))
      toasts.show(f.stopped(name));
    await this.#changed.refresh();
  }

  #added({ room, roomName, files, refused }: DroppedView) {
    const box = boxes.get(room);
    if (box) {
      // It may have read the draft after the file came into it.
      const has = new Set(box.files.map((x) => x.id));
      box.attach({ files: files.filter((x) => !has.has(x.id)), refused });
    } else for (const r of refused) toasts.show(`${r.name}: ${r.reason}`);
    if (files.length === 0) return;
    toasts.undo(
      f.added(
        files.map((x) => x.name),
        roomName,
      ),
      f.undo(),
      () => {
        const now = boxes.get(room);
        for (const file of files) {
          if (now) now.detach(file);
          else
            void attempt(() =>
              call("Watching.TakeBack", { room, file: file.id }),
            );
        }
      },
    );
  }
}

export const fileDoor = new FileDoor();
