import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { holdFocus } from "./holdfocus";

const soon = () => new Promise((done) => setTimeout(done, 20));
const one = (id: string) => document.getElementById(id) as HTMLElement;

describe("the focus of what goes (K-11, T-17, W-38)", () => {
  let leave: () => void;
  beforeEach(() => {
    document.body.innerHTML = `<button id="out">elsewhere</button>
      <main id="m"><button id="a">a</button><span id="row"><button id="b">b</button><button id="c">c</button></span><button id="d">d</button></main>`;
    leave = holdFocus(one("m"));
  });
  afterEach(() => leave());

  it("goes to what stood behind it", async () => {
    one("b").focus();
    one("row").remove();
    await soon();
    expect(document.activeElement).toBe(one("d"));
  });
  it("goes to what stood before it where nothing is behind", async () => {
    one("d").focus();
    one("d").remove();
    await soon();
    expect(document.activeElement).toBe(one("c"));
  });
  it("goes to the whole where nothing is left", async () => {
    one("b").focus();
    one("m").innerHTML = "<p>nothing</p>";
    await soon();
    expect(document.activeElement).toBe(one("m"));
  });
  it("leaves a button that is disabled", async () => {
    one("c").focus();
    one("c").setAttribute("disabled", "");
    await soon();
    expect(document.activeElement).toBe(one("d"));
  });
  it("comes back from a dialog whose button is gone", async () => {
    one("c").focus();
    const box = document.createElement("div");
    box.className = "dialog";
    box.innerHTML = `<button id="save">save</button>`;
    document.body.append(box);
    one("save").focus();
    one("c").remove();
    await soon();
    expect(document.activeElement).toBe(one("save"));
    box.remove();
    await soon();
    expect(document.activeElement).toBe(one("d"));
  });
  it("takes nothing from elsewhere", async () => {
    one("b").focus();
    one("out").focus();
    one("row").remove();
    await soon();
    expect(document.activeElement).toBe(one("out"));
    one("out").blur();
    one("d").remove();
    await soon();
    expect(document.activeElement).toBe(document.body);
  });
});
