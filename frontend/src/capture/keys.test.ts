import { expect, test } from "vitest";

import { commandOf, toolKeys, type Command, type Key } from "./keys";

function key(name: string): Key {
  const parts = name.split("+").filter((p) => p !== "");
  const last = name.endsWith("+") ? "+" : (parts.at(-1) ?? "");
  return {
    key: last,
    code: /^[0-9]$/.test(last) ? `Digit${last}` : "",
    ctrlKey: parts.includes("Ctrl"),
    metaKey: parts.includes("Meta"),
    shiftKey: parts.includes("Shift"),
    altKey: parts.includes("Alt"),
  };
}

test.each<[string, Command | null]>([
  ...Object.entries(toolKeys).map(([tool, k]): [string, Command] => [
    k.toLowerCase(),
    { do: "tool", tool } as Command,
  ]),
  ["p", { do: "tool", tool: "select" }],
  ["Z", { do: "tool", tool: "arrow" }],
  ["1", { do: "colour", n: 1 }],
  ["9", { do: "colour", n: 9 }],
  ["0", { do: "fit" }],
  ["[", { do: "size", by: -1 }],
  ["]", { do: "size", by: 1 }],
  ["+", { do: "zoom", by: 1 }],
  ["-", { do: "zoom", by: -1 }],
  ["ArrowLeft", { do: "nudge", dx: -1, dy: 0 }],
  ["Shift+ArrowDown", { do: "nudge", dx: 0, dy: 10 }],
  ["Tab", { do: "next", by: 1 }],
  ["Shift+Tab", { do: "next", by: -1 }],
  ["Delete", { do: "delete" }],
  ["Escape", { do: "escape" }],
  ["Enter", { do: "attach" }],
  ["Ctrl+Enter", { do: "send" }],
  ["Ctrl+a", { do: "all" }],
  ["Ctrl+d", { do: "duplicate" }],
  ["Ctrl+z", { do: "undo" }],
  ["Ctrl+Shift+Z", { do: "redo" }],
  ["Ctrl+y", { do: "redo" }],
  ["Ctrl+c", { do: "copy" }],
  ["Ctrl+s", { do: "save" }],
  ["Ctrl+]", { do: "order", to: "up" }],
  ["Ctrl+[", { do: "order", to: "down" }],
  ["Ctrl+Shift+}", { do: "order", to: "top" }],
  ["Ctrl+k", null],
  ["Alt+c", null],
  ["Meta+z", null],
  ["q", null],
])("TestC11_key: %s", (name, want) => {
  expect(commandOf(key(name), false)).toEqual(want);
});

test("TestC11_cmd_is_ctrl_on_macOS", () => {
  expect(commandOf(key("Meta+z"), true)).toEqual({ do: "undo" });
  expect(commandOf(key("Ctrl+z"), true)).toBeNull();
});
