// Steps of the diary's journey: the client changes terms, pauses, resumes and ends, and the freelancer sees who did what and answers (W-23,
// W-24, W-29, W-35).
import { meet } from "./steps-diary.mjs";

/** show goes to a tab of a contract. */
async function show(story, p, contract, tab) {
  story.where = p;
  await p.bringToFront();
  await p.evaluate(
    (to) => (location.hash = to),
    `#/contract/${contract}/${tab}`,
  );
  await p.getByRole("tab", { name: "Details" }).waitFor();
}
const menu = async (p, entry) => {
  await p.getByRole("button", { name: "More of this contract" }).click();
  await p.getByRole("menuitem", { name: entry }).click();
};
const region = (p, name) => p.getByRole("region", { name });

/** lower is a lower rate that the client asks for and the freelancer agrees to. */
export async function lower(stage, story, { esme, mara, contract }) {
  await story.step(
    "W-23: a lower rate is asked for, and agreed to",
    async () => {
      const m = mara.page;
      await show(story, m, contract, "details");
      await region(m, "Terms")
        .getByRole("button", { name: /Raise rate/ })
        .click();
      const asked = m.getByRole("dialog", { name: "Change rate" });
      await asked.getByLabel(/^New rate/).fill("45.50");
      await asked.getByRole("button", { name: "Save" }).click();
      await region(m, "Terms")
        .getByText(/^Esme Winter is asked for a lower rate: €45\.50/)
        .waitFor();
      await stage.look(m, "diary-19-asked");
      meet(stage, "mara", "esme");
      const e = esme.page;
      await show(story, e, contract, "overview");
      await e.getByText(/^Mara Quill asks for a lower rate/).waitFor();
      await stage.look(e, "diary-20-question");
      await e.getByRole("button", { name: "Look at it" }).click();
      await region(e, "Terms").getByRole("button", { name: "Agree" }).click();
      await region(e, "Terms")
        .getByText(/€45\.50 \/ h from Mon/)
        .waitFor();
      meet(stage, "esme", "mara");
      await show(story, m, contract, "details");
      await region(m, "Recent activity")
        .getByText("Esme Winter lowered the rate from €52.00 / h to €45.50 / h")
        .waitFor();
    },
  );
}

/** ended is the end of the contract, said with its reason on both sides. */
export async function ended(stage, story, { esme, mara, contract }) {
  await story.step("W-35: ended, with the reason on both sides", async () => {
    const m = mara.page;
    await show(story, m, contract, "overview");
    await menu(m, "End contract…");
    const asked = m.getByRole("dialog");
    await asked.getByRole("radio", { name: "The work is done" }).click();
    await asked.getByLabel("What else is to be said").fill("Thank you!");
    await asked.getByRole("button", { name: "End the contract" }).click();
    await m.getByText(/You: The work is done\. Thank you!/).waitFor();
    meet(stage, "mara", "esme");
    const e = esme.page;
    await show(story, e, contract, "overview");
    await e.getByText(/Mara Quill: The work is done\. Thank you!/).waitFor();
    // What cannot be started is not asked for.
    await e
      .getByText("Choose an activity, write")
      .waitFor({ state: "detached" });
    await stage.look(e, "diary-21-ended");
  });
}

/** terms is told on the pages of both sides. */
export async function terms(stage, story, { esme, mara, contract }) {
  const details = (p, tab) => show(story, p, contract, tab);

  await story.step("W-24, W-29: a limit is changed, and told", async () => {
    const m = mara.page;
    await details(m, "details");
    await region(m, "Terms")
      .getByRole("button", { name: "Adjust weekly limit" })
      .click();
    const asked = m.getByRole("dialog", { name: "Change weekly limit" });
    await asked.getByLabel("Hours a week").fill("none");
    await asked.getByRole("button", { name: "Save" }).click();
    await asked.getByText(/Hours up to 168/).waitFor();
    await asked.getByLabel("Hours a week").fill("50");
    await asked.getByRole("button", { name: "Save" }).click();
    await asked.waitFor({ state: "detached" });
    await region(m, "Terms").getByText("50 h").waitFor();
    await region(m, "Terms")
      .getByRole("switch", { name: "Ask for an activity" })
      .click();
    await m.getByText("Activity at the start: needed.").waitFor();
    await stage.look(m, "diary-16-terms");
    meet(stage, "mara", "esme");
    const e = esme.page;
    await details(e, "details");
    await region(e, "Recent activity")
      .getByText(/Mara Quill changed weekly limit from 40 h to 50 h/)
      .waitFor();
    await stage.look(e, "diary-17-turns");
  });

  await story.step(
    "W-35: paused, nothing starts; resumed, it can",
    async () => {
      const m = mara.page;
      await details(m, "overview");
      await menu(m, "Pause");
      await m.getByText(/^Paused since/).waitFor();
      await stage.look(m, "diary-18-paused");
      meet(stage, "mara", "esme");
      const e = esme.page;
      await details(e, "overview");
      await e.getByText(/^Paused since/).waitFor();
      await e
        .getByRole("button", { name: "Start the tracker" })
        .waitFor({ state: "detached" });
      story.where = m;
      await m.bringToFront();
      await menu(m, "Resume");
      await m.getByText(/^Paused since/).waitFor({ state: "detached" });
      meet(stage, "mara", "esme");
      story.where = e;
      await e.bringToFront();
      await e.getByRole("button", { name: "Start the tracker" }).waitFor();
    },
  );
}
