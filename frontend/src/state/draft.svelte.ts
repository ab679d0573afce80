import { call } from "../bridge";
import type {
  Draft as DraftRow,
  FileRow,
  MessageRow,
  QuoteRow,
  Staged,
} from "../bridge/api";
import { type Edit, edited } from "../shared/mirror";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { f } from "../text/files";
import { maxFiles, stage, Taking } from "./files.svelte";
import {
  add,
  follow,
  type Mention,
  pasted,
  Seen,
  show,
  store,
  taken,
  toShown,
  toStored,
} from "./mentions";
import { Tint } from "./tint.svelte";

/** A draft is kept when one pauses this long, and while one writes on at least this often; in ms. */
const pause = 400;
const often = 1000;

/** A message of one's own that stands in the box. */
export type Editing = {
  id: string;
  /** What it says, as it is stored. */
  text: string;
  /** It carries files, so it may say nothing. */
  files: boolean;
};

/** What a box holds; text and cursor as they are stored. */
type Held = { text: string; files: FileRow[]; cursor: number };

/** The last keeping of each room's draft: a room is opened after it. */
const kept = new Map<string, Promise<unknown>>();

/** Ends when the draft of a room that was just left is kept. */
export function draftKept(room: string): Promise<unknown> {
  return kept.get(room) ?? Promise.resolve();
}

/**
 * What stands in the box of a room: the draft with its files, kept as it is
 * typed, or a message that is edited while the draft waits. The box shows names
 * where the stored text has ids.
 */
export class Draft {
  readonly room: string;
  readonly to: string;
  #text = $state("");
  mentions = $state.raw<readonly Mention[]>([]);
  /** Counts the texts that were put into the box, not typed. */
  loaded = $state(0);
  files = $state.raw<FileRow[]>([]);
  /** Send was pressed while files were still being taken. */
  sendNext = $state(false);
  /** Files of the page whose bytes are on their way into the program. */
  taking = $state.raw<Taking[]>([]);
  state = $state<"" | "saved" | "failed">("");
  /** The message that stands in the box to be edited; the draft waits meanwhile. */
  editing = $state.raw<Editing>();
  /** The message that is being answered. */
  answering = $state.raw<QuoteRow>();
  /** How the box is tinted. */
  readonly tint: Tint;
  /** Who is in the room, by account; the room says. */
  nameOf: (id: string) => string | undefined = () => undefined;

  #aside: Held | undefined;
  #seen = new Seen();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the first of what is not kept yet was typed. */
  #since = 0;
  #cursor = 0;
  #saving: Promise<unknown> = Promise.resolve();
  readonly #send: () => void;

  /** Send is called once files it waited for are here. To is the account of a direct room that is not yet. */
  constructor(room: string, send: () => void, to = "") {
    this.room = room;
    this.to = to;
    this.#send = send;
    this.tint = new Tint(() => ({ room, notes: false }));
    addEventListener("pagehide", this.#away);
  }

  /** A page that goes away keeps what was just typed (M-25). */
  readonly #away = () => {
    if (this.#timer !== undefined) void this.save();
  };

  /** What the box shows. */
  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.typed(text, text.length);
  }

