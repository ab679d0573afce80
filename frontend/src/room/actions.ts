import Bookmark from "@lucide/svelte/icons/bookmark";
import BookmarkX from "@lucide/svelte/icons/bookmark-x";
import Copy from "@lucide/svelte/icons/copy";
import LinkIcon from "@lucide/svelte/icons/link";
import MailOpen from "@lucide/svelte/icons/mail-open";
import Pencil from "@lucide/svelte/icons/pencil";
import Reply from "@lucide/svelte/icons/reply";
import SmilePlus from "@lucide/svelte/icons/smile-plus";
import TextQuote from "@lucide/svelte/icons/text-quote";
import Trash from "@lucide/svelte/icons/trash-2";

import type { FileRow, MessageRow, UnsavedRow } from "../bridge/api";
import { shown } from "../shared/keys";
import type { MenuEntry, MenuGroups } from "../shared/menu";
import { hint } from "../state/keys";
import { m } from "../text/en";
import { w } from "../text/message";

/** What can be done with a message; the page does it. */
export type Actions = {
  link: (url: string, text: string) => void;
  preview: (file: FileRow) => void;
  save: (file: FileRow) => void;
  copy: (message: MessageRow) => void;
  /** Onto the clipboard as a quote: the box makes `>` lines of it (K-09). */
  copyQuote: (message: MessageRow) => void;
  reply: (message: MessageRow) => void;
  react: (message: MessageRow, emoji: string, on: boolean) => void;
  edit: (message: MessageRow) => void;
  delete: (message: MessageRow) => void;
  unread: (message: MessageRow) => void;
  bookmark: (message: MessageRow, on: boolean) => void;
  copyLink: (message: MessageRow) => void;
  /** Goes to the message of this id. */
  jump: (id: string) => void;
  /** A message the service refused: again, back into the box, away. */
  retry: (message: MessageRow) => void;
  takeBack: (message: MessageRow) => void;
  discard: (message: MessageRow) => void;
  /** A change of a message that the service refused: again, away. */
  retryChange: (message: MessageRow, change: UnsavedRow) => void;
  discardChange: (message: MessageRow, change: UnsavedRow) => void;
};

/** What a person may do with a message now. */
export type Rights = {
  react: boolean;
  reply: boolean;
  edit: boolean;
  delete: boolean;
  unread: boolean;
  copy: boolean;
  bookmark: boolean;
  link: boolean;
};

/** What the room lets one do, beside what the message is. */
export type Grants = {
  /** It takes words. */
  open: boolean;
  /** Own words may be taken away: also where nothing is written any more, between two who are kept apart. */
  withdraw: boolean;
  /** How long own messages can be deleted, in ms; 0: any time. */
  within: number;
  /** The number of the newest message of somebody else: what one wrote oneself after it is never unread (M-29). */
  heard?: number;
};

/** The rights in a message: nothing is offered that would be refused (M-26 to M-28). */
export function rights(
  message: MessageRow,
  { open, withdraw, within, heard = Infinity }: Grants,
  now: number,
): Rights {
  const known = message.state !== "failed" && message.state !== "unknown";
  const alive = known && message.deleted === 0;
  const there = alive && message.state === "sent";
  return {
    react: open && there,
    reply: open && there,
    edit: open && alive && message.mine,
    delete:
      withdraw &&
      alive &&
      message.mine &&
      (within === 0 || !there || now - message.at < within),
    unread:
      message.num > 0 &&
      message.deleted === 0 &&
      (!message.mine || message.num < heard),
    copy: message.deleted === 0 && message.text !== "",
    // A mark of one's own needs no right to write; what is not at the service yet has no lasting place.
    bookmark: there || (message.bookmarked && known),
    link: there,
  };
}

/** The one menu of a message: under `…`, the right mouse button and the menu key. */
export function menuOf(
  message: MessageRow,
  may: Rights,
  act: Actions,
  pick: () => void,
  extra: readonly MenuEntry[] = [],
): MenuGroups {
  const first = [];
  if (may.react)
    first.push({ label: w.react(), icon: SmilePlus, onselect: pick });
  if (may.reply)
    first.push({
      label: w.reply(),
      icon: Reply,
      onselect: () => act.reply(message),
    });
  if (may.bookmark)
    first.push({
      label: message.bookmarked ? w.unbookmark() : w.bookmark(),
      icon: message.bookmarked ? BookmarkX : Bookmark,
      onselect: () => act.bookmark(message, !message.bookmarked),
    });
  const second = [];
  if (may.edit)
    second.push({
      label: w.edit(),
      icon: Pencil,
      onselect: () => act.edit(message),
    });
  if (may.copy)
    second.push({
      label: m.copyText(),
      icon: Copy,
      keys: shown("Ctrl+C"),
      onselect: () => act.copy(message),
    });
  if (may.copy)
    second.push({
      label: w.copyQuote(),
      icon: TextQuote,
      onselect: () => act.copyQuote(message),
    });
  if (may.link)
    second.push({
      label: w.copyLink(),
      icon: LinkIcon,
      onselect: () => act.copyLink(message),
    });
  if (may.unread)
    second.push({
      label: w.markUnread(),
      icon: MailOpen,
      keys: hint("unread"),
      onselect: () => act.unread(message),
    });
  const third: MenuEntry[] = [];
  if (may.delete)
    third.push({
      label: w.delete(),
      icon: Trash,
      danger: true,
      onselect: () => act.delete(message),
    });
  return [first, second, [...third, ...extra]];
}
