// A room of 100,000 messages of random height in the real program (ui.md §4, "Speed and size"): what one looks at does not move while it
// opens, while messages come and older ones are read, while the window changes its size and through a slow scroll; a fling leaves no frame
// blank; any day, message and hit is gone to at once; and the page keeps few rows and little memory.
//
//   node tests/list.mjs [--messages 100000]
import assert from "node:assert/strict";

import { flung, lengthen, probe } from "./listprobe.mjs";
import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, until } from "./wait.mjs";

const at = process.argv.indexOf("--messages");
const many = at > 0 ? Number(process.argv[at + 1]) : 100_000;
const stage = new Stage();
const story = new Story(stage);
const log = (p) => p.getByRole("log", { name: "Messages in Otter Trails" });
const figures = {};

const shown = (p, text) =>
  log(p).getByRole("article").filter({ hasText: text }).first();
const frame = (p) => p.evaluate(() => globalThis.probe.frame());
const settled = (p) => p.evaluate(() => globalThis.probe.settled());
const offEnd = (p) => p.evaluate(() => globalThis.probe.offEnd());

async function main() {
  let service, mara, p;
  await story.step(
    `a room of ${many} messages, without a service`,
    async () => {
      service = await stage.service();
      stage.two(service.url);
      stage.verb("mara", ["sync"]);
      await service.stop();
      const began = Date.now();
      lengthen(stage, many);
      figures["made in s"] = (Date.now() - began) / 1000;
      mara = await stage.desktop("mara");
      p = story.where = mara.page;
    },
  );

  await story.step("it opens at its end", async () => {
    await p.evaluate(probe);
    const began = Date.now();
    await p.getByText("Otter Trails").first().waitFor();
    await p.evaluate(() => document.querySelector("button.room")?.click());
    await shown(p, `No. ${many}:`).waitFor();
    figures["opened in ms"] = Date.now() - began;
    await settled(p);
    figures["off the end when opened, px"] = await offEnd(p);
    assert.ok(figures["off the end when opened, px"] <= 1);
  });

  await story.step("nothing moves while messages come and go", async () => {
    // At the end: what comes is in view, and the end stays where it is.
    await p.getByLabel("Message Otter Trails").fill("Sent from the end");
    await p.keyboard.press("Enter");
    await shown(p, "Sent from the end").waitFor();
    await settled(p);
    figures["off the end after a message, px"] = await offEnd(p);
    assert.ok(figures["off the end after a message, px"] <= 1);
    // Reading above: a message of one's own sent by another hand moves nothing.
    await p.mouse.move(760, 400);
    for (let i = 0; i < 12; i++) {
      await p.mouse.wheel(0, -500);
      await frame(p);
    }
    await settled(p);
    const tracked = await p.evaluate(() => globalThis.probe.first());
    stage.said("mara", [
      "send",
      "--room",
      "Otter Trails",
      "Sent by another hand",
    ]);
    await p
      .locator("button.room", { hasText: "Sent by another hand" })
      .waitFor();
    await settled(p);
    const now = await p.evaluate((k) => globalThis.probe.where(k), tracked.key);
    figures["drift, append while reading, px"] = Math.abs(now - tracked.at);
    // Older ones before the first row: as one scrolls up to them.
    figures["drift, prepend, px"] = await p.evaluate(() =>
      globalThis.probe.prepend(),
    );
    for (const what of ["append while reading", "prepend"])
      assert.ok(figures[`drift, ${what}, px`] <= 1, what);
  });

  await story.step("the window changes its size while one reads", async () => {
    await settled(p);
    let worst = 0;
    for (const [width, height] of [
      [1000, 800],
      [1280, 640],
      [900, 700],
      [1280, 800],
    ]) {
      const row = await p.evaluate(() => globalThis.probe.edge());
      await p.setViewportSize({ width, height });
      await settled(p);
      const now = await p.evaluate((k) => globalThis.probe.where(k), row.key);
      worst = Math.max(worst, now === undefined ? 1e9 : Math.abs(now - row.at));
    }
    figures["drift, resize, px"] = worst;
    assert.ok(worst <= 1, `${worst} px`);
  });

  await story.step(
    "a slow scroll of 240 frames, and a fling of 120",
    async () => {
      const run = (what, ...args) => p.evaluate(what, ...args);
      const { up, down } = await flung(run, figures);
      const slow = figures["drift, 240 frames of slow scroll up, px"];
      assert.ok(slow <= 1, `${slow} px`);
      assert.equal(up.blank + down.blank, 0, "blank frames");
      assert.ok(figures["most rows drawn"] <= 1000);
    },
  );

  await story.step("to any message, day and the end in one step", async () => {
    const half = Math.floor(many / 2);
    const room = new URL(p.url()).hash.split("/")[2];
    const id = `long-${String(half).padStart(6, "0")}`;
    const began = Date.now();
    await p.evaluate((to) => (location.hash = to), `#/room/${room}/at/${id}`);
    await shown(p, `No. ${half}:`).waitFor();
    figures["jump to the middle, ms"] = Date.now() - began;
    await settled(p);
    figures["jump to the middle, px off"] = await p.evaluate(
      async (key) => Math.abs(globalThis.probe.where(key) - 80),
      id,
    );
    assert.ok(figures["jump to the middle, px off"] <= 1);
    await becomes(
      () =>
        p.evaluate(
          () =>
            document.activeElement?.closest("article")?.closest(".row")?.dataset
              .key,
        ),
      id,
      "the focus is on the message that was gone to",
    );
    await stage.look(p, "90-middle");
    const days = log(p).getByRole("button", { name: /Go to another day/ });
    await p.mouse.move(760, 400);
    await until("the beginning of a day", async () => {
      await p.mouse.wheel(0, -400);
      await frame(p);
      return (await days.count()) > 0;
    });
    await settled(p);
    await days.first().click();
    await stage.look(p, "91-days");
    await p.getByRole("menuitem", { name: "The beginning" }).click();
    await shown(p, "No. 1:").waitFor();
    await p.keyboard.press("End");
    await shown(p, "Sent by another hand").waitFor();
  });

  await story.step(
    "what is selected and focused lives through a scroll",
    async () => {
      await settled(p);
      const key = await p.evaluate(() => {
        const v = globalThis.probe;
        const row = v
          .rows()
          .filter((r) => r.querySelector("article p"))
          .at(-3);
        const text = row.querySelector("article p").firstChild;
        const range = document.createRange();
        range.setStart(text, 0);
        range.setEnd(text, 4);
        document.getSelection().removeAllRanges();
        document.getSelection().addRange(range);
        return row.dataset.key;
      });
      for (let i = 0; i < 10; i++) {
        await p.mouse.wheel(0, -700);
        await frame(p);
      }
      const kept = await p.evaluate((k) => {
        const v = globalThis.probe;
        return {
          there: v.rows().some((r) => r.dataset.key === k),
          selected: String(document.getSelection()).length,
        };
      }, key);
      assert.deepEqual(kept, { there: true, selected: 4 });
    },
  );

  await story.step("the page keeps little", async () => {
    for (let i = 0; i < 30; i++) {
      await p.mouse.wheel(0, -4000);
      await frame(p);
    }
    const session = await p.context().newCDPSession(p);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    figures["JS heap, MB"] = Math.round(usedSize / 1e5) / 10;
    figures["nodes"] = await p.evaluate(
      () => document.querySelectorAll("*").length,
    );
    assert.ok(figures["JS heap, MB"] < 60);
    await stage.look(p, "92-far-up");
  });
  for (const [what, figure] of Object.entries(figures))
    console.log(`  ${what}: ${Math.round(figure * 100) / 100}`);
}

await story.run(main);
