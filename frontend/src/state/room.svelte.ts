import { BridgeError, call } from "../bridge";
import type { Draft as DraftRow, MessageRow, RoomView } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { w } from "../text/message";
import { boxes, putBack } from "./boxes";
import { whenChanged } from "./changed";
import { Draft, draftKept } from "./draft.svelte";
import { Outgoing } from "./outgoing.svelte";
import { attempt, sentence } from "./say";
import { type Arrived, type Place, Timeline } from "./timeline.svelte";

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

const less = (set: ReadonlySet<string>, id: string) =>
  new Set([...set].filter((x) => x !== id));
const plus = (set: ReadonlySet<string>, id: string) => new Set([...set, id]);

/**
 * One open room: its head, its messages, its box, and what is being sent. A
 * message is on screen before the program has answered; from the answer on the
 * program's row stands in its place.
 */
export class Room {
  readonly id: string;
  /** The account a direct room is with that is not there yet; "" for every other room. */
  readonly to: string;
  readonly timeline: Timeline;
  /** Why what is sent next holds contact details before a contract; "" if nobody said. */
  reason = "";
  readonly draft: Draft;
  /** Hears when what waited for its files has been sent. */
  onlate: () => void = () => undefined;
  readonly outgoing: Outgoing;
  view = $state.raw<RoomView>();
  error = $state.raw<BridgeError>();
  /** Id of the first message that was new when the room was opened. */
  firstNew = $state("");
  /** What is not read begins where only the service has it: the page goes there, and nothing counts as read until it stands there (M-31). */
  far = $state(false);
  /** The first message that came in above own ones and was not on screen since. */
  above: { id: string; num: number } | undefined = $state.raw();
  /** The page is on its way to a place: what comes by meanwhile was not looked at (M-32). */
  moving = $state(false);
  #hidden = $state.raw<ReadonlySet<string>>(new Set());
  /** Deleted here, while it can still be undone, and until the program says so too. */
  #deleting = $state.raw<ReadonlySet<string>>(new Set());
  /** Marked as unread: nothing is read until the next visit (M-29). */
  #unread = false;

  /** What is on the page: a run of the room's messages, and those on their way. */
  messages = $derived.by(() => {
    const known = new Set(this.timeline.rows.map((r) => r.id));
    return [
      ...this.timeline.rows,
      ...this.outgoing.rows.filter((r) => !known.has(r.id)),
    ]
      .filter((r) => !this.#hidden.has(r.id))
      .map((r) =>
        this.#deleting.has(r.id) && r.deleted === 0 ? emptied(r) : r,
      )
      .map((r) =>
        r.unsaved && this.#hidden.has(r.unsaved.id)
          ? { ...r, unsaved: null }
          : r,
      );
  });

  #left = false;
  #unhear: () => void;
  #reading = false;
  #readAgain = false;
  #readUpTo = 0;
  #marked: Promise<unknown> = Promise.resolve();

  constructor(id: string, to = "") {
    this.id = id;
    this.to = to;
    this.timeline = new Timeline(id);
    this.draft = new Draft(id, () => this.send() && this.onlate(), to);
    this.draft.nameOf = (who) =>
      this.view?.people.find((p) => p.id === who)?.name;
    this.outgoing = new Outgoing(
      id,
      // A draft still being kept must not come back after its message.
      () => this.draft.saving,
      () => this.draft.save(),
      to,
    );
    boxes.set(id, this);
    this.#unhear = whenChanged(
      (scope) =>
        scope === `r:${id}` ||
        scope === "sync" ||
        // What came in above may have been read on another device.
        (this.above !== undefined && scope.startsWith("a:")) ||
        // How its offer stands, and that an answer to it waits, is no row of the room.
        (this.view?.kind === "interview" &&
          (scope === "outbox" || scope === `k:${this.view.contract}`)),
      () => void this.#refresh(),
    );
    void this.#open();
  }

