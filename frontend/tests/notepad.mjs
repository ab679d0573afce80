// The personal notepad, and what passes between people (M-33, M-35, M-36, X-11 to X-15): notes on two devices of one person, merged or both
// kept to choose, offline, after a kill, and never seen by anybody else; who is here, who writes, the other side's time, and how far they have
// read.
//
//   node tests/notepad.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { password, Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, focused, gone, reads, until } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const stage = new Stage();
const story = new Story(stage);

const composer = (p) => p.getByLabel("Message Otter Trails");
const log = (p) => p.getByRole("log", { name: "Messages in Otter Trails" });
const line = (p, text) => log(p).getByRole("article").filter({ hasText: text });
const notes = (p) => p.getByRole("textbox", { name: "Notes" });
const panel = (p) => p.getByRole("complementary", { name: "Personal notepad" });
const mode = (p, name) =>
  panel(p).getByRole("radio", { name, exact: true }).click();

/** open shows the notepad of the room. */
async function open(p) {
  story.where = p;
  await p.getByText("Otter Trails").first().click();
  await composer(p).waitFor();
  await calm(p);
  if ((await panel(p).count()) === 0) {
    await p.getByRole("button", { name: /^Files, links and people/ }).click();
    await p.getByRole("button", { name: "Personal notepad" }).click();
  }
  await panel(p).waitFor();
}

/** write writes a text anew and waits until the program has it. */
async function write(p, text) {
  const kept = p.waitForResponse(
    (r) =>
      r.url().endsWith("/Notepad.Save") &&
      r.request().postDataJSON().text === text,
  );
  await notes(p).fill(text);
  await kept;
  await panel(p)
    .getByText(/^Saved/)
    .waitFor();
}

const text = (p) => notes(p).inputValue();

