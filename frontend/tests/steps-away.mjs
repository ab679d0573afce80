// Steps of the tracker's journey that are about time away and the weekly limit (T-10, T-15): the question after real time without input, over a
// kill of the program, given to another client's contract; an hour for who reads or is in a call; going on unbilled.
import assert from "node:assert/strict";

import { tracked } from "./hands.mjs";

export const chip = (p) => p.getByRole("button", { name: /Open the tracker/ });
export const panel = (p) => p.getByRole("region", { name: "Time tracker" });
export const memo = (p) => panel(p).getByLabel("What are you working on?");

/**
 * keeps answers each screenshot that a new segment brings, as somebody would who goes on working: it may come in the middle of any step, and
 * its card lies over what is pressed next. The focus stays where it is.
 */
export const keeps = (p) =>
  p.addLocatorHandler(
    p.getByRole("region", { name: /Screenshot taken for/ }),
    (card) =>
      card
        .getByRole("button", { name: "Keep" })
        .evaluate((button) => button.click()),
  );

/** Ten minutes without input last six seconds in the program of the tests. */
const minute = "600";

const question = (p) =>
  p.locator("form").filter({ hasText: "You were away for" });
const asked = (p) => chip(p).filter({ hasText: "A question is open" });

/** another is a client of their own, with a contract of the freelancer. */
function another(stage, service) {
  stage.join("noor", "Noor Said", service.url);
  const offer = stage.verb(
    "noor",
    // prettier-ignore
    ["contract", "create", "--title", "Heron Maps", "--rate", "40", "--shots", "none", "--activity", "Calls", "--require-activity"],
  );
  stage.verb("noor", ["sync"]);
  stage.verb("esme", ["contract", "accept", offer.link]);
  stage.verb("esme", ["sync"]);
}

/** away asks and answers; it starts the desktop of "esme" anew, and answers it as it is at the end. */
export async function away(stage, story, service, before) {
  const types = (text) => stage.press("type", "--delay", "20", text);
  let esme, p;
  const again = async () => {
    esme = await stage.desktop("esme");
    p = story.where = esme.page;
    await keeps(p);
    await chip(p).waitFor();
  };
  const start = (text) =>
    stage.verb("esme", [
      "track",
      "start",
      "--contract",
      "Otter Trails",
      "--memo",
      text,
    ]);

  await story.step(
    "T-10: who is away is asked, after real time and without losing the focus",
    async () => {
      another(stage, service);
      stage.env.TRESTLE_DEV_IDLE = minute;
      await stage.kill(before.child);
      await before.page.context().close();
      await again();
      start("offline tiles");
      types("here");
      await p.evaluate(() => (location.hash = "#/settings/tracker"));
      const find = p.getByLabel("Find a setting");
      await find.focus();
      await asked(p).waitFor();
      assert.equal(await question(p).count(), 0, "not asked while away");
      types("back");
      await question(p).waitFor();
      assert.ok(
        await find.evaluate((el) => el === document.activeElement),
        "the focus stays where it was",
      );
      await stage.look(p, "tracker-06-away");
    },
  );

  await story.step(
    "T-10: the question outlives a kill, and the time goes to another client",
    async () => {
      await stage.kill(esme.child);
      await p.context().close();
      await again();
      const card = question(p);
      await card.waitFor();
      await card.getByText("Give it to another activity").click();
      await card.getByLabel("Contract and activity").click();
      await p.getByRole("option", { name: "Heron Maps · Calls" }).waitFor();
      assert.equal(
        await p.getByRole("option", { name: /Heron Maps · No/ }).count(),
        0,
        "that client asks for an activity",
      );
      await p.getByRole("option", { name: "Heron Maps · Calls" }).click();
      await card.getByLabel("What it was").fill("a call about rivers");
      await stage.look(p, "tracker-07-assign");
      await card.getByRole("button", { name: "Give it" }).click();
      await card.waitFor({ state: "detached" });
      stage.verb("esme", ["sync"]);
      stage.verb("noor", ["sync"]);
      stage.verb("mara", ["sync"]);
      const theirs = stage.verb("noor", ["diary", "--contract", "Heron Maps"]);
      assert.ok(theirs.segments.length > 0, "its client has it");
      for (const s of theirs.segments)
        assert.deepEqual(
          [s.kind, s.code, s.memo],
          ["kept_idle", "Calls", "a call about rivers"],
        );
      const others = JSON.stringify(
        stage.verb("mara", ["diary", "--contract", "Otter Trails"]),
      );
      assert.ok(!/rivers|Heron/.test(others), "and no other client sees it");
    },
  );

  await story.step(
    "T-10: reading or in a call asks after an hour",
    async () => {
      start("the survey");
      await chip(p).click();
      await panel(p)
        .getByText(/Tracking since/)
        .waitFor();
      await panel(p)
        .getByRole("button", { name: "More of the tracker" })
        .click();
      await p
        .getByRole("menuitemcheckbox", { name: "Reading or in a call" })
        .click();
      await panel(p)
        .getByText(/asked after 60 minutes/)
        .waitFor();
      types("the last key");
      await stage.look(p, "tracker-08-reading");
      await tracked(stage, "esme", 8); // longer than the idle time of others
      assert.equal(await asked(p).count(), 0, "it is not over yet");
      await panel(p).getByRole("button", { name: "Back to normal" }).click();
      await asked(p).waitFor();
      types("back");
      await question(p).waitFor();
      await question(p).getByRole("button", { name: "Discard" }).click();
      await question(p).waitFor({ state: "detached" });
      // From here on it waits its ten minutes again.
      delete stage.env.TRESTLE_DEV_IDLE;
      await stage.kill(esme.child);
      await p.context().close();
      await again();
    },
  );

  await story.step(
    "T-15: the limit is said, and gone beyond by choice",
    async () => {
      // Ten minutes are the least limit; that they are used up is written into the program's answer on its way, all else is real.
      await p.route("**/bridge/call/Tracker.{State,Start}", async (route) => {
        const answer = await route.fetch();
        const body = await answer.json();
        if (body.value) body.value = { ...body.value, limit: 600, week: 600 };
        // A page that was left meanwhile takes no answer.
        await route
          .fulfill({ response: answer, json: body })
          .catch(() => undefined);
      });
      await p.evaluate(() => (location.hash = "#/room"));
      await p.reload();
      await chip(p).filter({ hasText: "Week limit reached" }).click();
      await panel(p)
        .getByText(/weekly limit is reached/)
        .waitFor();
      await stage.look(p, "tracker-13-limit");
      await memo(p).fill("one more shelf");
      await panel(p).getByRole("button", { name: "Go on unbilled" }).click();
      await panel(p)
        .getByText(/Beyond the limit, by your choice/)
        .waitFor();
      await panel(p)
        .getByText(/Tracking since/)
        .waitFor();
      await stage.look(p, "tracker-14-unbilled");
      assert.ok(stage.verb("esme", ["track", "status"]).unbilled);
      await panel(p).getByRole("button", { name: "Stop tracking" }).click();
      await panel(p).getByText("Paused · one click goes on").waitFor();
      await p.unroute("**/bridge/call/Tracker.{State,Start}");
      await p.reload();
    },
  );
  return esme;
}
