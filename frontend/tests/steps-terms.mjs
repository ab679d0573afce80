// A step of the diary's journey: the client changes terms, pauses and resumes, and the freelancer sees who did what (W-24, W-29, W-35).
import { meet } from "./steps-diary.mjs";

/** terms is told on the pages of both sides. */
export async function terms(stage, story, { esme, mara, contract }) {
  const details = async (p, tab) => {
    story.where = p;
    await p.bringToFront();
    await p.evaluate(
      (to) => (location.hash = to),
      `#/contract/${contract}/${tab}`,
    );
    await p.getByRole("tab", { name: "Details" }).waitFor();
  };
  const menu = async (p, entry) => {
    await p.getByRole("button", { name: "More of this contract" }).click();
    await p.getByRole("menuitem", { name: entry }).click();
  };
  const region = (p, name) => p.getByRole("region", { name });

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
