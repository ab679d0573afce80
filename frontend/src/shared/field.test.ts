import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";

import Field from "./Field.svelte";

describe("what sends from a field (W-38, K-02)", () => {
  let field: Record<string, unknown>;
  afterEach(() => unmount(field));

  function typed(rows: number | undefined) {
    const onenter = vi.fn();
    field = mount(Field, {
      target: document.body,
      props: { label: "Answer", value: "", onenter, ...(rows ? { rows } : {}) },
    });
    flushSync();
    const box = document.querySelector(rows ? "textarea" : "input");
    const press = (how: KeyboardEventInit) => {
      onenter.mockClear();
      box?.dispatchEvent(
        new KeyboardEvent("keydown", {
          key: "Enter",
          bubbles: true,
          cancelable: true,
          ...how,
        }),
      );
      return onenter.mock.calls.length;
    };
    return press;
  }

  it("is Enter in one of one line", () => {
    const press = typed(undefined);
    expect(press({})).toBe(1);
    expect(press({ isComposing: true })).toBe(0);
  });
  it("is Ctrl+Enter in one of several, where Enter makes a line", () => {
    const press = typed(2);
    expect(press({ ctrlKey: true })).toBe(1);
    expect(press({ metaKey: true })).toBe(1);
    expect(press({})).toBe(0);
    expect(press({ shiftKey: true })).toBe(0);
    expect(press({ ctrlKey: true, altKey: true })).toBe(0);
    expect(press({ ctrlKey: true, isComposing: true })).toBe(0);
  });
});
