// What a person is told of (N-01 to N-10) and what others are answered while they are away (M-34): the bell, the settings that follow to all
// devices, a room that differs, quiet hours, and the out-of-office responder, which answers while its desktop is closed.
//
//   node tests/notices.mjs
import assert from "node:assert/strict";

import { faults, zoomed } from "./fits.mjs";
import { Stage, password } from "./stage.mjs";
import { Story } from "./story.mjs";
import { calm } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);

const room = (p) => p.getByRole("log", { name: "Messages in Otter Trails" });
const line = (p, text) =>
  room(p).getByRole("article").filter({ hasText: text });
const bell = (p) => p.locator("button.bell");
/** The bell with nothing new; Settings have a page of the same name. */
const quiet = (p) => p.locator('button.bell[aria-label="Notifications"]');
const box = (p) => p.getByLabel("Message Otter Trails");
const day = (offset) =>
  new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

async function settings(p, section) {
  await p.evaluate((to) => (location.hash = to), `#/settings/${section}`);
  await p.getByRole("heading", { level: 1 }).waitFor();
}
async function open(p) {
  await p.getByText("Otter Trails").first().click();
  await box(p).waitFor();
}
/** choose takes a day in the calendar by its number of days from today. */
async function choose(p, offset) {
  const name = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
  })
    .format(new Date(`${day(offset)}T00:00:00Z`))
    .replaceAll(",", "");
  await p.getByRole("grid").getByRole("button", { name, exact: true }).click();
}

