import { call } from "../bridge";
import type { NoteView } from "../bridge/api";
import { whenChanged } from "./changed";
import { attempt } from "./say";

/** How long after a key it is saved at the latest. */
const pause = 600;

/**
 * The personal notepad of a room (M-35). What is typed is saved 600 ms after a
 * key at the latest, and when the box or the page is left. What another device
 * wrote comes in by itself; while something is being typed here the two are
 * merged by the program, never by dropping one.
 */
export class Notepad {
  readonly room: string;
  /** As the program has it; undefined until it is read. */
  view = $state.raw<NoteView>();
  /** What stands in the box. */
  text = $state("");
  saving = $state(false);
  failed = $state(false);
  /** What the text in the box began from. */
  #base = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #under = Promise.resolve();
  #adopted: (before: string, after: string) => void;
  #unhear: () => void;
  #left = false;

  /** Adopted is told when the text in the box becomes another one without being typed. */
  constructor(
    room: string,
    adopted: (before: string, after: string) => void = () => undefined,
  ) {
    this.room = room;
    this.#adopted = adopted;
    this.#unhear = whenChanged(
      (scope) => scope.startsWith("a:"),
      () => void this.load(),
    );
    void this.load();
  }

  get dirty() {
    return this.text !== this.#base;
  }

  async load() {
    try {
      const view = await call("Notepad.Open", { room: this.room });
      if (this.#left || this.saving) return;
      this.view = view;
      if (!this.dirty) this.#adopt(view.text);
    } catch {
      // The room is gone: its page says so.
    }
  }

  #adopt(text: string) {
    const before = this.text;
    this.#base = text;
    if (text === before) return;
    this.text = text;
    this.#adopted(before, text);
  }

  /** The text in the box was changed. */
  typed() {
    this.#timer ??= setTimeout(() => void this.save(), pause);
  }

  /** Saves what is not saved yet; answers when it is. */
  save(chosen?: { text: string; mark: string }): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#under = this.#under.then(() => this.#save(chosen));
    return this.#under;
  }

  async #save(chosen?: { text: string; mark: string }) {
    if (chosen) this.text = chosen.text;
    const sent = this.text;
    if (sent === this.#base && !chosen) return;
    this.saving = true;
    this.failed = !(await attempt(async () => {
      const view = await call("Notepad.Save", {
        room: this.room,
        base: this.#base,
        text: sent,
        chosen: chosen?.mark ?? "",
      });
      this.#base = sent; // what is typed from here on goes on from it
      this.view = view;
      // Merged, or put beside another text: the box shows what stands now.
      if (this.text === sent) this.#adopt(view.text);
    }));
    this.saving = false;
  }

  /** The panel was left: what was typed is saved first. */
  leave() {
    this.#left = true;
    this.#unhear();
    void this.save();
  }
}
