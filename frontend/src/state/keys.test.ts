import { describe, expect, test } from "vitest";

import { type Act, enter, is, parts, shortcuts } from "./keys";

const press = (key: string, held: Partial<KeyboardEventInit> = {}) =>
  new KeyboardEvent("keydown", { key, ...held });

/** A press while an input method is at work, as older webviews tell it. */
const ime = (key: string) => {
  const e = press(key);
  Object.defineProperty(e, "keyCode", { value: 229 });
  return e;
};

describe("K-01 to K-03: what Enter does", () => {
  test.each<[Partial<KeyboardEventInit>, "send" | "line", "send" | "line"]>([
    [{}, "send", "line"],
    [{ shiftKey: true }, "line", "line"],
    [{ altKey: true }, "line", "line"],
    [{ ctrlKey: true }, "line", "send"],
    [{ metaKey: true }, "line", "send"],
    [{ ctrlKey: true, shiftKey: true }, "line", "line"],
    [{ ctrlKey: true, altKey: true }, "line", "line"],
  ])("with %j: %s where Enter sends, %s where it does not", (held, on, off) => {
    expect(enter(press("Enter", held), true)).toBe(on);
    expect(enter(press("Enter", held), false)).toBe(off);
  });

  test("no other key", () => {
    expect(enter(press("a"), true)).toBeUndefined();
  });

  test("K-01: never while an input method composes", () => {
    for (const on of [true, false]) {
      expect(enter(press("Enter", { isComposing: true }), on)).toBeUndefined();
      expect(enter(ime("Enter"), on)).toBeUndefined();
    }
  });
});

describe("K-01: no shortcut takes a key from an input method", () => {
  test.each(Object.entries(shortcuts))("%s", (act, { keys }) => {
    for (const combo of keys) {
      const { held, key } = parts(combo);
      const how = {
        ctrlKey: held.includes("Ctrl"),
        altKey: held.includes("Alt"),
        shiftKey: held.includes("Shift"),
      };
      expect(is(press(key, how), act as Act)).toBe(true);
      expect(is(press(key, { ...how, isComposing: true }), act as Act)).toBe(
        false,
      );
    }
  });
});

test("no two shortcuts of the same place are pressed alike", () => {
  const seen = new Map<string, string>();
  for (const [act, s] of Object.entries(shortcuts)) {
    // A message and the box never have the focus at once.
    const place = s.where === "message" ? "message" : "";
    for (const keys of s.keys) {
      const id = `${place} ${keys}`;
      expect(seen.get(id), `${act} and ${seen.get(id) ?? ""}`).toBeUndefined();
      seen.set(id, act);
    }
  }
});

test("K-04, K-05, K-12: the keys of the box", () => {
  expect(is(press("ArrowUp"), "editLast")).toBe(true);
  expect(is(press("ArrowUp", { altKey: true }), "editLast")).toBe(false);
  expect(is(press("Escape"), "escape")).toBe(true);
  expect(is(press("b", { ctrlKey: true }), "bold")).toBe(true);
  expect(is(press("X", { ctrlKey: true, shiftKey: true }), "strike")).toBe(
    true,
  );
  expect(is(press("x", { ctrlKey: true }), "strike")).toBe(false);
});
