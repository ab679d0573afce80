import { BridgeError, call } from "../bridge";
import type {
  Draft,
  FileRow,
  MessageRow,
  QuoteRow,
  RoomView,
  Staged,
  Window,
} from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { w } from "../text/message";
import { boxes, putBack } from "./boxes";
import { whenChanged } from "./changed";
import { maxFiles, stage, Taking } from "./files.svelte";
import { attempt, sentence } from "./say";
import { uuid7 } from "./uuid";

/**
 * Joins what was read before with the newest window: older rows stay if the new
 * window begins among them, else there is a gap and they are dropped.
 */
export function join(
  before: readonly MessageRow[],
  newest: readonly MessageRow[],
): MessageRow[] {
  const first = newest[0];
  if (!first) return [];
  const at = before.findIndex((r) => r.id === first.id);
  return at < 0 ? [...newest] : [...before.slice(0, at), ...newest];
}

/** A message as the one that answers it shows it. */
function quoted(row: MessageRow): QuoteRow {
  return { id: row.id, name: row.name, text: row.text, state: "here" };
}

/** A message as it stands once it is deleted. */
function emptied(row: MessageRow): MessageRow {
  return {
    ...row,
    deleted: Date.now(),
    html: "",
    text: "",
    files: [],
    edited: 0,
    reply: null,
    reactions: [],
  };
}

/** What was begun in a room's box and is neither a draft nor sent: it is there again when the room is opened again. */
const begun = new Map<
  string,
  { editing?: { message: MessageRow; text: string }; answering?: MessageRow }
>();

/**
 * One open room: its messages in a growing window, the draft, and what is being
 * sent. A message is on screen before the program has answered; from the answer on
 * the program's row stands in its place.
 */
export class Room {
  readonly id: string;
  view = $state.raw<RoomView>();
  error = $state.raw<BridgeError>();
  #rows = $state.raw<MessageRow[]>([]);
  #local = $state.raw<MessageRow[]>([]);
  #hidden = $state.raw<ReadonlySet<string>>(new Set());
  more = $state(false);
  loadingOlder = $state(false);
  /** Id of the first message that was new when the room was opened. */
  firstNew = $state("");

  text = $state("");
  files = $state.raw<FileRow[]>([]);
  /** Send was pressed while files were still being taken. */
  sendNext = $state(false);
  #handed: Promise<void> = Promise.resolve();
  /** Files of the page whose bytes are on their way into the program. */
  taking = $state.raw<Taking[]>([]);
  draftState = $state<"" | "saved" | "failed">("");
  /** The message that stands in the box to be edited; the draft waits meanwhile. */
  editing = $state.raw<MessageRow>();
  /** The message that is being answered. */
  answering = $state.raw<MessageRow>();
  #aside: { text: string; files: FileRow[]; cursor: number } | undefined;
  /** Deleted here, while it can still be undone, and until the program says so too. */
  #deleting = $state.raw<ReadonlySet<string>>(new Set());
  /** Marked as unread: nothing is read until the next visit (M-29). */
  #unread = false;

