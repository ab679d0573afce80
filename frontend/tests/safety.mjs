// Keeping people apart as three people meet it (P-19 to P-24): a message is reported with a reason, its author blocked, what they write in a group
// folds and opens, what stands between them is read in Settings, and with an active contract the entry says why not.
//
//   node tests/safety.mjs
import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { calm, gone } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const stage = new Stage();
const story = new Story(stage);

const side = (p) => p.getByRole("complementary", { name: "Sidebar" });
const row = (p, name) =>
  side(p).locator("button.row").filter({ hasText: name }).first();
const box = (p, room) => p.getByLabel(`Message ${room}`, { exact: true });
const log = (p, room) => p.getByRole("log", { name: `Messages in ${room}` });
const said = (p, room, text) =>
  log(p, room).getByText(text, { exact: true }).first();
const entry = (p, name) => p.getByRole("menuitem", { name });

async function open(p, name) {
  await row(p, name).click();
  await p.getByRole("heading", { name, level: 1 }).waitFor();
}
async function say(p, room, text) {
  await box(p, room).fill(text);
  await p.keyboard.press("Enter");
  await said(p, room, text).waitFor();
}

async function main() {
  const service = await stage.service();
  const wires = {};
  for (const who of ["mara", "esme", "noor"])
    wires[who] = await Wire.open(service.url);
  let esme, noor;

  await story.step("Three people are in a group room", async () => {
    stage.two(wires.mara.url, wires.esme.url);
    stage.join("noor", "Noor Said", wires.noor.url);
    stage.contract(
      "Harbour Map",
      ["mara", wires.mara.url],
      ["noor", wires.noor.url],
    );
    const mara = (await stage.desktop("mara")).page;
    story.where = mara;
    await row(mara, "Harbour Map").waitFor();
    await mara
      .getByRole("button", { name: "New message, room or contract" })
      .click();
    await entry(mara, "New group room").click();
    await mara.getByLabel("Name", { exact: true }).fill("Website launch");
    for (const name of ["Esme", "Noor"]) {
      await mara
        .getByRole("combobox", { name: "Find a person by name" })
        .fill(name);
      await mara.getByRole("option", { name }).waitFor();
      await mara.keyboard.press("Enter");
    }
    await mara.getByRole("button", { name: "Create room" }).click();
    await mara
      .getByRole("heading", { name: "Website launch", level: 1 })
      .waitFor();
    esme = (await stage.desktop("esme")).page;
    noor = (await stage.desktop("noor")).page;
    await open(noor, "Website launch");
    await say(noor, "Website launch", "Buy me gift cards first");
    await open(esme, "Website launch");
    await said(esme, "Website launch", "Buy me gift cards first").waitFor();
  });

  const direct = (p) =>
    side(p).locator("button.row", {
      has: p.getByText("Noor Said", { exact: true }),
    });
  await story.step(
    "M-21, P-22: the picture beside a message leads to its author, and offers to keep them away",
    async () => {
      const p = (story.where = esme);
      const face = async () => {
        const gift = log(p, "Website launch")
          .getByRole("article")
          .filter({ hasText: "gift cards" });
        await gift.hover();
        await gift
          .getByRole("button", { name: "What to do with Noor Said" })
          .click();
      };
      await face();
      await entry(p, "Report this person").waitFor();
      await entry(p, "Block Noor Said").waitFor();
      await entry(p, "Message").click();
      await p.getByRole("heading", { name: "Noor Said", level: 1 }).waitFor();
      await say(p, "Noor Said", "Is this meant?");
      await row(p, "Website launch").click();
      await log(p, "Website launch").waitFor();
    },
  );

  await story.step(
    "P-19, P-20: a message is reported with a reason, and something else needs a note",
    async () => {
      const p = (story.where = esme);
      await said(p, "Website launch", "Buy me gift cards first").click({
        button: "right",
      });
      await entry(p, "Report…").click();
      const dialog = p.getByRole("dialog", { name: "Report this message" });
      const submit = dialog.getByRole("button", { name: "Submit" });
      await dialog.getByText("Choose a reason.").waitFor();
      await submit.and(p.locator(":disabled")).waitFor();
      await dialog.getByLabel("Something else").check();
      await dialog.getByText("this reason needs a note").waitFor();
      await submit.and(p.locator(":disabled")).waitFor();
      await stage.look(p, "180-report");
      await dialog.getByLabel("Asks me to spend money").check();
      await submit.click();
      await dialog.waitFor({ state: "detached" });
    },
  );

  await story.step(
    "P-22, P-24: after the report the author is blocked, and what they write in the group folds",
    async () => {
      const p = (story.where = esme);
      await p.getByRole("button", { name: "Block Noor Said" }).click();
      await log(p, "Website launch")
        .getByText("A message of Noor Said, whom you blocked")
        .waitFor();
      // What folds is not read aloud either, and who wrote it does not write before my eyes.
      const gift = log(p, "Website launch").getByRole("article", {
        name: /gift cards/,
      });
      await gone(gift);
      await box(noor, "Website launch").pressSequentially("And another");
      await box(noor, "Website launch").press("Enter");
      await log(p, "Website launch")
        .getByText("A message of Noor Said, whom you blocked")
        .nth(1)
        .waitFor();
      await calm(p);
      if ((await p.getByText(/Noor Said is writing/).count()) > 0)
        throw new Error("a blocked person is said to write");
      if ((await p.getByText("And another").count()) > 0)
        throw new Error("the words are somewhere all the same");
      await stage.look(p, "181-folded");
      await log(p, "Website launch")
        .getByRole("button", { name: "Show" })
        .first()
        .click();
      await said(p, "Website launch", "Buy me gift cards first").waitFor();
    },
  );

  await story.step(
    "P-24, M-27: what I write to somebody I blocked would not arrive, and there is no box for it; my own words I can take away",
    async () => {
      const p = (story.where = esme);
      await direct(p).click();
      await p
        .getByText("You blocked Noor Said. Nothing passes between you.")
        .waitFor();
      await gone(box(p, "Noor Said"));
      await said(p, "Noor Said", "Is this meant?").click({ button: "right" });
      await entry(p, "Delete").waitFor();
      await calm(p);
      if ((await entry(p, "Edit").count()) > 0)
        throw new Error("an edit is offered that is refused");
      await stage.look(p, "181-apart");
      await p.keyboard.press("Escape");
      await row(p, "Website launch").click();
      await log(p, "Website launch").waitFor();
    },
  );

  await story.step(
    "P-23: with an active contract the entry says why not",
    async () => {
      const p = (story.where = esme);
      await p.getByRole("button", { name: "Room menu" }).click();
      await entry(p, "People").click();
      await p
        .getByRole("list", { name: "People" })
        .getByText("Member, blocked")
        .waitFor();
      await p
        .getByRole("button", { name: /Mara Quill/ })
        .last()
        .click();
      await p.getByText("An active contract stands between you").waitFor();
      await stage.look(p, "182-why-not");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "P-21, P-22: Settings list whom I blocked and my reports, and unblock",
    async () => {
      const p = (story.where = esme);
      await p.getByRole("button", { name: "Settings" }).first().click();
      await p
        .getByRole("button", { name: "Safety" })
        .or(p.getByRole("link", { name: "Safety" }))
        .or(p.getByRole("tab", { name: "Safety" }))
        .first()
        .click();
      await p.getByText("Not decided yet").waitFor();
      await stage.look(p, "183-safety");
      await p.getByRole("button", { name: "Unblock" }).click();
      await p.getByText("You blocked nobody").waitFor();
    },
  );

  if (!process.env.TRESTLE_SERVICE)
    await story.step(
      "P-21, P-25, U-14: the administrator looks, warns and suspends; what is written then is kept, and goes when the account is let in again",
      async () => {
        const admin = async (...args) => {
          await service.stop("SIGTERM");
          try {
            return stage.said("service", ["admin", ...args]);
          } finally {
            await service.start();
          }
        };
        const p = (story.where = noor);
        const list = (await admin("reports", "list")).trim().split("\n");
        // What the words themselves say stands there as well, and nobody judged it (P-25).
        if (!list.some((line) => /noticed of Noor Said\s+payment/.test(line)))
          throw new Error(`nothing was noticed: ${list.join("\n")}`);
        const [id] = list.find((l) => l.includes(" reports ")).split(/\s+/);
        const looked = await admin("reports", "look", id);
        if (!looked.includes("> ") || !looked.includes("Buy me gift cards"))
          throw new Error(`the reported text is not there: ${looked}`);
        await admin("reports", "warn", id, "Ask nobody for gift cards.");
        await p.getByText(/warns you: Ask nobody for gift cards/).waitFor();
        await p.getByRole("button", { name: "I have read it" }).click();
        await esme.getByText("The person was warned").waitFor();

        await admin("suspend", stage.mails.noor, "It went on.");
        await p.getByText("Your account is suspended: It went on.").waitFor();
        await say(p, "Website launch", "Let me explain");
        await p.getByText("1 change is kept here").waitFor();
        await stage.look(p, "184-suspended");
        await admin("suspend", "--off", stage.mails.noor);
        await p
          .getByText(/account is suspended/)
          .waitFor({ state: "detached" });
        await p.getByText("All changes saved").waitFor();
        await esme.keyboard.press("Control+1");
        await open(esme, "Website launch");
        await said(esme, "Website launch", "Let me explain").waitFor();
      },
    );

  for (const wire of Object.values(wires)) await wire.close();
}

await story.run(main);
