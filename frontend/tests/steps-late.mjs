// Steps of the reports' journey that need a week that is over (T-16, W-38): time that comes after its freeze is approved, the week is disputed
// and settled, and the reports of both sides come to the bill. The service is the tests' own program, whose clock can stand behind: at first
// nine days, so that the tracker, which follows it, records a week that is over once the clock is right.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { held, tracked } from "./hands.mjs";
import { dialog, meet } from "./steps-diary.mjs";

const day = 86_400;

/** settled is told by two desktops; call asks the program behind a page. */
export async function settled(stage, story, call) {
  let service, esme, mara, contract, monday;
  const week = (p) => p.getByRole("complementary", { name: "Week" });
  const show = async (p, to) => {
    story.where = p;
    await p.bringToFront();
    await p.evaluate((to) => (location.hash = to), to);
  };
  const behind = (seconds) =>
    (stage.env.TRESTLE_DEV_BEHIND = String(Math.max(0, seconds)));

  await story.step("T-16: late time waits for the client", async () => {
    stage.hurried("service");
    behind(9 * day + 3 * 3600);
    service = await stage.service();
    stage.join("mara", "Mara Quill", service.url);
    stage.join("esme", "Esme Winter", service.url);
    // prettier-ignore
    const offer = stage.verb("mara", ["contract", "create", "--title", "Otter Trails", "--rate", "3600", "--shots", "none", "--manual"]);
    stage.verb("mara", ["sync"]);
    stage.verb("esme", ["contract", "accept", offer.link]);
    meet(stage, "esme", "mara");
    await service.stop();
    behind(9 * day);
    await service.start();
    esme = await stage.desktop("esme");
    const e = (story.where = esme.page);
    stage.verb("esme", ["sync"]);
    contract = (await call(e, "Contracts.List", null)).contracts[0].id;
    const then =
      Math.floor((Date.now() - (9 * day + 7200) * 1000) / 600_000) * 600_000;
    const on = new Date(then);
    on.setUTCDate(on.getUTCDate() - ((on.getUTCDay() + 6) % 7));
    monday = on.toISOString().slice(0, 10);
    // prettier-ignore
    await call(e, "Diary.AddManual", { contract, from: then, to: then + 1_200_000, memo: "in time", activity: "", fill: false });
    stage.verb("esme", ["sync"]);
    await service.stop();
    // prettier-ignore
    stage.verb("esme", ["track", "start", "--contract", "Otter Trails", "--memo", "on a train without a way"]);
    await tracked(stage, "esme", 3);
    stage.verb("esme", ["track", "stop"]);
    behind(0);
    await service.start();
    meet(stage, "esme");
    await show(e, `#/diary/${contract}/week/${monday}`);
    await week(e)
      .getByText(/not billed unless the client approves it/)
      .waitFor();
    await stage.look(e, "reports-13-late");
    mara = await stage.desktop("mara");
    stage.verb("mara", ["sync"]);
    const m = mara.page;
    // The first screen opens a room by itself: it must not come after the place asked for.
    await m.getByRole("heading", { name: "Otter Trails" }).first().waitFor();
    await show(m, `#/diary/${contract}/week/${monday}`);
    const approve = week(m).getByRole("button", {
      name: /^Approve \d+ s \(€\d+\.00\)$/,
    });
    await approve.waitFor();
    const there = () => approve.evaluate((b) => b === document.activeElement);
    for (let i = 0; i < 150 && !(await there()); i++)
      await m.keyboard.press("Tab");
    assert.ok(await there(), "Tab leads to it");
    await m.keyboard.press("Enter");
    await m.getByText(/ s approved as an adjustment\.$/).waitFor();
    await week(m)
      .getByText(/Late time approved, \d+ s/)
      .waitFor();
    await stage.look(m, "reports-14-approved");
  });

  await story.step("W-38: a week is disputed, and settled", async () => {
    const m = mara.page;
    const e = esme.page;
    await m.getByRole("button", { name: "More", exact: true }).click();
    await m.getByRole("menuitem", { name: "Dispute this week…" }).click();
    await dialog(m)
      .getByLabel("What is wrong")
      .fill("Ten minutes of it were a <b>break</b>.");
    await dialog(m).getByRole("button", { name: "Dispute" }).click();
    await week(m)
      .getByText(/^You dispute this week$/)
      .waitFor();
    meet(stage, "mara", "esme");
    await show(e, `#/diary/${contract}/week/${monday}`);
    await week(e)
      .getByText(/^Mara Quill disputes this week$/)
      .waitFor();
    // By the keys alone: an answer, the form, the settlement.
    await e.bringToFront();
    const box = week(e).getByLabel("Answer");
    await box.focus();
    await e.keyboard.type("It was nine.");
    await week(e).getByRole("button", { name: "Send" }).press("Enter");
    await week(e).getByText("It was nine.", { exact: true }).waitFor();
    await held(e, "an answer");
    await week(e)
      .getByRole("button", { name: /^Offer a settlement/ })
      .press("Enter");
    await dialog(e).getByLabel("Amount in EUR").waitFor();
    await e.keyboard.type("-600");
    await e.keyboard.press("Tab");
    await e.keyboard.type("the break");
    await dialog(e).getByRole("button", { name: "Offer" }).press("Enter");
    await week(e)
      .getByText(/^You offer -€600\.00$/)
      .waitFor();
    await held(e, "an offer");
    meet(stage, "esme", "mara");
    await show(m, `#/diary/${contract}/week/${monday}`);
    await week(m)
      .getByText(/^Esme Winter offers -€600\.00$/)
      .waitFor();
    await stage.look(m, "reports-15-offered");
    await m.bringToFront();
    await week(m).getByRole("button", { name: "Accept" }).press("Enter");
    await week(m)
      .getByText(/^You disputed this week$/)
      .waitFor();
    await held(m, "accepting");
    meet(stage, "mara", "esme");
    await show(e, `#/diary/${contract}/week/${monday}`);
    await week(e)
      .getByText(/^You offered -€600\.00$/)
      .waitFor();
    await stage.look(e, "reports-16-settled");
  });

  await story.step("A-15: reports and files come to the bill", async () => {
    const { bill } = await call(mara.page, "Reports.Time", {
      // prettier-ignore
      ...{ from: monday, to: new Date().toISOString().slice(0, 10), zone: "UTC", group: [] },
      // prettier-ignore
      ...{ clients: [], contracts: [], people: [], activities: [], kinds: [] },
    });
    const late = bill[0].amount - 120_000 + 60_000;
    assert.ok(late >= 200 && late <= 2000, `late time is worth ${late}`);
    const amount = `€${(bill[0].amount / 100).toFixed(2)}`;
    for (const p of [mara.page, esme.page]) {
      await show(p, "#/reports");
      const table = p.getByRole("table", { name: "Adjustments" });
      await table.getByText("the break").waitFor();
      await table.locator("tfoot").getByText(amount).waitFor();
      await p.getByText(`${amount} with adjustments`).waitFor();
      await p.evaluate(() => {
        window.print = () =>
          (window.printed =
            document.querySelector(".print-sheet")?.textContent);
      });
      await p.getByRole("button", { name: "Print" }).click();
      await p.waitForFunction(() => window.printed);
      const sheet = await p.evaluate(() => window.printed);
      for (const part of [
        "Activity report",
        "Esme Winter",
        "the break",
        amount,
      ])
        assert.ok(sheet.includes(part), `the sheet has no ${part}: ${sheet}`);
    }
    const e = esme.page;
    await e.getByRole("button", { name: "Export", exact: true }).click();
    const [file] = await Promise.all([
      e.waitForEvent("download"),
      e.getByRole("menuitem", { name: "CSV, all columns" }).click(),
    ]);
    const lines = readFileSync(await file.path(), "utf8")
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
    const at = lines[0].indexOf("Amount");
    const sum = lines
      .slice(1)
      .reduce((n, line) => n + Math.round(Number(line[at]) * 100), 0);
    assert.equal(sum, bill[0].amount, "the file comes to the bill");
    await stage.look(e, "reports-17-adjusted");
    await e
      .getByRole("table", { name: "Adjustments" })
      .getByRole("button")
      .first()
      .click();
    await week(e).waitFor();
  });
  await stage.kill(esme.child);
  await stage.kill(mara.child);
  await esme.page.context().close();
  await mara.page.context().close();
  await service.stop();
}
