// The main job, as two people do it: each with a desktop of their own, over one service, all of them real processes. It walks the six steps
// of the first issue: two ways in, an offer, messages with the service gone and the desktop killed, a capture with a redaction, tracked
// time, and everything again after a restart. Screenshots of each screen in both themes go to build/out/journey.
//
//   node tests/journey.mjs            the journey
//   node tests/journey.mjs --measure  and the time from Enter on one desktop to visible on the other
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { zoomed } from "./fits.mjs";
import { Stage } from "./stage.mjs";
import { annotate, capturePicture, hiddenIsGone } from "./steps-capture.mjs";
import { track } from "./steps-track.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, focused, reads } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);
const step = (name, run) => story.step(name, run);

const password = "correct horse battery";

async function signUp(desk, url, name, email) {
  const p = (story.where = desk.page);
  // The text can be made larger before anybody is in (D-13).
  await zoomed(p, 110);
  await zoomed(p, 100);
  await p.getByLabel("Service address").fill(url);
  await p.getByLabel("Service address").blur();
  await p.getByText("Found").waitFor();
  await stage.look(p, `01-found-${desk.data}`);
  const focused = p.locator(":focus");
  await p.getByRole("button", { name: "Create an account" }).click();
  // The button is gone: the keys go on at what is still needed (D-12, D-14).
  await focused.and(p.getByLabel("Your name")).waitFor();
  await p.getByRole("button", { name: "Create the account" }).click();
  await p.getByText("This is needed.").first().waitFor();
  await focused.and(p.getByLabel("Your name")).waitFor();
  await p.getByLabel("Your name").fill(name);
  await p.getByLabel("E-mail").fill(email);
  await p.getByLabel("Password", { exact: true }).fill(password);
  // What was wrong is said no longer.
  await p.getByText("This is needed.").waitFor({ state: "detached" });
  await stage.look(p, `02-sign-up-${desk.data}`);
  await p.getByRole("button", { name: "Create the account" }).click();
  await p.getByRole("heading", { name: "Messages", exact: true }).waitFor();
  await focused.and(p.getByRole("main")).waitFor();
  await p
    .getByRole("main")
    .getByRole("button", { name: "New message" })
    .waitFor();
  await stage.look(p, `03-empty-${desk.data}`);
}

const box = (p) => p.getByLabel("Message Otter Trails app");
const log = (p) => p.getByRole("log", { name: "Messages in Otter Trails app" });

async function say(p, text) {
  await box(p).fill(text);
  await p.keyboard.press("Enter");
  await log(p).getByText(text, { exact: true }).first().waitFor();
}

/** texts are the messages of a room as a desktop has them, oldest first. */
const texts = (data) =>
  stage
    .verb(data, ["messages", "--room", "Otter Trails app", "--limit", "100"])
    .map((m) => m.text);

