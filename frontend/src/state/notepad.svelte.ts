import { call } from "../bridge";
import type { NoteView } from "../bridge/api";
import { app } from "./app.svelte";
import { whenChanged } from "./changed";
import { attempt } from "./say";

/** How long after a key it is saved at the latest. */
const pause = 600;
/** Characters that a notepad may have. */
const most = 100_000;

/** What could not be saved when a notepad was left, by account and room: it stands there again when it is opened. */
const unkept = new Map<string, { base: string; text: string }>();

/** What the notepad needs of the box it is written in. */
export type NoteBox = {
  /** The text in the box became another one without being typed. */
  adopted: (before: string, after: string) => void;
  /** An input method is putting letters together: the text must not become another one. */
  busy: () => boolean;
};

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
  /** Characters beyond what a notepad may have; as long as there are any it is not saved. */
  over = $derived(
    this.text.length > most ? Math.max(0, [...this.text].length - most) : 0,
  );
  /** What the text in the box began from. */
  #base = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #under = Promise.resolve();
  /** Counts readings and savings: what was asked before the last of them is old. */
  #asked = 0;
  /** A reading came too late to count: it is done again after the saving. */
  #missed = false;
  #box: NoteBox;
  #unhear: () => void;
  #left = false;
  readonly #whose: string;

  constructor(
    room: string,
    box: NoteBox = { adopted: () => undefined, busy: () => false },
  ) {
    this.room = room;
    this.#whose = `${app.account?.id ?? ""} ${room}`;
    this.#box = box;
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
    const asked = ++this.#asked;
    try {
      const view = await call("Notepad.Open", { room: this.room });
      if (this.#left) return;
      if (asked !== this.#asked) {
        this.#missed ||= this.saving;
        return;
      }
      const first = this.view === undefined;
      this.view = view;
      const mine = first ? unkept.get(this.#whose) : undefined;
      if (mine) {
        this.#adopt(mine.text);
        this.#base = mine.base;
      } else if (!this.dirty && !this.#box.busy()) this.#adopt(view.text);
    } catch {
      // The room is gone: its page says so.
    }
  }

  #adopt(text: string) {
    const before = this.text;
    this.#base = text;
    if (text === before) return;
    this.text = text;
    this.#box.adopted(before, text);
  }

  /** The text in the box was changed. */
  typed() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // Half a word of an input method is no note yet.
      if (this.#box.busy()) this.typed();
      else void this.save();
    }, pause);
  }

  /** An input method is done: what came in meanwhile is shown. */
  composed() {
    if (this.dirty) this.typed();
    else void this.load();
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
    if (this.over > 0 || (sent === this.#base && !chosen)) return;
    this.saving = true;
    this.#asked++;
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
      if (this.text === sent && !this.#box.busy()) this.#adopt(view.text);
    }));
    this.saving = false;
    // Nothing read meanwhile may be taken, nor may it be lost.
    this.#asked++;
    if (this.#missed && !this.#left) void this.load();
    this.#missed = false;
  }

  /** The panel was left: what was typed is saved first, or stands there again. */
  leave() {
    this.#left = true;
    this.#unhear();
    void this.save().then(() => {
      if (this.dirty && this.view)
        unkept.set(this.#whose, { base: this.#base, text: this.text });
      else unkept.delete(this.#whose);
    });
  }
}
