import Archive from "@lucide/svelte/icons/archive";
import ArchiveRestore from "@lucide/svelte/icons/archive-restore";
import AtSign from "@lucide/svelte/icons/at-sign";
import Bell from "@lucide/svelte/icons/bell";
import BellOff from "@lucide/svelte/icons/bell-off";
import Briefcase from "@lucide/svelte/icons/briefcase";
import Eye from "@lucide/svelte/icons/eye";
import EyeOff from "@lucide/svelte/icons/eye-off";
import FileDown from "@lucide/svelte/icons/file-down";
import FileSearch from "@lucide/svelte/icons/file-search";
import Files from "@lucide/svelte/icons/files";
import Info from "@lucide/svelte/icons/info";
import LogOut from "@lucide/svelte/icons/log-out";
import MailCheck from "@lucide/svelte/icons/mail-check";
import MailOpen from "@lucide/svelte/icons/mail-open";
import NotebookPen from "@lucide/svelte/icons/notebook-pen";
import Pencil from "@lucide/svelte/icons/pencil";
import Star from "@lucide/svelte/icons/star";
import StarOff from "@lucide/svelte/icons/star-off";
import UserPlus from "@lucide/svelte/icons/user-plus";
import Users from "@lucide/svelte/icons/users";

import type { MayView } from "../bridge/api";
import type { MenuEntry, MenuGroups } from "../shared/menu";
import { hint } from "../state/keys";
import { m } from "../text/en";
import { r } from "../text/rooms";
import { s } from "../text/search";

/** What the menu of a room has to know of it; a row of the list and an open room both say it. */
export type MenuRoom = {
  id: string;
  name: string;
  kind: string;
  contract: string;
  favourite: boolean;
  hidden: boolean;
  level: string;
  unread: number;
  /** It holds a message. */
  begun: boolean;
  may: MayView;
};

/** What can be done with a room; the shell does it. */
export type RoomActs = {
  favourite: (room: MenuRoom, on: boolean) => void;
  level: (room: MenuRoom, level: string) => void;
  unread: (room: MenuRoom) => void;
  read: (room: MenuRoom) => void;
  hide: (room: MenuRoom, on: boolean) => void;
  /** Opens the room, with a tab of its panel if one is named. */
  open: (room: MenuRoom, panel: string) => void;
  contract: (room: MenuRoom) => void;
  rename: (room: MenuRoom) => void;
  invite: (room: MenuRoom) => void;
  archive: (room: MenuRoom, on: boolean) => void;
  leave: (room: MenuRoom) => void;
  save: (room: MenuRoom) => void;
};

/** The one menu of a room (M-19): in the list and in its head. Entries that do not apply are absent. */
export function roomMenu(room: MenuRoom, act: RoomActs): MenuGroups {
  const level = (
    id: string,
    label: string,
    icon: NonNullable<MenuEntry["icon"]>,
  ): MenuEntry => ({
    label,
    icon,
    checked: room.level === id,
    onselect: () => act.level(room, id),
  });
  const panel = (
    id: string,
    label: string,
    icon: NonNullable<MenuEntry["icon"]>,
    keys?: string,
  ): MenuEntry => ({
    label,
    icon,
    ...(keys ? { keys } : {}),
    onselect: () => act.open(room, id),
  });
  return [
    [
      room.favourite
        ? {
            label: r.removeFavourite(),
            icon: StarOff,
            onselect: () => act.favourite(room, false),
          }
        : {
            label: r.addFavourite(),
            icon: Star,
            onselect: () => act.favourite(room, true),
          },
      ...marks(room, act),
    ],
    [
      level("all", r.notifyAll(), Bell),
      // Whoever writes in a direct room means me: all and mentions are one there.
      ...(room.kind === "direct"
        ? []
        : [level("mentions", r.notifyMentions(), AtSign)]),
      level("none", r.notifyNone(), BellOff),
    ],
    [
      panel("find", s.findHere(), FileSearch, hint("find")),
      panel("files", m.filesAndLinks(), Files),
      panel("people", m.people(), Users),
      panel("notepad", r.notepad(), NotebookPen),
      panel("about", r.about(), Info),
      ...(room.contract === ""
        ? []
        : [
            {
              label: m.openContract(),
              icon: Briefcase,
              onselect: () => act.contract(room),
            },
          ]),
    ],
    [
      ...(room.may.add
        ? [
            {
              label: r.invite(),
              icon: UserPlus,
              onselect: () => act.invite(room),
            },
          ]
        : []),
      ...(room.may.rename
        ? [
            {
              label: r.rename(),
              icon: Pencil,
              onselect: () => act.rename(room),
            },
          ]
        : []),
      {
        label: r.exportRoom(),
        icon: FileDown,
        onselect: () => act.save(room),
      },
    ],
    ways(room, act),
  ];
}

function marks(room: MenuRoom, act: RoomActs): MenuEntry[] {
  if (room.unread > 0)
    return [
      {
        label: r.markRead(),
        icon: MailCheck,
        onselect: () => act.read(room),
      },
    ];
  if (!room.begun) return [];
  return [
    {
      label: r.markUnread(),
      icon: MailOpen,
      onselect: () => act.unread(room),
    },
  ];
}

/** The ways to be rid of a room. */
function ways(room: MenuRoom, act: RoomActs): MenuEntry[] {
  const out: MenuEntry[] = [
    room.hidden
      ? {
          label: r.unhide(),
          icon: Eye,
          onselect: () => act.hide(room, false),
        }
      : {
          label: r.hide(),
          icon: EyeOff,
          onselect: () => act.hide(room, true),
        },
  ];
  if (room.may.archive)
    out.push({
      label: r.archive(),
      icon: Archive,
      onselect: () => act.archive(room, true),
    });
  if (room.may.unarchive)
    out.push({
      label: r.unarchive(),
      icon: ArchiveRestore,
      onselect: () => act.archive(room, false),
    });
  if (room.may.leave || room.may.leaveWhy === "owner")
    out.push({
      label: room.may.leave ? r.leave() : r.leaveAsOwner(),
      icon: LogOut,
      danger: true,
      onselect: () => act.leave(room),
    });
  return out;
}