  messages = $derived.by(() => {
    const known = new Set(this.#rows.map((r) => r.id));
    return [...this.#rows, ...this.#local.filter((r) => !known.has(r.id))]
      .filter((r) => !this.#hidden.has(r.id))
      .map((r) =>
        this.#deleting.has(r.id) && r.deleted === 0 ? emptied(r) : r,
      );
  });

  #left = false;
  #unhear: () => void;
  #reading = false;
  #readAgain = false;
  #readUpTo = 0;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #cursor = 0;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(id: string) {
    this.id = id;
    boxes.set(id, this);
    this.#unhear = whenChanged(
      (scope) => scope === `r:${id}` || scope === "sync",
      () => void this.#refresh(),
    );
    void this.#open();
  }

  async #open() {
    try {
      const view = await call("Rooms.Open", { room: this.id });
      if (this.#left) return;
      this.view = view;
      this.#rows = view.window.messages;
      this.more = view.window.more;
      this.firstNew = view.firstNew;
      if (this.text === "" && this.files.length === 0) {
        this.text = view.draft.text;
        this.files = view.draft.files;
        this.#cursor = view.draft.cursor;
      }
      const was = begun.get(this.id);
      begun.delete(this.id);
      this.answering = was?.answering;
      if (was?.editing) {
        this.beginEdit(was.editing.message);
        this.text = was.editing.text;
      }
    } catch (e) {
      this.error = e instanceof BridgeError ? e : new BridgeError("bridge", "");
    }
  }

  /** Reads head and newest window again; one read in flight. */
  async #refresh() {
    if (this.#reading || this.#left) {
      this.#readAgain = true;
      return;
    }
    this.#reading = true;
    do {
      this.#readAgain = false;
      try {
        const view = await call("Rooms.Open", { room: this.id });
        if (this.#left) return;
        this.view = view;
        this.error = undefined;
        this.#take(view.window);
      } catch (e) {
        if (!this.#left && e instanceof BridgeError && e.code === "no_access")
          this.error = e;
      }
    } while (this.#readAgain);
    this.#reading = false;
  }

  #take(window: Window) {
    const before = this.#rows;
    const rows = join(before, window.messages);
    if (rows[0]?.id === window.messages[0]?.id) this.more = window.more;
    this.#rows = rows;
    const known = new Set(rows.map((r) => r.id));
    this.#local = this.#local.filter((r) => !known.has(r.id));
  }

  /** Reads the messages before the oldest one here. */
  async older() {
    const first = this.#rows[0];
    if (!this.more || this.loadingOlder || !first) return;
    this.loadingOlder = true;
    try {
      const window = await call("Rooms.Older", {
        room: this.id,
        before: first.id,
      });
      if (this.#left) return;
      if (this.#rows[0]?.id === first.id) {
        this.#rows = [...window.messages, ...this.#rows];
        // The service is still fetching them: ask again at the next scroll.
        this.more = window.more || window.loading;
      }
    } catch (e) {
      toasts.show(sentence(e));
    } finally {
      this.loadingOlder = false;
    }
  }

  /** The row a person sees the moment Enter is pressed; Go's own row follows. */
  #paint(id: string, text: string, files: FileRow[]): MessageRow {
    const me = this.view?.people.find((p) => p.me);
    return {
      id,
      author: me?.id ?? "",
      name: me?.name ?? "",
      role: me?.role ?? "",
      mine: true,
      html: "",
      text,
      at: Date.now(),
      num: 0,
      state: "sending",
      again: false,
      code: "",
      reason: "",
      retry: false,
      files,
      edited: 0,
      deleted: 0,
      changing: false,
      reply: this.answering ? quoted(this.answering) : null,
      reactions: [],
    };
  }

  /**
   * Sends what stands in the composer; answers whether there was anything. While files are still being taken it is sent as soon as
   * they are here.
   */
  send(): boolean {
    const text = this.text.trim();
    if (this.taking.length > 0) {
      this.sendNext = true;
      return false;
    }
    if (text === "" && this.files.length === 0) return false;
    const row = this.#paint(uuid7(), text, this.files);
    this.answering = undefined;
    this.text = "";
    this.files = [];
    this.#cursor = 0;
    this.draftState = "";
    clearTimeout(this.#draftTimer);
    this.#local = [...this.#local, row];
    this.#inTurn(row);
    return true;
  }

  /** One after the other: what was written first goes first, however long each takes. */
  #inTurn(row: MessageRow) {
    this.#handed = this.#handed.then(() => this.#hand(row));
  }

  async #hand(row: MessageRow) {
    try {
      // A draft still being kept must not come back after its message.
      await this.#saving;
      const files = row.files.map((f) => f.id);
      const kept = await call("Rooms.Send", {
        id: row.id,
        room: this.id,
        text: row.text,
        files,
        reply: row.reply?.id ?? "",
      });
      this.#replace(kept);
      await this.saveDraft();
    } catch (e) {
      const code = e instanceof BridgeError ? e.code : "bridge";
      const reason = sentence(e);
      this.#replace({ ...row, state: "failed", code, reason, retry: true });
    }
  }

  #replace(row: MessageRow) {
    this.#local = this.#local.map((r) => (r.id === row.id ? row : r));
  }

