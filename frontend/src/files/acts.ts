import Download from "@lucide/svelte/icons/download";
import ExternalLink from "@lucide/svelte/icons/external-link";
import Eye from "@lucide/svelte/icons/eye";
import MessageSquare from "@lucide/svelte/icons/message-square";
import Play from "@lucide/svelte/icons/play";
import Trash from "@lucide/svelte/icons/trash-2";

import type { FileRow } from "../bridge/api";
import type { MenuEntry, MenuGroups } from "../shared/menu";
import { fileDoor } from "../state/filedoor.svelte";
import { f } from "../text/files";

/** Where a file is shown, and what can be done there. */
export type FileActs = {
  save: (file: FileRow) => void;
  preview?: (file: FileRow) => void;
  /** Goes to the message a file stands in. */
  show?: (message: string) => void;
};

/** Whether a file may be handed to the system's program: not what would run (F-12). */
export const opens = (file: FileRow) =>
  file.kind !== "page" && file.kind !== "program" && !file.program;

const plays = (file: FileRow) => file.kind === "audio" || file.kind === "video";

/** The entry that opens a file outside. */
function openEntry(file: FileRow): MenuEntry {
  return {
    label: plays(file) ? f.play() : f.open(),
    icon: plays(file) ? Play : ExternalLink,
    onselect: () => void fileDoor.open(file),
  };
}

/** What can be done with a file; entries that do not apply are absent. */
export function menuOf(file: FileRow, act: FileActs): MenuGroups {
  const look: MenuEntry[] = [];
  const { preview, show } = act;
  const gone = fileDoor.deleted(file);
  if (preview && !gone)
    look.push({ label: f.lookAt(), icon: Eye, onselect: () => preview(file) });
  if (show && file.message !== "")
    look.push({
      label: f.show(),
      icon: MessageSquare,
      onselect: () => show(file.message),
    });
  if (gone) return [look];
  const take: MenuEntry[] = [
    { label: f.save(), icon: Download, onselect: () => act.save(file) },
  ];
  if (opens(file)) take.push(openEntry(file));
  return [
    look,
    take,
    file.canDelete
      ? [
          {
            label: f.remove(),
            icon: Trash,
            danger: true,
            onselect: () => fileDoor.remove(file),
          },
        ]
      : [],
  ];
}
