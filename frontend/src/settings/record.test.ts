import { describe, expect, it } from "vitest";

import {
  combination,
  isModifier,
  isTyping,
  type Press,
  writesOnWindows,
} from "./record";

const press = (key: string, code: string, held = ""): Press => ({
  key,
  code,
  ctrlKey: held.includes("c"),
  altKey: held.includes("a"),
  shiftKey: held.includes("s"),
  metaKey: held.includes("m"),
});

describe("K-13: a press becomes a combination", () => {
  it.each([
    [press("t", "KeyT", "ca"), "Ctrl+Alt+T"],
    [press("T", "KeyT", "cas"), "Ctrl+Alt+Shift+T"],
    [press("&", "Digit7", "cs"), "Ctrl+Shift+7"],
    [press("ß", "KeyS", "ca"), "Ctrl+Alt+S"],
    [press("е", "KeyT", "ca"), "Ctrl+Alt+T"], // Cyrillic
    [press("z", "KeyY", "ca"), "Ctrl+Alt+Z"], // QWERTZ
    [press("F9", "F9", "m"), "Super+F9"],
    [press(" ", "Space", "ca"), "Ctrl+Alt+Space"],
    [press("ArrowUp", "ArrowUp", "ca"), "Ctrl+Alt+Up"],
    [press("F13", "F13", "ca"), ""],
    [press("Tab", "Tab", "ca"), ""],
    [press("é", "BracketLeft", "ca"), ""],
  ])("%o", (e, want) => expect(combination(e)).toBe(want));

  it("waits while only modifiers are held", () => {
    for (const key of ["Control", "Alt", "AltGraph", "Shift", "Meta"])
      expect(isModifier(key)).toBe(true);
    for (const key of ["t", "F1", "Escape"])
      expect(isModifier(key)).toBe(false);
  });
});

// K-13: switched off or on, a key that people type is no combination.
describe("K-13: what people type", () => {
  it.each([
    ["T", true],
    ["Shift+7", true],
    ["Space", true],
    ["F9", true],
    ["Shift+F9", false],
    ["Ctrl+T", false],
    ["Ctrl+Alt+T", false],
    ["Super+F9", false],
  ])("%s: %s", (keys, want) => expect(isTyping(keys)).toBe(want));
});

// K-13: with AltGr a Polish keyboard writes ś where Ctrl+Alt+S is listened to.
describe("K-13: what AltGr gives too on Windows", () => {
  it.each([
    ["Ctrl+Alt+S", true],
    ["Ctrl+Alt+Shift+7", true],
    ["Ctrl+Alt+F9", false],
    ["Ctrl+Alt+Space", false],
    ["Ctrl+Shift+S", false],
    ["Ctrl+Alt+Super+S", false],
    ["", false],
  ])("%s: %s", (keys, want) => expect(writesOnWindows(keys)).toBe(want));
});
