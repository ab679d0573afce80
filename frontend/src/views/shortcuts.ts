import { composing } from "../shared/keys";
import { type Act, pressed, shortcuts } from "../state/keys";
import { dialogs } from "./dialogs.svelte";

/** What the keys of the whole window do (K-06 to K-08, K-11). */
export type Shortcuts = {
  switcher: () => void;
  rail: (index: number) => void;
  settings: () => void;
  panel: () => void;
  room: (by: -1 | 1) => void;
  unreadRoom: (by: -1 | 1) => void;
  zoom: (step: -1 | 0 | 1) => void;
  latest: () => void;
  /** To the newest message, and everything read. */
  readAll: () => void;
  search: () => void;
  /** In the room on screen. */
  find: () => void;
  /** The list of all shortcuts. */
  sheet: () => void;
};

/** Whether an element is drawn: some of a narrow window are not in a wide one. */
const seen = (el: HTMLElement) =>
  typeof el.checkVisibility !== "function" ||
  el.checkVisibility({ visibilityProperty: true });

/** Regions that F6 walks, in the order of the page. */
function walk(by: -1 | 1) {
  const all = [
    ...document.querySelectorAll<HTMLElement>("[data-region]"),
  ].filter((el) => el.offsetParent !== null || el.getClientRects().length > 0);
  if (all.length === 0) return;
  const at = all.findLastIndex((el) => el.contains(document.activeElement));
  const next = all[(at + by + all.length) % all.length];
  // What is written in, what is open, else the first control; what is not shown takes no focus: the walk would end there.
  const inner = [
    "textarea:not([disabled])",
    '[aria-current="page"]',
    'button:not(:disabled):not([tabindex="-1"]), input:not([hidden])',
  ]
    .map((x) => [...(next?.querySelectorAll<HTMLElement>(x) ?? [])].find(seen))
    .find((x) => x);
  (inner ?? next)?.focus();
}

const zooms: readonly Act[] = ["larger", "smaller", "unzoomed"];
const looks: readonly Act[] = ["switcher", "sheet"];
/** What leads away, so that a list that is only looked at may close. */
const leads: readonly Act[] = [
  "search",
  "rail1",
  "rail2",
  "rail3",
  "rail4",
  "settings",
  "previousRoom",
  "nextRoom",
  "previousUnread",
  "nextUnread",
];

/**
 * Whether a shortcut may work now. Under a menu or a dialog nothing is moved
 * unseen, and no form is thrown away for another dialog; the switcher and the
 * list of shortcuts hold nothing and give way.
 */
function free(act: Act): boolean {
  if (zooms.includes(act)) return true;
  if (document.querySelector('[role="menu"]')) return false;
  if (!document.querySelector(".dialog")) return true;
  if (dialogs.open !== "switcher" && dialogs.open !== "keys") return false;
  if (leads.includes(act)) dialogs.close();
  return leads.includes(act) || looks.includes(act);
}

/** Takes a key press; true if it was one of ours. */
export function onShortcut(e: KeyboardEvent, to: Shortcuts): boolean {
  if (composing(e) || e.defaultPrevented) return false;
  const does = acts(to);
  for (const [act, go] of Object.entries(does) as [Act, () => void][]) {
    if (!shortcuts[act].keys.some((x) => pressed(e, x))) continue;
    if (act === "latest" && inText(e)) return false;
    const works = free(act);
    // Where it must not work Ctrl+F is not the webview's either; End still scrolls.
    if (works || e.ctrlKey || e.metaKey || e.altKey) e.preventDefault();
    if (!works) return false;
    go();
    return true;
  }
  return false;
}

/** The shortcuts that work wherever the focus is; those of the box and of a message are theirs. */
function acts(to: Shortcuts): Partial<Record<Act, () => void>> {
  return {
    switcher: to.switcher,
    search: to.search,
    find: to.find,
    rail1: () => to.rail(0),
    rail2: () => to.rail(1),
    rail3: () => to.rail(2),
    rail4: () => to.rail(3),
    panel: to.panel,
    settings: to.settings,
    sheet: to.sheet,
    region: () => walk(1),
    regionBack: () => walk(-1),
    previousRoom: () => to.room(-1),
    nextRoom: () => to.room(1),
    previousUnread: () => to.unreadRoom(-1),
    nextUnread: () => to.unreadRoom(1),
    latest: to.latest,
    readAll: to.readAll,
    larger: () => to.zoom(1),
    smaller: () => to.zoom(-1),
    unzoomed: () => to.zoom(0),
  };
}

/** End is the text's own while there is text. */
function inText(e: KeyboardEvent): boolean {
  const el = e.target;
  return (
    (el instanceof HTMLTextAreaElement || el instanceof HTMLInputElement) &&
    el.value !== ""
  );
}
