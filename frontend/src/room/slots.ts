import type { Snippet } from "svelte";

import type { MessageRow } from "../bridge/api";
import type { MenuEntry, MenuGroups } from "../shared/menu";

/**
 * What other parts of the program show with a message. A row that grows by one of
 * them moves nothing on screen: the list holds what one looks at.
 */
export type Slots = {
  /** In place of "Say hello", where nothing is written yet. */
  empty?: Snippet;
  /** Under the words and files, above the reactions. */
  hint?: Snippet<[MessageRow]>;
  /** The last line, under the reactions. */
  receipt?: Snippet<[MessageRow]>;
  /** Instead of a row that folds; the second argument unfolds it. */
  folded?: Snippet<[MessageRow, () => void]>;
  /** What is said instead of a row that folds, also aloud; "" for one that does not. */
  folds?: (row: MessageRow) => string;
  /** More entries at the end of the menu. */
  extra?: (row: MessageRow) => MenuEntry[];
  /** What the picture of its author offers. */
  person?: (row: MessageRow) => MenuGroups;
};
