// Every shortcut of the window, once: what is pressed, what it does, where it works. The handlers, the hints of menus and tooltips and the
// list a person opens with Ctrl+/ all read this table.
import { composing, mac, shown } from "../shared/keys";
import { k } from "../text/keys";

/** Where a group of shortcuts works; also its heading. */
export type Where = "messages" | "formatting" | "anywhere" | "message";

/** One shortcut. */
export type Shortcut = {
  where: Where;
  what: () => string;
  /** What is pressed: the first is shown, all count. */
  keys: readonly string[];
  /** How the keys are shown, where not as the first of them: caps of several shortcuts. */
  caps?: { list: readonly string[]; between: "or" | "to" };
  /** What else stands beside it. */
  note?: () => string;
};

const one = (
  where: Where,
  what: () => string,
  ...keys: readonly string[]
): Shortcut => ({ where, what, keys });

const table = {
  send: one("messages", k.send, "Enter"),
  line: {
    ...one("messages", k.line, "Shift+Enter", "Alt+Enter", "Ctrl+Enter"),
    note: k.lineToo,
  },
  editLast: one("messages", k.editLast, "ArrowUp"),
  escape: one("messages", k.escape, "Escape"),
  previousRoom: {
    ...one("messages", k.room, "Alt+ArrowUp"),
    caps: { list: ["Alt+ArrowUp", "Alt+ArrowDown"], between: "or" },
  },
  nextRoom: { ...one("messages", k.room, "Alt+ArrowDown"), caps: hidden() },
  previousUnread: {
    ...one("messages", k.unreadRoom, "Alt+Shift+ArrowUp"),
    caps: { list: ["Alt+Shift+ArrowUp", "Alt+Shift+ArrowDown"], between: "or" },
  },
  nextUnread: {
    ...one("messages", k.unreadRoom, "Alt+Shift+ArrowDown"),
    caps: hidden(),
  },
  plain: one("messages", k.plain, "Ctrl+Shift+V"),
  latest: one("messages", k.latest, "End"),
  readAll: one("messages", k.readAll, "Shift+Escape"),

  bold: one("formatting", k.bold, "Ctrl+B"),
  italic: one("formatting", k.italic, "Ctrl+I"),
  strike: one("formatting", k.strike, "Ctrl+Shift+X"),
  code: one("formatting", k.code, "Ctrl+E"),

  unread: { ...one("message", k.unread, "U"), note: k.unreadToo },
  open: one("message", k.open, "Enter"),

  switcher: one("anywhere", k.switcher, "Ctrl+K"),
  search: one("anywhere", k.search, "Ctrl+Shift+F"),
  find: one("anywhere", k.findHere, "Ctrl+F"),
  rail1: {
    ...one("anywhere", k.rail, "Ctrl+1"),
    caps: { list: ["Ctrl+1", "4"], between: "to" },
  },
  rail2: { ...one("anywhere", k.rail, "Ctrl+2"), caps: hidden() },
  rail3: { ...one("anywhere", k.rail, "Ctrl+3"), caps: hidden() },
  rail4: { ...one("anywhere", k.rail, "Ctrl+4"), caps: hidden() },
  panel: one("anywhere", k.panel, "Ctrl+\\"),
  region: {
    ...one("anywhere", k.region, "F6"),
    caps: { list: ["F6", "Shift+F6"], between: "or" },
  },
  regionBack: { ...one("anywhere", k.region, "Shift+F6"), caps: hidden() },
  settings: one("anywhere", k.settings, "Ctrl+,"),
  larger: {
    ...one("anywhere", k.zoom, "Ctrl+=", "Ctrl++", "Ctrl+Shift++"),
    caps: { list: ["Ctrl+=", "Ctrl+-", "Ctrl+0"], between: "or" },
  },
  smaller: { ...one("anywhere", k.zoom, "Ctrl+-"), caps: hidden() },
  unzoomed: { ...one("anywhere", k.zoom, "Ctrl+0"), caps: hidden() },
  sheet: one("anywhere", k.sheet, "Ctrl+/"),
} as const satisfies Record<string, Shortcut>;

/** Told with another shortcut, not on a line of its own. */
function hidden() {
  return { list: [], between: "or" } as const;
}

/** The name of a shortcut. */
export type Act = keyof typeof table;

export const shortcuts: Record<Act, Shortcut> = table;

/** The modifiers and the key of "Ctrl+Shift+F". */
export function parts(keys: string): { held: string[]; key: string } {
  const held: string[] = [];
  let rest = keys;
  for (let m; (m = /^(Ctrl|Alt|Shift)\+(?=.)/.exec(rest));) {
    held.push(m[1] ?? "");
    rest = rest.slice(m[0].length);
  }
  return { held, key: rest };
}

/** True if a press is these keys. Cmd stands for Ctrl on macOS; signs count whatever Shift a keyboard needs for them. */
export function pressed(e: KeyboardEvent, keys: string): boolean {
  const { held, key } = parts(keys);
  const ctrl = held.includes("Ctrl");
  // K-03 takes both there; nothing else with the other one is ours.
  if ((mac ? e.metaKey : e.ctrlKey) !== ctrl) return false;
  if (mac ? e.ctrlKey : e.metaKey) return false;
  if (e.altKey !== held.includes("Alt")) return false;
  const sign = key.length === 1 && !/[A-Z0-9]/i.test(key);
  if (!sign && e.shiftKey !== held.includes("Shift")) return false;
  if (/^\d$/.test(key)) return e.key === key || e.code === `Digit${key}`;
  return e.key.toLowerCase() === key.toLowerCase();
}

/** True if a press is this shortcut; never while an input method is at work. */
export function is(e: KeyboardEvent, act: Act): boolean {
  return !composing(e) && shortcuts[act].keys.some((x) => pressed(e, x));
}

/** The shortcut as menus and tooltips show it. */
export function hint(act: Act): string {
  return shown(shortcuts[act].keys[0] ?? "");
}

/**
 * What Enter does in the box (K-01 to K-03): send, a new line, or nothing of ours.
 * Cmd and Ctrl both count on macOS.
 */
export function enter(
  e: KeyboardEvent,
  enterSends: boolean,
): "send" | "line" | undefined {
  if (composing(e) || e.key !== "Enter") return undefined;
  const held = e.ctrlKey || e.metaKey;
  const other = e.altKey || e.shiftKey;
  return (enterSends ? !held && !other : held && !other) ? "send" : "line";
}

/** What sends, as it is shown. */
export function sendKeys(enterSends: boolean): string {
  return shown(enterSends ? "Enter" : "Ctrl+Enter");
}
