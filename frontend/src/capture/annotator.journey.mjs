/* eslint-disable no-console -- a script for the terminal */
// The annotator in a real browser, under the program's content policy: every
// tool by mouse and by keys, every key of the design, both themes, axe.
//
//   node src/capture/annotator.journey.mjs [FOLDER FOR SCREENSHOTS] [PART OF A STEP'S NAME]
//
// run in frontend. Fails on a page error, a console error, a policy report, a
// request to anywhere else, or a step that does not do what it says.
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  existsSync,
} from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { chromium } from "playwright-core";
import { build, loadConfigFromFile } from "vite";

const here = fileURLToPath(new URL("./journey", import.meta.url));
const frontend = fileURLToPath(new URL("../..", import.meta.url));
const made = mkdtempSync(join(tmpdir(), "annotator-"));
const shots = process.argv[2] ?? join(made, "shots");
const only = process.argv[3] ?? "";
mkdirSync(shots, { recursive: true });

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'none'; " +
  "object-src 'none'; base-uri 'none'; form-action 'none'";
const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".ttf": "font/ttf",
  ".woff2": "font/woff2",
  ".png": "image/png",
};

// The program's own style step: pixels of the design become rem.
const program = await loadConfigFromFile(
  { command: "build", mode: "production" },
  join(frontend, "vite.config.ts"),
);
await build({
  configFile: false,
  root: here,
  base: "./",
  publicDir: false,
  logLevel: "error",
  css: program.config.css,
  plugins: [svelte({ configFile: join(frontend, "svelte.config.js") })],
  build: {
    outDir: join(made, "page"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
});

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const base = await picture();
// A document with every mark, its base and what Go made of it.
const golden = (name) =>
  readFileSync(
    join(frontend, "../internal/annotate/testdata/page", basename(name)),
  );

const server = createServer((request, response) => {
  const path = new URL(request.url, "http://x").pathname;
  const file = join(made, "page", path === "/" ? "index.html" : path);
  const body =
    path === "/base.png"
      ? base
      : path === "/go/base.png"
        ? golden(path)
        : path === "/favicon.ico"
          ? Buffer.alloc(0)
          : existsSync(file)
            ? readFileSync(file)
            : null;
  response.writeHead(body ? 200 : 404, {
    "content-type":
      types[extname(path === "/" ? ".html" : path)] ??
      types[extname(file)] ??
      "text/plain",
    "content-security-policy": policy,
  });
  response.end(body ?? "");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/`;

/** A page of a made-up shop, 920 × 560. */
async function picture() {
  const page = await browser.newPage({ viewport: { width: 920, height: 560 } });
  const cards = [0, 1, 2, 3]
    .map(
      (
        i,
      ) => `<rect x="${56 + 206 * i}" y="338" width="190" height="130" rx="8" fill="${["#d7e3e8", "#f1e3c8", "#dfe5d4", "#ecd9d3"][i]}"/>
      <circle cx="${151 + 206 * i}" cy="403" r="34" fill="${["#7fa3b3", "#d3a95c", "#93a673", "#c28a78"][i]}"/>`,
    )
    .join("");
  await page.setContent(`<style>*{margin:0;font-family:sans-serif}</style>
    <svg width="920" height="560"><rect width="920" height="560" fill="#fff"/>
    <rect width="920" height="46" fill="#eae8e3"/><rect x="250" y="11" width="420" height="24" rx="12" fill="#fff"/>
    <rect y="46" width="920" height="262" fill="#33566b"/><circle cx="760" cy="160" r="34" fill="#f0c987"/>
    <path d="M0 308 150 190 260 262 410 150 560 250 720 176 920 276V308Z" fill="#2a4859"/>
    <text x="56" y="178" font-size="42" font-weight="700" fill="#fff">Made by the water,</text>
    <text x="56" y="226" font-size="42" font-weight="700" fill="#fff">kept for years.</text>
    <rect x="56" y="250" width="148" height="38" rx="19" fill="#f0c987"/>${cards}
    <text x="56" y="546" font-size="12" fill="#68645d">Signed in as nobody@harborfinch.example</text></svg>`);
  const png = await page.screenshot();
  await page.close();
  return png;
}

const faults = [];

/** Opens the annotator; a helper object stands for the person at it. */
async function open(
  query = {},
  size = { width: 1280, height: 800 },
  deviceScaleFactor = 1,
) {
  const page = await browser.newPage({ viewport: size, deviceScaleFactor });
  page.on("pageerror", (e) => faults.push(`page error: ${e}`));
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning")
      faults.push(`console: ${m.text()}`);
  });
  page.on("request", (r) => {
    if (!r.url().startsWith(address) && !r.url().startsWith("data:"))
      faults.push(`foreign request: ${r.url()}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (e) =>
      console.error(
        `policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`,
      ),
    );
  });
  const search = new URLSearchParams(
    Object.entries(query).map(([k, v]) => [
      k,
      typeof v === "string" ? v : JSON.stringify(v),
    ]),
  );
  await page.goto(`${address}?${search}`);
  await page.waitForSelector(".stage, .picker, .refused");
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(
    () => ![...document.images].some((i) => !i.complete),
  );
  const at = async (x, y) => {
    // Where a base pixel is on the screen.
    const m = await page
      .locator("svg g[transform]")
      .first()
      .evaluate((g) => {
        const t = g.getScreenCTM();
        return [t.a, t.e, t.f];
      });
    return [m[1] + x * m[0], m[2] + y * m[0]];
  };
  const me = {
    page,
    at,
    async move(x, y) {
      await page.mouse.move(...(await at(x, y)));
    },
    async click(x, y, options) {
      await page.mouse.click(...(await at(x, y)), options);
    },
    async drag(
      x1,
      y1,
      x2,
      y2,
      { keys = [], button = "left", hold = null } = {},
    ) {
      const [ax, ay] = await at(x1, y1);
      const [bx, by] = await at(x2, y2);
      for (const k of keys) await page.keyboard.down(k);
      await page.mouse.move(ax, ay);
      await page.mouse.down({ button });
      for (let i = 1; i <= 8; i++)
        await page.mouse.move(
          ax + ((bx - ax) * i) / 8,
          ay + ((by - ay) * i) / 8,
        );
      if (hold) await hold();
      await page.mouse.up({ button });
      for (const k of keys) await page.keyboard.up(k);
    },
    async press(...keys) {
      for (const k of keys) await page.keyboard.press(k);
    },
    calls: (name) =>
      page.evaluate(
        (n) => structuredClone(window.calls).filter((c) => !n || c.call === n),
        name,
      ),
    async doc() {
      const all = await me.calls("save");
      return all.at(-1)?.args[0] ?? null;
    },
    async last() {
      return (await me.doc())?.objects.at(-1);
    },
    async shot(name) {
      await page.screenshot({ path: join(shots, `${name}.png`) });
    },
    selected: () =>
      page
        .locator('[data-id][data-selected="true"]')
        .evaluateAll((all) => all.map((e) => e.dataset.id)),
    tool: () => page.locator('.dock [aria-pressed="true"] .key').innerText(),
  };
  return me;
}

const steps = [];
const step = (name, act) => steps.push([name, act]);
const near = (got, want, by = 0.3) => {
  assert.equal(got.length, want.length);
  got.forEach((n, i) =>
    assert.ok(Math.abs(n - want[i]) <= by, `${got} is not ${want}`),
  );
};
const box = (o) => [o.x, o.y, o.w, o.h];
const ends = (o) => [o.x1, o.y1, o.x2, o.y2];

// One letter a tool; each draws by mouse; the fresh mark is selected.
const tools = [
  ["z", "arrow", (o) => near(ends(o), [100, 100, 300, 200])],
  ["i", "line", (o) => near(ends(o), [100, 100, 300, 200])],
  ["r", "rect", (o) => near(box(o), [100, 100, 200, 100])],
  ["e", "ellipse", (o) => near(box(o), [100, 100, 200, 100])],
  ["b", "pen", (o) => assert.ok(o.pts.length > 4 && o.path.length > 8)],
  ["g", "mark", (o) => near(box(o), [100, 100, 200, 100])],
  ["u", "hide", (o) => near(box(o), [100, 100, 200, 100])],
  ["s", "spot", (o) => near(box(o), [100, 100, 200, 100])],
  ["m", "step", (o) => near([o.x, o.y, o.n], [300, 200, 1])],
];
for (const [key, kind, right] of tools) {
  step(`C-06 ${kind} by mouse`, async () => {
    const me = await open();
    await me.press(key);
    assert.equal((await me.tool()).toLowerCase(), key);
    await me.drag(100, 100, 300, 200);
    const o = await me.last();
    assert.equal(o.t, kind);
    right(o);
    assert.deepEqual(await me.selected(), [o.id]);
    // Pressing it moves it, pressing elsewhere draws the next.
    const grip =
      { rect: [100, 150], ellipse: [200, 100], spot: [100, 150] }[kind] ??
      (kind === "step" ? [300, 200] : [200, 150]);
    await me.drag(...grip, grip[0] + 40, grip[1] + 20);
    assert.equal((await me.doc()).objects.length, 1);
    await me.drag(500, 300, 600, 350);
    assert.equal((await me.doc()).objects.length, 2);
    await me.page.close();
  });
  step(`C-06 ${kind} by keys alone`, async () => {
    const me = await open();
    await me.press(key);
    await me.page.locator('.dock [aria-pressed="true"]').focus();
    await me.press("Enter");
    const o = await me.last();
    assert.equal(o.t, kind);
    assert.deepEqual(await me.selected(), [o.id]);
    await me.page.close();
  });
}

step("C-06 Shift and Alt: straight, square, from the centre", async () => {
  const me = await open();
  await me.press("z");
  await me.drag(100, 100, 300, 110, { keys: ["Shift"] });
  near(ends(await me.last()), [100, 100, 300, 100]);
  await me.press("r");
  await me.drag(400, 300, 450, 380, { keys: ["Shift"] });
  near(box(await me.last()), [400, 300, 80, 80]);
  await me.press("e");
  await me.drag(600, 300, 650, 330, { keys: ["Alt"] });
  near(box(await me.last()), [550, 270, 100, 60]);
  await me.press("g");
  await me.drag(100, 400, 300, 420, { keys: ["Shift"] });
  assert.equal((await me.last()).t, "markpen");
  await me.page.close();
});

step(
  "C-08 text: typed, ended by Escape, edited again by double click, emptied",
  async () => {
    const me = await open();
    await me.press("t");
    await me.click(200, 400);
    await me.page.keyboard.type("rest of z i r e");
    await me.press("Enter");
    await me.page.keyboard.type("second");
    await me.shot("typing");
    await me.press("Escape");
    let o = await me.last();
    assert.deepEqual(o.lines, ["rest of z i r e", "second"]);
    assert.deepEqual(await me.selected(), [o.id]);
    assert.equal(await me.tool(), "T");
    await me.press("v");
    const [x, y] = await me.at(o.x + 20, o.y - 5);
    await me.page.mouse.dblclick(x, y);
    await me.press("ControlOrMeta+a");
    await me.page.keyboard.type("new");
    await me.click(800, 500);
    o = await me.last();
    assert.deepEqual(o.lines, ["new"]);
    assert.equal((await me.doc()).objects.length, 1);
    await me.page.mouse.dblclick(...(await me.at(o.x + 10, o.y - 5)));
    await me.press("ControlOrMeta+a", "Delete", "Escape");
    assert.equal((await me.doc()).objects.length, 0);
    await me.press("ControlOrMeta+z");
    assert.deepEqual((await me.last()).lines, ["new"]);
    await me.page.close();
  },
);

step("C-08 the field lies exactly over the text it becomes", async () => {
  const me = await open();
  await me.press("t");
  await me.click(300, 60);
  await me.page.keyboard.type("Hxgf 123");
  const clip = async () => {
    const [x, y] = await me.at(295, 40);
    return me.page.screenshot({
      clip: { x, y, width: 140, height: 40 },
      caret: "hide",
    });
  };
  await me.page
    .addStyleTag({ content: "textarea{outline:none!important}" })
    .catch(() => {});
  const ink = (png) =>
    me.page.evaluate(async (b64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${b64}`;
      await image.decode();
      const c = document.createElement("canvas");
      [c.width, c.height] = [image.width, image.height];
      const g = c.getContext("2d");
      g.drawImage(image, 0, 0);
      const d = g.getImageData(0, 0, c.width, c.height).data;
      let [x0, y0, x1, y1] = [1e9, 1e9, -1, -1];
      for (let i = 0; i < d.length; i += 4) {
        const red = d[i] > 180 && d[i + 1] < 120 && d[i + 2] < 120;
        if (!red) continue;
        const [x, y] = [(i / 4) % c.width, Math.floor(i / 4 / c.width)];
        [x0, y0, x1, y1] = [
          Math.min(x0, x),
          Math.min(y0, y),
          Math.max(x1, x),
          Math.max(y1, y),
        ];
      }
      return [x0, y0, x1, y1];
    }, png.toString("base64"));
  const field = await ink(await clip());
  await me.press("Escape", "Escape");
  const text = await ink(await clip());
  near(field, text, 1);
  await me.page.close();
  // The style above is refused by the policy, which is as it should be.
  for (let i = faults.length - 1; i >= 0; i--)
    if (/style-src/.test(faults[i])) faults.splice(i, 1);
});

