import { flushSync, mount, unmount } from "svelte";
import { expect, test } from "vitest";

import Tinted from "./Tinted.svelte";

test("K-12, M-35: undo ends at the text that was given to the box, and mixes nothing of before into it", () => {
  document.execCommand = () => false; // there is no undo here
  const props = $state({ value: "draft words", spans: [] });
  const tinted = mount(Tinted, { target: document.body, props });
  flushSync();
  const box = document.querySelector("textarea");
  /** The browser changes the text, and says how. */
  const turn = (text: string, inputType: string) => {
    if (box) box.value = text;
    box?.dispatchEvent(new InputEvent("input", { inputType, bubbles: true }));
    flushSync();
    return box?.value;
  };
  props.value = "hello";
  flushSync();
  turn("hello world", "insertText");
  expect(turn("hello", "historyUndo")).toBe("hello");
  expect(turn("hellodraft words", "historyUndo")).toBe("hello");
  expect(turn("draft words", "historyUndo")).toBe("hello");
  expect(turn("hello world", "historyRedo")).toBe("hello world");
  expect(turn("hello world, too", "insertText")).toBe("hello world, too");
  expect(turn("hello world", "historyUndo")).toBe("hello world");
  void unmount(tinted);
});
