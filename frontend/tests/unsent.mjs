// What does not reach the service, as a person meets it (D-06, M-23, T-21, F-05): the banner, the Not sent drawer with every way out of it,
// files that come slowly, are called off, resume and fail, and all of it as a file to keep. Two people, real processes, and a relay between
// one of them and the service that can be cut and made slow.
//
//   node tests/unsent.mjs
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { drawer, inRoom, item, openDrawer } from "./hands.mjs";
import { password, Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const stage = new Stage();
const story = new Story(stage);

const { box, log, say } = inRoom("Otter Trails");

async function attach(p, name, body) {
  const file = path.join(stage.dir, name);
  writeFileSync(file, body);
  const chooser = p.waitForEvent("filechooser");
  await p.getByRole("button", { name: "Attach files" }).click();
  await (await chooser).setFiles(file);
}

const texts = (data) =>
  stage
    .verb(data, ["messages", "--room", "Otter Trails", "--limit", "100"])
    .map((m) => m.text);

/** noise is bytes that nothing makes smaller. */
function noise(n) {
  const b = Buffer.alloc(n);
  for (let i = 0, x = 7; i < n; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    b[i] = x >>> 16;
  }
  return b;
}

/** Read markers wait too, but nobody needs to hear of them. */
const said = (op) => op !== "SetMarker" && op !== "SetReceipt";

async function main() {
  const service = await stage.service();
  const wire = await Wire.open(service.url);
  const other = await Wire.open(service.url);
  let mara;

  await story.step("two people share a contract", async () => {
    stage.two(wire.url, other.url);
    mara = await stage.desktop("mara");
    const p = (story.where = mara.page);
    await p.getByText("Otter Trails").first().click();
    await box(p).waitFor();
    await say(p, "Before anything goes wrong");
    await openDrawer(p);
    await drawer(p).getByText("Everything was sent").waitFor();
    await stage.look(p, "40-nothing-unsent");
    await p.keyboard.press("Escape");
  });

  await story.step(
    "D-06: the banner's Try again leaves the focus where it was before",
    async () => {
      const p = story.where;
      await box(p).focus();
      await wire.cut();
      const again = p.getByRole("button", { name: "Try again" });
      await again.focus();
      await wire.mend();
      await again.press("Enter");
      await again.waitFor({ state: "detached" });
      await p.waitForFunction(
        () => document.activeElement?.tagName === "TEXTAREA",
      );
    },
  );

  await story.step(
    "D-06: offline it says what waits, lists it and gives it as a file",
    async () => {
      const p = story.where;
      await wire.cut();
      await p
        .getByText(
          "Offline. What you do is kept here and sent when the connection is back.",
        )
        .waitFor();
      await say(p, "A first line");
      await p
        .getByText(
          "Offline. 1 message will be sent when the connection is back.",
        )
        .waitFor();
      await attach(p, "Ridge plan.txt", "60.31 24.48\n");
      await say(p, "The plan is attached");
      await say(p, "And a last line");
      await p
        .getByText(
          "Offline. 3 messages will be sent when the connection is back.",
        )
        .waitFor();
      stage.verb("mara", [
        "contract",
        "activity",
        "--contract",
        "Otter Trails",
        "Review",
      ]);
      await p.getByRole("button", { name: "Show", exact: true }).click();
      await drawer(p).getByText("Waiting to be sent").first().waitFor();
      await item(p, "The plan is attached")
        .getByText("Ridge plan.txt")
        .waitFor();
      await stage.look(p, "41-waiting");

      const download = p.waitForEvent("download");
      await drawer(p).getByRole("button", { name: "Export" }).click();
      const file = path.join(stage.dir, "unsent.txt");
      await (await download).saveAs(file);
      const kept = readFileSync(file, "utf8");
      for (const words of [
        "0 refused, 4 waiting, 0 drafts",
        "Mara Quill",
        "| A first line",
        "| The plan is attached",
        "File: Ridge plan.txt (12 bytes)",
        "Activity code, Otter Trails",
      ])
        assert.ok(kept.includes(words), `${words} is not in:\n${kept}`);
      const again = path.join(stage.dir, "unsent.json");
      stage.verb("mara", ["outbox", "export", again]);
      const items = JSON.parse(readFileSync(again, "utf8")).outbox;
      assert.deepEqual(items.map((i) => i.op).filter(said), [
        "SendMessage",
        "Upload",
        "SendMessage",
        "SendMessage",
        "SetActivity",
      ]);
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "M-23, F-05: what is refused says why, and holds up its room alone",
    async () => {
      await stage.kill(mara.child, "SIGTERM");
      await mara.page.context().close();
      // The bytes of the attached file are lost, and another desktop of hers takes the code.
      for (const f of stage.files("mara"))
        if (
          f.includes("/blobs/") &&
          readFileSync(f).equals(Buffer.from("60.31 24.48\n"))
        )
          rmSync(f);
      stage.verb(
        "mara-too",
        [
          "sign-in",
          "--service",
          service.url,
          "--email",
          stage.mails.mara,
          "--password-stdin",
        ],
        password,
      );
      stage.verb("mara-too", ["sync"]);
      stage.verb("mara-too", [
        "contract",
        "activity",
        "--contract",
        "Otter Trails",
        "Review",
      ]);
      stage.verb("mara-too", ["sync"]);
      await wire.mend();
      mara = await stage.desktop("mara");
      const p = (story.where = mara.page);
      await p.getByText("Otter Trails").first().click();
      await log(p).getByText("Not sent.").waitFor();
      await stage.look(p, "42-refused-in-place");
      await p.getByRole("button", { name: "2 not sent", exact: true }).click();
      const held = item(p, "The plan is attached");
      await held.getByText(/Ridge plan\.txt: /).waitFor();
      await held.getByText("1 later message waits").waitFor();
      await item(p, "Review")
        .getByText(/already/)
        .waitFor();
      await stage.look(p, "43-not-sent");
      await p.setViewportSize({ width: 720, height: 480 });
      await stage.look(p, "43-not-sent-narrow");
      await p.setViewportSize({ width: 1280, height: 800 });
      stage.verb("esme", ["sync"]);
      assert.deepEqual(texts("esme").slice(-1), ["A first line"]);
    },
  );

  await story.step(
    "D-06: discard can be undone, copy copies, edit gives the words back",
    async () => {
      const p = story.where;
      await item(p, "Review").getByRole("button", { name: "Discard" }).click();
      await item(p, "Review").waitFor({ state: "detached" });
      // The drawer holds the focus, so Undo is in it, and lies over nothing.
      await drawer(p).getByRole("button", { name: "Undo" }).click();
      await item(p, "Review").waitFor();
      await item(p, "Review").getByRole("button", { name: "Discard" }).click();
      await p
        .getByText("Discarded")
        .locator("..")
        .getByRole("button", { name: "Close" })
        .click();
      await p
        .getByRole("button", { name: "1 not sent", exact: true })
        .waitFor();
      assert.deepEqual(
        stage
          .verb("mara", ["outbox"])
          .map((r) => r.op)
          .filter(said),
        ["Upload", "SendMessage", "SendMessage"],
      );

      await p.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await item(p, "The plan is attached")
        .getByRole("button", { name: "Copy" })
        .click();
      await p.getByText("Copied").waitFor();
      await becomes(
        () => p.evaluate(() => navigator.clipboard.readText()),
        "The plan is attached",
      );

      await item(p, "The plan is attached")
        .getByRole("button", { name: "Edit" })
        .click();
      await drawer(p).waitFor({ state: "detached" });
      await p.waitForFunction(
        () =>
          document.querySelector("textarea")?.value === "The plan is attached",
      );
      await box(p).fill("The plan comes later");
      await p.keyboard.press("Enter");
      await log(p).getByText("The plan comes later").waitFor();
      await p.getByText("All changes saved").waitFor();
      stage.verb("esme", ["sync"]);
      assert.deepEqual(texts("esme"), [
        "Before anything goes wrong",
        "A first line",
        "And a last line",
        "The plan comes later",
      ]);
      assert.deepEqual(
        stage.verb("mara", ["outbox"]).filter((r) => said(r.op)),
        [],
      );
    },
  );

  const photos = noise(24 << 20);
  await story.step(
    "F-05: a file says how far it is, is called off, and goes on after a kill",
    async () => {
      let p = story.where;
      await wire.slow({ up: 800_000 });
      await attach(p, "Photos.zip", photos);
      await p.getByText("25.2 MB").first().waitFor();
      await say(p, "Here are the photos");
      const stop = () =>
        log(p).getByRole("button", { name: "Do not send Photos.zip" });
      await stop().waitFor();
      await p.waitForFunction(() => {
        const bar = document.querySelector("[role=log] [role=progressbar]");
        return Number(bar?.getAttribute("aria-valuenow")) > 5;
      });
      await log(p)
        .getByText(/of 25\.2 MB · \d+ s left/)
        .waitFor();
      await stage.look(p, "44-uploading");
      await stop().click();
      await p.getByText("The message is back in the box").waitFor();
      await becomes(() => box(p).inputValue(), "Here are the photos");
      await p.getByRole("button", { name: "Remove Photos.zip" }).waitFor();
      await stage.look(p, "45-called-off");
      assert.deepEqual(
        stage.verb("mara", ["outbox"]).filter((r) => said(r.op)),
        [],
      );

      await box(p).press("Enter");
      await stop().waitFor();
      await p.waitForFunction(() => {
        const bar = document.querySelector("[role=log] [role=progressbar]");
        return Number(bar?.getAttribute("aria-valuenow")) > 20;
      });
      await stage.kill(mara.child);
      await p.context().close();
      mara = await stage.desktop("mara");
      p = story.where = mara.page;
      await p.getByText("Otter Trails").first().click();
      await stop().or(log(p).getByText("Photos.zip")).first().waitFor();
      await wire.slow({});
      await p.getByText("All changes saved").waitFor();
      await log(p)
        .getByRole("button", { name: "Download Photos.zip" })
        .waitFor();
      stage.verb("esme", ["sync"]);
      assert.equal(texts("esme").at(-1), "Here are the photos");
    },
  );

  await story.step(
    "F-05: fetching says how far it is, is stopped, and comes whole",
    async () => {
      const esme = await stage.desktop("esme");
      const p = (story.where = esme.page);
      await p.getByText("Otter Trails").first().click();
      await p.getByText("All changes saved").waitFor();
      await other.slow({ down: 800_000 });
      await p.getByRole("button", { name: "Files, links and people" }).click();
      await log(p).getByRole("button", { name: "Download Photos.zip" }).click();
      const stop = log(p).getByRole("button", {
        name: "Stop fetching Photos.zip",
      });
      await stop.waitFor();
      await log(p)
        .getByText(/of 25\.2 MB/)
        .waitFor();
      await stage.look(p, "46-fetching");
      await stop.click();
      await stop.waitFor({ state: "detached" });
      await other.slow({});
      const download = p.waitForEvent("download");
      await log(p).getByRole("button", { name: "Download Photos.zip" }).click();
      const file = path.join(stage.dir, "photos.got");
      await (await download).saveAs(file);
      assert.ok(readFileSync(file).equals(photos), "the bytes are the same");
    },
  );

  await story.step(
    "D-16: a backup is made and brought back; a damaged store is rescued and said once",
    async () => {
      let p = (story.where = mara.page);
      await p.getByRole("button", { name: "Settings" }).first().click();
      await p.getByRole("button", { name: "Storage and backup" }).click();
      await p.getByRole("button", { name: "Back up now" }).click();
      await p.getByText("A backup was made").waitFor();
      await stage.look(p, "50-storage");
      await p
        .getByRole("button", { name: /^Bring back the backup of/ })
        .first()
        .click();
      await p.getByRole("dialog").getByText("put aside").waitFor();
      await stage.look(p, "51-bring-back");
      await p
        .getByRole("dialog")
        .getByRole("button", { name: "Bring back" })
        .click();
      await p.getByRole("dialog", { name: "The backup is back" }).waitFor();
      await stage.look(p, "52-back");
      await p.getByRole("button", { name: "Understood" }).click();
      await wire.cut();
      await p
        .getByRole("button", { name: /^Messages/ })
        .first()
        .click();
      await p.getByText("Otter Trails").first().click();
      await say(p, "Written before the damage");
      // It is on screen at once; this says that the program has it.
      await p.getByText("Offline. 1 message will be sent").waitFor();
      await stage.kill(mara.child, "SIGTERM");
      await p.context().close();
      const store = stage
        .files("mara")
        .find((f) => /accounts\/[^/]+\/replica\.db$/.test(f));
      const whole = readFileSync(store);
      writeFileSync(store, Buffer.concat([noise(4096), whole.subarray(4096)]));
      mara = await stage.desktop("mara");
      p = story.where = mara.page;
      const said = p.getByRole("dialog", { name: /data was damaged/ });
      await said.getByText("1 unsent change").waitFor();
      await stage.look(p, "53-rescued");
      await said.getByRole("button", { name: "Show what waits" }).click();
      await item(p, "Written before the damage").waitFor();
      await p.keyboard.press("Escape");
      await p.reload();
      await p.getByText("Otter Trails").first().waitFor();
      assert.equal(await said.count(), 0, "said once");
      await wire.mend();
      await p.getByText("All changes saved").waitFor();
      stage.verb("esme", ["sync"]);
      assert.equal(texts("esme").at(-1), "Written before the damage");
    },
  );

  await wire.close();
  await other.close();
}

await story.run(main);