step("C-08 what the font cannot write becomes a picture of it", async () => {
  const me = await open();
  await me.press("t");
  await me.click(100, 100);
  await me.page.keyboard.insertText("日本 🙂");
  await me.press("Escape");
  const o = await me.last();
  assert.ok(o.bmp.w > 20 && o.bmp.h === 25);
  assert.ok(
    Buffer.from(o.bmp.png, "base64").subarray(1, 4).equals(Buffer.from("PNG")),
  );
  await me.press("1");
  await me.page.close();
});

step(
  "C-09 steps count on; deleting one renumbers; a double click sets the number",
  async () => {
    const me = await open();
    await me.press("m");
    for (const x of [100, 200, 300]) await me.click(x, 400);
    const numbers = async () => (await me.doc()).objects.map((o) => o.n);
    assert.deepEqual(await numbers(), [1, 2, 3]);
    await me.press("v");
    await me.click(100, 400);
    await me.press("Delete");
    assert.deepEqual(await numbers(), [1, 2]);
    await me.page.mouse.dblclick(...(await me.at(200, 400)));
    await me.press("ControlOrMeta+a");
    await me.page.keyboard.type("7");
    await me.press("Enter");
    assert.deepEqual(await numbers(), [7, 2]);
    await me.page.close();
  },
);

