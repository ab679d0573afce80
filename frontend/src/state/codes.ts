import type { ActivityRow } from "../bridge/api";
import { w } from "../text/work";

/** What time is under, as it can be picked from a list. */
export type CodeOption = { id: string; label: string; colour: number };

/**
 * What an activity is picked from: none, where time may have none; what it is under
 * now though it cannot be picked again; and the contract's codes.
 */
export function codeOptions(
  codes: readonly ActivityRow[],
  none: boolean,
  now?: { id: string; code: string; colour: number },
): CodeOption[] {
  const gone =
    now !== undefined && now.id !== "" && !codes.some((c) => c.id === now.id);
  return [
    ...(none ? [{ id: "", label: w.noActivity(), colour: 0 }] : []),
    ...(gone
      ? [{ id: now.id, label: w.archivedCode(now.code), colour: now.colour }]
      : []),
    ...codes.map((c) => ({ id: c.id, label: c.code, colour: c.colour })),
  ];
}