async function main() {
  const service = await stage.service();
  let mara, esme, second;
  const sections = [];

  await story.step(
    "two people share a contract; Esme has two devices",
    async () => {
      stage.two(service.url);
      mara = await stage.desktop("mara");
      esme = await stage.desktop("esme");
      // prettier-ignore
      stage.verb("esme-2", ["sign-in", "--service", service.url, "--email", stage.mails.esme, "--password-stdin"], password);
      second = await stage.desktop("esme-2");
      for (const who of [mara, esme]) await open(who.page);
    },
  );

  await story.step(
    "N-08: a desktop without notifier says so once",
    async () => {
      story.where = esme.page;
      await settings(esme.page, "notices");
      await esme.page
        .getByText(/This desktop shows no notifications/)
        .first()
        .waitFor();
      // Where none can be shown none is offered as a test.
      await esme.page
        .getByRole("checkbox", { name: "Contract changes" })
        .waitFor();
      await calm(esme.page);
      assert.equal(
        await esme.page.getByRole("button", { name: "Send a test" }).count(),
        0,
      );
    },
  );

  await story.step(
    "N-03, N-04, N-06, N-07: rules follow to the other device",
    async () => {
      const p = (story.where = esme.page);
      await p.getByRole("checkbox", { name: "Contract changes" }).uncheck();
      await p.getByRole("radio", { name: "Hourly" }).click();
      await p.getByRole("switch", { name: "Hold notifications" }).click();
      await p.getByRole("button", { name: "Sunday" }).click();
      await stage.look(p, "n1-notifications");
      const q = (story.where = second.page);
      await settings(q, "notices");
      await q.getByRole("radio", { name: "Hourly", checked: true }).waitFor();
      await q
        .getByRole("checkbox", { name: "Contract changes", checked: false })
        .waitFor();
      await q.getByRole("button", { name: "Sunday", pressed: false }).waitFor();
      // One device changes one thing, the other another: both stand.
      await q.getByRole("radio", { name: "At once" }).click();
      await p.getByRole("checkbox", { name: "Contract changes" }).check();
      await p.getByRole("radio", { name: "At once", checked: true }).waitFor();
      await q
        .getByRole("checkbox", { name: "Contract changes", checked: true })
        .waitFor();
      await p.getByRole("switch", { name: "All notifications" }).click();
      await q
        .getByRole("switch", { name: "All notifications", checked: false })
        .waitFor();
      await p.getByRole("switch", { name: "All notifications" }).click();
      await p.getByRole("switch", { name: "Hold notifications" }).click();
    },
  );

  await story.step(
    "N-09, N-10: the bell lists what came and leads there; seen here, it is seen everywhere",
    async () => {
      const p = (story.where = esme.page);
      await box(mara.page).fill("Good morning");
      await mara.page.keyboard.press("Enter");
      await mara.page.keyboard.type("Could you look, @Esm");
      await mara.page.getByRole("option", { name: /Esme Winter/ }).waitFor();
      await mara.page.keyboard.press("Enter");
      await mara.page.keyboard.type("please?");
      await mara.page.keyboard.press("Enter");
      await bell(p)
        .and(p.getByRole("button", { name: /new$/ }))
        .waitFor();
      await p.waitForFunction(() => document.title.startsWith("("));
      await bell(p).focus();
      await p.keyboard.press("Enter");
      const list = p.locator(".popover");
      await list
        .getByText(/Could you look, @Esme Winter/)
        .first()
        .waitFor();
      await stage.look(p, "n2-bell");
      await p.keyboard.press("Escape");
      await quiet(p).waitFor();
      story.where = second.page;
      await quiet(second.page).waitFor();
      story.where = p;
      await bell(p).click();
      await list.getByRole("button", { name: /Could you look/ }).click();
      await line(p, "Could you look").waitFor();
      await p.waitForURL(/#\/room\/[^/]+\/at\//);
      // Read here, it is read on the other device: its title and rail forget the number (N-09).
      await second.page.waitForFunction(() => document.title === "Trestle");
    },
  );

  await story.step(
    "N-10: nothing in the bell names what will stand there",
    async () => {
      const p = (story.where = mara.page);
      await bell(p).click();
      await p
        .getByText(/Nothing in the last 30 days|accepted the offer/)
        .waitFor();
      await stage.look(p, "n3-bell-first");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "M-34: a responder asks for words and days, and refuses an end before its start",
    async () => {
      const p = (story.where = esme.page);
      await settings(p, "away");
      await p.getByRole("switch", { name: "Responder" }).click();
      await p.getByText("Write what others are answered.").waitFor();
      await stage.look(p, "n4-away-empty");
      await p
        .getByRole("textbox", { name: "Message", exact: true })
        .fill("I am walking in **Lapland** and read messages in the evening.");
      await p.getByRole("switch", { name: "Responder" }).click();
      await p.getByText("Choose the first and the last day.").waitFor();
      await choose(p, 1);
      await choose(p, 0);
      await p.getByText("The last day lies before the first.").waitFor();
      // Nor does it go on with the days from before (the click below would switch it off): what stands there counts.
      await p.getByRole("switch", { name: "Responder" }).click();
      await p.getByText("The last day lies before the first.").waitFor();
      await choose(p, 1);
      await p.getByRole("button", { name: /^First day/ }).click();
      await choose(p, 0);
      await p.getByRole("switch", { name: "Responder" }).click();
      await p
        .getByRole("switch", { name: "Responder", checked: true })
        .waitFor();
      await p.locator(".answer strong").getByText("Lapland").waitFor();
      await stage.look(p, "n5-away");
    },
  );

  await story.step(
    "M-34: the service answers while her desktops are closed, once",
    async () => {
      await stage.kill(esme.child);
      await stage.kill(second.child);
      const p = (story.where = mara.page);
      await box(p).fill("Are you there?");
      await p.keyboard.press("Enter");
      await line(p, "I am walking in Lapland").waitFor();
      await box(p).fill("Then tomorrow.");
      await p.keyboard.press("Enter");
      await line(p, "Then tomorrow.").waitFor();
      stage.verb("mara", ["sync"]);
      assert.equal(await line(p, "I am walking in Lapland").count(), 1);
      await stage.look(p, "n6-answered");
    },
  );

  await story.step(
    "M-34: back at her desk both messages are unread, and no answer of hers hides them",
    async () => {
      esme = await stage.desktop("esme");
      const p = (story.where = esme.page);
      await p.waitForFunction(() => /^\([2-9]\)/.test(document.title));
      await settings(p, "away");
      await p.getByRole("switch", { name: "Responder" }).click();
      await p
        .getByRole("switch", { name: "Responder", checked: false })
        .waitFor();
    },
  );

  await story.step("settings: each section, found by its words", async () => {
    const p = (story.where = esme.page);
    await p.getByRole("searchbox", { name: "Find a setting" }).fill("quiet");
    await p.keyboard.press("Enter");
    await p.getByRole("heading", { name: "Notifications", level: 1 }).waitFor();
    await p.getByRole("searchbox", { name: "Find a setting" }).fill("");
    const list = p.getByRole("navigation", { name: "Settings" });
    await list.getByRole("button", { name: "About Trestle" }).waitFor();
    for (const name of await list.getByRole("button").allTextContents()) {
      await list
        .getByRole("button", { name: name.trim(), exact: true })
        .click();
      await p.getByRole("heading", { name: name.trim(), level: 1 }).waitFor();
      sections.push(new URL(p.url()).hash.split("/")[2]);
      await stage.look(
        p,
        `n7-settings-${name
          .trim()
          .toLowerCase()
          .replaceAll(/[^a-z]+/g, "-")}`,
      );
    }
  });

  await story.step(
    "D-13, ui.md §9: settings fit 1280 × 800 at 200 %, 720 × 480, and both at once",
    async () => {
      const p = (story.where = esme.page);
      const wrong = [];
      for (const [width, height, zoom] of [
        [1280, 800, 200],
        [720, 480, 100],
        [720, 480, 200],
      ]) {
        await p.setViewportSize({ width, height });
        await zoomed(p, zoom);
        const at = `${width}-${zoom}`;
        for (const section of sections) {
          await settings(p, section);
          for (const x of await faults(p)) wrong.push(`${section} ${at}: ${x}`);
          if (["away", "notices", "shortcuts"].includes(section))
            await stage.look(p, `n8-settings-${section}-${at}`);
        }
      }
      // The list is a choice now.
      await settings(p, "about");
      await p.getByLabel("Settings: About Trestle").focus();
      await p.keyboard.press("Enter");
      await p.getByRole("option", { name: "Appearance" }).click();
      await p.getByRole("heading", { name: "Appearance", level: 1 }).waitFor();
      await zoomed(p, 100);
      assert.deepEqual(wrong, []);
    },
  );
}

await story.run(main);