async function main() {
  const service = await stage.service();
  const wire = await Wire.open(service.url);
  let mara, esme, other;

  await story.step("two people, one of them on two devices", async () => {
    stage.two(service.url, service.url);
    // prettier-ignore
    stage.verb("esme2", ["sign-in", "--service", wire.url, "--email", stage.mails.esme, "--password-stdin"], password);
    stage.verb("esme2", ["sync"]);
    mara = await stage.desktop("mara");
    esme = await stage.desktop("esme", { timezoneId: "Africa/Nairobi" });
    other = await stage.desktop("esme2");
    for (const p of [mara.page, esme.page, other.page]) {
      await open(p);
    }
  });

  await story.step(
    "M-35: empty, it invites; what is typed is saved and reads as it looks",
    async () => {
      const p = (story.where = esme.page);
      await panel(p).getByText("Nothing noted yet").waitFor();
      await stage.look(p, "notepad-0-empty");
      await panel(p).getByRole("button", { name: "Write a note" }).click();
      await notes(p).fill("# Otter Trails\nEight signs, **two languages**.\n");
      await notes(p).press("End");
      await notes(p).press("Control+End");
      // Enter goes on with a list, and ends it.
      await p.keyboard.type("## To ask\n- who signs off\nsizes in `mm`\n\n\n");
      await p.keyboard.type("1. rights\nprints\n\n\n> not a rush\n");
      await p.keyboard.type("See [last job](https://hallway.example).");
      await becomes(
        () => text(p),
        "# Otter Trails\nEight signs, **two languages**.\n## To ask\n- who signs off\n- sizes in `mm`\n\n1. rights\n2. prints\n\n> not a rush\nSee [last job](https://hallway.example).",
      );
      await panel(p)
        .getByText(/^Saved/)
        .waitFor();
      await stage.look(p, "notepad-1-write");
      await mode(p, "Read");
      await panel(p).getByRole("heading", { name: "To ask" }).waitFor();
      await becomes(() => panel(p).getByRole("listitem").count(), 4);
      await panel(p).getByRole("link", { name: "last job" }).waitFor();
      await stage.look(p, "notepad-2-read");
    },
  );

  await story.step("M-35: it is on my other device, to be read", async () => {
    const p = (story.where = other.page);
    await panel(p).getByRole("heading", { name: "To ask" }).waitFor();
    await mode(p, "Write");
    await reads(() => text(p), /who signs off/);
  });

  await story.step(
    "M-35: two devices write offline, different lines are merged",
    async () => {
      await mode(esme.page, "Write");
      await write(esme.page, "plan\n- map\n- keys");
      await reads(() => text(other.page), /^plan/);
      await wire.cut();
      await write(other.page, "plan\n- map\n- keys\n- tiles (offline)");
      await stage.look((story.where = other.page), "notepad-3-offline");
      await write(esme.page, "The plan\n- map\n- keys");
      await wire.mend();
      for (const p of [esme.page, other.page]) {
        story.where = p;
        await becomes(
          () => text(p),
          "The plan\n- map\n- keys\n- tiles (offline)",
          "merged",
        );
      }
    },
  );

  await story.step(
    "M-35: the same line in two ways: both are kept side by side to choose",
    async () => {
      await wire.cut();
      await write(other.page, "Her plan\n- map\n- keys\n- tiles (offline)");
      await write(esme.page, "Our plan\n- map\n- keys\n- tiles (offline)");
      // It is sent once typing rests.
      await until("the service has hers", () =>
        stage.verb("esme", ["outbox"]).every((r) => !/note/i.test(r.op)),
      );
      await wire.mend();
      for (const p of [esme.page, other.page]) {
        story.where = p;
        await panel(p).getByText("Changed on two devices at once").waitFor();
      }
      const p = esme.page;
      await panel(p).getByRole("button", { name: "Compare" }).click();
      const box = p.getByRole("dialog", { name: "Two texts of this notepad" });
      await box.getByText("Her plan").waitFor();
      await box.getByText("Our plan").waitFor();
      await stage.look(p, "notepad-4-clash");
      await box.getByRole("button", { name: "Keep both" }).click();
      for (const p of [esme.page, other.page]) {
        story.where = p;
        await reads(() => text(p), /Our plan[^]*Her plan/);
        await gone(panel(p).getByText("Changed on two devices"));
      }
      await focused(notes(esme.page));
    },
  );

  await story.step(
    "M-35: a kill takes at most what was typed in the last 600 ms",
    async () => {
      story.where = esme.page;
      await write(esme.page, "Kept before the kill");
      await stage.kill(esme.child);
      await esme.page.close();
      stage.problems.length = 0; // the page lost its program, as it should
      esme = await stage.desktop("esme", { timezoneId: "Africa/Nairobi" });
      await open(esme.page);
      await panel(esme.page).getByText("Kept before the kill").waitFor();
    },
  );

  await story.step(
    "M-35: nobody else holds a byte of it; nothing finds it",
    async () => {
      const p = (story.where = mara.page);
      await panel(p).getByText("Nothing noted yet").waitFor();
      for (const word of ["Kept before the kill", "tiles (offline)"]) {
        for (const f of stage.files("mara"))
          assert.ok(!readFileSync(f).includes(word), `${word} is in ${f}`);
        const found = stage.said("esme", ["find", "Kept"]);
        assert.ok(!found.includes("Kept before"), "the search finds a note");
      }
    },
  );

  await story.step("M-33: I see who is here, and their time", async () => {
    const p = (story.where = mara.page);
    const head = p.getByRole("main").locator("header").first();
    await esme.page.mouse.click(640, 400);
    await head.getByRole("img", { name: "here now" }).waitFor();
    await head.getByText(/\d\d:\d\d in Nairobi/).waitFor();
    await stage.look(p, "notepad-5-presence");
  });

  await story.step("M-33: I see who writes, for a moment", async () => {
    const p = (story.where = mara.page);
    await composer(esme.page).pressSequentially("On my way");
    await p.getByText("Esme Winter is writing…").first().waitFor();
    await stage.look(p, "notepad-6-typing");
    await composer(esme.page).fill("");
    await gone(p.getByText("is writing…"));
  });

  await story.step("M-33: I see how far they have read", async () => {
    const p = (story.where = mara.page);
    await composer(p).fill("Did you see the otter?");
    await p.keyboard.press("Enter");
    await line(p, "otter?").waitFor();
    await esme.page.bringToFront();
    await line(esme.page, "otter?").waitFor();
    await esme.page.waitForFunction(() => !document.title.startsWith("("));
    await p.bringToFront(); // a page behind others draws nothing anew
    await line(p, "otter?").getByText("Read by Esme Winter").waitFor();
    await stage.look(p, "notepad-7-receipt");
  });

  await story.step(
    "M-33: both can be switched off, and then nothing is told",
    async () => {
      const p = (story.where = esme.page);
      await p.evaluate(() => (location.hash = "#/settings/privacy"));
      await p.getByRole("switch", { name: "Show when I am here" }).waitFor();
      await stage.look(p, "notepad-8-privacy");
      await p.getByRole("switch", { name: "Show when I am here" }).click();
      await p
        .getByRole("switch", { name: "Show others how far I have read" })
        .click();
      story.where = mara.page;
      await mara.page.bringToFront();
      const head = mara.page.getByRole("main").locator("header").first();
      await head.getByRole("img", { name: "not here" }).waitFor();
      await gone(mara.page.getByText("Read by Esme Winter"));
    },
  );

  await story.step(
    "M-33: without a connection all of it is blank",
    async () => {
      const p = (story.where = other.page);
      const head = p.getByRole("main").locator("header").first();
      await head.getByRole("img", { name: /here now|away|not here/ }).waitFor();
      await wire.cut();
      await gone(head.getByRole("img", { name: /here now|away|not here/ }));
      await wire.mend();
    },
  );
}

await story.run(main);
