// Files of a room (F-07 to F-13, D-07, D-08): looked at, walked through and zoomed, read as text, listed, found by name, saved with a warning,
// deleted for everybody with an undo; opened with the system's program, edited there and sent as a new version; dropped into a folder.
//
//   node tests/files.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, eventually, gone, until } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);

const box = (p) => p.getByLabel("Message Otter Trails");
const log = (p) => p.getByRole("log", { name: "Messages in Otter Trails" });
const line = (p, text) => log(p).getByRole("article").filter({ hasText: text });
const entry = (p, name) => p.getByRole("menuitem", { name });
const panel = (p) =>
  p.getByRole("complementary", { name: "Files & links", exact: true });
const dialog = (p) => p.getByRole("dialog");

/** picture draws one of a size. */
function picture(name, size, colour) {
  const file = path.join(stage.dir, name);
  execFileSync("convert", [
    "-size",
    size,
    `gradient:${colour}-white`,
    "-fill",
    "#23406e",
    "-draw",
    "rectangle 40,40 220,160",
    file,
  ]);
  return file;
}

/** text writes a file to be attached. */
function text(name, body) {
  const file = path.join(stage.dir, name);
  writeFileSync(file, body);
  return file;
}

async function attach(p, files, words) {
  const [chooser] = await Promise.all([
    p.waitForEvent("filechooser"),
    p.getByRole("button", { name: "Attach files" }).first().click(),
  ]);
  await chooser.setFiles(files);
  for (const f of files) await p.getByText(path.basename(f)).first().waitFor();
  await box(p).fill(words);
  await p.keyboard.press("Enter");
  await line(p, words).first().waitFor();
}

async function openPanel(p) {
  await calm(p);
  if ((await panel(p).count()) === 0)
    await p.getByRole("button", { name: "Files, links and people" }).click();
  await panel(p).waitFor();
}

