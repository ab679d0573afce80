// One letter a tool, and the rest of the keyboard: from a key event to what is
// asked for. Letters in a text field are text and never come here.
import type { Tool } from "./style";

/** What a key asks for. */
export type Command =
  | { do: "tool"; tool: Tool }
  | { do: "colour"; n: number }
  | { do: "size"; by: 1 | -1 }
  | { do: "zoom"; by: 1 | -1 }
  | { do: "nudge"; dx: number; dy: number }
  | { do: "next"; by: 1 | -1 }
  | { do: "order"; to: "up" | "down" | "top" | "bottom" }
  | {
      do:
        | "fit"
        | "delete"
        | "all"
        | "duplicate"
        | "undo"
        | "redo"
        | "copy"
        | "save"
        | "attach"
        | "send"
        | "escape";
    };

/** The part of a KeyboardEvent that matters here. */
export interface Key {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** The letters of the tools; the first is the one shown. */
export const toolKeys: Record<Tool, string> = {
  select: "V",
  crop: "C",
  arrow: "Z",
  line: "I",
  rect: "R",
  ellipse: "E",
  pen: "B",
  mark: "G",
  text: "T",
  step: "M",
  hide: "U",
  spot: "S",
};

const byLetter = new Map<string, Tool>([
  ...Object.entries(toolKeys).map(([tool, key]): [string, Tool] => [
    key.toLowerCase(),
    tool as Tool,
  ]),
  ["p", "select"],
]);

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What a key asks for, or null. `mac` makes Cmd the command key instead of Ctrl. */
export function commandOf(e: Key, mac: boolean): Command | null {
  const command = mac ? e.metaKey : e.ctrlKey;
  const other = mac ? e.ctrlKey : e.metaKey;
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  if (other) return null;
  if (command) return e.altKey ? null : withCommand(e, key);
  if (e.altKey) return null;
  const arrow = arrows[key];
  if (arrow) {
    const by = e.shiftKey ? 10 : 1;
    return { do: "nudge", dx: arrow[0] * by, dy: arrow[1] * by };
  }
  switch (key) {
    case "Enter":
      return { do: "attach" };
    case "Escape":
      return { do: "escape" };
    case "Delete":
    case "Backspace":
      return { do: "delete" };
    case "Tab":
      return { do: "next", by: e.shiftKey ? -1 : 1 };
    case "+":
    case "=":
      return { do: "zoom", by: 1 };
    case "-":
    case "_":
      return { do: "zoom", by: -1 };
    case "[":
    case "]":
      return { do: "size", by: key === "]" ? 1 : -1 };
  }
  // Brackets and digits by place too: on many keyboards they need a modifier.
  const digit =
    /^(?:Digit|Numpad)([0-9])$/.exec(e.code)?.[1] ??
    (/^[0-9]$/.test(key) ? key : null);
  if (digit !== null && !e.shiftKey) {
    return digit === "0" ? { do: "fit" } : { do: "colour", n: Number(digit) };
  }
  const tool = byLetter.get(key);
  return tool ? { do: "tool", tool } : null;
}

function withCommand(e: Key, key: string): Command | null {
  switch (key) {
    case "z":
      return { do: e.shiftKey ? "redo" : "undo" };
    case "y":
      return { do: "redo" };
    case "a":
      return { do: "all" };
    case "d":
      return { do: "duplicate" };
    case "c":
      return { do: "copy" };
    case "s":
      return { do: "save" };
    case "Enter":
      return { do: "send" };
    case "[":
    case "{":
      return { do: "order", to: e.shiftKey ? "bottom" : "down" };
    case "]":
    case "}":
      return { do: "order", to: e.shiftKey ? "top" : "up" };
    case "+":
    case "=":
      return { do: "zoom", by: 1 };
    case "-":
      return { do: "zoom", by: -1 };
    case "0":
      return { do: "fit" };
  }
  return null;
}
