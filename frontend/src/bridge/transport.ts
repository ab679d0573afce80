import type {
  DroppedView,
  ExportView,
  ImportFile,
  ImportState,
  SavedOut,
  Staged,
  StagedPut,
  TransferView,
  WordsOut,
} from "./api";

/** What the program announces to a page. */
export type Events = {
  /** Read again what is shown of these scopes, or everything. */
  changed: { scopes?: string[]; all?: boolean };
  /** Go to a place: "room/ID", "contract/ID/overview". */
  navigate: { to?: string; asked?: boolean };
  /** Files were dropped on the window; what became of them. */
  drop: Staged;
  /** Files were chosen in the system's dialog. */
  picked: Staged;
  /** What became of bytes that the page put. */
  staged: StagedPut;
  /** A drop folder added files to the draft of a room. */
  added: DroppedView;
  /** What was typed elsewhere stands in the draft of a room now. */
  words: WordsOut;
  /** How far a file is on its way. */
  transfer: TransferView;
  /** A file was written where the person said. */
  saved: SavedOut;
  /** How far a room is on its way into a file. */
  export: ExportView;
  /** A file of time was chosen in the system's dialog. */
  importfile: ImportFile;
  /** How far an import of time is. */
  import: ImportState;
  /** Something asked for earlier went wrong. */
  failed: { code: string; message: string };
  /** The program behind a browser tab ended, or is back. */
  gone: { gone: boolean };
  /** Somebody writes in a room. */
  typing: { room: string; who: string; name: string };
  /** Somebody is here, away or off. */
  presence: { who: string; state: string };
  /** The tracker's state moved. */
  timer: Record<string, never>;
};

/** How pieces of a file travel, at most 1 MiB each. */
export type Piece = { id: string; at: number; bytes: Uint8Array<ArrayBuffer> };

/** One way to reach the program: the window's own, or http on this computer. */
export type Transport = {
  call(name: string, input: unknown): Promise<unknown>;
  /** Hears what happens; settles once nothing is missed any more. */
  listen(
    announce: (name: string, payload: unknown) => void,
  ): Promise<void> | void;
  fileURL(id: string, width?: number): string;
  put(piece: Piece): Promise<void>;
};

/** Every call answers within this time, or fails with code "timeout". */
export const callLimit = 10_000;
