// The tracker as the one who tracks meets it (T-01, T-02, T-06, T-07, T-09, T-10, T-12, T-20): what is taken is said before the start, the
// memo offers what was tracked lately, pausing and going on, a screenshot that is seen first, a kill that loses seconds and offers to go
// on, and the settings of it all.
//
//   node tests/tracker.mjs
import assert from "node:assert/strict";

import { call, tracked } from "./hands.mjs";
import { Stage } from "./stage.mjs";
import { away, chip, keeps, memo, panel } from "./steps-away.mjs";
import { Story } from "./story.mjs";
import { becomes } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);

const types = (text) => stage.press("type", "--delay", "20", text);
const stop = (p) => panel(p).getByRole("button", { name: "Stop tracking" });

async function settings(p) {
  await p.evaluate(() => (location.hash = "#/settings/tracker"));
  await p.getByRole("heading", { name: "Tracker", level: 1 }).waitFor();
}

async function main() {
  await stage.display();
  stage.hurried("esme");
  const service = await stage.service();
  let esme, p;

  await story.step("T-07: what is taken is said before the start", async () => {
    stage.join("mara", "Mara Quill", service.url);
    stage.join("esme", "Esme Winter", service.url);
    const offer = stage.verb(
      "mara",
      // prettier-ignore
      ["contract", "create", "--title", "Otter Trails", "--rate", "52", "--shots", "full", "--limit", "40h", "--activity", "Map screen", "--activity", "Review"],
    );
    stage.verb("mara", ["sync"]);
    stage.verb("esme", ["contract", "accept", offer.link]);
    stage.verb("esme", ["sync"]);
    esme = await stage.desktop("esme");
    p = story.where = esme.page;
    await chip(p).click();
    await panel(p)
      .getByText(/takes a screenshot.*10 seconds/)
      .waitFor();
    await stage.look(p, "tracker-01-stopped");
    // A slow machine needs more than those ten seconds to look at it.
    const prefs = await call(p, "Tracker.Prefs", null);
    await call(p, "Tracker.SetPrefs", { ...prefs, preview: 60 });
  });

  await story.step("T-02, T-20: a memo, then it runs", async () => {
    await panel(p).getByRole("button", { name: "Start tracking" }).click();
    await panel(p).getByText("Write a memo first").waitFor();
    await panel(p).getByLabel("Activity").click();
    await p.getByRole("option", { name: "Map screen" }).click();
    await memo(p).fill("offline tiles");
    await memo(p).press("Enter");
    await panel(p)
      .getByText(/Tracking since/)
      .waitFor();
    types("counted not read");
    await panel(p).getByText("This segment").waitFor();
  });

  await story.step(
    "T-07: a screenshot is seen first, then deleted without trace",
    async () => {
      const card = p.getByRole("region", { name: /Screenshot taken for/ });
      await card.waitFor();
      await stage.look(p, "tracker-02-shot");
      await card.getByRole("button", { name: "Delete" }).click();
      await p.getByText("Screenshot deleted. No copy is kept.").waitFor();
      await card.waitFor({ state: "detached" });
      assert.deepEqual(
        stage.files("esme").filter((f) => /shots\/.*\.(jpg|json)$/.test(f)),
        [],
        "not a byte of it is left",
      );
      await keeps(p);
    },
  );

  await story.step(
    "T-01: pause is a stop that one click goes on from",
    async () => {
      await chip(p).click(); // a press beside the panel closed it
      await stage.look(p, "tracker-03-running");
      await stop(p).click();
      await panel(p).getByText("Paused · one click goes on").waitFor();
      await panel(p).getByRole("button", { name: "Resume tracking" }).click();
      await panel(p)
        .getByText(/Tracking since/)
        .waitFor();
    },
  );

  await story.step(
    "T-01: the memo offers what was tracked lately",
    async () => {
      await memo(p).fill("dark theme");
      await panel(p)
        .getByRole("button", { name: "Change from now on" })
        .click();
      await panel(p)
        .getByRole("button", { name: "Change from now on" })
        .waitFor({ state: "detached" });
      types("more");
      await tracked(stage, "esme", 2);
      await p.keyboard.press("Escape");
      await chip(p).click();
      await memo(p).press("ArrowDown");
      const offered = p.getByRole("listbox", { name: "Tracked lately" });
      await offered.getByText("offline tiles").waitFor();
      await stage.look(p, "tracker-04-recent");
      await offered.getByText("offline tiles").click();
      await becomes(() => memo(p).inputValue(), "offline tiles");
      await panel(p).getByRole("button", { name: "Undo" }).click();
      await becomes(() => memo(p).inputValue(), "dark theme");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "T-12: a kill loses seconds; the next start offers to go on",
    async () => {
      // Past a heartbeat, which comes each quarter of a minute.
      await tracked(stage, "esme", 17, () => types("x"));
      await stage.kill(esme.child);
      await p.context().close();
      esme = await stage.desktop("esme");
      p = story.where = esme.page;
      await keeps(p);
      const note = p.getByRole("region", { name: "The tracker" });
      await note.getByRole("button", { name: "Start again" }).waitFor();
      await stage.look(p, "tracker-05-crash");
      await note.getByRole("button", { name: "Start again" }).click();
      await note.waitFor({ state: "detached" });
      await chip(p).click();
      await panel(p)
        .getByText(/Tracking since/)
        .waitFor();
      await stop(p).click();
      await panel(p).getByText("Paused · one click goes on").waitFor();
      await p.keyboard.press("Escape");
    },
  );

  esme = await away(stage, story, service, esme);
  p = esme.page;

  await story.step("settings of the tracker are kept", async () => {
    await settings(p);
    await p.getByLabel(/^Show each shot before it leaves/).click();
    await p.getByRole("option", { name: "2 minutes" }).click();
    await p.getByRole("switch", { name: "Blur every shot" }).click();
    await p.getByRole("button", { name: "Take a test shot" }).click();
    await p.getByText(/Test shot .* stays here/).waitFor();
    await stage.look(p, "tracker-08-settings");
    await p.reload();
    await p.getByLabel("Show each shot before it leaves: 2 minutes").waitFor();
    await p
      .getByRole("switch", { name: "Blur every shot", checked: true })
      .waitFor();
    await p.getByRole("button", { name: "Open tracker" }).click();
    await panel(p)
      .getByText(/blurred before it leaves this computer/)
      .waitFor();
    await p.keyboard.press("Escape");
    await p.setViewportSize({ width: 720, height: 480 });
    await stage.look(p, "tracker-09-small-settings");
    await chip(p).click();
    await panel(p).waitFor();
    await stage.look(p, "tracker-10-small-panel");
  });

  await story.step(
    "T-20, D-03: the window as small as the tracker",
    async () => {
      // Only Trestle's own window can be made small (TestSmokeD03T20…); here the page is told that it is one.
      await p.route("**/bridge/call/Shell.Boot", async (route) => {
        const answer = await route.fetch();
        const body = await answer.json();
        body.value.caps.window = true;
        await route.fulfill({ response: answer, json: body });
      });
      await p.route("**/bridge/call/Shell.Compact", (route) =>
        route.fulfill({ json: { value: null } }),
      );
      await p.reload();
      await p.setViewportSize({ width: 1280, height: 800 });
      await chip(p).click();
      await panel(p)
        .getByRole("button", { name: "Make the window small" })
        .click();
      await p.getByRole("main", { name: "Mini tracker" }).waitFor();
      await p.setViewportSize({ width: 372, height: 590 });
      await panel(p).getByRole("button", { name: "Resume tracking" }).click();
      await panel(p)
        .getByText(/Tracking since/)
        .waitFor();
      // A screenshot of this segment has to be answered before the line is all there is.
      const fresh = p.getByRole("region", { name: /Screenshot taken for/ });
      await fresh.waitFor({ timeout: 7000 }).catch(() => undefined);
      await fresh.waitFor({ state: "detached" });
      await stage.look(p, "tracker-11-mini-panel");
      await panel(p)
        .getByRole("button", { name: "Time and button alone" })
        .click();
      await p.setViewportSize({ width: 300, height: 52 });
      await stage.look(p, "tracker-12-mini-pill");
      const mini = p.getByRole("main", { name: "Mini tracker" });
      await mini.getByRole("button", { name: "Stop tracking" }).click();
      await mini.getByRole("button", { name: "Start tracking" }).waitFor();
      await p.keyboard.press("Escape");
      await mini.waitFor({ state: "detached" });
    },
  );
}

await story.run(main);