step(
  "C-10 hide: solid first, blocks never show what is beneath; the original",
  async () => {
    const me = await open({ burn: "1" });
    await me.press("u");
    await me.drag(120, 530, 330, 552);
    assert.equal((await me.last()).how, "solid");
    await me.page.getByRole("button", { name: "Blocks" }).click();
    assert.equal((await me.last()).how, "pixel");
    await me.press("Escape", "Escape");
    await me.shot("hidden");
    // The page offers to lose the original; then undo cannot reach behind it.
    await me.page.getByRole("button", { name: "Black it out" }).click();
    assert.equal((await me.calls("burn")).length, 1);
    await me.page.waitForTimeout(50);
    assert.ok(
      await me.page
        .getByRole("button", { name: "Undo", exact: true })
        .isDisabled(),
    );
    await me.page.close();
  },
);

step(
  "C-04 select, move, resize, rubber band, Shift-click, nudge, order, copy, delete",
  async () => {
    const me = await open();
    await me.press("r");
    await me.drag(100, 100, 200, 150);
    await me.drag(300, 100, 400, 150);
    await me.press("v");
    await me.drag(100, 120, 110, 140);
    near(box((await me.doc()).objects[0]), [110, 120, 100, 50], 1);
    await me.drag(210, 170, 240, 200);
    near(box((await me.doc()).objects[0]), [110, 120, 130, 80], 1);
    await me.drag(110, 120, 100, 110, { keys: ["Alt"] });
    near(box((await me.doc()).objects[0]), [100, 110, 150, 100], 1);
    await me.drag(60, 60, 500, 300);
    assert.equal((await me.selected()).length, 2);
    await me.press("ArrowRight", "ArrowRight", "Shift+ArrowDown");
    near(box((await me.doc()).objects[1]), [302, 110, 100, 50], 1);
    await me.click(700, 450);
    assert.equal((await me.selected()).length, 0);
    await me.click(402, 130);
    await me.click(100, 150, { modifiers: [] });
    await me.page.keyboard.down("Shift");
    await me.click(402, 130);
    await me.page.keyboard.up("Shift");
    assert.equal((await me.selected()).length, 2);
    await me.press("ControlOrMeta+d");
    assert.equal((await me.doc()).objects.length, 4);
    await me.press("Delete");
    assert.equal((await me.doc()).objects.length, 2);
    await me.press("ControlOrMeta+a");
    assert.equal((await me.selected()).length, 2);
    await me.press("Escape", "Tab");
    const [first, second] = (await me.doc()).objects.map((o) => o.id);
    assert.deepEqual(await me.selected(), [first]);
    await me.press("ControlOrMeta+]");
    assert.deepEqual(
      (await me.doc()).objects.map((o) => o.id),
      [second, first],
    );
    await me.press("ControlOrMeta+[");
    assert.deepEqual(
      (await me.doc()).objects.map((o) => o.id),
      [first, second],
    );
    await me.press("Tab");
    assert.deepEqual(await me.selected(), [second]);
    await me.press("Shift+Tab");
    assert.deepEqual(await me.selected(), [first]);
    await me.page.close();
  },
);

