// A press of keys, to the combination it stands for as the program writes it: "Ctrl+Alt+T".

/** What DOM calls some keys, to what a combination calls them. */
const named: Record<string, string> = {
  " ": "Space",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  ArrowUp: "Up",
  ArrowDown: "Down",
  Home: "Home",
  End: "End",
  PageUp: "PageUp",
  PageDown: "PageDown",
  Insert: "Insert",
  Delete: "Delete",
  PrintScreen: "PrintScreen",
  Pause: "Pause",
};

export type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey"
>;

/** A modifier that is held says nothing yet. */
export function isModifier(key: string): boolean {
  return /^(Control|Alt|AltGraph|Shift|Meta|Super|Hyper|OS|CapsLock|NumLock|ScrollLock|Fn)/.test(
    key,
  );
}

/** The combination, or "" for a key that none can have. A letter counts as it stands on the key, where the layout has Latin letters. */
export function combination(e: Press): string {
  const key = keyOf(e);
  if (key === "") return "";
  const held = [
    e.ctrlKey ? "Ctrl" : "",
    e.altKey ? "Alt" : "",
    e.shiftKey ? "Shift" : "",
    e.metaKey ? "Super" : "",
  ].filter(Boolean);
  return [...held, key].join("+");
}

/** True for what people type: a key alone or with Shift. Taken from every program it would be missed at once. */
export function isTyping(keys: string): boolean {
  const held = keys.split("+").slice(0, -1);
  const shifted = held.length > 0 && /F\d+$/.test(keys);
  return held.every((x) => x === "Shift") && !shifted;
}

/** True for a combination that AltGr gives too on Windows, where it counts as Ctrl and Alt: with a letter or digit it may write a character. */
export function writesOnWindows(keys: string): boolean {
  const held = keys.split("+");
  const key = held.pop() ?? "";
  return (
    /^[A-Z0-9]$/.test(key) &&
    held.includes("Ctrl") &&
    held.includes("Alt") &&
    !held.includes("Super")
  );
}

function keyOf(e: Press): string {
  if (/^[a-z0-9]$/i.test(e.key)) return e.key.toUpperCase();
  if (/^F([1-9]|1[0-2])$/.test(e.key)) return e.key;
  const name = named[e.key];
  if (name !== undefined) return name;
  // Shift and Alt change what a digit writes, another script what a letter does: then the place of the key counts.
  return (
    /^(?:Key([A-Z])|Digit([0-9]))$/.exec(e.code)?.slice(1).find(Boolean) ?? ""
  );
}
