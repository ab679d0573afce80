import { call } from "../bridge";
import type {
  Draft as DraftRow,
  FileRow,
  MessageRow,
  QuoteRow,
  Staged,
} from "../bridge/api";
import { edited } from "../shared/mirror";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { maxFiles, stage, Taking } from "./files.svelte";
import {
  add,
  follow,
  type Mention,
  Seen,
  show,
  store,
  toShown,
  toStored,
} from "./mentions";
import { Tint } from "./tint.svelte";

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

  /** The box shows another text now; its cursor stands behind what changed. By says that undo or redo did it. */
  typed(text: string, cursor: number, undone = false) {
    if (text === this.#text) return;
    const edit = edited(this.#text, text, cursor);
    this.mentions =
      (undone ? this.#seen.of(text) : undefined) ?? follow(this.mentions, edit);
    this.#text = text;
    this.#seen.keep({ text, mentions: this.mentions });
    this.tint.typed(this.stored, edit, this.#placer());
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

  /** Shows a draft that the program has written. */
  take(draft: DraftRow) {
    this.#untime();
    this.editing = undefined;
    this.#aside = undefined;
    this.files = draft.files;
    this.answering = draft.reply ?? undefined;
    this.#load(draft.text, draft.cursor);
    this.state = "saved";
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
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), 400);
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
      this.state = draft.text === "" && draft.files.length === 0 ? "" : "saved";
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

  /** The room is left: what stands in the box is kept. */
  leave() {
    this.tint.leave();
    removeEventListener("pagehide", this.#away);
    this.#away();
  }
}
