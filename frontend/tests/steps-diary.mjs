// Steps of the diary's journey that need both sides, or two computers of one side: a screenshot that is looked at and deleted (T-08, T-09), the
// times of the other side (T-04), and time that two computers tracked at once (T-13).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { tracked } from "./hands.mjs";
import { password } from "./stage.mjs";
import { becomes } from "./wait.mjs";

export const cells = (p) => p.locator("[data-cell]");
/** cell is a segment by its place in the day. */
export const cell = (p, n) => cells(p).nth(n);
export const inspector = (p) =>
  p.getByRole("complementary", { name: "Segment" });
export const dialog = (p) => p.getByRole("dialog");

/** open goes to a day in somebody's diary, and waits for the time in it unless it is told that there may be none. */
export async function open(p, contract, on, filled = true) {
  await p.bringToFront();
  await p.evaluate(
    (to) => (location.hash = to),
    `#/diary/${contract}/day/${on}`,
  );
  await p.getByRole("heading", { name: "Work diary" }).waitFor();
  if (filled) await cells(p).first().waitFor();
}

/** meet lets everything reach the service and the other side. */
export function meet(stage, ...people) {
  for (const who of people) stage.verb(who, ["sync"]);
  for (const who of people) stage.verb(who, ["sync"]);
}

/** bytes are those of the pictures that a page shows of a segment. */
async function bytes(pictures) {
  const all = await pictures.evaluateAll((list) =>
    Promise.all(
      list.map(async (img) => {
        const answer = await fetch(img.src);
        return [...new Uint8Array(await answer.arrayBuffer())];
      }),
    ),
  );
  return all.map((b) => Buffer.from(b));
}

/**
 * holding lists the files of both people in which one of the pictures still lies. At the service nobody reads them from then on
 * (TestT08_BytesGoWithTheTime); its sweep takes the bytes.
 */
function holding(stage, pictures) {
  return ["esme", "mara"].flatMap((who) =>
    stage.files(who).filter((file) => {
      const body = readFileSync(file);
      return pictures.some((p) => body.includes(p));
    }),
  );
}

/** pictured is a screenshot that the client looked at, and that is gone everywhere once it is deleted. */
export async function pictured(stage, story, { esme, mara, contract, today }) {
  const e = esme.page;
  const m = mara.page;
  let seen, places;

  await story.step(
    "T-09: who looked at a screenshot stands at its segment",
    async () => {
      story.where = m;
      await open(m, contract, today);
      await m.locator("[data-cell] img").first().waitFor();
      await cell(m, 0).click();
      await inspector(m)
        .getByText(/Esme Winter sees who looks at these pictures/)
        .waitFor();
      await inspector(m).locator("img").first().waitFor();
      seen = await bytes(m.locator("[data-cell] img, aside img"));
      assert.ok(
        seen.length > 1 && seen.every((b) => b.length > 500),
        "the small and the large picture",
      );
      assert.ok(holding(stage, seen).length > 0, "their bytes are found");
      places = await m
        .locator("[data-cell] img, aside img")
        .evaluateAll((list) => list.map((img) => img.src));
      await stage.look(m, "diary-13-looking");
      await m.keyboard.press("Escape");

      meet(stage, "mara", "esme");
      story.where = e;
      await open(e, contract, today);
      await cell(e, 0).click();
      await inspector(e)
        .getByText(/^Looked at/)
        .waitFor();
      await inspector(e).getByRole("button", { name: "See by whom" }).click();
      await dialog(e).getByText("Mara Quill").first().waitFor();
      await stage.look(e, "diary-14-looks");
      await e.keyboard.press("Escape");
      await dialog(e).waitFor({ state: "detached" });
    },
  );

  await story.step(
    "T-08: a deleted screenshot takes its time, and its bytes everywhere",
    async () => {
      await inspector(e)
        .getByRole("button", { name: /^Delete screenshot and/ })
        .click();
      await dialog(e)
        .getByText(/with 1 screenshot here and at the service/)
        .waitFor();
      await dialog(e)
        .getByRole("button", { name: /^Delete/ })
        .click();
      await e.getByText(/ deleted\.$/).waitFor();
      meet(stage, "esme", "mara");
      story.where = m;
      await m.bringToFront();
      await m.locator("[data-cell] img").first().waitFor({ state: "detached" });
      const left = stage.verb("mara", ["diary", "--contract", "Otter Trails"]);
      assert.equal(left.week.seconds, 0, "the time is gone at the client");
      await becomes(
        () => holding(stage, seen),
        [],
        "the picture still lies there",
      );
      for (const place of places)
        assert.notEqual(
          await m.evaluate(
            async (src) => (await fetch(src, { cache: "no-store" })).status,
            place,
          ),
          200,
          "nobody is given it any more",
        );
    },
  );
}

