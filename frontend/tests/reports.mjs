// Reports: the example's fortnight as one freelancer, one activity and everyone, with filters, zones, saved reports and exports;
// then a client who keeps the list of codes, offline too, and a freelancer who picks from it.
//
//   node tests/reports.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { faults } from "./fits.mjs";
import { call, held } from "./hands.mjs";
import { Stage } from "./stage.mjs";
import { settled } from "./steps-late.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, until } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const stage = new Stage();
const story = new Story(stage);

const rail = (p, name) =>
  p
    .getByRole("navigation", { name: "Main" })
    .getByRole("button", { name, exact: true })
    .click();
const table = (p, name = "Activity report") => p.getByRole("table", { name });
const foot = (p) => table(p).locator("tfoot tr").first();

/** seconds of "12:05" */
const minutes = (text) => {
  const [h, m] = text.split(":").map(Number);
  return h * 60 + m;
};
/** The total of hours in the foot of the table: the third cell from the end. */
async function total(p) {
  const cells = await foot(p).locator("td").allTextContents();
  return (cells.at(-3) ?? "").trim();
}
async function use(p, name) {
  await p.getByRole("radio", { name, exact: true }).click();
  await table(p).waitFor();
}
async function fortnight() {
  const d = await stage.desktop("example");
  const p = (story.where = d.page);
  let all;

  await story.step("A-13: everyone, with the chart beside it", async () => {
    await p.getByRole("radio", { name: "Example" }).click();
    await p.getByRole("button", { name: "Look around" }).click();
    await p.getByText("Otter Trails app").first().waitFor();
    await rail(p, "Reports");
    await table(p).waitFor();
    await p.getByRole("figure", { name: /^Hours by/ }).waitFor();
    await calm(p);
    all = await total(p);
    assert.ok(minutes(all) > 300, `a fortnight of work, not ${all}`);
    const cells = await foot(p).locator("td").allTextContents();
    const sum = cells
      .slice(0, -3)
      .reduce((n, c) => n + (c.trim() === "–" ? 0 : minutes(c)), 0);
    assert.equal(sum, minutes(all), "columns add up");
    await stage.look(p, "reports-0-everyone");
    await p.getByRole("button", { name: "Swap rows and columns" }).click();
    await becomes(() => total(p), all);
    await stage.look(p, "reports-1-swapped");
    await p.getByRole("button", { name: "Swap rows and columns" }).click();
  });

  await story.step(
    "A-11, A-12: the other two uses come to the same",
    async () => {
      await use(p, "One freelancer");
      await becomes(() => total(p), all);
      await stage.look(p, "reports-2-freelancer");
      await use(p, "One activity");
      await until(
        "one activity is less",
        async () => minutes(await total(p)) < minutes(all),
      );
      await stage.look(p, "reports-3-activity");
      await use(p, "Everyone");
      await becomes(() => total(p), all);
    },
  );

  await story.step(
    "A-14: zones move days, not the sum; memos behind a row",
    async () => {
      await p.getByRole("button", { name: /^Time zone/ }).click();
      await p.getByRole("searchbox", { name: "Find" }).fill("auckland");
      await p.getByRole("button", { name: "Pacific/Auckland" }).click();
      await p
        .getByRole("button", { name: /^Time zone: Pacific\/Auckland/ })
        .waitFor();
      await becomes(() => total(p), all);
      await table(p).locator("tbody").getByRole("button").first().click();
      const dialog = p.getByRole("dialog", { name: /^Memos of/ });
      await dialog.getByRole("listitem").first().waitFor();
      await stage.look(p, "reports-4-memos");
      await dialog.getByRole("button", { name: "Close" }).first().click();
      await dialog.waitFor({ state: "detached" });
    },
  );

  await story.step(
    "A-13: a cell leads to its memos, their stretches, and the diary",
    async () => {
      const cell = table(p).locator("tbody button.cell").first();
      const said = (await cell.getAttribute("aria-label")) ?? "";
      await cell.click();
      const dialog = p.getByRole("dialog", { name: /^Memos of .+, .+/ });
      await dialog.locator("button.memo").first().waitFor();
      const times = await dialog
        .locator("button.memo .num:not(.cost)")
        .allTextContents();
      // Each memo is cut to whole minutes, the cell is not.
      const sum = times.reduce((n, x) => n + minutes(x), 0);
      const whole = minutes(/(\d+:\d\d)/.exec(said)?.[1] ?? "0:00");
      assert.ok(
        sum <= whole && sum > whole - times.length,
        `${sum} of ${whole} min behind ${said}`,
      );
      // A single memo opens by itself.
      if (times.length > 1) await dialog.locator("button.memo").first().click();
      await dialog.locator("button.line").first().waitFor();
      await stage.look(p, "reports-4b-stretches");
      await dialog.locator("button.line").first().click();
      await p.waitForURL(/#\/diary\/[^/]+\/day\/\d{4}-\d\d-\d\d\/\d+$/);
      await p.getByRole("complementary").first().waitFor();
      await p.goBack();
      await table(p).waitFor();
    },
  );

  await story.step(
    "A-14: what holds everything back is said, and let go",
    async () => {
      for (const kind of ["Tracked"])
        await p.getByRole("checkbox", { name: kind }).click();
      await p.getByText("All of it is held back by kinds of time.").waitFor();
      await stage.look(p, "reports-5-empty");
      await p.getByRole("button", { name: "Show all kinds of time" }).click();
      await becomes(() => total(p), all);
    },
  );

  await story.step("A-14: a saved report brings its filters back", async () => {
    await use(p, "One freelancer");
    await p.getByRole("button", { name: "Save this report" }).click();
    await p.getByRole("textbox", { name: "Name" }).fill("Esme by day");
    await p.getByRole("textbox", { name: "Name" }).press("Enter");
    await use(p, "Everyone");
    await p.getByRole("button", { name: "Esme by day", exact: true }).click();
    await until("it is one freelancer", () =>
      p
        .getByRole("radio", { name: "One freelancer" })
        .getAttribute("aria-checked")
        .then((x) => x === "true"),
    );
    await use(p, "Everyone");
  });

  await story.step("A-15: exports are files that hold the same", async () => {
    for (const [name, begins] of [
      ["CSV, all columns", "\ufeffDate,"],
      ["CSV for Toggl Track", "User,Email"],
      ["XLSX workbook", "PK"],
      ["PDF timesheet", "%PDF-"],
      ["JSON", "{"],
    ]) {
      await p.getByRole("button", { name: "Export" }).click();
      const [file] = await Promise.all([
        p.waitForEvent("download"),
        p.getByRole("menuitem", { name }).click(),
      ]);
      const text = readFileSync(await file.path(), "utf8");
      assert.ok(text.startsWith(begins), `${name}: ${text.slice(0, 20)}`);
      if (name === "CSV, all columns") {
        const rows = text.trim().split("\r\n").slice(1);
        assert.ok(rows.length > 10, "a line for each stretch of time");
      }
    }
  });

  await story.step("A-01: budgets", async () => {
    await p
      .getByRole("navigation", { name: "Reports" })
      .getByRole("button", { name: "Budgets" })
      .click();
    await table(p, "Budgets").waitFor();
    await p.getByRole("progressbar").first().waitFor();
    await stage.look(p, "reports-6-budgets");
  });
  await stage.kill(d.child);
  await p.context().close();
}

async function codes() {
  const service = await stage.service();
  const wire = await Wire.open(service.url);
  stage.two(wire.url, service.url);
  stage.contract("Harbour signs", ["mara", wire.url], ["esme", service.url]);
  const mara = await stage.desktop("mara");
  let p = (story.where = mara.page);
  const row = (code) =>
    table(p, "Activity codes").getByRole("row").filter({ hasText: code });
  const add = async (code) => {
    await p.getByRole("button", { name: "New code" }).first().click();
    await p.getByRole("textbox", { name: "Code", exact: true }).fill(code);
    await p.getByRole("button", { name: "Add", exact: true }).click();
  };

  await story.step(
    "A-02: the client makes codes, each once whatever the case",
    async () => {
      await rail(p, "Reports");
      await p
        .getByRole("navigation", { name: "Reports" })
        .getByRole("button", { name: "Budgets" })
        .click();
      await p.getByRole("button", { name: "Manage activity codes" }).click();
      await add("Field work");
      await row("Field work").waitFor();
      await add("FIELD work");
      await p
        .getByRole("alert")
        .getByText("There is already an activity called Field work.")
        .waitFor();
      await stage.look(p, "reports-7-taken");
      await p.getByRole("button", { name: "Cancel" }).click();
      await add("Drawing");
      await row("Drawing").waitFor();
    },
  );

  await story.step("A-01, A-02: both lists fit a narrow window", async () => {
    const wide = p.viewportSize();
    await p.setViewportSize({ width: 390, height: 844 });
    await p.getByRole("button", { name: "New code" }).first().click();
    await becomes(() => faults(p), []);
    const name = await row("Field work").locator("b").boundingBox();
    assert.ok(name.width > name.height, "a name stands in one line");
    await p.getByRole("button", { name: "Cancel" }).click();
    const budgets = table(p, "Budgets");
    await p.goBack();
    await budgets.waitFor();
    await becomes(() => faults(p), []);
    const [w, room] = await budgets.evaluate((e) => [
      e.scrollWidth,
      e.parentElement.clientWidth,
    ]);
    assert.ok(w <= room, `budgets are ${w} px wide in ${room}`);
    await stage.look(p, "reports-7b-narrow");
    await p.getByRole("button", { name: "Manage activity codes" }).click();
    await row("Drawing").waitFor();
    await p.setViewportSize(wide);
  });

  await story.step(
    "A-03: many codes on many contracts, without a connection",
    async () => {
      await wire.cut();
      for (const code of ["Field work", "Drawing"])
        await p.getByRole("checkbox", { name: `Choose ${code}` }).click();
      await p.getByRole("button", { name: "Assign 2 codes" }).click();
      const dialog = p.getByRole("dialog");
      await dialog.getByRole("checkbox", { name: "Otter Trails" }).click();
      await dialog.getByRole("checkbox", { name: "Harbour signs" }).click();
      await dialog.getByRole("button", { name: "Save" }).click();
      await row("Drawing")
        .getByText(/Harbour signs, Otter Trails|Otter Trails, Harbour signs/)
        .waitFor();
      await stage.look(p, "reports-8-codes");
      await wire.mend();
      await until(
        "it is sent",
        () =>
          stage.verb("mara", ["outbox"]).waiting?.length === 0 ||
          stage.said("mara", ["sync"]) !== undefined,
      );
    },
  );

  await story.step(
    "A-04: archived and taken back; its hours stay",
    async () => {
      await p.getByRole("button", { name: "Archive Drawing" }).press("Enter");
      await p.getByRole("region", { name: "1 archived code" }).waitFor();
      await held(p, "archiving");
      await p.getByRole("button", { name: "Undo" }).click();
      await row("Drawing")
        .getByText(/Otter Trails/)
        .waitFor();
      stage.said("mara", ["sync"]);
    },
  );

  await story.step(
    "A-05, A-09: the freelancer picks from them and changes none",
    async () => {
      stage.verb("esme", ["sync"]);
      stage.said("esme", [
        "track",
        "start",
        "--contract",
        "Otter Trails",
        "--activity",
        "Drawing",
        "--memo",
        "first lines",
      ]);
      const esme = await stage.desktop("esme");
      p = story.where = esme.page;
      await rail(p, "Reports");
      await p
        .getByRole("navigation", { name: "Reports" })
        .getByRole("button", { name: "Budgets" })
        .click();
      await table(p, "Budgets").waitFor();
      await calm(p);
      assert.equal(
        await p.getByRole("button", { name: "Manage activity codes" }).count(),
        0,
      );
      await stage.look(p, "reports-9-freelancer");
    },
  );
  await imports(p);
}

/** Time of another program comes into a contract of one's own, and goes out again as the week's timesheet. */
async function imports(p) {
  // prettier-ignore
  const own = stage.verb("esme", ["contract", "create", "--self", "--title", "Own work", "--rate", "52", "--shots", "none", "--manual", "--activity", "Map"]);
  const stamp = (ago) =>
    new Date(Date.now() - ago * 1000).toISOString().slice(0, 19).split("T");
  const line = (project, memo, from, to) =>
    `Esme,${stage.mails.esme},,${project},map,${memo},No,${stamp(from).join(",")},${stamp(to).join(",")},,red\n`;
  const body =
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n" +
    line("Own work", '"coast, north"', 240, 177) +
    line("Elsewhere", "rivers", 170, 120) +
    line("Own work", "long ago", 90 * 86_400, 89 * 86_400 + 85_000) +
    line("Own work", "over the first", 200, 190);
  const dialog = p.getByRole("dialog", { name: "Import time" });
  const choose = async (name) => {
    await p.getByRole("button", { name: "Import time" }).click();
    const [chooser] = await Promise.all([
      p.waitForEvent("filechooser"),
      dialog.getByRole("button", { name: "Choose a file" }).click(),
    ]);
    await chooser.setFiles({
      name,
      mimeType: "text/csv",
      buffer: Buffer.from(body),
    });
  };
  const toast = (text) => p.getByRole("status").getByText(text).first();

  await story.step(
    "T-14: an import says first what becomes of each line",
    async () => {
      await p
        .getByRole("navigation", { name: "Reports" })
        .getByRole("button", { name: "Activity report" })
        .click();
      await choose("toggl.csv");
      await dialog.getByText("Toggl Track export, 4 rows").waitFor();
      await dialog.getByText("Not taken over: Billable, Tags.").waitFor();
      const row = (text) =>
        dialog.getByRole("row").filter({ hasText: text }).first();
      await row("coast, north").getByText("Will be added").waitFor();
      await row("rivers")
        .getByText("No contract of yours is called Elsewhere.")
        .waitFor();
      await row("long ago").getByText("Not taken").waitFor();
      await row("over the first")
        .getByText("This overlaps line 2 of the file.")
        .waitFor();
      await stage.look(p, "reports-10-import");
      await dialog
        .getByRole("combobox", { name: /^Elsewhere becomes/ })
        .click();
      await p.getByRole("option", { name: "Own work" }).click();
      await row("rivers").getByText("Will be added").waitFor();
    },
  );

  await story.step(
    "T-14: it is added, taken back as one, and never added twice",
    async () => {
      await dialog.getByRole("button", { name: "Add 2 rows, 0:01" }).click();
      await toast("2 rows added, 0:01.").waitFor();
      await p.getByRole("button", { name: "Undo", exact: true }).click();
      await toast("0:01 taken back.").waitFor();
      await choose("toggl.csv");
      await dialog.getByRole("button", { name: "Add 1 row, 0:01" }).click();
      await toast("1 row added, 0:01.").waitFor();
      await choose("toggl.csv");
      await dialog
        .getByRole("row")
        .filter({ hasText: "coast, north" })
        .getByText("Already there")
        .waitFor();
      await dialog
        .getByRole("button", { name: "Nothing to add", disabled: true })
        .waitFor();
      await stage.look(p, "reports-11-again");
      await dialog.getByRole("button", { name: "Cancel" }).click();
    },
  );

  await story.step(
    "W-17: the timesheet of the week goes into a file and onto paper",
    async () => {
      await p.evaluate((id) => {
        location.hash = `#/diary/${id}/week`;
        window.print = () =>
          (window.printed =
            document.querySelector(".print-sheet")?.textContent);
      }, own.contract?.id ?? own.id);
      const side = p.getByRole("complementary", { name: "This week" }).first();
      await side.getByRole("button", { name: "Export" }).click();
      const [file] = await Promise.all([
        p.waitForEvent("download"),
        p.getByRole("menuitem", { name: "CSV, days across" }).click(),
      ]);
      const grid = readFileSync(await file.path(), "utf8")
        .trim()
        .split("\r\n");
      assert.match(grid[0], /^Freelancer,Contract,Activity,\d{4}-/);
      assert.match(
        grid[1],
        /^Esme Winter,Own work,Map,.*,00:01:03,63,0\.91,[A-Z]{3}$/,
      );
      await side.getByRole("button", { name: "Print" }).click();
      await p.waitForFunction(() => window.printed);
      const sheet = await p.evaluate(() => window.printed);
      assert.match(sheet, /Timesheet: Own work/);
      assert.match(sheet, /coast, north/);
      await until("the sheet is gone", async () => {
        const left = await p.locator(".print-sheet").count();
        return left === 0;
      });
      await stage.look(p, "reports-12-timesheet");
    },
  );
}

async function main() {
  await fortnight();
  await codes();
  // Another house, in which the same people are new.
  const later = new Stage();
  story.on(later);
  try {
    await settled(later, story, call);
  } finally {
    story.on(stage);
    await later.close();
  }
}

await story.run(main);
