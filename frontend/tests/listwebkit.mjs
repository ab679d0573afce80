// The room of list.mjs in the engine of the window on Linux (ui.md §4): WebKitGTK, shown by build/webview on a display of its own, at the
// pages of the real program. WebKitGTK has no driver for the window, so the page measures itself and says what it saw. `make webview` runs
// it; it is no part of an ordinary run.
//
//   node tests/listwebkit.mjs [--messages 100000]
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { flung, lengthen, probe } from "./listprobe.mjs";
import { shots, Stage } from "./stage.mjs";
import { Story } from "./story.mjs";

const engine = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../../build/bin/webview",
);
const at = process.argv.indexOf("--messages");
const many = at > 0 ? Number(process.argv[at + 1]) : 100_000;
const stage = new Stage();
const story = new Story(stage);
const figures = {};

/** A page in WebKitGTK that is told what to do line by line. */
class Page {
  #child;
  #waiting = [];
  constructor(url, width, height, env) {
    this.env = env;
    this.#child = spawn(engine, [url, `${width}`, `${height}`], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "ignore"],
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const { value, error } = JSON.parse(line);
      const { resolve, reject } = this.#waiting.shift();
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    });
    this.#child.on("exit", (code) => {
      for (const w of this.#waiting)
        w.reject(new Error(`the page ended with ${code}`));
    });
  }
  #tell(line) {
    this.#child.stdin.write(`${line}\n`);
    return new Promise((resolve, reject) =>
      this.#waiting.push({ resolve, reject }),
    );
  }
  /** run runs a function in the page and answers what it returns. */
  run(what, ...args) {
    return this.#tell(
      `js ${encodeURIComponent(`return (${what})(...${JSON.stringify(args)})`)}`,
    );
  }
  size(width, height) {
    return this.#tell(`size ${width} ${height}`);
  }
  /** until asks the page until the answer is truthy. */
  async until(name, what, ...args) {
    for (const end = Date.now() + 30_000; ;) {
      const got = await this.run(what, ...args).catch(() => undefined); // the page may just be loading
      if (got) return got;
      if (Date.now() > end) throw new Error(`never: ${name}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  picture(name) {
    execFileSync(
      "import",
      ["-window", "root", path.join(shots, `${name}.png`)],
      { env: { ...process.env, ...this.env } },
    );
  }
  close() {
    this.#child.stdin.end();
  }
}

const settled = (page) => page.run(() => globalThis.probe.settled());
const shows = (page, text) =>
  page.until(
    text,
    (t) =>
      [...document.querySelectorAll('[role="log"] article')].some((a) =>
        a.textContent.includes(t),
      ),
    text,
  );
const offEnd = (page) => page.run(() => globalThis.probe.offEnd());
const where = (page, key) => page.run((k) => globalThis.probe.where(k), key);

let page;

async function begin() {
  const service = await stage.service();
  stage.two(service.url);
  stage.verb("mara", ["sync"]);
  await service.stop();
  lengthen(stage, many);
  await stage.display();
  const { line } = await stage.run("mara", "open", "--browser", "--print-url");
  page = new Page(line, 1280, 800, stage.env);
  await page.until(
    "the page",
    () => document.querySelector("button.room") !== null,
  );
}

async function opens() {
  await page.run(probe);
  await page.run(() => document.querySelector("button.room").click());
  await shows(page, `No. ${many}:`);
  await settled(page);
  figures["off the end when opened, px"] = await offEnd(page);
  assert.ok(figures["off the end when opened, px"] <= 1);
}

async function comes() {
  stage.said("mara", ["send", "--room", "Otter Trails", "Sent at the end"]);
  await shows(page, "Sent at the end");
  await settled(page);
  figures["off the end after a message, px"] = await offEnd(page);
  await page.run(() => (globalThis.probe.view().scrollTop -= 4000));
  await settled(page);
  const row = await page.run(() => globalThis.probe.first());
  stage.said("mara", ["send", "--room", "Otter Trails", "Sent meanwhile"]);
  await page.until("it has come", () =>
    document.querySelector("button.room").textContent.includes("meanwhile"),
  );
  await settled(page);
  figures["drift, append while reading, px"] = Math.abs(
    (await where(page, row.key)) - row.at,
  );
  figures["drift, prepend, px"] = await page.run(() =>
    globalThis.probe.prepend(),
  );
  assert.ok(figures["off the end after a message, px"] <= 1);
  for (const what of ["append while reading", "prepend"])
    assert.ok(figures[`drift, ${what}, px`] <= 1, what);
}

async function resized() {
  let worst = 0;
  for (const [width, height] of [
    [1000, 800],
    [1280, 640],
    [900, 700],
    [1280, 800],
  ]) {
    await settled(page);
    const row = await page.run(() => globalThis.probe.edge());
    await page.size(width, height);
    await page.until("the new size", (w) => innerWidth === w, width);
    await settled(page);
    const now = await where(page, row.key);
    worst = Math.max(worst, now === null ? 1e9 : Math.abs(now - row.at));
  }
  figures["drift, resize, px"] = worst;
  assert.ok(worst <= 1, `${worst} px`);
}

async function scrolled() {
  const { up, down } = await flung(page.run.bind(page), figures);
  assert.ok(figures["drift, 240 frames of slow scroll up, px"] <= 1);
  assert.ok(up.blank <= 6 && down.blank <= 6, "at most 1 frame of 20 is blank");
}

async function jumped() {
  const half = Math.floor(many / 2);
  const id = `long-${String(half).padStart(6, "0")}`;
  const began = Date.now();
  await page.run((to) => {
    const room = location.hash.split("/")[2];
    location.hash = `#/room/${room}/at/${to}`;
  }, id);
  await shows(page, `No. ${half}:`);
  figures["jump to the middle, ms"] = Date.now() - began;
  await settled(page);
  figures["jump to the middle, px off"] = Math.abs(
    (await where(page, id)) - 80,
  );
  page.picture("95-webkit-middle");
  assert.ok(figures["jump to the middle, px off"] <= 1);
}

await story.run(async () => {
  try {
    await story.step(`a room of ${many} messages in WebKitGTK`, begin);
    await story.step("it opens at its end", opens);
    await story.step("nothing moves while messages come and go", comes);
    await story.step("the window changes its size while one reads", resized);
    await story.step("a slow scroll of 240 frames, flings of 120", scrolled);
    await story.step("to the middle in one step", jumped);
  } finally {
    for (const [what, figure] of Object.entries(figures))
      console.log(`  ${what}: ${Math.round(figure * 100) / 100}`);
    page?.close();
  }
});
