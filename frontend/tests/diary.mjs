// The work diary as both sides use it (T-02, T-04, T-05, T-08, T-14, T-17, T-22, A-07): time by hand, ranges by mouse and keys, memo and
// activity in bulk with Undo, deleting that says first what it takes, and the client's other rights.
//
//   node tests/diary.mjs
//   node tests/diary.mjs --measure  and how long a day with 144 screenshots takes to open
import assert from "node:assert/strict";

import { call, tracked } from "./hands.mjs";
import { Stage } from "./stage.mjs";
import { alone } from "./steps-alone.mjs";
import {
  cell,
  dialog,
  inspector,
  meet,
  open,
  pictured,
  twice,
  zones,
} from "./steps-diary.mjs";
import { ended, lower, terms } from "./steps-terms.mjs";
import { Story } from "./story.mjs";
import { calm } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);

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
    await card.waitFor();
    await card.getByRole("button", { name: "Keep" }).click();
    await card.waitFor({ state: "detached" });
    await tracked(stage, "esme", 2); // time is whole seconds: a slice covers what was taken before its last
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
    await calm(c);
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
    await calm(c);
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
  await lower(stage, story, both);
  await twice(stage, story, service, esme);
  await ended(stage, story, both);
}

async function main() {
  const measure = process.argv.includes("--measure");
  await alone(stage, story, { measure, call });
  await together();
}

await story.run(main);
