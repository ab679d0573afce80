import { call } from "../bridge";
import type { FileRow } from "../bridge/api";
import { Query } from "./query.svelte";

/** Reads a file as its room has it now; undefined if it is not there. */
async function read({ id, name, room }: FileRow): Promise<FileRow | undefined> {
  for (let before = ""; ;) {
    const page = await call("Rooms.Files", {
      room,
      words: name,
      group: "",
      before,
    });
    const found = page.files.find((f) => f.id === id);
    before = page.files.at(-1)?.id ?? "";
    if (found || !page.more || before === "") return found;
  }
}

/** A file that is being looked at, as its room has it: somebody may delete it meanwhile (F-11). */
export class Looked {
  readonly #first: FileRow;
  readonly #query: Query<FileRow | undefined>;
  /** It was in the room when one looked: once it is not, it is gone with its message. */
  #seen = false;

  constructor(file: FileRow) {
    this.#first = file;
    this.#query = new Query<FileRow | undefined>(
      async () => {
        const now = await read(file);
        if (now) this.#seen = true;
        return now ?? (this.#seen ? { ...file, deleted: Date.now() } : file);
      },
      (scope) => scope === `r:${file.room}`,
    );
  }

  get file(): FileRow {
    return this.#query.value ?? this.#first;
  }

  /** Begins to read; answers what ends it. A file that is in no room yet stays as it is. */
  begin(): () => void {
    if (this.#first.room !== "") void this.#query.refresh();
    return () => this.#query.stop();
  }
}
