import { flushSync } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import { expect, test } from "vitest";

import { toasts } from "../shared/toasts.svelte";
import { whileSo } from "./whileso.svelte";

const shown = () => toasts.list.map((t) => t.text);
const hidden = new SvelteSet<string>();
const nothing = () => undefined;

test("M-09: “X is hidden · Undo” goes once the room is back, whoever brought it back", () => {
  whileSo(toasts.undo("X is hidden", "Undo", nothing), () => hidden.has("x"));
  flushSync();
  expect(shown()).toEqual(["X is hidden"]); // the list is read again a moment later
  hidden.add("x");
  flushSync();
  expect(shown()).toEqual(["X is hidden"]);
  hidden.delete("x");
  flushSync();
  expect(shown()).toEqual([]);
});

test("a line of a second time is not the first one's", async () => {
  hidden.add("y");
  const first = toasts.undo("Y is hidden", "Undo", nothing);
  whileSo(first, () => hidden.has("y"));
  flushSync();
  toasts.dismiss(first, true);
  flushSync();
  await Promise.resolve();
  toasts.undo("Y is hidden", "Undo", nothing);
  hidden.delete("y");
  flushSync();
  expect(shown()).toEqual(["Y is hidden"]);
});