async function main() {
  await stage.display();
  stage.hurried("esme");
  const service = await stage.service();
  let mara, esme;

  await step("D-12: the example workspace opens with one click", async () => {
    const d = await stage.desktop("example");
    const p = (story.where = d.page);
    await p.getByRole("heading", { name: "Where do you work?" }).waitFor();
    await stage.look(p, "00-start");
    await p.getByRole("radio", { name: "Example" }).click();
    await stage.look(p, "00-start-example");
    await p.getByRole("button", { name: "Look around" }).click();
    await p.getByText("Otter Trails app").first().click();
    await log(p).getByText("no signal at all").waitFor();
    await stage.look(p, "00-example-room");
    await p.getByRole("button", { name: "Files, links and people" }).click();
    await p.getByText("Ridge loop, 14 km.gpx").first().waitFor();
    await stage.look(p, "00-example-files");
    await p.context().close();
    await stage.kill(d.child, "SIGTERM");
  });

  await step("U-01: this computer only begins with a name", async () => {
    const d = await stage.desktop("local");
    const p = (story.where = d.page);
    await p.getByRole("radio", { name: "This computer" }).click();
    await p.getByLabel("Your name").fill("Esme Winter");
    await stage.look(p, "00-start-local");
    await p.getByRole("button", { name: "Begin on this computer" }).click();
    await p.getByRole("heading", { name: "Messages", exact: true }).waitFor();
    await p.context().close();
    await stage.kill(d.child, "SIGTERM");
  });

  await step("U-01, D-02: two people sign up, each on a desktop", async () => {
    mara = await stage.desktop("mara");
    esme = await stage.desktop("esme");
    await signUp(mara, service.url, "Mara Quill", stage.mail("mara"));
    await signUp(esme, service.url, "Esme Winter", stage.mail("esme"));
  });

  let link;
  await step("W-32: the client offers an hourly contract", async () => {
    const p = (story.where = mara.page);
    await p.getByRole("button", { name: "New contract" }).last().click();
    await p.getByLabel("Title").fill("Otter Trails app");
    await p.getByLabel("Rate an hour").fill("52.00");
    await p.getByRole("button", { name: "Offer the contract" }).click();
    await p.getByText("Choose what screenshots").waitFor();
    await stage.look(p, "04-offer-missing");
    await p.getByRole("radio", { name: /^Full/ }).check();
    for (const [i, code] of ["Map screen", "Review"].entries()) {
      await p.getByRole("button", { name: "Add a code" }).click();
      await p.getByLabel("Code", { exact: true }).nth(i).fill(code);
    }
    await stage.look(p, "05-offer");
    await p.getByRole("button", { name: "Offer the contract" }).click();
    await reads(
      () => p.getByLabel("Invitation link").inputValue(),
      /\/invite#/,
    );
    link = await p.getByLabel("Invitation link").inputValue();
    await stage.look(p, "06-link");
    await p.getByRole("button", { name: "Done" }).click();
    await box(p).waitFor();
  });

  await step(
    "M-02, W-33, M-03: the freelancer asks, both talk, and the offer is accepted in its room",
    async () => {
      const [p, m] = [esme.page, mara.page];
      const bar = (q) => q.getByRole("region", { name: "The offer" });
      story.where = m;
      await m.getByText("Nobody is here yet: send the link").waitFor();
      await stage.look(m, "07-nobody");
      story.where = p;
      await p.getByRole("button", { name: "Open an invitation" }).click();
      await p.getByLabel("Invitation link").fill(link);
      await p.getByRole("button", { name: "Show" }).click();
      const asks = p.getByRole("button", { name: "Ask about this offer" });
      await asks.waitFor();
      await stage.look(p, "07-invitation");
      await asks.click();
      await say(p, "May I begin on Monday?");
      story.where = m;
      await bar(m).getByText("Esme Winter is here to ask").waitFor();
      await log(m).getByText("May I begin on Monday?").waitFor();
      await stage.look(m, "08-asked");
      story.where = p;
      await bar(p).getByRole("button", { name: "Accept…" }).click();
      const offer = p.getByRole("dialog", { name: "Otter Trails app" });
      await offer.getByRole("button", { name: "Accept" }).click();
      await offer.waitFor({ state: "detached" });
      await bar(p).waitFor({ state: "detached" });
      story.where = m;
      await bar(m).waitFor({ state: "detached" });
      await m.getByText("2 members").waitFor();
      await stage.look(p, "08-accepted");
    },
  );

  await step(
    "M-22, X-01, X-04, X-06, X-08, F-01: messages and a file both ways",
    async () => {
      let p = (story.where = esme.page);
      await box(p).fill(
        "Hello **Mara**, this is `code`, see https://example.com/track",
      );
      await p.keyboard.press("Enter");
      await log(mara.page).getByText("this is").waitFor();
      await becomes(
        () => log(mara.page).locator("strong", { hasText: "Mara" }).count(),
        1,
      );
      await becomes(
        () => log(mara.page).locator("code", { hasText: "code" }).count(),
        1,
      );
      p = story.where = mara.page;
      const file = path.join(stage.dir, "Ridge loop.txt");
      writeFileSync(file, "60.31 24.48\n");
      const chooser = p.waitForEvent("filechooser");
      await p.getByRole("button", { name: "Attach files" }).click();
      await (await chooser).setFiles(file);
      // Enter while the file is still being taken: it goes as soon as it is here.
      await box(p).fill("> this is code\nHere is the track:");
      await p.keyboard.press("Enter");
      await log(esme.page).getByText("Ridge loop.txt").first().waitFor();
      await log(esme.page).locator("blockquote").waitFor();
      await stage.look(esme.page, "09-messages");
      await p.getByRole("button", { name: "Files, links and people" }).click();
      await stage.look(p, "10-files");
      await p.getByRole("button", { name: "Files, links and people" }).click();
    },
  );

  await step(
    "M-22, D-05, D-06: without the service messages wait, survive a kill, and arrive once and in order",
    async () => {
      let p = (story.where = esme.page);
      await service.stop();
      await p.getByText("Offline.").first().waitFor();
      for (const n of ["one", "two", "three"]) await say(p, `offline ${n}`);
      await p.getByText("3 messages will be sent").waitFor();
      await stage.look(p, "11-offline");
      await stage.kill(esme.child);
      await p.context().close();
      esme = await stage.desktop("esme");
      p = story.where = esme.page;
      await p.getByText("Otter Trails app").first().click();
      await log(p).getByText("offline three").waitFor();
      await say(p, "offline four");
      await stage.look(p, "12-after-kill");
      await service.start();
      await log(mara.page).getByText("offline four").waitFor();
      await p.getByText("All changes saved").waitFor();
      for (const who of ["esme", "mara"]) {
        const have = texts(who).filter((t) => t.startsWith("offline"));
        assert.deepEqual(have, [
          "offline one",
          "offline two",
          "offline three",
          "offline four",
        ]);
      }
      await stage.look(mara.page, "13-arrived");
    },
  );

  await step(
    "C-01, C-02, C-10, C-12: a capture with arrow, text and redaction reaches the client",
    async () => {
      story.where = esme.page;
      await capturePicture(stage, esme.page);
      await annotate(stage, esme.page, box(esme.page));
      story.where = mara.page;
      await log(mara.page)
        .getByRole("button", { name: /Trestle .*\.png/ })
        .first()
        .waitFor();
      await stage.look(mara.page, "17-picture");
      await log(mara.page)
        .getByRole("button", { name: /Trestle .*\.png/ })
        .first()
        .click();
      await mara.page
        .getByRole("dialog")
        .getByRole("button", { name: "Close" })
        .waitFor();
      await stage.look(mara.page, "18-preview");
      const download = mara.page.waitForEvent("download");
      await mara.page
        .getByRole("button", { name: "Download", exact: true })
        .last()
        .click();
      const file = path.join(stage.dir, "got.png");
      await (await download).saveAs(file);
      await mara.page.keyboard.press("Escape");
      hiddenIsGone(stage, "esme", file);
    },
  );

  await step(
    "T-01, T-06, T-07, A-07: time with counts and a picture in the client's diary",
    async () => {
      await track(stage, esme, mara, (p) => (story.where = p));
    },
  );

  await step(
    "D-05: everything is there again after a restart, once",
    async () => {
      const before = { esme: texts("esme"), mara: texts("mara") };
      const diary = stage.verb("mara", [
        "diary",
        "--contract",
        "Otter Trails app",
      ]).week.seconds;
      for (const d of [mara, esme]) {
        await d.page.context().close();
        await stage.kill(d.child, "SIGTERM");
      }
      await service.stop("SIGTERM");
      await service.start();
      mara = await stage.desktop("mara");
      esme = await stage.desktop("esme");
      for (const d of [mara, esme]) {
        story.where = d.page;
        await d.page.getByText("Otter Trails app").first().click();
        await log(d.page).getByText("offline four").waitFor();
      }
      for (const who of ["esme", "mara"]) {
        stage.verb(who, ["sync"]);
        assert.deepEqual(texts(who), before[who]);
      }
      assert.deepEqual(before.esme, before.mara);
      assert.equal(
        stage.verb("mara", ["diary", "--contract", "Otter Trails app"]).week
          .seconds,
        diary,
      );
      assert.ok(diary > 0);
      await stage.look(mara.page, "29-again");
    },
  );

  await step("D-13, D-14: settings, switcher and a narrow window", async () => {
    const p = (story.where = esme.page);
    // A press outside a panel goes where it was aimed, and so does what is typed then. The panel holds the focus back for some 20 ms.
    await p.getByRole("button", { name: /Open the tracker/ }).click();
    const tracker = p.getByRole("region", { name: "Time tracker" });
    await tracker.waitFor();
    await box(p).click();
    await tracker.waitFor({ state: "detached" });
    await calm(p);
    await focused(box(p));
    await p.keyboard.type("on my way");
    await becomes(() => box(p).inputValue(), "on my way");
    await box(p).fill("");
    await p.keyboard.press("Control+k");
    await stage.look(p, "30-switcher");
    await p.keyboard.press("Escape");
    await p
      .getByRole("link", { name: "Settings" })
      .or(p.getByRole("button", { name: "Settings" }))
      .first()
      .click();
    await stage.look(p, "31-settings");
    await p.setViewportSize({ width: 720, height: 480 });
    await stage.look(p, "32-settings-narrow");
    await p.goBack();
    await stage.look(p, "33-room-narrow");
  });

  if (process.argv.includes("--measure")) {
    await step("measure: Enter to visible", async () => {
      const times = [];
      // Resolves with the time at which a text is in the page, told by the page's own changes.
      const appears = (page, text) =>
        page.evaluate(
          (wanted) =>
            new Promise((resolve, reject) => {
              const there = () => {
                if (!document.body.textContent.includes(wanted)) return;
                watch.disconnect();
                resolve(Date.now());
              };
              const watch = new MutationObserver(there);
              watch.observe(document.body, {
                childList: true,
                subtree: true,
                characterData: true,
              });
              setTimeout(
                () => reject(new Error(`${wanted} never came`)),
                10_000,
              );
              there();
            }),
          text,
        );
      for (let i = 0; i < 30; i++) {
        const typed = `measure ${i}.`;
        await box(esme.page).fill(`**measure** ${i}.`);
        const seen = [appears(esme.page, typed), appears(mara.page, typed)];
        const start = Date.now();
        await esme.page.keyboard.press("Enter");
        const [own, other] = await Promise.all(seen);
        times.push({ own: own - start, other: other - start });
      }
      for (const key of ["own", "other"]) {
        const list = times.map((t) => t[key]).sort((a, b) => a - b);
        console.log(
          `Enter to visible, ${key} desktop: p50 ${list[15]} ms, p95 ${list[28]} ms, of 30`,
        );
      }
    });
  }
}

await story.run(main);