/** zones shows a day in the times of the other side. */
export async function zones(story, { esme, contract, today }) {
  await story.step("T-04: my times, the other side's, UTC", async () => {
    const p = (story.where = esme.page);
    await open(p, contract, today);
    const label = async () =>
      /\d\d:\d\d/.exec(await cell(p, 0).textContent())[0];
    const utc = await label();
    const choose = async (name) => {
      await p.getByRole("button", { name: /^Times in/ }).click();
      await p.getByRole("menuitemcheckbox", { name }).click();
    };
    await choose("Times of Mara Quill (Asia/Kabul)");
    await p.getByText(/times in Asia\/Kabul \(UTC\+4:30\)/).waitFor();
    const [h, m] = utc.split(":").map(Number);
    const minutes = (h * 60 + m + 270) % 1440;
    const two = (n) => String(n).padStart(2, "0");
    const theirs = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    // After half past seven in the evening their day is the next one.
    if (h * 60 + m + 270 >= 1440)
      await p.getByRole("button", { name: "Next day" }).click();
    await cells(p).filter({ hasText: theirs }).first().waitFor();
    await choose("Times in UTC");
    await open(p, contract, today);
    await cells(p).filter({ hasText: utc }).first().waitFor();
    await choose("Times on my clock");
  });
}

/** twice is time that two computers of one person tracked at once, unseen by each other. */
export async function twice(stage, story, service, esme) {
  await story.step(
    "T-13: what another contract owns is hatched, and can be taken",
    async () => {
      const offer = stage.verb(
        "mara",
        // prettier-ignore
        ["contract", "create", "--title", "Heron Maps", "--rate", "40", "--shots", "none"],
      );
      stage.verb("mara", ["sync"]);
      stage.verb("esme", ["contract", "accept", offer.link]);
      stage.verb("esme", ["sync"]);
      // prettier-ignore
      stage.verb("lap", ["sign-in", "--service", service.url, "--email", stage.mails.esme, "--password-stdin"], password);
      stage.verb("lap", ["sync"]);
      const lap = await stage.desktop("lap");
      await lap.page
        .getByRole("heading", { name: "Messages" })
        .first()
        .waitFor();
      await service.stop();
      const start = (who, contract) =>
        // prettier-ignore
        stage.verb(who, ["track", "start", "--contract", contract, "--memo", `at the ${who}`]);
      start("esme", "Otter Trails");
      await tracked(stage, "esme", 1);
      start("lap", "Heron Maps");
      await tracked(stage, "lap", 2);
      stage.verb("lap", ["track", "stop"]);
      stage.verb("esme", ["track", "stop"]);
      await service.start();
      meet(stage, "esme", "lap");
      await stage.kill(lap.child);
      await lap.page.context().close();

      const list = stage.verb("esme", ["contract", "list"]);
      const heron = list.find((c) => c.title === "Heron Maps");
      const p = (story.where = esme.page);
      await open(p, heron.id, new Date().toISOString().slice(0, 10));
      await cell(p, 0).click();
      await inspector(p)
        .getByText(/belong to other tracked time/)
        .waitFor();
      await stage.look(p, "diary-15-shadowed");
      await inspector(p)
        .getByRole("button", { name: "Give the overlap to this contract" })
        .click();
      await p.getByText(/given to this contract\.$/).waitFor();
      await inspector(p)
        .getByText(/belong to other tracked time/)
        .waitFor({ state: "detached" });
      meet(stage, "esme", "mara");
      const { segments } = stage.verb("mara", [
        "diary",
        "--contract",
        "Heron Maps",
      ]);
      assert.ok(
        segments.some((s) => s.seconds > 0 && s.shadowed === 0),
        "its client has the time now",
      );
      assert.ok(
        segments.every((s) => s.pieces.every((x) => x.owner === "")),
        "and is told of no other contract",
      );
    },
  );
}
