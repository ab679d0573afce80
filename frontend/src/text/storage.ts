// The words of the data on this computer: where it lies, its backups, and what happened to it.
import { dateOf, exactTime, timeOf } from "./time";
import { bytes } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

export const d = {
  title: () => "Storage and backup",
  lead: () => "What is kept on this computer, and how to bring it back.",
  folder: () => "Folder",
  folderText: (folder: string, size: number) => `${folder} · ${bytes(size)}`,
  copyPath: () => "Copy the path",
  unsent: () => "What was not sent",
  unsentText: (refused: number, waiting: number) =>
    refused + waiting === 0
      ? "Everything was sent"
      : `${plural(waiting, "change waits", "changes wait")}, ${refused} refused. Export keeps them as a file you can read.`,
  export: () => "Export",
  backups: () => "Backups",
  backupsText: () =>
    "Made each day by itself, before each update, and when you ask. The newest two of each kind stay.",
  backUp: () => "Back up now",
  backedUp: () => "A backup was made",
  making: () => "A backup is being made",
  none: () => "None yet. The first is made within a day, or now.",
  last: (at: number) => `Last one ${dateOf(at)}, ${timeOf(at)}`,
  at: (at: number) => `${dateOf(at)}, ${timeOf(at)}`,
  exact: (at: number) => exactTime(at),
  reason: (reason: string) =>
    ({
      daily: "Daily",
      "by-hand": "By you",
      pre: "Before an update",
      part: "Short of space",
    })[reason] ?? reason,
  size: (n: number, whole: boolean) =>
    whole ? bytes(n) : `${bytes(n)} · without what the service has`,
  bringBack: () => "Bring back",
  bringBackNamed: (at: number) => `Bring back the backup of ${d.at(at)}`,
  ask: () => "Bring this backup back?",
  askLead: (at: number) => `It was made on ${d.at(at)}.`,
  askText: () =>
    "What stands here now is put aside in the same folder and never deleted. What was not sent yet stays, and what the service has is fetched again.",
  back: () => "Back",
  inFolder: (folder: string) => `They lie in ${folder}`,

  /** After a damaged store was set aside, told until it is read. */
  rescueTitle: (chosen: boolean) =>
    chosen ? "The backup is back" : "This computer’s data was damaged",
  rescueText: (chosen: boolean, backup: number) =>
    chosen
      ? `You are working with the backup of ${d.at(backup)}.`
      : backup > 0
        ? `The file was damaged, so the backup of ${d.at(backup)} took its place. What the service has is fetched again by itself.`
        : "The file was damaged, so an empty one took its place. What the service has is fetched again by itself.",
  rescueKept: (unsent: number, drafts: number) =>
    unsent + drafts === 0
      ? "Nothing was waiting to be sent."
      : `Rescued: ${[
          ...(unsent > 0
            ? [plural(unsent, "unsent change", "unsent changes")]
            : []),
          ...(drafts > 0 ? [plural(drafts, "draft", "drafts")] : []),
        ].join(" and ")}.`,
  rescueLost: (n: number) =>
    `${plural(n, "unsent change", "unsent changes")} could not be read in the damaged file. It may be the same as one above.`,
  rescueWhere: () => "The old files are kept in",
  rescueDone: () => "Understood",
  showUnsent: () => "Show what waits",

  /** The store cannot be used at all. */
  stuckTitle: (code: string) =>
    ({
      newer: "Please update Trestle",
      other_account: "This data belongs to another account",
      damaged: "This computer’s data cannot be opened",
    })[code] ?? "This computer’s data cannot be opened",
  stuckKept: () =>
    "What you did here and was not sent yet can be saved as a file you can read.",
  stuckExport: () => "Export what was not sent",
  stuckWhere: (folder: string) => `The data lies in ${folder}`,
  quit: () => "Quit Trestle",
};
