// Contact details before a contract (P-01 to P-18): what a client writes while the offer is open is held back until a reason is named, which
// the freelancer reads; the service refuses a program that does not ask; with the contract all of it is free. Among people without a contract
// the reader of a request has a polite answer at hand, and an administrator's mark frees a Business client.
//
//   node tests/contact.mjs
import assert from "node:assert/strict";

import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, focused, reads } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);

const room = "Otter Trails";
const mail = "Write to mara@studio.design, please";
const box = (p, name = room) =>
  p.getByLabel(`Message ${name}`, { exact: true });
const log = (p, name = room) =>
  p.getByRole("log", { name: `Messages in ${name}` });
const said = (p, text, name = room) =>
  log(p, name).getByRole("article").filter({ hasText: text }).first();
const choice = (p) => p.getByRole("region", { name: "Not sent yet" });
const reason = (p, name) =>
  p
    .getByRole("group", { name: "Reasons" })
    .getByRole("button", { name, exact: true });
const open = async (p, name) => {
  await p
    .getByRole("complementary", { name: "Sidebar" })
    .locator("button.row")
    .filter({ hasText: name })
    .first()
    .click();
  await box(p, name).waitFor();
};
/** marked is what the box underlines. */
const marked = (p) => p.locator(".composer .contact").allTextContents();
/** refused sends by the command line, and answers what it says when that does not go. */
const refused = (data, ...args) => {
  try {
    stage.verb(data, ["send", ...args]);
  } catch (e) {
    return `${e.stderr ?? ""}${e.stdout ?? ""}${e.message}`;
  }
  return "";
};

