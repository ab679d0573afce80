import { call, on } from "../bridge";
import type {
  Caps,
  ImportIn,
  ImportMatch,
  ImportRow,
  ImportState,
  ImportView,
} from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { im } from "../text/imports";
import { attempt, sentence } from "./say";
import { uuid7 } from "./uuid";

/** The largest file that is taken, and how much of it goes over at once, in bytes. */
const largest = 8 << 20;
const piece = 384 << 10;

const base64 = (bytes: Uint8Array) => {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
};

/**
 * Time of another program on its way in: a file, how it is to be read, what would
 * become of each of its lines, and the writing itself.
 */
export class Importing {
  view = $state.raw<ImportView>();
  rows = $state.raw<readonly ImportRow[]>([]);
  state = $state.raw<ImportState>();
  refused = $state("");
  busy = $state(false);
  zone = $state(Intl.DateTimeFormat().resolvedOptions().timeZone);
  order = $state("");
  person = $state("");
  memo = $state("");
  show = $state("");
  projects = $state.raw<readonly ImportMatch[]>([]);
  tasks = $state.raw<readonly ImportMatch[]>([]);
  #contract: string;
  #id = "";
  #asked = 0;
  #unhear: (() => void)[];

  constructor(contract: string) {
    this.#contract = contract;
    this.#unhear = [
      on("importfile", (f) => {
        if (f.reason !== "") this.refused = f.reason;
        else void this.#read(f.id);
      }),
      on("import", (s) => {
        if (s.id === this.#id) this.state = s;
      }),
    ];
  }

  /** Asks for a file: by the system's dialog, else by the page's own. */
  async pick(caps: Pick<Caps, "dialogs">, own: () => void) {
    if (!caps.dialogs) own();
    else await attempt(() => call("Imports.Pick"));
  }

  /** Takes a file of the page. */
  async take(file: File) {
    this.refused =
      file.size === 0 ? im.empty() : file.size > largest ? im.large() : "";
    if (this.refused !== "") return;
    this.busy = true;
    const id = uuid7();
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      for (let at = 0; at < bytes.length; at += piece)
        await call("Imports.Put", {
          id,
          name: file.name,
          at,
          body: base64(bytes.subarray(at, at + piece)),
        });
      await this.#read(id);
    } catch (e) {
      this.refused = sentence(e);
    } finally {
      this.busy = false;
    }
  }

  async #read(id: string) {
    const before = this.#id;
    this.#id = id;
    this.order = "";
    this.person = "";
    this.projects = [];
    this.tasks = [];
    this.show = "";
    this.state = undefined;
    if (!(await this.look())) this.#id = before;
  }

  /** What is asked for now. */
  asked(skip = 0): ImportIn {
    const { zone, order, person, memo, show } = this;
    return {
      id: this.#id,
      zone,
      order,
      person,
      memo: memo.trim(),
      show,
      skip,
      contract: this.#contract,
      projects: [...this.projects],
      tasks: [...this.tasks],
    };
  }

  /** Reads anew what would become of each line; answers whether it could be read. */
  async look(): Promise<boolean> {
    if (this.#id === "") return false;
    const n = ++this.#asked;
    this.refused = "";
    try {
      const view = await call("Imports.Look", this.asked());
      if (n !== this.#asked) return true;
      this.view = view;
      this.rows = view.rows;
    } catch (e) {
      if (n !== this.#asked) return true;
      this.refused = sentence(e);
      return false;
    }
    return true;
  }

  /** The next rows of a long file. */
  async more() {
    const n = this.#asked;
    await attempt(async () => {
      const next = await call("Imports.Look", this.asked(this.rows.length));
      if (n !== this.#asked) return;
      this.rows = [...this.rows, ...next.rows];
      this.view = next;
    });
  }

  /** Says what a name of the file is here; "" is nothing yet. */
  match(what: "projects" | "tasks", name: string, to: string) {
    const rest = this[what].filter((m) => m.name !== name);
    this[what] = to === "" ? rest : [...rest, { name, to }];
    void this.look();
  }

  /** Writes it in; answers what came of it once it is over. */
  async start(): Promise<ImportState | undefined> {
    let now: ImportState | undefined;
    const went = await attempt(async () => {
      now = await call("Imports.Start", this.asked());
      this.state = now;
      // The last event may come before the answer, or be missed: it is asked for, too.
      while (this.state?.state === "going") {
        await new Promise((done) => setTimeout(done, 200));
        this.state = await call("Imports.State", { id: this.#id });
      }
      now = this.state;
    });
    return went ? now : undefined;
  }
  async stop() {
    await attempt(() => call("Imports.Stop", { id: this.#id }));
  }

  /** A line that says what was added and takes it back on a press. */
  said(state: ImportState) {
    const asked = this.asked();
    toasts.undo(
      im.added(state.added, state.seconds),
      im.undo(),
      () =>
        void attempt(async () => {
          const out = await call("Imports.Undo", asked);
          toasts.show(
            out.deleted > 0
              ? im.deleted(out.deleted)
              : out.standing > 0
                ? im.standing(out.standing)
                : im.undone(out.seconds),
          );
        }),
    );
  }

  /** The dialog was closed. */
  leave() {
    for (const f of this.#unhear) f();
    this.#asked++;
  }
}
