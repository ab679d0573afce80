// What the annotator is given and what it calls; it knows no bridge.
import type { Doc, Rect } from "./doc";
import type { Tool } from "./style";

type Done = void | Promise<void>;

/** The annotator's props. */
export interface AnnotatorProps {
  /** Where the base picture is, on the program's own address. */
  src: string;
  doc: Doc;
  /** The rooms it can be attached to. */
  rooms: { id: string; name: string }[];
  /** The room chosen at first. */
  room?: string | null;
  /** The tool in hand at first; "crop" for a fresh capture. */
  start?: Tool;
  /** Windows in base pixels, the topmost first: while cropping, a click takes one. */
  windows?: readonly Rect[];
  /** The crop made last time on this display. */
  lastRegion?: Rect | null;
  /** Called with the document after each gesture, undo and redo. */
  onsave: (doc: Doc) => void;
  onattach: (doc: Doc, room: string, caption: string) => Done;
  onsend: (doc: Doc, room: string, caption: string) => Done;
  oncopy: (doc: Doc) => Done;
  onsavefile: (doc: Doc) => Done;
  ondiscard: () => void;
  /**
   * Burns the hidden boxes into the kept original and gives src and doc anew,
   * with another base. Left out, the question is not asked.
   */
  onburn?: (doc: Doc) => Promise<void>;
}