  /** The same as it is stored and sent, mentions by account. */
  get stored(): string {
    return store({ text: this.#text, mentions: this.mentions });
  }

  /** The box shows another text now; its cursor stands behind what changed. How is the kind of input, as InputEvent names it. */
  typed(text: string, cursor: number, how = "") {
    if (text === this.#text) return;
    const edit = edited(this.#text, text, cursor);
    const undone = how.startsWith("history");
    const was = { text: this.#text, mentions: this.mentions };
    this.mentions =
      (undone ? this.#seen.of(text) : undefined) ?? follow(was, text, edit);
    if (how === "insertFromPaste") this.#pasted(text, edit);
    this.#text = text;
    this.#seen.keep({ text, mentions: this.mentions });
    this.tint.typed(this.stored, edit, this.#placer());
  }

  /** Who was mentioned in what was cut or copied is mentioned where it is pasted, if they are in this room. */
  #pasted(text: string, edit: Edit) {
    const words = text.slice(edit.from, edit.from + edit.size);
    for (const x of pasted(words, edit.from))
      if (`@${this.nameOf(x.id) ?? ""}` === text.slice(x.from, x.to))
        this.mentions = add(this.mentions, x);
  }

  /** A stretch of the box is cut or copied. */
  copied(from: number, to: number) {
    taken({ text: this.#text, mentions: this.mentions }, from, to);
  }

  /** What stands at these places of the box is the mention of an account. */
  mention(from: number, to: number, id: string) {
    this.mentions = add(this.mentions, { from, to, id });
    this.#seen.keep({ text: this.#text, mentions: this.mentions });
    this.tint.typed(this.stored, { from, to: from, size: 0 }, this.#placer());
  }

  #placer() {
    const mentions = this.mentions;
    return mentions.length === 0
      ? undefined
      : (at: number) => toShown(mentions, at);
  }

  /** Puts a stored text into the box, as if it had always stood there. */
  #load(text: string, cursor: number) {
    const shown = show(text, this.nameOf);
    this.#text = shown.text;
    this.mentions = shown.mentions;
    this.#cursor = toShown(shown.mentions, cursor);
    this.loaded++;
    this.#seen = new Seen();
    this.#seen.keep(shown);
    this.tint.set(text, this.#placer());
  }

  #held(): Held {
    return {
      text: this.stored,
      files: this.files,
      cursor: toStored(this.mentions, this.#cursor),
    };
  }

  /** Begins with what is kept. */
  open(draft: DraftRow) {
    if (this.text !== "" || this.files.length > 0) return;
    this.#begin(draft);
  }

  #begin(draft: DraftRow) {
    this.files = draft.files;
    this.answering = draft.reply ?? undefined;
    this.#load(draft.text, draft.cursor);
    const edit = draft.edit;
    if (!edit) return;
    this.#aside = this.#held();
    this.editing = { id: edit.message, text: edit.text, files: edit.files };
    this.files = [];
    this.#load(edit.words, edit.cursor);
  }

  /** Shows a draft that the program has written; what is being edited beside it goes on. */
  take(draft: DraftRow) {
    this.#untime();
    this.editing = undefined;
    this.#aside = undefined;
    this.#begin(draft);
    this.state = "saved";
  }

  /** Takes words that the program put behind the draft; what is typed or edited here meanwhile stays. */
  behind(words: string) {
    const was = this.#aside ?? this.#held();
    const text = was.text === "" ? words : `${was.text}\n${words}`;
    if (this.#aside) this.#aside = { ...was, text };
    else this.#load(text, text.length);
    this.touched(this.#cursor);
  }

  /** Empties the box: what stood in it is on its way. */
  clear() {
    this.answering = undefined;
    this.files = [];
    this.#load("", 0);
    this.state = "";
    this.#untime();
  }

  /** Puts stored words and files before what stands in the box. */
  prepend(text: string, files: readonly FileRow[]) {
    const now = this.stored;
    this.#load(now.trim() === "" ? text : `${text}\n${now}`, text.length);
    this.files = [...files, ...this.files].slice(0, maxFiles);
    this.touched(this.#cursor);
  }

  /** Takes a message of one's own into the box; what stood there comes back afterwards. */
  beginEdit(row: MessageRow) {
    if (this.editing?.id === row.id) return;
    if (this.editing) this.#putBack();
    this.#aside = this.#held();
    this.editing = {
      id: row.id,
      text: row.text,
      files: row.files.length > 0,
    };
    this.files = [];
    this.#load(row.text, row.text.length);
    this.touched(this.#cursor);
  }

  #putBack() {
    const was = this.#aside;
    this.editing = undefined;
    this.#aside = undefined;
    this.files = was?.files ?? [];
    this.#load(was?.text ?? "", was?.cursor ?? 0);
  }

  /** Puts the draft back into the box. */
  endEdit() {
    this.#putBack();
    this.touched(this.#cursor);
  }

  /** The message is gone: the words that it was to have stand before the draft. */
  keepWords() {
    const words = this.stored;
    this.#putBack();
    this.prepend(words, []);
  }

  /** Leaves the message as it is. */
  cancelEdit() {
    if (this.editing) this.endEdit();
  }

  /** Begins an answer to a message, or with none takes that back. */
  answer(row?: MessageRow) {
    this.cancelEdit();
    this.answering = row && {
      id: row.id,
      name: row.name,
      text: show(row.text, this.nameOf).text.replace(/\s+/g, " "),
      state: "here",
    };
    this.touched(this.#cursor);
  }

  /** Text or cursor moved: the draft is kept a moment later. */
  touched(cursor: number) {
    this.#cursor = cursor;
    this.state = "";
    const now = Date.now();
    if (this.#timer === undefined) this.#since = now;
    clearTimeout(this.#timer);
    const wait = Math.min(pause, Math.max(0, this.#since + often - now));
    this.#timer = setTimeout(() => void this.save(), wait);
  }

  /** Where the cursor stood in the box. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Ends when what is being kept is kept. */
  get saving(): Promise<unknown> {
    return this.#saving;
  }

  #untime() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Keeps the draft now. */
  async save() {
    this.#untime();
    const box = this.#held();
    // While a message is edited the draft is what was put aside.
    const from = this.#aside ?? box;
    const draft = {
      room: this.room,
      to: this.to,
      text: from.text,
      cursor: from.cursor,
      files: from.files.map((f) => f.id),
      reply: this.answering?.id ?? "",
      edit: this.editing?.id ?? "",
      words: this.editing ? box.text : "",
      place: this.editing ? box.cursor : 0,
    };
    const saving = this.#saving.then(() => call("Rooms.SaveDraft", draft));
    this.#saving = saving.catch(() => undefined);
    kept.set(this.room, this.#saving);
    try {
      await saving;
      const empty = draft.text === "" && draft.files.length === 0;
      this.state = empty || this.#timer !== undefined ? "" : "saved";
    } catch {
      this.state = "failed";
    }
  }

  /** Takes files that the program holds already into the draft. */
  attach(staged: Staged) {
    const from = this.#aside?.files ?? this.files;
    const room = Math.max(0, maxFiles - from.length);
    const files = [...from, ...staged.files.slice(0, room)];
    if (this.#aside) this.#aside = { ...this.#aside, files };
    else this.files = files;
    const renamed = files.slice(from.length).filter((x) => x.was);
    if (renamed.length > 0) toasts.show(f.renamed(renamed));
    for (const r of staged.refused) toasts.show(m.refused(r.name, r.reason));
    const over = staged.files.slice(room).map((f) => f.name);
    if (over.length > 0) toasts.show(m.tooMany(maxFiles, over));
    if (staged.files.length > 0) void this.save();
  }

  /** Takes files of the page: pasted, dropped or picked in a browser. */
  async attachFiles(list: File[], maxFile: number) {
    if (list.length === 0) return;
    const taking = list.map((file) => new Taking(file));
    this.taking = [...this.taking, ...taking];
    const staged = await stage(this.room, taking, maxFile);
    this.taking = this.taking.filter((t) => !taking.includes(t));
    this.attach(staged);
    if (this.taking.length > 0) return;
    // What was refused or called off is for the person to look at before anything is sent.
    if (
      this.sendNext &&
      staged.refused.length === 0 &&
      !taking.some((t) => t.stopped)
    )
      this.#send();
    this.sendNext = false;
  }

  /** Takes a file out of the draft. */
  detach(file: FileRow) {
    this.files = this.files.filter((f) => f.id !== file.id);
    void this.save();
  }

  /** The room is no longer open: what was typed last goes where the program kept the rest (M-07), and the box is empty. */
  async close() {
    if (this.#timer !== undefined) await this.save();
    if (this.state === "failed") return;
    this.editing = undefined;
    this.#aside = undefined;
    this.clear();
  }

  /** The room is left: what stands in the box is kept. */
  leave() {
    this.tint.leave();
    removeEventListener("pagehide", this.#away);
    this.#away();
  }
}
