import { bytes } from "./units";

/** A name in a sentence: of a long one its beginning and its end. */
const short = (name: string) =>
  name.length > 48 ? `${name.slice(0, 30)}…${name.slice(-12)}` : name;

/** Texts about files: the panel, previews, deletion, versions, folders. */
export const f = {
  media: () => "Audio & video",
  other: () => "Other",
  more: () => "Show more",
  moreLinks: () => "Show more links",
  older: () => "Look further back",
  olderText: (links: boolean) =>
    `Older messages of this room are at the service. Their ${links ? "links" : "files"} are not listed yet.`,
  looking: () => "Looking…",
  away: () => "Offline: only what is on this computer is listed.",
  noneOf: () => "Nothing of this kind here",

  lookAt: () => "Preview",
  show: () => "Show in Messages",
  save: () => "Download",
  open: () => "Open with the system’s program",
  play: () => "Play with the system’s player",
  remove: () => "Delete for everybody",
  entries: (name: string) => `What to do with ${name}`,
  opening: (name: string) => `${name} is handed to the system’s program.`,
  fetching: (name: string) => `${name} is fetched and opened then.`,

  /** Files were taken in under other names than they were picked by (F-01). */
  renamed: (files: readonly { was?: string; name: string }[]) =>
    `Renamed, because other systems cannot keep the name: ${files
      .map((x) => `${short(x.was ?? "")} goes as ${short(x.name)}`)
      .join("; ")}.`,

  deleted: (name: string) => `${name} deleted`,
  undo: () => "Undo",
  deletedBy: (by: string, when: string) =>
    by === "" ? "Deleted" : `Deleted by ${by}, ${when}`,

  /** Nothing scans files yet, so each one says so (P-27). */
  notScanned: () => "not scanned",
  /** An upload that stands still while the service cannot be reached. */
  cutOff: (done: number, total: number) =>
    `${bytes(done)} of ${bytes(total)} · waits to go on`,
  size: (size: number) => `${bytes(size)} · ${f.notScanned()}`,
  details: (kind: string, size: number) =>
    kind === "" ? f.size(size) : `${kind} · ${f.size(size)}`,
  /** Where a link leads, who shared it, and when. */
  from: (host: string, by: string, when: string) =>
    by === "" ? host : `${host} · ${by}, ${when}`,
  kind: (kind: string) =>
    ({
      picture: "Picture",
      image: "Picture",
      text: "Text",
      pdf: "PDF",
      document: "Document",
      audio: "Sound",
      video: "Film",
      archive: "Archive",
      page: "Web page",
      program: "Program",
    })[kind] ?? "",
  onlySaved: (kind: string) =>
    kind === "program"
      ? "A program is not opened from here. Download it only if you know who sent it and why."
      : "What a browser would run is not opened from here. It can be downloaded.",
  noPreview: () => "There is no preview of this kind of file.",
  /** A picture of which no small one can be made. */
  noPicture: () =>
    "This picture cannot be shown here: it has more than 50 megapixels, is of a form that is not read, or is not whole.",
  broken: () => "This picture cannot be shown.",
  notHere: () =>
    "This picture is not on this computer, and the service does not answer.",
  text: (name: string) => `Text of ${name}`,
  unreadable: () => "The text cannot be read.",

  fit: () => "Fit",
  whole: () => "100 %",
  closer: () => "Zoom in",
  farther: () => "Zoom out",
  percent: (n: number) => `${Math.round(n * 100)} %`,
  of: (at: number, all: number) => `${at} of ${all}`,

  warnTitle: () => "This is a program",
  warn: (name: string) =>
    `Opening ${name} could run it on your computer. Trestle does not look into files for viruses. Download it only if you know who sent it and why.`,
  warnYes: () => "Download anyway",
  cancel: () => "Cancel",

  changedTitle: () => "Changed on disk",
  changed: (name: string) => `${name} changed on disk: send as new version?`,
  /** Said under those that are asked about. */
  changedMore: (n: number) =>
    n === 1
      ? "1 more file changed on disk."
      : `${n} more files changed on disk.`,
  changedIn: (room: string) => `It answers the one in ${room}.`,
  polled: () => "This computer does not tell of changes: checked each minute.",
  send: () => "Send",
  notNow: () => "Not now",
  stopWatching: () => "Stop watching",
  sent: (name: string) => `New version of ${name} sent`,
  stopped: (name: string) => `${name} is not watched any more`,

  added: (names: readonly string[], room: string) =>
    names.length === 1
      ? `Added ${names[0] ?? ""} to the draft in ${room}`
      : `Added ${names.length} files to the draft in ${room}`,

  folders: () => "Folders",
  foldersLead: () =>
    "A new file in a contract’s folder is added to the draft of its room. Nothing is sent by itself.",
  foldersWords: () => "drop folder watch draft attachment contract",
  noContracts: () => "There is no active contract yet.",
  watched: () => "New files are added to the draft",
  folderPolled: () =>
    "New files are added to the draft. This computer does not tell of changes: checked each minute.",
  missing: () => "This folder is not there. It is looked for each minute.",
  none: (makes: string) => `None. ${makes} can be made and watched.`,
  make: (title: string) => `Watch a folder for ${title}`,
  makeShort: () => "Watch a folder",
  choose: () => "Choose another…",
  end: (title: string) => `Stop watching the folder of ${title}`,
  endShort: () => "Stop",

  upload: () => "Upload",
  uploading: () => "Uploading…",
  shared: (n: number) =>
    n === 1 ? "The file is in Messages" : `${n} files are in Messages`,
};