  /** True for a message that never reached this computer's outbox. */
  #isLocal(row: MessageRow) {
    return (
      this.#local.some((r) => r.id === row.id) &&
      !this.#rows.some((r) => r.id === row.id)
    );
  }

  /** Tries a failed message again. */
  retry(row: MessageRow) {
    if (this.#isLocal(row)) {
      this.#replace({
        ...row,
        state: "sending",
        code: "",
        reason: "",
        retry: false,
      });
      this.#inTurn(row);
    } else void attempt(() => call("Outbox.Retry", { id: row.id }));
  }

  /** Takes a failed message back into the composer. */
  async edit(row: MessageRow) {
    this.cancelEdit();
    if (!this.#isLocal(row)) {
      await attempt(() => putBack(row.id, this.id));
      return;
    }
    this.text =
      this.text.trim() === "" ? row.text : `${row.text}\n${this.text}`;
    this.files = [...row.files, ...this.files].slice(0, maxFiles);
    this.touched(this.text.length);
    this.#drop(row);
  }

  /** Shows a draft that the program has written. */
  take(draft: Draft) {
    this.cancelEdit();
    clearTimeout(this.#draftTimer);
    this.#draftTimer = undefined;
    this.text = draft.text;
    this.files = draft.files;
    this.#cursor = draft.cursor;
    this.draftState = "saved";
  }

  /** Hides a failed message, and throws it away when the undo has run out. */
  discard(row: MessageRow) {
    this.#hidden = new Set([...this.#hidden, row.id]);
    toasts.undo(
      m.discarded(),
      m.undo(),
      () => {
        this.#hidden = new Set([...this.#hidden].filter((id) => id !== row.id));
      },
      () => this.#drop(row),
    );
  }

  #drop(row: MessageRow) {
    if (this.#isLocal(row))
      this.#local = this.#local.filter((r) => r.id !== row.id);
    else void attempt(() => call("Outbox.Discard", { id: row.id }));
  }

  /** Takes a message of one's own into the box; what stood there comes back afterwards. */
  beginEdit(row: MessageRow) {
    if (this.editing?.id === row.id) return;
    if (this.editing) this.#endEdit();
    if (this.#draftTimer !== undefined) void this.saveDraft();
    this.#aside = {
      text: this.text,
      files: this.files,
      cursor: this.#cursor,
    };
    this.editing = row;
    this.text = row.text;
    this.files = [];
    this.#cursor = row.text.length;
  }

  #endEdit() {
    this.editing = undefined;
    this.text = this.#aside?.text ?? "";
    this.files = this.#aside?.files ?? [];
    this.#cursor = this.#aside?.cursor ?? 0;
    this.#aside = undefined;
  }

  /** Leaves the message as it is. */
  cancelEdit() {
    if (this.editing) this.#endEdit();
  }

  /** Gives the message the words in the box; answers whether that is done. */
  async saveEdit(): Promise<boolean> {
    const row = this.editing;
    if (!row) return false;
    const text = this.text.trim();
    if (
      text !== row.text &&
      !(await attempt(() =>
        call("Rooms.Reword", { room: this.id, message: row.id, text }),
      ))
    )
      return false;
    if (this.editing?.id === row.id) this.#endEdit();
    return true;
  }

  /** Begins an answer to a message, or with none takes that back. */
  answer(row?: MessageRow) {
    this.cancelEdit();
    this.answering = row;
  }

  /** Puts one's emoji under a message, or takes it away. */
  async react(row: MessageRow, emoji: string, on: boolean) {
    await attempt(() =>
      call("Rooms.React", { room: this.id, message: row.id, emoji, on }),
    );
  }

  /** Empties a message at once, and deletes it when the undo has run out (M-27). */
  delete(row: MessageRow) {
    if (this.editing?.id === row.id) this.cancelEdit();
    if (this.answering?.id === row.id) this.answering = undefined;
    const sent = row.state === "sent";
    const shown = (set: ReadonlySet<string>, on: boolean) =>
      on
        ? new Set([...set, row.id])
        : new Set([...set].filter((id) => id !== row.id));
    const show = (on: boolean) => {
      // What never left this computer leaves no trace.
      if (sent) this.#deleting = shown(this.#deleting, on);
      else this.#hidden = shown(this.#hidden, on);
    };
    show(true);
    toasts.undo(
      w.deletedNote(),
      m.undo(),
      () => show(false),
      () =>
        void (async () => {
          await attempt(() =>
            call("Rooms.Delete", { room: this.id, message: row.id }),
          );
          await this.#refresh();
          show(false);
        })(),
    );
  }

  /** The room is unread again from this message on, on all devices (M-29). */
  async markUnread(row: MessageRow) {
    this.#unread = true;
    this.firstNew = row.id;
    await attempt(() =>
      call("Rooms.MarkUnread", { room: this.id, message: row.id }),
    );
  }

  /** Fetches older messages until this one is here; answers whether it is. */
  async reach(id: string): Promise<boolean> {
    const here = () => this.#rows.some((r) => r.id === id);
    for (let quiet = 0; !here() && this.more && quiet < 20 && !this.#left;) {
      const first = this.#rows[0]?.id;
      await this.older();
      if (this.#rows[0]?.id !== first) quiet = 0;
      else {
        quiet++; // being fetched from the service
        await new Promise((r) => setTimeout(r, 150));
      }
    }
    return here();
  }

  /** Text or cursor moved: the draft is kept a moment later. */
  touched(cursor: number) {
    this.#cursor = cursor;
    if (this.editing) return;
    this.draftState = "";
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => void this.saveDraft(), 400);
  }

  /** Where the cursor stood in the draft. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Keeps the draft now. */
  async saveDraft() {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = undefined;
    // While a message is edited the draft is what was put aside.
    const from = this.#aside ?? {
      text: this.text,
      files: this.files,
      cursor: this.#cursor,
    };
    const files = from.files.map((f) => f.id);
    const draft = {
      room: this.id,
      text: from.text,
      cursor: from.cursor,
      files,
    };
    const saving = this.#saving.then(() => call("Rooms.SaveDraft", draft));
    this.#saving = saving.catch(() => undefined);
    try {
      await saving;
      this.draftState = draft.text === "" && files.length === 0 ? "" : "saved";
    } catch {
      this.draftState = "failed";
    }
  }

  /** Takes files that the program holds already into the draft. */
  attach(staged: Staged) {
    const room = maxFiles - this.files.length;
    this.files = [...this.files, ...staged.files.slice(0, Math.max(0, room))];
    for (const r of staged.refused) toasts.show(m.refused(r.name, r.reason));
    const over = staged.files.slice(Math.max(0, room)).map((f) => f.name);
    if (over.length > 0) toasts.show(m.tooMany(maxFiles, over));
    if (staged.files.length > 0) void this.saveDraft();
  }

  /** Takes files of the page: pasted, dropped or picked in a browser. */
  async attachFiles(list: File[], maxFile: number) {
    if (list.length === 0) return;
    const taking = list.map((file) => new Taking(file));
    this.taking = [...this.taking, ...taking];
    const staged = await stage(this.id, taking, maxFile);
    this.taking = this.taking.filter((t) => !taking.includes(t));
    this.attach(staged);
    if (this.taking.length > 0) return;
    // What was refused or called off is for the person to look at before anything is sent.
    if (
      this.sendNext &&
      staged.refused.length === 0 &&
      !taking.some((t) => t.stopped)
    )
      this.send();
    this.sendNext = false;
  }

  /** Takes a file out of the draft. */
  detach(file: FileRow) {
    this.files = this.files.filter((f) => f.id !== file.id);
    void this.saveDraft();
  }

  /** Messages up to this number were on screen in a focused window (M-32). */
  seen(num: number) {
    if (num <= this.#readUpTo || this.#unread) return;
    this.#readUpTo = num;
    void call("Rooms.Read", { room: this.id, num }).catch(() => {
      this.#readUpTo = 0;
    });
  }

  /** Keeps the room among the favourites, or not. */
  favourite(favourite: boolean) {
    if (this.view) this.view = { ...this.view, favourite };
    void attempt(() => call("Rooms.Favourite", { room: this.id, favourite }));
  }

  /** Leaves the room: the draft is kept, late answers are dropped. */
  leave() {
    this.#left = true;
    if (boxes.get(this.id) === this) boxes.delete(this.id);
    this.#unhear();
    if (this.editing || this.answering)
      begun.set(this.id, {
        ...(this.editing && {
          editing: { message: this.editing, text: this.text },
        }),
        ...(this.answering && { answering: this.answering }),
      });
    if (this.#draftTimer !== undefined) void this.saveDraft();
  }
}