async function main() {
  const service = await stage.service();
  let link;
  const desks = {};

  await story.step("an offer of Mara's waits for its answer", async () => {
    stage.join("mara", "Mara Quill", service.url);
    stage.join("esme", "Esme Winter", service.url);
    // prettier-ignore
    const offer = stage.verb("mara", ["contract", "create", "--title", room, "--rate", "52", "--shots", "none"]);
    link = offer.link;
    stage.verb("mara", ["sync"]);
    desks.mara = await stage.desktop("mara");
    story.where = desks.mara.page;
    await open(desks.mara.page, room);
  });
  const mara = desks.mara.page;

  await story.step(
    "P-04: an e-mail address is underlined and explained as it is typed",
    async () => {
      await box(mara).pressSequentially(mail);
      const line = mara.getByText("Found: an e-mail address.", {
        exact: false,
      });
      await line.waitFor();
      // It is looked at while one types: a part of it is an address, too.
      await becomes(() => marked(mara), ["mara@studio.design"]);
      await stage.look(mara, "180-found");
      await box(mara).fill("Order 0151 23456789 costs $1,500.00, see v10.15.7");
      await line.waitFor({ state: "detached" });
      await becomes(() => marked(mara), []);
    },
  );

  await story.step(
    "P-01: sending shows the choice in place, and Edit goes back",
    async () => {
      await box(mara).fill(mail);
      await mara.keyboard.press("Enter"); // before it was looked at
      await choice(mara).waitFor();
      await stage.look(mara, "181-choice");
      assert.equal(await log(mara).getByRole("article").count(), 0);
      await mara.keyboard.press("Escape");
      await choice(mara).waitFor({ state: "detached" });
      await becomes(() => box(mara).inputValue(), mail);
      await focused(box(mara));
    },
  );

  await story.step("P-08: a reason is named, and stands under it", async () => {
    await mara.keyboard.press("Enter");
    await choice(mara).waitFor();
    await reason(mara, "Legal papers").click();
    await said(mara, mail).waitFor();
    await mara.getByText("Contact details, sent as legal papers").waitFor();
    await choice(mara).waitFor({ state: "detached" });
  });

  await story.step(
    "P-06: without the service it is held back as well",
    async () => {
      await service.stop();
      await box(mara).fill("Call +49 151 23456789");
      await mara.keyboard.press("Enter");
      await choice(mara).waitFor();
      await mara
        .getByText("Found: a phone number.", { exact: false })
        .waitFor();
      await mara.keyboard.press("Escape");
      await box(mara).fill("");
      await service.start();
    },
  );

  await story.step("P-14: a password asks whether it is meant", async () => {
    const secret = "password: hunter2!";
    await box(mara).fill(secret);
    await mara.getByText("This looks like a password").waitFor();
    await mara.keyboard.press("Enter");
    const sure = mara.getByRole("button", { name: "Send it all the same" });
    await sure.waitFor();
    await stage.look(mara, "182-secret");
    await sure.click();
    await said(mara, secret).waitFor();
  });

  await story.step("P-13: a link for appointments asks just that", async () => {
    const words = "Book at https://calendly.com/mara/30min";
    await box(mara).fill(words);
    await mara.keyboard.press("Enter");
    await mara.getByRole("button", { name: "Yes, it works without" }).click();
    await log(mara)
      .getByRole("article")
      .filter({ hasText: "calendly.com" })
      .waitFor();
  });

  await story.step(
    "P-12: a document that cannot be read is worth a word, once",
    async () => {
      const attach = (name) =>
        mara
          .locator("input[type=file]")
          .first()
          .setInputFiles({
            name,
            mimeType: "application/pdf",
            buffer: Buffer.from("%PDF-1.4\n%%EOF\n"),
          });
      const word = mara.getByText("This kind of file is not looked into", {
        exact: false,
      });
      await attach("cv.pdf");
      await word.waitFor();
      await stage.look(mara, "183-document");
      await mara.getByRole("button", { name: "Understood" }).click();
      await word.waitFor({ state: "detached" });
      await box(mara).press("Enter");
      await log(mara).getByText("cv.pdf").first().waitFor();
    },
  );

  await story.step(
    "P-01: an offer that holds details asks for a reason as well",
    async () => {
      await mara
        .getByRole("button", { name: "New message, room or contract" })
        .click();
      await mara
        .getByRole("menuitem", { name: "New contract", exact: false })
        .click();
      const form = mara.getByRole("dialog", { name: "New contract" });
      await form.getByLabel("Title").fill("Harbour Map");
      await form.getByRole("textbox", { name: "What it is about" }).fill(mail);
      await form.getByLabel("Rate", { exact: false }).first().fill("40");
      await form.getByRole("radio", { name: "None" }).check();
      await mara.keyboard.press("Enter");
      await form.getByRole("button", { name: /offer/i }).last().click();
      await reason(mara, "Access for scoping").waitFor();
      await stage.look(mara, "184-offer");
      await reason(mara, "Access for scoping").click();
      await mara
        .getByRole("dialog")
        .getByRole("button", { name: "Done" })
        .click();
    },
  );

  await story.step(
    "P-04, P-06: Esme accepts, reads the reason, and writes freely",
    async () => {
      stage.verb("esme", ["contract", "accept", link]);
      stage.verb("esme", ["sync"]);
      desks.esme = await stage.desktop("esme");
      const p = (story.where = desks.esme.page);
      await open(p, room);
      await said(p, mail).waitFor();
      await p.getByText("Contact details, sent as legal papers").waitFor();
      const words = "Mine is esme@winter.studio, or +49 151 23456789";
      await box(p).fill(words);
      await p.keyboard.press("Enter");
      await said(p, words).waitFor();
      assert.equal(await choice(p).count(), 0);
      await stage.look(p, "185-free");
      await open(mara, room); // her new offer's room is open
      await said(mara, words).waitFor();
    },
  );

  await story.step(
    "P-01, P-17, P-18: among people without a contract",
    async () => {
      stage.join("noor", "Noor Said", service.url);
      stage.contract("Rigging", ["mara", service.url], ["noor", service.url]);
      stage.verb("mara", ["sync"]);
      // prettier-ignore
      stage.verb("mara", ["rooms", "new", "All of us", "--with", "Esme Winter", "--with", "Noor Said"]);
      for (const who of ["mara", "noor"]) stage.verb(who, ["sync"]);
      const ask = "What is your phone number, Esme?";
      assert.match(
        refused("noor", "--room", "All of us", ask),
        /contact details/,
      );
      // prettier-ignore
      stage.verb("noor", ["send", "--room", "All of us", "--reason", "not_contact", ask]);
      // prettier-ignore
      stage.verb("noor", ["send", "--room", "All of us", "Can you pay me upfront?"]);
      stage.verb("noor", ["sync"]);
      const p = (story.where = desks.esme.page);
      await open(p, "All of us");
      // Both stand at their message, and the second is part of what is read aloud.
      await log(p, "All of us")
        .getByText("Asks for contact details before a contract")
        .waitFor();
      await log(p, "All of us")
        .getByRole("article", { name: /Payment before a contract/ })
        .waitFor();
      await stage.look(p, "186-hints");
      const looked = p.waitForResponse(
        (r) =>
          r.url().endsWith("/Contact.Look") &&
          r.request().postData().includes("once a contract"),
      );
      await p.getByRole("button", { name: "Answer politely" }).click();
      await reads(
        () => box(p, "All of us").inputValue(),
        /once a contract has started/,
      );
      await looked;
      await calm(p);
      assert.deepEqual(await marked(p), [], "the answer itself asks nothing");
      await p.keyboard.press("Enter");
      await log(p, "All of us")
        .getByText("I keep to the rules here", { exact: false })
        .waitFor();
    },
  );

  if (!process.env.TRESTLE_SERVICE)
    await story.step(
      "P-15, P-16: a Business client is marked, and free with everybody",
      async () => {
        const p = (story.where = desks.esme.page);
        await service.stop();
        stage.verb("service", ["admin", "business", stage.mails.noor]);
        await service.start();
        await p
          .getByRole("img", { name: "Noor Said is a Business client" })
          .first()
          .waitFor();
        await box(p, "All of us").fill("Write to esme@winter.studio");
        await p.keyboard.press("Enter");
        await said(p, "Write to esme@winter.studio", "All of us").waitFor();
        await stage.look(p, "187-business");
      },
    );
}

await story.run(main);
