import type { CellView } from "../bridge/api";
import { type How, kept, nobody, pressed, type Range } from "./range";

/**
 * Which segments of a day are chosen, and which one is looked at close up. An
 * address may name one to begin with.
 */
export class Choice {
  #cells: () => readonly CellView[];
  #linked: () => number;
  #picked = $derived.by<Range>(() => {
    const cell = this.#linked();
    return cell > 0 ? { anchor: cell, cells: [cell] } : nobody;
  });
  #near = $derived.by(() => this.#linked());

  /** What was chosen and is still there. */
  range = $derived.by(() => kept(this.#cells(), this.#picked));
  /** The place of the segment that is looked at; -1 = none. */
  at = $derived.by(() => this.#cells().findIndex((c) => c.cell === this.#near));
  cell = $derived.by<CellView | undefined>(() => this.#cells()[this.at]);

  /** Cells that hold time, and the number of the one that the address names; 0 = none. */
  constructor(cells: () => readonly CellView[], linked: () => number) {
    this.#cells = cells;
    this.#linked = linked;
  }

  choose(to: number, how: How) {
    this.#picked = pressed(this.#cells(), this.range, to, how);
    this.#near = how === "one" ? to : 0;
  }

  all() {
    const cells = this.#cells().map((c) => c.cell);
    this.#picked = cells[0] ? { anchor: cells[0], cells } : nobody;
    this.#near = 0;
  }

  none() {
    this.#picked = nobody;
    this.#near = 0;
  }

  /** Looks at what was pressed first. */
  look() {
    this.#near = this.range.anchor;
  }

  /** The segment before or after the one that is looked at. */
  move(by: -1 | 1) {
    const next = this.#cells()[this.at + by];
    if (next) this.choose(next.cell, "one");
  }

  /** Leaves the segment that is looked at; answers its number. */
  close(): number {
    const left = this.#near;
    this.none();
    return left;
  }
}
