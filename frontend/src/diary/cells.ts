import type { CellView, DayView } from "../bridge/api";
import { d } from "../text/diary";
import { w } from "../text/work";

/** True for a cell with time in it, of this contract or lying under other time. */
export const holds = (c: CellView | undefined): boolean =>
  c !== undefined && c.seconds + c.shadowed > 0;

/** Everything a cell says, as one sentence: its picture is only one part of it. */
export function cellName(cell: CellView): string {
  if (!holds(cell)) return w.cellEmpty(cell.label);
  if (cell.seconds === 0)
    return w.cellNameDay(cell.label, cell.until, d.otherTime(), [
      d.shadowed(cell.shadowed),
    ]);
  const rest = [level(cell)];
  if (cell.kind === "manual") rest.push(w.manualTime());
  if (cell.kind === "kept_idle") rest.push(w.keptIdle());
  if (cell.kind === "tracked" && cell.kept > 0)
    rest.push(w.keptOfIt(cell.kept));
  if (cell.kind === "tracked" && cell.manual > 0)
    rest.push(w.manualOfIt(cell.manual));
  rest.push(...cell.flags.map(w.flag));
  if (cell.shadowed > 0) rest.push(d.shadowed(cell.shadowed));
  if (cell.kind === "tracked") rest.push(shotWord(cell));
  if (cell.open) rest.push(w.openNow());
  else if (cell.waiting) rest.push(w.waiting());
  return w.cellNameDay(
    cell.label,
    cell.until,
    w.label(cell.code, cell.memo),
    rest.filter((x) => x !== ""),
  );
}

/** "activity 9 of 10" */
export function level(cell: CellView): string {
  if (cell.counted) return w.levelName(cell.active, cell.touched);
  return cell.gone > 0 ? w.levelGone() : w.levelUnknown();
}

/** What keeps the protection badge away from a cell, in the words of its line: the rule is Go's, these are its parts (T-18). Counts that are deleted say nothing either way. */
export function bare(cell: CellView): string[] {
  const still =
    cell.gone === 0 &&
    cell.active === 0 &&
    cell.seconds > cell.manual + cell.kept;
  const why = [
    ...(cell.manual > 0 ? [d.bareManual()] : []),
    ...(cell.kept > 0 ? [d.bareKept()] : []),
    ...(cell.over > 0 ? [d.bareOver()] : []),
    ...(cell.late > 0 ? [d.bareLate()] : []),
    ...(cell.afterEnd > 0 ? [d.bareEnded()] : []),
    ...(still ? [d.bareStill(cell.counted)] : []),
  ];
  return why.length > 0 ? why : [d.bareMemo()];
}

/** What a cell has instead of a picture, in two words. */
export function shotNone(cell: CellView): string {
  return !cell.shot && cell.open ? w.notYetShot() : w.noShot();
}

/** Why there is no picture; "" if nothing was said. */
export function shotWhy(cell: CellView): string {
  return cell.shot?.reason ? w.shotReason(cell.shot.reason) : "";
}

function shotWord(cell: CellView): string {
  if (cell.shot?.file) return w.shotOf(cell.label);
  if (cell.shot?.seed) return w.blurredShot(cell.label);
  const why = shotWhy(cell);
  return why === "" ? shotNone(cell) : `${shotNone(cell)}: ${why}`;
}

/** The cells of a day that hold time, in order. */
export const tracked = (day: DayView | undefined): CellView[] =>
  (day?.hours ?? []).flatMap((h) => h.cells).filter(holds);

/**
 * Where an arrow key leads in rows of six: to the next cell that holds time in
 * that direction, keeping the column up and down where it can.
 */
export function moved(
  rows: readonly (readonly CellView[])[],
  from: number,
  key: string,
): number | undefined {
  const flat = rows.flat();
  const at = flat.findIndex((c) => c.cell === from);
  if (key === "ArrowRight")
    return flat.find((c, i) => i > at && holds(c))?.cell;
  if (key === "ArrowLeft")
    return flat.findLast((c, i) => i < at && holds(c))?.cell;
  if (key === "Home") return flat.find(holds)?.cell;
  if (key === "End") return flat.findLast(holds)?.cell;
  const row = rows.findIndex((r) => r.some((c) => c.cell === from));
  const column = rows[row]?.findIndex((c) => c.cell === from) ?? 0;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (step === undefined) return undefined;
  for (let r = row + step; r >= 0 && r < rows.length; r += step) {
    const near = (rows[r] ?? [])
      .map((c, i) => ({ c, far: Math.abs(i - column) }))
      .filter(({ c }) => holds(c))
      .sort((a, b) => a.far - b.far)[0];
    if (near) return near.c.cell;
  }
  return undefined;
}