step("C-04 the ends of a line and a pen stroke are resized", async () => {
  const me = await open();
  await me.press("z");
  await me.drag(100, 100, 300, 200);
  await me.drag(300, 200, 320, 120);
  near(ends(await me.last()), [100, 100, 320, 120]);
  await me.drag(100, 100, 120, 130, { keys: ["Shift"] });
  assert.equal((await me.doc()).objects.length, 1);
  await me.press("b");
  await me.drag(400, 300, 500, 360);
  const before = await me.last();
  const xs = before.path.map((p) => p[0]);
  const ys = before.path.map((p) => p[1]);
  await me.drag(Math.max(...xs), Math.max(...ys), 600, 420);
  const after = await me.last();
  assert.equal(after.id, before.id);
  assert.ok(Math.max(...after.path.map((p) => p[0])) > 590);
  await me.page.close();
});

step(
  "C-11 colours 1 to 9, sizes by brackets and wheel, remembered",
  async () => {
    const me = await open();
    await me.press("r");
    await me.drag(100, 100, 200, 150);
    for (let n = 1; n <= 9; n++) {
      await me.press(String(n));
      const want = [
        "#e5363f",
        "#ee7b1d",
        "#f2c230",
        "#17815a",
        "#3350cc",
        "#8b4fc0",
        "#e2629a",
        "#1b1a18",
        "#ffffff",
      ][n - 1];
      const doc = await me.doc();
      assert.equal(doc.objects[0].c, want);
    }
    await me.press("5", "]", "]");
    assert.equal((await me.last()).s, 12);
    await me.press("[");
    assert.equal((await me.last()).s, 7);
    await me.move(500, 400);
    await me.page.mouse.wheel(0, 120);
    await me.page.waitForTimeout(50);
    assert.equal((await me.last()).s, 4);
    await me.drag(300, 300, 400, 350);
    assert.equal((await me.last()).c, "#3350cc");
    await me.page.getByRole("button", { name: "Filled" }).click();
    assert.equal((await me.last()).fill, "#3350cc");
    await me.page.getByRole("button", { name: "Dashed" }).click();
    assert.equal((await me.last()).dash, true);
    await me.page.getByLabel("Opacity").fill("0.5");
    assert.equal((await me.last()).a, 0.5);
    await me.page.close();
  },
);

