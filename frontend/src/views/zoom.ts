/** The sizes of the text, in percent, that its keys go through (D-13). */
const steps = [80, 90, 100, 110, 125, 150, 175, 200];

/** The next size up or down, or the plain one; undefined where there is none. */
export function zoomed(now: number, step: -1 | 0 | 1): number | undefined {
  if (step === 0) return 100;
  return step > 0 ? steps.find((s) => s > now) : steps.findLast((s) => s < now);
}
