import { composing, ctrl } from "../shared/keys";

/** What the keys of the whole window do (K-06, K-08, K-11). */
export type Shortcuts = {
  switcher: () => void;
  rail: (index: number) => void;
  settings: () => void;
  panel: () => void;
  room: (by: -1 | 1) => void;
  zoom: (step: -1 | 0 | 1) => void;
  latest: () => void;
  search: () => void;
  /** In the room on screen. */
  find: () => void;
};

/** Regions that F6 walks, in the order of the page. */
function walk(by: -1 | 1) {
  const all = [
    ...document.querySelectorAll<HTMLElement>("[data-region]"),
  ].filter((el) => el.offsetParent !== null || el.getClientRects().length > 0);
  if (all.length === 0) return;
  const at = all.findLastIndex((el) => el.contains(document.activeElement));
  const next = all[(at + by + all.length) % all.length];
  const inner = next?.querySelector<HTMLElement>(
    'textarea, [aria-current="page"], button:not(:disabled):not([tabindex="-1"]), input',
  );
  (inner ?? next)?.focus();
}

/** Takes a key press; true if it was one of ours. */
export function onShortcut(e: KeyboardEvent, to: Shortcuts): boolean {
  if (composing(e) || e.defaultPrevented) return false;
  const act = find(e, to);
  if (!act) return false;
  e.preventDefault();
  act();
  return true;
}

function find(e: KeyboardEvent, to: Shortcuts): (() => void) | undefined {
  if (e.key === "F6") return () => walk(e.shiftKey ? -1 : 1);
  if (e.altKey && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
    if (e.key === "ArrowUp") return () => to.room(-1);
    if (e.key === "ArrowDown") return () => to.room(1);
    return undefined;
  }
  if (e.key === "Escape" && e.shiftKey) return to.latest;
  if (e.key === "End" && !ctrl(e) && !e.shiftKey) {
    const el = e.target;
    const typing =
      el instanceof HTMLTextAreaElement || el instanceof HTMLInputElement;
    return typing && el.value !== "" ? undefined : to.latest;
  }
  if (!ctrl(e)) return undefined;
  const key = e.key.toLowerCase();
  if (e.shiftKey && key === "f") return to.search;
  if (e.shiftKey) return key === "+" ? () => to.zoom(1) : undefined;
  if (key === "k") return to.switcher;
  if (key === "f") return to.find;
  if (key === ",") return to.settings;
  if (key === "\\") return to.panel;
  if (key === "+" || key === "=") return () => to.zoom(1);
  if (key === "-") return () => to.zoom(-1);
  if (key === "0") return () => to.zoom(0);
  if (/^[1-5]$/.test(key)) return () => to.rail(Number(key) - 1);
  return undefined;
}
