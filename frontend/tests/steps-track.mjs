// Steps of the journey in time: start with an activity and a memo, real keys at a real display, a screenshot with ten seconds to delete it,
// stop, and the client's diary. First with the service gone, then everything arrives.
import assert from "node:assert/strict";

const types = (stage, text) => stage.press("type", "--delay", "20", text);

export async function track(stage, esme, mara, look) {
  let p = look(esme.page);
  await p.getByRole("button", { name: /Open the tracker/ }).click();
  const panel = p.getByRole("region", { name: "Time tracker" });
  await panel.waitFor();
  await stage.look(p, "19-tracker-stopped");

  // Without a memo it says so beside the field.
  await panel.getByRole("button", { name: "Start tracking" }).last().click();
  await panel.getByText("Write a memo first").waitFor();
  await stage.look(p, "20-tracker-memo");
  await panel.getByLabel("Activity").click();
  await p.getByRole("option", { name: "Map screen" }).click();
  await panel
    .getByLabel("What are you working on?")
    .fill("offline tiles cache");
  await panel.getByRole("button", { name: "Start tracking" }).last().click();
  await panel.getByText(/Tracking since/).waitFor();
  types(stage, "counted not read");

  const card = p.getByRole("region", { name: /Screenshot taken for/ });
  await card.waitFor();
  await stage.look(p, "21-screenshot");
  types(stage, "still here");
  await card.waitFor({ state: "detached" });
  await stage.look(p, "22-tracking");
  types(stage, "and here");
  await panel.getByRole("button", { name: "Stop tracking" }).last().click();
  await panel.getByText(/^Paused/).waitFor();
  await p.keyboard.press("Escape");

  const diary = stage.verb("esme", ["diary", "--contract", "Otter Trails app"]);
  const mine = diary.segments.filter((s) => s.seconds > 0);
  assert.ok(mine.length > 0, "the diary has the time");
  const keys = mine.reduce((n, s) => n + s.keys, 0);
  assert.equal(keys, 34, "every key was counted, once");
  assert.ok(
    mine.some((s) => s.shot?.file),
    "with a picture",
  );

  // The client sees the cell under "[Activity]: memo", with its picture and its bar.
  p = look(mara.page);
  await p
    .getByRole("button", { name: "Work", exact: true })
    .or(p.getByRole("link", { name: "Work", exact: true }))
    .first()
    .click();
  await p.getByText("Otter Trails app").first().click();
  await p.getByRole("tab", { name: "Overview" }).waitFor();
  await stage.look(p, "23-overview");
  await p.getByRole("tab", { name: "Timesheets" }).click();
  await p.getByRole("radio", { name: "Week" }).click();
  await p.locator("table").first().waitFor();
  await stage.look(p, "24-week");
  await p.getByRole("radio", { name: "Day" }).click();
  const cell = p
    .getByRole("gridcell", { name: /Map screen: offline tiles cache/ })
    .first();
  await cell.waitFor();
  await p.getByText("offline tiles cache").first().waitFor();
  await p.locator("[role=gridcell] img").first().waitFor();
  await stage.look(p, "25-diary");
  await cell.click();
  await p.getByText("Counts only, never what was typed.").waitFor();
  await stage.look(p, "26-segment");
  await p.getByRole("tab", { name: "Details" }).click();
  await stage.look(p, "27-details");
  await p.getByRole("tab", { name: "Messages" }).click();
  await p.getByLabel("Message Otter Trails app").waitFor();
  await stage.look(p, "28-workroom-messages");
  const seen = stage.verb("mara", ["diary", "--contract", "Otter Trails app"]);
  assert.deepEqual(
    seen.segments.map((s) => [s.start, s.seconds, s.keys]),
    diary.segments.map((s) => [s.start, s.seconds, s.keys]),
    "both sides see the same",
  );
}
