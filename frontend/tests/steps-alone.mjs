// Steps of the diary's journey that need one person: the example's day with its ranges, memos, activities and deletions, time by hand, the
// week, and a small window (T-02, T-04, T-05, T-08, T-14, T-17, W-17).
import assert from "node:assert/strict";

import { cell, cells, dialog, inspector, open } from "./steps-diary.mjs";
import { fullDay } from "./steps-fullday.mjs";
import { becomes, calm } from "./wait.mjs";

/** The newest day of the example's diary whose week is not fixed yet. */
const day = (() => {
  const at = new Date();
  const back = [2, at.getUTCHours() < 12 ? 3 : 0, 1, 1, 1, 1, 1][
    at.getUTCDay()
  ];
  at.setUTCDate(at.getUTCDate() - back);
  return at.toISOString().slice(0, 10);
})();

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

/** alone is told on one desktop; with measure, how long a day with 144 screenshots takes to open is printed. */
export async function alone(stage, story, { measure, call }) {
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

  if (measure) {
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

      await calm(p);
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
      await p.getByRole("option", { name: "No activity" }).click();
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
    await dialog(p).waitFor({ state: "detached" });
    await calm(p);
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
    await becomes(
      () => labels(p),
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
    await dialog(p)
      .getByRole("button", { name: /^Add/, disabled: true })
      .waitFor();
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
      await p.locator("[data-at]").first().click();
      await dialog(p)
        .getByText(/^\d+ segments?, activity \d+%$/)
        .waitFor();
      await stage.look(p, "diary-09-behind");
      await p.keyboard.press("Escape");
      const bare = p.getByRole("rowheader", { name: /^No activity/ });
      await bare.getByRole("button", { name: "Add" }).click();
      await dialog(p)
        .getByText(/^0:20 without an activity$/)
        .waitFor();
      await dialog(p)
        .getByLabel(/^Activity/)
        .click();
      await p.getByRole("option", { name: "Review", exact: true }).click();
      await dialog(p).getByRole("button", { name: "Save" }).click();
      await p.getByText("Activity changed for 2 segments").waitFor();
      await bare.waitFor({ state: "detached" });
      await p.getByRole("radio", { name: "Day" }).click();
      await p.setViewportSize({ width: 720, height: 480 });
      await cell(p, 1).click();
      await inspector(p).waitFor();
      await stage.look(p, "diary-10-small");
      // What is far below is drawn when it comes near.
      await cells(p).last().scrollIntoViewIfNeeded();
      await cells(p).last().locator("img").waitFor();
      await p.keyboard.press("Escape");
      await cell(p, 0).click();
      await p.keyboard.press("Shift+ArrowRight");
      await bar(p).waitFor();
      await stage.look(p, "diary-11-small-range");
    },
  );
  await stage.kill(d.child);
}