  #ask(span: { first: string; last: string }) {
    return call("Rooms.Open", {
      room: this.id,
      to: this.to,
      first: span.first,
      last: span.last,
    });
  }

  async #open() {
    try {
      await draftKept(this.id);
      const view = await this.#ask({ first: "", last: "" });
      if (this.#left) return;
      this.view = view;
      this.timeline.open(view.window);
      this.firstNew = view.firstNew;
      this.far = view.unread > 0 && view.firstNew === "";
      this.draft.open(view.draft);
    } catch (e) {
      this.error = e instanceof BridgeError ? e : new BridgeError("bridge", "");
    }
  }

  /** Reads the head and what is on the page again; one read in flight. */
  async #refresh() {
    if (this.#reading || this.#left) {
      this.#readAgain = true;
      return;
    }
    this.#reading = true;
    do {
      this.#readAgain = false;
      try {
        const span = this.timeline.span();
        const view = await this.#ask(span);
        if (this.#left) return;
        this.view = view;
        this.error = undefined;
        const stood = new Set(this.messages.map((r) => r.id));
        if (this.timeline.again(span, view.window)) {
          this.outgoing.known(this.timeline.rows);
          this.#cameAbove(view.firstNew, stood);
        } else this.#readAgain = true;
      } catch (e) {
        if (!this.#left && e instanceof BridgeError && e.code === "no_access") {
          this.error = e;
          void this.draft.close();
        }
      }
    } while (this.#readAgain);
    this.#reading = false;
  }

  /** What was written without a network comes after what others wrote meanwhile: that comes in above it, where nobody looks, and is told by
      the divider. It is read once its first message was on screen. */
  #cameAbove(first: string, stood: ReadonlySet<string>) {
    const { above, messages: rows } = this;
    const unread = rows.find((r) => r.id === first)?.num ?? Infinity;
    if (above && (first === "" || (unread > above.num && unread < Infinity)))
      this.above = undefined;
    if (first === "" || stood.has(first)) return;
    const at = rows.findIndex((r) => r.id === first);
    if (at < 0 || at > rows.findLastIndex((r) => r.mine && stood.has(r.id)))
      return;
    this.above = rows[at];
  }

  /** Reads the messages before the first one here. */
  async older() {
    try {
      await this.timeline.older();
    } catch (e) {
      toasts.show(sentence(e));
    }
  }

  /** Reads the messages after the last one here. */
  async newer() {
    try {
      await this.timeline.newer();
    } catch (e) {
      toasts.show(sentence(e));
    }
  }

  /** Brings a place onto the page, however far away; answers the message that stands there, or why there is none. */
  async reach(place: Place): Promise<Arrived> {
    try {
      return await this.timeline.reach(place);
    } catch (e) {
      return { id: "", reason: sentence(e) };
    }
  }

  /** Brings what is not read onto the page; answers its first message, "" where it does not come. */
  async toUnread(): Promise<string> {
    const { id } = await this.reach({ num: 0 });
    const { rows } = this.timeline;
    const from = rows.findIndex((r) => r.id === id);
    const first = from < 0 ? undefined : rows.slice(from).find((r) => !r.mine);
    if (first) this.firstNew = first.id;
    return first?.id ?? "";
  }

  /** My newest message that is not deleted, wherever the page stands; undefined where it is not among the room's newest (K-04). */
  async lastOwn(): Promise<MessageRow | undefined> {
    let rows: readonly MessageRow[] = this.messages;
    if (!this.timeline.atEnd) {
      const ask = call("Rooms.Newest", { room: this.id });
      rows = [...(await ask).messages, ...this.outgoing.rows];
    }
    return rows.findLast(
      (r) =>
        r.mine &&
        r.deleted === 0 &&
        !this.#hidden.has(r.id) &&
        !this.#deleting.has(r.id),
    );
  }

  /** Brings the newest messages onto the page. */
  async toEnd() {
    await attempt(() => this.timeline.toEnd());
  }

  /**
   * Sends what stands in the composer; answers whether there was anything. While files are still being taken it is sent as soon as
   * they are here.
   */
  send(): boolean {
    const text = this.draft.stored.trim();
    if (this.draft.taking.length > 0) {
      this.draft.sendNext = true;
      return false;
    }
    if (text === "" && this.files.length === 0) return false;
    this.outgoing.add({
      text,
      files: this.files,
      answering: this.answering,
      me: this.view?.people.find((p) => p.me),
      reason: this.reason,
    });
    this.reason = "";
    this.draft.clear();
    return true;
  }

  /** True for a message that never reached this computer's outbox. */
  #isLocal(row: Pick<MessageRow, "id">) {
    return (
      this.outgoing.has(row.id) &&
      !this.timeline.rows.some((r) => r.id === row.id)
    );
  }

  /** Tries a failed message again. */
  retry(row: MessageRow) {
    if (this.#isLocal(row)) this.outgoing.retry(row);
    else void attempt(() => call("Outbox.Retry", { id: row.id }));
  }

  /** Takes a failed message back into the composer. */
  async edit(row: MessageRow) {
    this.cancelEdit();
    if (!this.#isLocal(row)) {
      await attempt(() => putBack(row.id, this.id));
      return;
    }
    this.draft.prepend(row.text, row.files);
    this.outgoing.drop(row.id);
  }

  /** Shows a draft that the program has written. */
  take(draft: DraftRow) {
    this.draft.take(draft);
  }

  /** Hides a failed message or a change of one, and throws it away when the undo has run out. */
  discard(row: Pick<MessageRow, "id">) {
    this.#hidden = plus(this.#hidden, row.id);
    toasts.undo(
      m.discarded(),
      m.undo(),
      () => (this.#hidden = less(this.#hidden, row.id)),
      () => {
        if (this.#isLocal(row)) this.outgoing.drop(row.id);
        else void attempt(() => call("Outbox.Discard", { id: row.id }));
      },
    );
  }

  /** Gives the message the words in the box; answers whether that is done. */
  async saveEdit(): Promise<boolean> {
    const row = this.editing;
    if (!row) return false;
    const text = this.draft.stored.trim();
    try {
      if (text !== row.text)
        await call("Rooms.Reword", {
          room: this.id,
          message: row.id,
          text,
          reason: this.reason,
        });
    } catch (e) {
      // It was deleted meanwhile: what is written may still be sent.
      const gone = e instanceof BridgeError && e.code === "gone";
      if (gone && this.editing?.id === row.id) this.draft.keepWords();
      toasts.show(gone ? w.editGone() : sentence(e));
      return false;
    }
    this.reason = "";
    if (this.editing?.id === row.id) this.draft.endEdit();
    return true;
  }

  /** Puts one's emoji under a message, or takes it away. */
  async react(row: MessageRow, emoji: string, on: boolean) {
    await attempt(() =>
      call("Rooms.React", { room: this.id, message: row.id, emoji, on }),
    );
  }

  /** Keeps a message among one's bookmarks, or not (M-28). */
  async bookmark(row: MessageRow, on: boolean) {
    await attempt(() =>
      call("Rooms.Bookmark", { room: this.id, message: row.id, on }),
    );
    await this.#refresh();
  }

  /** Empties a message at once, and deletes it when the undo has run out (M-27). */
  delete(row: MessageRow) {
    if (this.editing?.id === row.id) this.cancelEdit();
    if (this.answering?.id === row.id) this.answer();
    const sent = row.state === "sent";
    const show = (on: boolean) => {
      const change = on ? plus : less;
      // What never left this computer leaves no trace.
      if (sent) this.#deleting = change(this.#deleting, row.id);
      else this.#hidden = change(this.#hidden, row.id);
    };
    show(true);
    const it = { room: this.id, message: row.id };
    const settle = async (act: Promise<unknown>) => {
      await attempt(() => act);
      await this.#refresh();
      show(false);
    };
    // The program knows of it at once: whatever ends the page or the program ends the undo.
    const noted = call("Rooms.DeleteSoon", it).catch(() => undefined);
    toasts.undo(
      w.deletedNote(),
      m.undo(),
      () => void settle(noted.then(() => call("Rooms.Undelete", it))),
      () => void settle(noted.then(() => call("Rooms.Delete", it))),
    );
  }

  /** The room is unread again from this message on, on all devices (M-29). */
  async markUnread(row: MessageRow) {
    this.#unread = true;
    this.firstNew = row.id;
    await attempt(() =>
      this.#marks(() =>
        call("Rooms.MarkUnread", { room: this.id, message: row.id }),
      ),
    );
  }

  /** Messages of others up to this number were on screen in a focused window, those from a number on are (M-32). */
  seen(num: number, from: number) {
    const { above } = this;
    if (above && from <= above.num && above.num <= num) this.above = undefined;
    else if (above) {
      this.firstNew = above.id;
      num = Math.min(num, above.num - 1);
    }
    if (num <= this.#readUpTo || this.#unread || this.far || this.moving)
      return;
    this.#readUpTo = num;
    void this.#marks(() => call("Rooms.Read", { room: this.id, num })).catch(
      () => (this.#readUpTo = 0),
    );
  }

  /** All of the room is read now, also what was marked as unread (K-11 i). */
  readAll() {
    this.#unread = false;
    this.above = undefined;
    this.#readUpTo = 0;
    this.firstNew = "";
    void attempt(() =>
      this.#marks(() => call("Rooms.MarkRoom", { room: this.id, read: true })),
    );
  }

  /** Marks of reading go one after the other: the last one that was asked for is what stands. */
  #marks(ask: () => Promise<unknown>): Promise<unknown> {
    const done = this.#marked.then(ask);
    this.#marked = done.catch(() => undefined);
    return done;
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
    this.timeline.leave();
    this.draft.leave();
  }

  // What stands in the box, by its draft.
  get text() {
    return this.draft.text;
  }
  set text(text: string) {
    this.draft.text = text;
  }
  get files() {
    return this.draft.files;
  }
  get taking() {
    return this.draft.taking;
  }
  get sendNext() {
    return this.draft.sendNext;
  }
  set sendNext(on: boolean) {
    this.draft.sendNext = on;
  }
  get draftState() {
    return this.draft.state;
  }
  get editing() {
    return this.draft.editing;
  }
  get answering() {
    return this.draft.answering;
  }
  get cursor() {
    return this.draft.cursor;
  }
  beginEdit(row: MessageRow) {
    this.draft.beginEdit(row);
  }
  cancelEdit() {
    this.draft.cancelEdit();
  }
  answer(row?: MessageRow) {
    this.draft.answer(row);
  }
  touched(cursor: number) {
    this.draft.touched(cursor);
  }
  saveDraft() {
    return this.draft.save();
  }
  attach(...args: Parameters<Draft["attach"]>) {
    this.draft.attach(...args);
  }
  attachFiles(...args: Parameters<Draft["attachFiles"]>) {
    return this.draft.attachFiles(...args);
  }
  detach(...args: Parameters<Draft["detach"]>) {
    this.draft.detach(...args);
  }
}