async function main() {
  // The system's opener is a program that writes down what it was given.
  const bin = path.join(stage.dir, "bin");
  const said = path.join(stage.dir, "opened.txt");
  mkdirSync(bin);
  writeFileSync(
    path.join(bin, "xdg-open"),
    `#!/bin/sh\nprintf '%s\\n' "$1" >> '${said}'\n`,
    { mode: 0o700 },
  );
  stage.env.PATH = `${bin}:${process.env.PATH}`;
  stage.env.HOME = path.join(stage.dir, "home");
  mkdirSync(stage.env.HOME);
  const service = await stage.service();
  let mara, esme;

  await story.step("two people share a contract and some files", async () => {
    stage.two(service.url);
    mara = await stage.desktop("mara");
    esme = await stage.desktop("esme");
    for (const p of [mara.page, esme.page]) {
      story.where = p;
      await p.getByText("Otter Trails").first().click();
      await box(p).waitFor();
    }
    story.where = mara.page;
    await attach(
      mara.page,
      [
        picture("shop-front.png", "2400x1500", "#2f7d5c"),
        picture("signage.jpg", "1200x800", "#b0551f"),
      ],
      "First pass of the storefront, see https://glass.example/guide",
    );
    await attach(
      mara.page,
      [
        text("plan.md", "# Plan\n\n<b>not bold</b> & all of it\n"),
        text("setup.exe", "MZ nothing"),
        text("notes.pdf", "%PDF-1.7 nothing"),
      ],
      "And the rest",
    );
    await line(esme.page, "And the rest").waitFor();
  });

  await story.step(
    "F-09: pictures fitted, closer, at their own size; arrows walk; Esc gives the focus back",
    async () => {
      const p = (story.where = esme.page);
      const first = p.getByRole("button", { name: "Look at shop-front.png" });
      await first.first().click();
      const shown = dialog(p)
        .getByRole("img", { name: /shop-front/ })
        .first();
      await shown.waitFor();
      await p.waitForFunction(
        () => document.querySelector('[role="dialog"] img')?.naturalWidth > 0,
      );
      await dialog(p).getByText("1 of 2").waitFor();
      await stage.look(p, "files-0-preview");
      const width = () =>
        shown.evaluate((x) => x.getBoundingClientRect().width);
      const fitted = await width();
      assert.ok(fitted < 1300, `fitted to ${fitted}`);
      await p.keyboard.press("1");
      await p.waitForFunction(
        () =>
          document.querySelector('[role="dialog"] img')?.getBoundingClientRect()
            .width === 2400,
      );
      // At its own size the large one comes, made by the program.
      await p.waitForFunction(
        () =>
          document.querySelector('[role="dialog"] img')?.naturalWidth === 2400,
      );
      await stage.look(p, "files-0-preview-whole");
      const at = await dialog(p).boundingBox();
      await p.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
      await p.mouse.wheel(0, -200);
      await p.waitForFunction(
        () =>
          document.querySelector('[role="dialog"] img')?.getBoundingClientRect()
            .width > 2400,
      );
      await p.keyboard.press("0");
      await becomes(width, fitted);
      await p.keyboard.press("ArrowRight");
      await dialog(p).getByText("2 of 2").waitFor();
      await dialog(p)
        .getByRole("img", { name: /signage/ })
        .first()
        .waitFor();
      await p.keyboard.press("Escape");
      await dialog(p).waitFor({ state: "detached" });
      await p.waitForFunction(() => document.activeElement !== document.body);
    },
  );

  await story.step(
    "F-09, F-12: a text is text; a program is only downloaded, and warned of",
    async () => {
      const p = (story.where = esme.page);
      await p.getByRole("button", { name: "plan.md", exact: true }).click();
      await dialog(p).getByText("<b>not bold</b> & all of it").waitFor();
      assert.equal(await dialog(p).locator("pre b").count(), 0);
      await stage.look(p, "files-1-text");
      await p.keyboard.press("Escape");
      await p.getByRole("button", { name: "setup.exe", exact: true }).click();
      await dialog(p)
        .getByText(/^A program is not opened from here/)
        .waitFor();
      assert.equal(
        await dialog(p)
          .getByRole("button", { name: /Open with/ })
          .count(),
        0,
      );
      await stage.look(p, "files-1-program");
      await dialog(p).getByRole("button", { name: "Download" }).last().click();
      await p.getByText("This is a program").first().waitFor();
      await stage.look(p, "files-1-warned");
      await p.getByRole("button", { name: "Cancel" }).click();
      const [saved] = await Promise.all([
        p.waitForEvent("download"),
        (async () => {
          await dialog(p)
            .getByRole("button", { name: "Download" })
            .last()
            .click();
          await p.getByRole("button", { name: "Download anyway" }).click();
        })(),
      ]);
      assert.equal(saved.suggestedFilename(), "setup.exe");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "F-07, F-08: all of the room's files and links, by kind and by name, also offline",
    async () => {
      const p = (story.where = esme.page);
      await openPanel(p);
      await panel(p).getByText("glass.example/guide").waitFor();
      // under the address, which may be cut off, the real host.
      await panel(p)
        .getByText(/^glass\.example · Mara Quill, /)
        .waitFor();
      await panel(p).getByText("setup.exe").waitFor();
      await panel(p).getByText("Files are not scanned").waitFor();
      // P-27: in the panel, at each card, and in a preview.
      for (const name of ["setup.exe", "plan.md", "notes.pdf"]) {
        const row = panel(p).getByRole("listitem").filter({ hasText: name });
        await row.getByText(/ · not scanned$/).waitFor();
      }
      await becomes(
        () =>
          line(p, "And the rest")
            .getByText(/B · not scanned$/)
            .count(),
        3,
      );
      await line(p, "And the rest")
        .getByRole("button", { name: "notes.pdf", exact: true })
        .click();
      await dialog(p)
        .getByText(/^PDF · .* · not scanned$/)
        .waitFor();
      await p.keyboard.press("Escape");
      await dialog(p).waitFor({ state: "detached" });
      await stage.look(p, "files-2-panel");
      await panel(p).getByRole("button", { name: "Images" }).click();
      await panel(p).getByText("setup.exe").waitFor({ state: "detached" });
      await panel(p).getByRole("button", { name: "All", exact: true }).click();
      await panel(p).getByLabel("Search by file name").fill("SIGN");
      await panel(p).getByText("signage.jpg").waitFor();
      await panel(p).getByText("setup.exe").waitFor({ state: "detached" });
      await panel(p).getByLabel("Search by file name").fill("nothing of this");
      await panel(p)
        .getByText(/No file named/)
        .waitFor();
      await panel(p).getByLabel("Search by file name").fill("");
      await panel(p).getByText("notes.pdf").waitFor();
      await panel(p).getByText("notes.pdf").hover();
      await panel(p)
        .getByRole("button", { name: "What to do with notes.pdf" })
        .click();
      await entry(p, "Show in Messages").waitFor();
      assert.equal(await entry(p, /Delete/).count(), 0);
      await stage.look(p, "files-2-menu");
      await entry(p, "Show in Messages").click();
      await line(p, "And the rest").waitFor();
    },
  );

  await story.step(
    "F-11: deleted by who sent it, with an undo; gone for the other, who sees by whom",
    async () => {
      const p = (story.where = mara.page);
      await openPanel(p);
      const choose = async () => {
        await panel(p).getByText("notes.pdf").hover();
        await panel(p)
          .getByRole("button", { name: "What to do with notes.pdf" })
          .click();
        await entry(p, "Delete for everybody").click();
      };
      await choose();
      await p.getByText("notes.pdf deleted", { exact: true }).waitFor();
      await p.getByRole("button", { name: "Undo" }).click();
      await panel(p)
        .getByRole("button", { name: "notes.pdf", exact: true })
        .waitFor();
      // Who looks at it meanwhile sees it go.
      const q = (story.where = esme.page);
      await line(q, "And the rest")
        .getByRole("button", { name: "notes.pdf", exact: true })
        .click();
      await dialog(q)
        .getByRole("button", { name: "Download" })
        .first()
        .waitFor();
      await choose();
      await p.getByText("notes.pdf deleted", { exact: true }).waitFor();
      await p.reload(); // what could still be undone is done when the page goes
      await dialog(q)
        .getByText(/Deleted by Mara Quill/)
        .waitFor();
      await gone(dialog(q).getByRole("button", { name: "Download" }));
      await q.keyboard.press("Escape");
      await line(q, "And the rest")
        .getByText(/Deleted by Mara Quill/)
        .waitFor();
      await panel(q)
        .getByText(/Deleted by Mara Quill/)
        .waitFor();
      await stage.look(q, "files-3-deleted");
    },
  );

  await story.step(
    "F-10, D-07: opened by a press, edited on the disk, sent as a new version",
    async () => {
      const p = (story.where = esme.page);
      await p
        .getByRole("button", { name: "plan.md", exact: true })
        .first()
        .click();
      await dialog(p)
        .getByRole("button", { name: "What to do with plan.md" })
        .click();
      await entry(p, "Open with the system’s program").click();
      const opened = await until("it is opened", () => {
        try {
          return readFileSync(said, "utf8").trim();
        } catch {
          return "";
        }
      });
      await p.keyboard.press("Escape");
      await dialog(p).waitFor({ state: "detached" });
      assert.equal(path.basename(opened), "plan.md");
      // An editor saves by writing another file and renaming it.
      writeFileSync(`${opened}.swp`, "# Plan\n\nthe second version\n");
      renameSync(`${opened}.swp`, opened);
      await p
        .getByText("plan.md changed on disk: send as new version?")
        .waitFor();
      await stage.look(p, "files-4-changed");
      await box(p).fill("a draft that stays");
      await p
        .getByRole("region", { name: "Changed on disk" })
        .getByRole("button", { name: "Send", exact: true })
        .click();
      await p.getByText("New version of plan.md sent").waitFor();
      assert.equal(await box(p).inputValue(), "a draft that stays");
      await box(p).fill("");
      const q = (story.where = mara.page);
      await log(q)
        .getByRole("button", { name: "plan.md", exact: true })
        .nth(1)
        .waitFor();
      await log(q)
        .getByRole("button", { name: "plan.md", exact: true })
        .last()
        .click();
      await dialog(q).getByText("the second version").waitFor();
      await q.keyboard.press("Escape");
    },
  );

  await story.step(
    "D-07: what changed while it was closed is asked about after a restart, three at a time, and no more once the file is gone",
    async () => {
      const q = (story.where = mara.page);
      const names = ["one.txt", "two.txt", "three.txt", "four.txt"];
      await attach(
        q,
        names.map((x) => text(x, x)),
        "Four to edit",
      );
      let p = (story.where = esme.page);
      const paths = [];
      for (const name of names) {
        rmSync(said, { force: true });
        await line(p, "Four to edit")
          .getByRole("button", { name: `What to do with ${name}` })
          .click();
        await entry(p, "Open with the system’s program").click();
        paths.push(
          await until(`${name} is opened`, () => {
            try {
              return readFileSync(said, "utf8").trim();
            } catch {
              return "";
            }
          }),
        );
      }
      await stage.kill(esme.child);
      await p.close();
      for (const x of paths) writeFileSync(x, "edited while it was closed");
      esme = await stage.desktop("esme");
      p = story.where = esme.page;
      const cards = p.getByRole("region", { name: "Changed on disk" });
      await cards.getByText("1 more file changed on disk.").waitFor();
      const asked = cards.getByText("changed on disk: send as new version?");
      await becomes(() => asked.count(), 3);
      await stage.look(p, "files-4-restarted");
      await p.setViewportSize({ width: 720, height: 480 });
      await stage.look(p, "files-4-restarted-small");
      await eventually(async () =>
        assert.ok((await cards.boundingBox()).y > 44),
      );
      await p.setViewportSize({ width: 1280, height: 800 });
      await cards
        .getByRole("button", { name: "Not now", exact: true })
        .first()
        .click();
      await cards
        .getByText("1 more file changed on disk.")
        .waitFor({ state: "detached" });
      await becomes(() => asked.count(), 3);
      // Deleted for everybody, nothing of it is asked any more; the others stay.
      await line(q, "Four to edit").hover();
      for (const name of names.slice(1)) {
        await line(q, "Four to edit")
          .getByRole("button", { name: `What to do with ${name}` })
          .click();
        await entry(q, "Delete").click();
      }
      await q.reload();
      await cards.waitFor({ state: "detached" });
      await q.getByText("Otter Trails").first().click();
      await p.getByText("Otter Trails").first().click();
      await box(p).waitFor();
    },
  );

  await story.step(
    "D-08: a file dropped into the contract's folder is part of the draft, and can be taken back",
    async () => {
      const p = (story.where = esme.page);
      await p.keyboard.press("Control+,");
      await p
        .getByRole("button", { name: /^Folders/ })
        .or(p.getByRole("link", { name: /^Folders/ }))
        .first()
        .click();
      await p
        .getByRole("button", { name: "Watch a folder for Otter Trails" })
        .click();
      await p.getByText("New files are added to the draft").first().waitFor();
      await stage.look(p, "files-5-folders");
      const folder = path.join(stage.env.HOME, "Trestle", "Otter Trails");
      writeFileSync(path.join(folder, "~$report.txt"), "a lock");
      writeFileSync(path.join(folder, "report.txt"), "the report");
      await p
        .getByText("Added report.txt to the draft in Otter Trails")
        .waitFor();
      await p.keyboard.press("Control+1");
      await box(p).waitFor();
      await p.getByText("report.txt").first().waitFor();
      await stage.look(p, "files-5-added");
      writeFileSync(path.join(folder, "second.txt"), "one more");
      await p
        .getByText("Added second.txt to the draft in Otter Trails")
        .waitFor();
      await p.getByText("second.txt", { exact: true }).first().waitFor();
      await p.getByRole("button", { name: "Undo" }).last().click();
      await p
        .getByText("second.txt", { exact: true })
        .waitFor({ state: "detached" });
      await box(p).fill("The report");
      await p.keyboard.press("Enter");
      await line(mara.page, "report.txt").waitFor();
      rmSync(folder, { recursive: true });
    },
  );

  await story.step(
    "F-13: the workroom lists the newest files and takes new ones",
    async () => {
      const p = (story.where = esme.page);
      await p.keyboard.press("Control+2");
      await p.getByText("Otter Trails").first().click();
      await p.getByText("Recent files").waitFor();
      await p.getByText("report.txt").first().waitFor();
      const [chooser] = await Promise.all([
        p.waitForEvent("filechooser"),
        p.getByRole("button", { name: "Upload" }).click(),
      ]);
      await chooser.setFiles([text("budget.csv", "a,b\n1,2\n")]);
      await p.getByText("The file is in Messages").waitFor();
      await p.getByText("budget.csv").first().waitFor();
      await stage.look(p, "files-6-overview");
      await line(mara.page, "budget.csv").waitFor();
    },
  );
}

await story.run(main);
