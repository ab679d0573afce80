import { afterEach, expect, test } from "vitest";

import { focusBefore } from "./before";

afterEach(() => (document.body.innerHTML = ""));

test("the focus before a dialog is that of the page, whatever menu or dialog led to it", () => {
  document.body.innerHTML = `<textarea id="box"></textarea>
    <div class="menu"><button id="line">Rename</button></div>
    <div class="dialog"><input id="first" /></div>
    <div class="popover"><input id="find" /></div>`;
  const focus = (id: string) => document.getElementById(id)?.focus();
  focus("box");
  for (const id of ["line", "first", "find"]) {
    focus(id);
    expect(document.activeElement?.id).toBe(id);
    expect(focusBefore()?.id).toBe("box");
  }
});
