import { flushSync } from "svelte";
import { expect, test } from "vitest";

import { refocus } from "./refocus.svelte";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

// Where the focus was before it opened, where it is when it closes, where it is to be then.
test.each([
  ["button", "inside", "button"],
  ["", "inside", "box"],
  ["button", "elsewhere", "elsewhere"],
])(
  "K-11 f: a panel opened from “%s”, closed with the focus on “%s”, leaves it on “%s”",
  async (before, at, want) => {
    document.body.innerHTML = `<button id="button"></button><button id="elsewhere"></button><textarea id="box"></textarea>`;
    const el = (id: string) => document.getElementById(id);
    const standing = Stand.make(() => el("box")?.focus());
    el(before)?.focus();
    standing.show(true);
    el(at)?.focus();
    standing.show(false);
    await settle();
    expect(document.activeElement?.id).toBe(want);
    standing.end();
  },
);

/** A panel that is on the page while it is open. */
const Stand = {
  make(rest: () => void) {
    const aside = document.createElement("aside");
    aside.innerHTML = `<button id="inside"></button>`;
    let open = $state(false);
    const end = $effect.root(() => {
      refocus(
        () => open,
        () => aside,
        rest,
      );
      $effect(() => {
        if (open) document.body.append(aside);
        else aside.remove();
      });
    });
    flushSync();
    return {
      show(on: boolean) {
        open = on;
        flushSync();
      },
      end,
    };
  },
};
