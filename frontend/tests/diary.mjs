// The work diary as both sides use it (T-02, T-04, T-05, T-08, T-14, T-17, T-22, A-07): time by hand, ranges by mouse and keys, memo and
// activity in bulk with Undo, deleting that says first what it takes, and the client's other rights.
//
//   node tests/diary.mjs
//   node tests/diary.mjs --measure  and how long a day with 144 screenshots takes to open
import assert from "node:assert/strict";

import { Stage } from "./stage.mjs";
import {
  cell,
  cells,
  dialog,
  inspector,
  meet,
  open,
  pictured,
  twice,
  zones,
} from "./steps-diary.mjs";
import { fullDay } from "./steps-fullday.mjs";
import { terms } from "./steps-terms.mjs";
import { Story } from "./story.mjs";

const stage = new Stage();
const story = new Story(stage);

/** The newest day of the example's diary whose week is not fixed yet. */
const day = (() => {
  const at = new Date();
  const back = [2, at.getUTCHours() < 12 ? 3 : 0, 1, 1, 1, 1, 1][
    at.getUTCDay()
  ];
  at.setUTCDate(at.getUTCDate() - back);
  return at.toISOString().slice(0, 10);
})();

/** call asks the program behind a page. */
const call = (page, name, input) =>
  page.evaluate(
    async ({ name, input }) => {
      const { bearer } = JSON.parse(sessionStorage.getItem("trestle-keys"));
      const answer = await fetch(`/bridge/call/${name}`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${bearer}`,
          "Content-Type": "application/json",
        },
        body: JSON.stringify(input),
      });
      const body = await answer.json();
      if (body.error) throw new Error(JSON.stringify(body.error));
      return body.value;
    },
    { name, input },
  );

/** many waits until the day has so many segments. */
const many = (p, n) =>
  p.waitForFunction(
    (n) => document.querySelectorAll("[data-cell]").length === n,
    n,
  );
/** labels are the beginnings of the segments of the day. */
const labels = (p) =>
  cells(p).evaluateAll((all) =>
    all.map((c) => /\d\d:\d\d/.exec(c.textContent)[0]),
  );
const bar = (p) => p.getByRole("toolbar", { name: "Chosen segments" });

/** by writes time in by hand through the dialog. */
async function by(p, from, to, memo, activity) {
  await p.getByRole("button", { name: "Add manual time" }).click();
  const d = dialog(p);
  await d.getByLabel("Date").fill(day);
  await d.getByLabel("From").fill(from);
  await d.getByLabel("To").fill(to);
  if (activity) {
    await d.getByLabel(/^Activity/).click();
    await p.getByRole("option", { name: activity, exact: true }).click();
  }
  await d.getByLabel("Memo").fill(memo);
  await d.getByRole("button", { name: /^Add/ }).click();
}

async function alone() {
  const d = await stage.desktop("example");
  const p = (story.where = d.page);
  let start;

  await story.step("T-04, T-05: a day of ten-minute segments", async () => {
    await p.getByRole("radio", { name: "Example" }).click();
    await p.getByRole("button", { name: "Look around" }).click();
    await p.getByText("Otter Trails app").first().waitFor();
    const { contracts } = await call(p, "Contracts.List", null);
    const one = contracts.find((c) => c.side !== "client" && c.seconds > 0);
    await open(p, one.id, day);
    start = await labels(p);
    assert.ok(start.length > 6, "the example has a day of work");
    await p.locator("[data-cell] img").first().waitFor();
    await stage.look(p, "diary-01-day");
    await cell(p, 1).click();
    await inspector(p).getByText("Counts only, never what you type.").waitFor();
    await inspector(p).locator("img").first().waitFor();
    await stage.look(p, "diary-02-segment");
    await p.keyboard.press("Escape");
  });

  if (process.argv.includes("--measure")) {
    const { contracts } = await call(p, "Contracts.List", null);
    const one = contracts.find((c) => c.side !== "client" && c.seconds > 0);
    await fullDay(story, p, one.id, day);
    await open(p, one.id, day);
  }

  await story.step("T-17, T-02: a range by Shift, its memo, Undo", async () => {
    await cell(p, 0).click();
    await cell(p, 2).click({ modifiers: ["Shift"] });
    await bar(p)
      .getByText(/^3 segments chosen/)
      .waitFor();
    await stage.look(p, "diary-03-range");
    await bar(p).getByRole("button", { name: "Change memo" }).click();
    await dialog(p).getByLabel("Memo").fill("drawn by hand");
    await stage.look(p, "diary-04-memo");
    await dialog(p).getByRole("button", { name: "Save" }).click();
    await p.getByText("Memo changed for 3 segments").waitFor();
    await p.locator(".run").getByText("drawn by hand").first().waitFor();
    await p.getByRole("button", { name: "Undo" }).click();
    await p.getByText("Changed back").waitFor();
    await p
      .locator(".run")
      .getByText("drawn by hand")
      .first()
      .waitFor({ state: "detached" });
  });

  await story.step(
    "T-17: by the keys alone, and drawn by the mouse",
    async () => {
      await cell(p, 0).click();
      await p.keyboard.press("Shift+ArrowRight");
      await p.keyboard.press("Shift+ArrowRight");
      await bar(p)
        .getByText(/^3 segments chosen/)
        .waitFor();
      await p.keyboard.press("Control+a");
      await bar(p)
        .getByText(new RegExp(`^${start.length} segments chosen`))
        .waitFor();
      await p.keyboard.press("Enter");
      await inspector(p).waitFor();
      await p.keyboard.press("Escape");
      await inspector(p).waitFor({ state: "detached" });
      await bar(p).waitFor({ state: "detached" });

      const from = await cell(p, 0).boundingBox();
      const to = await cell(p, 1).boundingBox();
      await p.mouse.move(from.x + 20, from.y + 40);
      await p.mouse.down();
      await p.mouse.move(to.x + 20, to.y + 40, { steps: 8 });
      await p.mouse.up();
      await bar(p)
        .getByText(/^2 segments chosen/)
        .waitFor();
      await bar(p).getByRole("button", { name: "Change activity" }).click();
      await dialog(p)
        .getByLabel(/^Activity/)
        .click();
      await p.getByRole("option").nth(2).click();
      await dialog(p).getByRole("button", { name: "Save" }).click();
      await p.getByText("Activity changed for 2 segments").waitFor();
      await bar(p).getByRole("button", { name: "Choose none" }).click();
    },
  );

  await story.step("T-08: deleting says first what it takes", async () => {
    await cell(p, 2).click();
    const gone = start[2];
    await cell(p, 2).press("Delete");
    await dialog(p)
      .getByText(/in 1 segment will be gone/)
      .waitFor();
    await stage.look(p, "diary-05-delete");
    await dialog(p).getByRole("button", { name: "Cancel" }).click();
    assert.deepEqual(await labels(p), start, "nothing was deleted by asking");
    await inspector(p)
      .getByRole("button", { name: /^Delete/ })
      .click();
    await dialog(p)
      .getByRole("button", { name: /^Delete/ })
      .click();
    await p.getByText(/ deleted\.$/).waitFor();
    await inspector(p).waitFor({ state: "detached" });
    await many(p, start.length - 1);
    assert.deepEqual(
      await labels(p),
      start.filter((l) => l !== gone),
      "that segment alone is gone",
    );
  });

  await story.step(
    "A-07, T-08: its own fields, and who changed what",
    async () => {
      await cell(p, 0).click();
      const memo = inspector(p).getByLabel("Memo");
      await memo.fill("dark theme");
      await memo.press("Enter");
      await p.getByText("Memo changed for 1 segment").waitFor();
      await p.locator(".run").getByText("dark theme").first().waitFor();
      await p.keyboard.press("Escape");
      await p.getByRole("button", { name: "More", exact: true }).click();
      await p.getByRole("menuitem", { name: "History of this day" }).click();
      await dialog(p)
        .getByText(/changed the memo of .* to “dark theme”/)
        .first()
        .waitFor();
      await dialog(p)
        .getByText(/deleted 0:10 of/)
        .first()
        .waitFor();
      await stage.look(p, "diary-06-history");
      await p.keyboard.press("Escape");
    },
  );

  await story.step("T-14: time by hand, refused where time is", async () => {
    await by(p, "05:10", "06:00", "planning on paper", "Map screen");
    await many(p, start.length - 1 + 5);
    const with5 = await labels(p);
    assert.deepEqual(with5.slice(0, 5), [
      "05:10",
      "05:20",
      "05:30",
      "05:40",
      "05:50",
    ]);
    await by(p, "05:50", "06:20", "and a call", "Map screen");
    await dialog(p).getByText("Time is there already").waitFor();
    await stage.look(p, "diary-07-clash");
    await dialog(p).getByRole("button", { name: "Add the gaps only" }).click();
    await p.getByText("0:20 added").waitFor();
    await many(p, with5.length + 2);

    await p.getByRole("button", { name: "Add manual time" }).click();
    await dialog(p).getByLabel("From").fill("02:00");
    await dialog(p).getByLabel("To").fill("01:00");
    await dialog(p).getByText("The end is before the start").waitFor();
    assert.ok(
      await dialog(p).getByRole("button", { name: /^Add/ }).isDisabled(),
    );
    await p.keyboard.press("Escape");
  });

  await story.step(
    "T-04, W-17: other times, the week, a small window",
    async () => {
      await p.getByRole("button", { name: /^Times in/ }).click();
      await p.getByRole("menuitemcheckbox", { name: "Times in UTC" }).click();
      await p
        .getByText(/times in UTC/)
        .first()
        .waitFor();
      await stage.look(p, "diary-08-manual");
      await p.getByRole("radio", { name: "Week" }).click();
      await p.locator("table").first().waitFor();
      await stage.look(p, "diary-09-week");
      await p.getByRole("radio", { name: "Day" }).click();
      await p.setViewportSize({ width: 720, height: 480 });
      await cell(p, 1).click();
      await inspector(p).waitFor();
      await stage.look(p, "diary-10-small");
      await p.keyboard.press("Escape");
      await cell(p, 0).click();
      await p.keyboard.press("Shift+ArrowRight");
      await bar(p).waitFor();
      await stage.look(p, "diary-11-small-range");
    },
  );
  await stage.kill(d.child);
}

/** together is the same diary on both sides, of time that was really tracked. */
async function together() {
  await stage.display();
  stage.hurried("esme");
  const service = await stage.service();
  stage.join("mara", "Mara Quill", service.url);
  stage.join("esme", "Esme Winter", service.url);
  const offer = stage.verb(
    "mara",
    ["contract", "create", "--title", "Otter Trails", "--rate", "52", "--shots", "full", "--manual"], // prettier-ignore
  );
  stage.verb("mara", ["sync"]);
  stage.verb("esme", ["contract", "accept", offer.link]);
  stage.verb("esme", ["sync"]);
  const types = (text) => stage.press("type", "--delay", "20", text);
  const today = new Date().toISOString().slice(0, 10);
  let mara, esme, contract;

  await story.step("T-22: the client sees what was tracked", async () => {
    esme = await stage.desktop("esme");
    stage.env.TZ = "Asia/Kabul";
    mara = await stage.desktop("mara", { timezoneId: "Asia/Kabul" });
    stage.env.TZ = "UTC";
    const p = (story.where = esme.page);
    await p.bringToFront();
    await p.getByRole("heading", { name: "Messages" }).first().waitFor();
    stage.verb("esme", [
      "track",
      "start",
      "--contract",
      "Otter Trails",
      "--memo",
      "markers",
    ]);
    types("counted");
    const card = p.getByRole("region", { name: /Screenshot taken for/ });
    await card.waitFor({ timeout: 20_000 });
    await card.getByRole("button", { name: "Keep" }).click();
    await card.waitFor({ state: "detached" });
    await p.waitForTimeout(1200); // time is whole seconds: a slice covers what was taken before its last
    stage.verb("esme", ["track", "stop"]);
    meet(stage, "esme", "mara");
    const { contracts } = await call(p, "Contracts.List", null);
    contract = contracts[0].id;
    await open(p, contract, today);
    await p.locator("[data-cell] img").first().waitFor();
    await cell(p, 0).click();
    await inspector(p)
      .getByText("Nobody has looked at this screenshot yet.")
      .waitFor();
    await p.keyboard.press("Escape");
    const c = (story.where = mara.page);
    await c.bringToFront();
    await c.getByRole("heading", { name: "Messages" }).first().waitFor();
    await open(c, contract, today, false); // it may be another day there
    await c.getByRole("button", { name: /^Times in/ }).click();
    await c.getByRole("menuitemcheckbox", { name: "Times in UTC" }).click();
    await open(c, contract, today);
    await cell(c, 0).click();
    await inspector(c).getByText("markers").waitFor();
    assert.equal(
      await inspector(c).getByRole("textbox").count(),
      0,
      "the memo is the freelancer's",
    );
    assert.equal(
      await inspector(c)
        .getByRole("button", { name: /^Delete/ })
        .count(),
      0,
    );
    assert.equal(
      await c.getByRole("button", { name: "Add manual time" }).count(),
      0,
    );
    await stage.look(c, "diary-12-client");
    await cell(c, 0).press("Delete");
    assert.equal(await dialog(c).count(), 0, "the key is not theirs either");
    await c.keyboard.press("Escape");
  });

  const both = { esme, mara, contract, today };
  await zones(story, both);
  await pictured(stage, story, both);
  await story.step("T-08: the history says who deleted what", async () => {
    const c = (story.where = mara.page);
    await c.getByRole("button", { name: "More", exact: true }).click();
    await c.getByRole("menuitem", { name: "History of this day" }).click();
    await dialog(c)
      .getByText(/Esme Winter deleted/)
      .first()
      .waitFor();
    await c.keyboard.press("Escape");
  });
  await terms(stage, story, both);
  await twice(stage, story, service, esme);
}

async function main() {
  await alone();
  await together();
}

await story.run(main);