step("C-11 undo and redo walk the same documents", async () => {
  const me = await open();
  await me.press("r");
  for (let i = 0; i < 5; i++)
    await me.drag(100 + 20 * i, 100 + 60 * i, 300 + 20 * i, 130 + 60 * i);
  await me.press("Delete");
  const all = (await me.calls("save")).map((c) => c.args[0]);
  for (let i = all.length - 2; i >= 0; i--) {
    await me.press("ControlOrMeta+z");
    assert.deepEqual(await me.doc(), all[i]);
  }
  await me.press("ControlOrMeta+z");
  assert.equal((await me.doc()).objects.length, 0);
  for (let i = 0; i < all.length; i++) {
    await me.press(i % 2 ? "ControlOrMeta+y" : "ControlOrMeta+Shift+Z");
    assert.deepEqual(await me.doc(), all[i]);
  }
  await me.page.close();
});

step(
  "C-11 zoom, fit, 100 %, pan by Space and by the middle button",
  async () => {
    const me = await open({}, { width: 1000, height: 700 });
    const percent = () =>
      me.page.getByRole("button", { name: "Actual size" }).innerText();
    const fitted = await percent();
    assert.notEqual(fitted, "100%");
    await me.press("0");
    assert.equal(await percent(), "100%");
    await me.press("0");
    assert.equal(await percent(), fitted);
    await me.press("+", "+", "-");
    await me.move(300, 200);
    const before = await me.at(300, 200);
    await me.page.keyboard.down("Control");
    await me.page.mouse.wheel(0, -240);
    await me.page.keyboard.up("Control");
    await me.page.waitForTimeout(50);
    // The wheel knows whole pixels only.
    near(await me.at(300, 200), before, 1.5);
    await me.press("r");
    await me.page.keyboard.down("Space");
    const [x, y] = await me.at(300, 200);
    await me.drag(300, 200, 320, 210);
    await me.page.keyboard.up("Space");
    const [x2, y2] = await me.at(300, 200);
    assert.ok(x2 > x && y2 > y);
    await me.drag(300, 200, 320, 210, { button: "middle" });
    assert.ok((await me.at(300, 200))[0] > x2);
    assert.equal(await me.doc(), null);
    await me.page.close();
  },
);

