import { beforeEach, expect, test } from "vitest";

import { rest } from "./rest";

const frame = () => new Promise((done) => requestAnimationFrame(done));
const el = (id: string) => document.getElementById(id);
const at = () => document.activeElement?.id ?? "";

beforeEach(() => {
  document.body.innerHTML = `<div role="log"><div data-key="a b"><article id="line" tabindex="-1"></article></div>
    <div data-key="c"><article id="last" tabindex="-1"></article></div></div><div id="menu"><button id="pressed"></button></div><textarea id="box"></textarea><button id="other"></button>`;
});

// The message, where the focus went meanwhile, whether the room takes words, where the focus is to be.
test.each([
  ["a b", "", true, "line"],
  ["gone", "", true, "box"],
  ["gone", "", false, "last"],
  ["a b", "other", true, "other"],
])(
  "M-23, M-27: what was pressed on “%s” goes, the focus is on “%s” then, a box: %s; it ends on “%s”",
  async (message, then, open, want) => {
    if (!open) el("box")?.remove();
    el("pressed")?.focus();
    rest(message, () => el("box")?.focus());
    for (let i = 0; i < 3; i++) await frame(); // the menu closes in its own time
    el("menu")?.remove();
    el(then)?.focus();
    for (let i = 0; i < 3; i++) await frame();
    expect(at()).toBe(want);
  },
);

test("M-12: where there is neither a box nor a message, the focus is on the room", async () => {
  document.body.innerHTML = `<main tabindex="-1" id="room"></main>`;
  rest("", () => undefined);
  for (let i = 0; i < 3; i++) await frame();
  expect(at()).toBe("room");
});
