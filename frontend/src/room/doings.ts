import { call } from "../bridge";
import type { FileRow, MessageRow } from "../bridge/api";
import { copyQuote } from "../composer/paste";
import { toasts } from "../shared/toasts.svelte";
import { show as shownText } from "../state/mentions";
import { messageLink } from "../state/places";
import type { Room } from "../state/room.svelte";
import { attempt } from "../state/say";
import { m } from "../text/en";
import { w } from "../text/message";
import { type Actions, rights } from "./actions";
import { rest } from "./rest";

/** What the page of a room does for what is done to its messages. */
type Page = {
  /** Words may be written in the room. */
  writable: () => boolean;
  /** Puts the cursor into the box. */
  focus: () => void;
  /** Goes to a message; with or without the focus. */
  jump: (message: string, focus?: boolean) => Promise<void>;
  show: (file: FileRow, among?: FileRow[]) => void;
  link: (url: string, text: string) => void;
  save: (file: FileRow) => void;
};

const anyTime = { open: true, withdraw: true, within: 0 };

/** What can be done to the messages of a room, from their menus and from its box. */
export function doings(room: Room, page: Page) {
  async function copy(
    message: MessageRow,
    put: (text: string) => Promise<void>,
  ) {
    // Others read names where the stored text has ids.
    const { text } = shownText(message.text, room.draft.nameOf);
    if (await attempt(() => put(text))) toasts.show(m.copied());
  }

  async function copyLink(message: MessageRow) {
    await attempt(() =>
      navigator.clipboard.writeText(messageLink(room.id, message.id)),
    );
    toasts.show(w.linkCopied());
  }

  async function takeBack(message: MessageRow) {
    await room.edit(message);
    page.focus();
  }

  function begin(message: MessageRow) {
    room.beginEdit(message);
    page.focus();
  }

  /** Does what may take away what was pressed for it. */
  function taking(message: MessageRow, what: () => void) {
    what();
    rest(message.id, page.focus);
  }

  const act: Actions = {
    link: page.link,
    preview: page.show,
    save: page.save,
    copy: (x) => void copy(x, (text) => navigator.clipboard.writeText(text)),
    copyQuote: (x) => void copy(x, copyQuote),
    reply: (x) => {
      room.answer(x);
      page.focus();
    },
    react: (x, emoji, on) => void room.react(x, emoji, on),
    edit: begin,
    delete: (x) => taking(x, () => room.delete(x)),
    unread: (x) => void room.markUnread(x),
    bookmark: (x, on) => void room.bookmark(x, on),
    copyLink: (x) => void copyLink(x),
    jump: (to) => void page.jump(to),
    retry: (x) => taking(x, () => room.retry(x)),
    takeBack: (x) => void takeBack(x),
    discard: (x) => taking(x, () => room.discard(x)),
    retryChange: (x, { id }) =>
      taking(x, () => void attempt(() => call("Outbox.Retry", { id }))),
    discardChange: (x, change) => taking(x, () => room.discard(change)),
  };

  /** Up in the empty box: my last message, to be edited, wherever the list stands (K-04). */
  async function editLast() {
    const { atEnd } = room.timeline;
    let last: MessageRow | undefined;
    await attempt(async () => (last = await room.lastOwn()));
    // Whoever has written on meanwhile is not interrupted.
    if (!last || room.text !== "" || room.editing) return;
    if (last.state === "failed") await takeBack(last);
    else if (page.writable() && rights(last, anyTime, Date.now()).edit)
      begin(last);
    else return;
    if (!atEnd) await page.jump(last.id, false);
  }

  /** What deletes the message that is edited, where that is allowed now: an edit that leaves nothing offers it (M-26). */
  function deletion(): (() => void) | undefined {
    const row = room.messages.find((r) => r.id === room.editing?.id);
    const within = room.view?.deleteWithin ?? 0;
    return row && rights(row, { ...anyTime, within }, Date.now()).delete
      ? () => room.delete(row)
      : undefined;
  }

  /** Puts a polite no into the box, before what stands there (P-17). */
  function answerPolitely(text: string) {
    room.draft.prepend(text, []);
    page.focus();
  }

  return { act, editLast, deletion, answerPolitely };
}