step(
  "C-05 crop: dragged, by edges, keys, window under the pointer, whole, too small",
  async () => {
    const me = await open({
      start: "crop",
      windows: [{ x: 600, y: 330, w: 200, h: 150 }],
      last: { x: 10, y: 20, w: 300, h: 200 },
    });
    const crop = async () => {
      const c = (await me.doc()).crop;
      return c && box(c);
    };
    await me.move(700, 400);
    await me.shot("crop-snap");
    await me.click(700, 400);
    near(await crop(), [600, 330, 200, 150]);
    await me.drag(100, 100, 400, 300, { hold: () => me.shot("crop-loupe") });
    near(await crop(), [100, 100, 300, 200], 1);
    await me.press("ArrowRight", "Shift+ArrowDown");
    near(await crop(), [100, 100, 301, 210], 1);
    await me.drag(100, 200, 80, 200);
    near(await crop(), [80, 100, 321, 210], 1);
    await me.drag(200, 200, 230, 220);
    near(await crop(), [110, 120, 321, 210], 1);
    await me.page.getByRole("button", { name: "Last region" }).click();
    near(await crop(), [10, 20, 300, 200]);
    const saves = (await me.calls("save")).length;
    await me.press("0", "+", "+", "+", "+", "+", "+", "+");
    const [x, y] = await me.at(500, 300);
    await me.page.mouse.move(x, y);
    await me.page.mouse.down();
    await me.page.mouse.move(x + 40, y);
    await me.page.mouse.up();
    await me.page.getByText("A crop needs at least one pixel.").waitFor();
    assert.equal((await me.calls("save")).length, saves);
    await me.press("Enter");
    assert.equal(await me.tool(), "V");
    assert.equal((await me.calls("attach")).length, 0);
    await me.shot("cropped");
    await me.press("ControlOrMeta+z");
    near(await crop(), [110, 120, 321, 210], 1);
    await me.press("c");
    await me.page.getByRole("button", { name: "Whole picture" }).click();
    assert.equal(await crop(), null);
    await me.page.close();
  },
);

step(
  "C-12 the whole way by keys: crop, mark, words, a room, send",
  async () => {
    const me = await open({ start: "crop" });
    await me.press("Shift+ArrowLeft", "Tab", "Tab", "Tab", "Tab");
    await me.press("Shift+ArrowRight", "Shift+ArrowDown", "Enter");
    near(box((await me.doc()).crop), [10, 10, 900, 550]);
    assert.equal((await me.calls("attach")).length, 0);
    await me.press("r");
    await me.page.locator('.dock [aria-pressed="true"]').focus();
    await me.press("Enter", "Shift+ArrowRight", "5", "]");
    await me.press("t");
    await me.page.locator('.dock [aria-pressed="true"]').focus();
    await me.press("Enter");
    await me.page.keyboard.type("By hand");
    await me.press("Escape", "Escape", "Escape", "ControlOrMeta+Enter");
    const [doc, room] = (await me.calls("send"))[0].args;
    assert.equal(room, "r1");
    assert.equal(doc.objects[0].c, "#3350cc");
    assert.equal(doc.objects[0].s, 7);
    assert.deepEqual(doc.objects[1].lines, ["By hand"]);
    await me.page.close();
  },
);

step(
  "C-12 Enter attaches, Ctrl+Enter sends, copy, save; a room is needed",
  async () => {
    const me = await open();
    await me.press("r");
    await me.drag(100, 100, 200, 150);
    await me.press(
      "Enter",
      "ControlOrMeta+Enter",
      "ControlOrMeta+c",
      "ControlOrMeta+s",
    );
    const doc = await me.doc();
    assert.deepEqual((await me.calls("attach"))[0].args, [doc, "r1", ""]);
    assert.deepEqual((await me.calls("send"))[0].args, [doc, "r1", ""]);
    assert.deepEqual((await me.calls("copy"))[0].args, [doc]);
    assert.deepEqual((await me.calls("savefile"))[0].args, [doc]);
    await me.page.getByLabel("Caption").fill("Please look");
    await me.page.getByLabel("Caption").press("ControlOrMeta+Enter");
    assert.equal((await me.calls("send")).at(-1).args[2], "Please look");
    await me.page.close();

    const lost = await open({ noroom: "1" });
    await lost.press("Enter");
    await lost.page.locator(".say").getByText("Choose a room").waitFor();
    assert.equal((await lost.calls("attach")).length, 0);
    await lost.page.getByLabel("Attach to").last().click();
    await lost.page.getByRole("option", { name: "Atlas field notes" }).click();
    await lost.page.locator(".stage").focus();
    await lost.press("Enter");
    assert.equal((await lost.calls("attach"))[0].args[1], "r2");
    await lost.page.close();
  },
);

step(
  "C-12 Escape drops one layer: gesture, text, selection, tool, editor",
  async () => {
    const me = await open();
    await me.press("Escape");
    assert.equal((await me.calls("discard")).length, 1);
    await me.press("r");
    await me.drag(100, 100, 200, 150, { hold: () => me.press("Escape") });
    assert.equal(await me.doc(), null);
    await me.drag(100, 100, 200, 150);
    await me.press("t");
    await me.click(300, 300);
    await me.page.keyboard.type("x");
    await me.press("Escape");
    assert.equal((await me.selected()).length, 1);
    await me.press("Escape");
    assert.equal((await me.selected()).length, 0);
    assert.equal(await me.tool(), "T");
    await me.press("Escape");
    assert.equal(await me.tool(), "V");
    await me.press("Escape");
    await me.page.getByRole("dialog").waitFor();
    await me.shot("discard");
    await me.press("Escape");
    await me.page.getByRole("dialog").waitFor({ state: "hidden" });
    assert.equal((await me.calls("discard")).length, 1);
    await me.press("Escape");
    await me.page
      .getByRole("dialog")
      .getByRole("button", { name: "Discard" })
      .click();
    assert.equal((await me.calls("discard")).length, 2);
    await me.page.close();
  },
);

step(
  "C-13 page and Go draw one document alike: mean within 2 of 255",
  async () => {
    const me = await open({
      doc: golden("doc.json").toString(),
      src: "./go/base.png",
    });
    await me.page.waitForTimeout(300);
    await me.page.evaluate(() => {
      document.querySelector(".crop").style.display = "none";
    });
    const clip = await me.page.locator(".paper").boundingBox();
    near([clip.width, clip.height], [400, 300]);
    const ours = await me.page.screenshot({
      clip,
      path: join(shots, "go.png"),
    });
    const mean = await me.page.evaluate(
      async (pictures) => {
        const [a, b] = await Promise.all(
          pictures.map(async (b64) => {
            const image = new Image();
            image.src = `data:image/png;base64,${b64}`;
            await image.decode();
            const c = document.createElement("canvas");
            [c.width, c.height] = [image.width, image.height];
            const g = c.getContext("2d");
            g.drawImage(image, 0, 0);
            return g.getImageData(0, 0, c.width, c.height).data;
          }),
        );
        if (a.length !== b.length) return Infinity;
        let sum = 0;
        for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
        return sum / ((a.length / 4) * 3);
      },
      [ours.toString("base64"), golden("flat.png").toString("base64")],
    );
    console.log(`      mean difference ${mean.toFixed(3)}`);
    assert.ok(mean <= 2, `mean difference ${mean}`);
    await me.page.close();
  },
);

step(
  "C-11 a display of scale 2: pixels stay pixels, strokes twice as wide",
  async () => {
    const doc = {
      v: 1,
      id: "two",
      w: 920,
      h: 560,
      scale: 2,
      base: "0".repeat(64),
      at: 1,
      crop: null,
      step: 1,
      objects: [],
    };
    const me = await open({ doc }, { width: 1280, height: 800 }, 2);
    await me.page
      .getByRole("button", { name: "Actual size, now 100%" })
      .waitFor();
    near([(await me.page.locator(".paper").boundingBox()).width], [460]);
    await me.press("r");
    await me.drag(100, 100, 300, 200);
    const o = await me.last();
    near(box(o), [100, 100, 200, 100], 1);
    assert.equal(o.s, 8);
    await me.page.close();
  },
);

step("K-01 keys of a composition are not commands", async () => {
  const me = await open();
  await me.page.evaluate(() =>
    document.body.dispatchEvent(
      new KeyboardEvent("keydown", {
        key: "Enter",
        isComposing: true,
        bubbles: true,
      }),
    ),
  );
  assert.equal((await me.calls("attach")).length, 0);
  await me.page.close();
});

step("C-02 several displays: picked by mouse, number and arrows", async () => {
  const me = await open({ displays: "1" });
  await me.shot("displays");
  await me.press("2");
  await me.press("ArrowRight", "Enter");
  await me.page.getByRole("button", { name: "All screens" }).click();
  await me.press("Escape");
  const calls = await me.calls();
  assert.deepEqual(
    calls.map((c) => [c.call, ...(c.call === "pick" ? c.args : [])]),
    [["pick", "b"], ["pick", "b"], ["all"], ["cancel"]],
  );
  await axe(me.page);
  await me.page.close();
});

step("C-03 a newer or broken document is refused, not shown", async () => {
  const good = {
    v: 1,
    id: "x",
    w: 920,
    h: 560,
    scale: 1,
    base: "0".repeat(64),
    at: 1,
    crop: null,
    step: 1,
    objects: [],
  };
  const newer = await open({
    doc: {
      ...good,
      objects: [{ id: "a", t: "blur", c: "#000000", a: 1, s: 1 }],
    },
  });
  await newer.page.getByText("newer Trestle").waitFor();
  await newer.page.getByRole("button", { name: "Close" }).click();
  assert.equal((await newer.calls("discard")).length, 1);
  await newer.page.close();
  const bad = await open({ doc: { ...good, w: "wide" } });
  await bad.page.getByText("cannot be read").waitFor();
  await bad.page.close();
});

for (const theme of ["light", "dark"]) {
  step(
    `the whole screen, ${theme}: axe, screenshots, narrow window`,
    async () => {
      const me = await open({ theme });
      await me.press("r");
      await me.drag(44, 132, 456, 240);
      await me.press("z");
      await me.drag(640, 352, 464, 236);
      await me.press("m");
      await me.click(44, 132);
      await me.click(212, 252);
      await me.press("u");
      await me.drag(136, 532, 316, 550);
      await me.page.getByRole("button", { name: "Blocks" }).click();
      await me.press("t");
      await me.click(576, 380);
      await me.page.keyboard.type(
        "Tighten this by 2 px, and use the\nsofter green we agreed on.",
      );
      await me.press("Escape");
      await me.page
        .getByRole("button", { name: "Text with background" })
        .click();
      await me.move(800, 40);
      await me.page.waitForTimeout(200);
      await axe(me.page);
      await me.shot(`annotator-${theme}`);
      await me.page.setViewportSize({ width: 720, height: 480 });
      await me.press("Escape", "Escape");
      await me.page.waitForTimeout(200);
      await me.shot(`narrow-${theme}`);
      await inside(me.page);
      // The interface at 150 %, in a window as large as most.
      await me.page.setViewportSize({ width: 1920, height: 1080 });
      await me.page.evaluate(() => {
        document.documentElement.style.fontSize = "150%";
      });
      await me.page.waitForTimeout(200);
      await me.shot(`zoomed-${theme}`);
      await inside(me.page);
      await me.page.close();
    },
  );
}

step("a low window: cropping sees the picture's lower edge", async () => {
  const me = await open({}, { width: 720, height: 480 });
  for (const [width, height, font] of [
    [720, 480, "100%"],
    [1280, 800, "200%"],
  ]) {
    await me.page.setViewportSize({ width, height });
    await me.page.evaluate((f) => {
      document.documentElement.style.fontSize = f;
    }, font);
    await me.press("c");
    await me.page.waitForTimeout(200);
    const edge = await me.page
      .locator(".stage")
      .evaluate(() =>
        Math.max(
          ...[...document.querySelectorAll(".stage image, .stage canvas")].map(
            (e) => e.getBoundingClientRect().bottom,
          ),
        ),
      );
    const boxes = await me.page.locator(".foot > *, .foot p").all();
    for (const b of boxes) {
      const r = await b.boundingBox();
      if (r && r.width > 1 && r.height > 1)
        assert.ok(
          r.y >= edge,
          `${await b.innerText()} at ${r.y}, edge ${edge}`,
        );
    }
    await me.shot(`low-${width}`);
    await me.press("v");
  }
  await me.page.close();
});

/** No control lies outside the window or over another. */
async function inside(page) {
  const wrong = await page.evaluate(() => {
    const all = [
      ...document.querySelectorAll("button, textarea, input[type=range]"),
    ].filter((e) => e.checkVisibility() && !e.closest("label"));
    const boxes = all.map((e) => [
      e.getAttribute("aria-label") ?? e.innerText,
      e.getBoundingClientRect(),
    ]);
    const out = boxes
      .filter(
        ([, r]) =>
          r.left < 0 ||
          r.top < 0 ||
          r.right > innerWidth + 0.5 ||
          r.bottom > innerHeight + 0.5,
      )
      .map(([n]) => `${n} is cut`);
    boxes.forEach(([n, r], i) => {
      for (const [o, s] of boxes.slice(i + 1)) {
        if (
          r.left < s.right - 1 &&
          s.left < r.right - 1 &&
          r.top < s.bottom - 1 &&
          s.top < r.bottom - 1
        )
          out.push(`${n} lies over ${o}`);
      }
    });
    return out;
  });
  assert.deepEqual(wrong, []);
}

async function axe(page) {
  const source = readFileSync(
    createRequire(import.meta.url).resolve("axe-core"),
    "utf8",
  );
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const bad = violations.filter((v) =>
    ["serious", "critical"].includes(v.impact),
  );
  assert.deepEqual(
    bad.map(
      (v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`,
    ),
    [],
  );
}

let failed = 0;
for (const [name, act] of steps.filter(([n]) => n.includes(only))) {
  faults.length = 0;
  try {
    await act();
    assert.deepEqual(faults, []);
    console.log(`ok    ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAIL  ${name}\n${e.stack ?? e}`);
    for (const c of browser.contexts())
      for (const p of c.pages()) await p.close();
  }
}
await browser.close();
server.close();
if (process.argv[2]) rmSync(made, { recursive: true, force: true });
console.log(failed ? `${failed} failed` : `all passed; pictures in ${shots}`);
process.exit(failed ? 1 : 0);
