// What two people do with messages that are there (M-26 to M-29, M-31, K-04, K-05): edit and look at what it said before, delete and take
// that back, reply and go to what is answered, react; by hover, right click and keys; offline; and what the service refuses.
//
//   node tests/messages.mjs
import assert from "node:assert/strict";

import { inRoom } from "./hands.mjs";
import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, gone } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const stage = new Stage();
const story = new Story(stage);

const { box, log, line, say } = inRoom("Otter Trails");
const entry = (p, name) => p.getByRole("menuitem", { name });
const toast = (p, text) => p.getByText(text, { exact: true });

/** menu opens a message's menu by the right mouse button. */
async function menu(p, text) {
  await line(p, text).first().click({ button: "right" });
  await entry(p, "Copy text").waitFor();
}

async function choose(p, text, name) {
  await menu(p, text);
  await entry(p, name).click();
}

async function main() {
  const service = await stage.service();
  const wire = await Wire.open(service.url);
  let mara, esme;

  await story.step("two people share a contract", async () => {
    stage.two(wire.url, service.url);
    mara = await stage.desktop("mara");
    esme = await stage.desktop("esme");
    for (const p of [mara.page, esme.page]) {
      story.where = p;
      await p.getByText("Otter Trails").first().click();
      await box(p).waitFor();
    }
    await say(mara.page, "Which sizes does the shop signage need?");
    await line(esme.page, "Which sizes").waitFor();
    await say(esme.page, "Signage team came back: four sizes.");
    await line(mara.page, "four sizes").waitFor();
  });

  await story.step(
    "M-26, K-04, K-05: Up edits the last message; others see it and what it said",
    async () => {
      const p = (story.where = esme.page);
      await box(p).fill("half a thought");
      await box(p).fill("");
      await p.keyboard.press("ArrowUp");
      await becomes(
        () => box(p).inputValue(),
        "Signage team came back: four sizes.",
      );
      await p
        .locator(".composer .trunc", { hasText: "Editing your message" })
        .waitFor();
      await stage.look(p, "80-editing");
      await p.keyboard.press("Escape");
      await becomes(() => box(p).inputValue(), "");
      // What stood in the box waits until the edit is done.
      await box(p).fill("A draft that waits");
      await choose(p, "four sizes", "Edit");
      await box(p).fill(
        "Signage team came back: **three sizes**, plus a one-colour version for etched glass.",
      );
      await p.keyboard.press("Enter");
      await line(p, "three sizes")
        .getByRole("button", { name: /^Edited/ })
        .waitFor();
      await becomes(() => box(p).inputValue(), "A draft that waits");
      await box(p).fill("");

      const q = (story.where = mara.page);
      await line(q, "three sizes").waitFor();
      await gone(line(q, "four sizes"));
      await line(q, "three sizes")
        .getByRole("button", { name: /^Edited/ })
        .click();
      await q.getByText("What it said before").waitFor();
      await q.getByText("Signage team came back: four sizes.").waitFor();
      await stage.look(q, "81-wordings");
      await q.keyboard.press("Escape");
    },
  );

  await story.step(
    "M-28: an answer shows what it answers, as it stands now, and goes there",
    async () => {
      const p = (story.where = esme.page);
      for (let i = 1; i <= 30; i++) await say(p, `Note ${i} of thirty`);
      await say(mara.page, "Thanks for all of these");
      await line(p, "Thanks for all").hover();
      await line(p, "Thanks for all")
        .getByRole("button", { name: "Reply" })
        .click();
      await p.locator("b", { hasText: "Replying to Mara Quill" }).waitFor();
      await stage.look(p, "82-answering");
      await p.keyboard.press("Escape");
      await gone(p.locator("b", { hasText: "Replying to Mara Quill" }));
      // D-14: the menu of its bar, opened and left by the keys, gives the focus back.
      await p.mouse.move(2, 2);
      await line(p, "Thanks for all").focus();
      await line(p, "Thanks for all")
        .getByRole("button", { name: "More", exact: true })
        .press("Enter");
      await p.getByRole("menu").waitFor();
      await p.keyboard.press("Escape");
      await p.waitForFunction(() => document.activeElement?.matches("article"));
      await p.evaluate(() =>
        document.querySelector('[role="log"]')?.scrollTo(0, 0),
      );
      await choose(p, "Which sizes", "Reply");
      await box(p).fill("Answered above");
      await p.keyboard.press("Enter");
      await line(p, "Answered above").getByText("Which sizes does").waitFor();
      const q = (story.where = mara.page);
      const quote = line(q, "Answered above").getByRole("button", {
        name: /Which sizes does/,
      });
      await quote.click();
      await q.waitForFunction(
        () =>
          document.activeElement?.tagName === "ARTICLE" &&
          document.activeElement.textContent?.includes("Which sizes"),
      );
      await q.keyboard.press("End");
      await choose(q, "Thanks for all", "Edit");
      await box(q).fill("Thank you for all of these");
      await q.keyboard.press("Enter");
      await line(q, "Thank you for all").waitFor();
    },
  );

  await story.step(
    "M-28: reactions, one of each a person, from the bar, the panel and the keys",
    async () => {
      const p = (story.where = mara.page);
      await line(p, "Answered above").hover();
      await line(p, "Answered above")
        .getByRole("button", { name: "Add a reaction" })
        .click();
      await p.getByRole("option", { name: "thumbs up" }).first().waitFor();
      await stage.look(p, "83-emoji");
      await p.getByRole("combobox", { name: "Search emoji" }).fill("tada");
      await p.getByRole("option", { name: "party popper" }).waitFor();
      await stage.look(p, "83-emoji-search");
      await p.keyboard.press("Enter");
      await line(p, "Answered above")
        .getByRole("button", { name: /🎉 1, Mara/ })
        .waitFor();
      const q = (story.where = esme.page);
      const cheer = line(q, "Answered above").getByRole("button", {
        name: /^🎉/,
      });
      await cheer.click();
      await line(q, "Answered above")
        .getByRole("button", { name: /🎉 2, Mara Quill and Esme Winter/ })
        .waitFor();
      await line(p, "Answered above")
        .getByRole("button", { name: /🎉 2, Esme Winter and Mara Quill/ })
        .waitFor();
      await becomes(
        async () => (await cheer.innerText()).replace(/\s/g, ""),
        "🎉2",
      );
      await cheer.click();
      await line(p, "Answered above")
        .getByRole("button", { name: /🎉 1, Mara Quill\./ })
        .waitFor();
      // By keys alone: the line, its menu, React, the first of the often used.
      await box(q).focus();
      await line(q, "Answered above").focus();
      await q.keyboard.press("Enter");
      await entry(q, "React").waitFor();
      await stage.look(q, "84-menu");
      await entry(q, "React").focus();
      await q.keyboard.press("Enter");
      await q.getByRole("option", { name: "thumbs up" }).first().waitFor();
      await q.keyboard.press("Enter");
      await line(p, "Answered above")
        .getByRole("button", { name: /👍/ })
        .waitFor();
    },
  );

  await story.step(
    "M-27: deleted at once, taken back by Undo, gone for both after it",
    async () => {
      const p = (story.where = esme.page);
      await say(p, "This was meant for somebody else");
      await line(mara.page, "meant for somebody").waitFor();
      await choose(p, "meant for somebody", "Delete");
      await log(p).getByText("This message was deleted").waitFor();
      await p.getByRole("button", { name: "Undo" }).click();
      await line(p, "meant for somebody").waitFor();
      await choose(p, "meant for somebody", "Delete");
      await toast(p, "Message deleted").waitFor();
      await log(mara.page).getByText("This message was deleted").waitFor();
      await gone(line(mara.page, "meant for somebody"));
      await log(p).getByText("This message was deleted").waitFor();
      // Whoever leaves before the undo has run out has deleted all the same.
      await say(p, "Another slip");
      await line(mara.page, "Another slip").waitFor();
      await choose(p, "Another slip", "Delete");
      await toast(p, "Message deleted").waitFor();
      await p.reload();
      await log(p).getByText("This message was deleted").nth(1).waitFor();
      await log(mara.page)
        .getByText("This message was deleted")
        .nth(1)
        .waitFor();
      await stage.look(p, "85-deleted");
      await stage.look(mara.page, "85-deleted-seen");
    },
  );

  await story.step(
    "M-26 to M-28: offline all of it is on screen, and goes when the way is back",
    async () => {
      const p = (story.where = mara.page);
      await wire.cut();
      await p.getByText(/^Offline\./).waitFor();
      await say(p, "Written offlien");
      await box(p).focus();
      await p.keyboard.press("ArrowUp");
      await box(p).fill("Written offline");
      await p.keyboard.press("Enter");
      await line(p, "Written offline").waitFor();
      await choose(p, "Thank you for all", "Edit");
      await box(p).fill("Thank you for every one of these");
      await p.keyboard.press("Enter");
      await line(p, "every one of these").waitFor();
      await line(p, "three sizes")
        .first()
        .scrollIntoViewIfNeeded()
        .catch(() => {});
      await stage.look(p, "86-offline");
      await wire.mend();
      await line(esme.page, "Written offline").waitFor();
      await line(esme.page, "every one of these").waitFor();
    },
  );

  await story.step(
    "M-28, D-10: a bookmark is found again; a link to a message leads there",
    async () => {
      const p = (story.where = mara.page);
      await choose(p, "Written offline", "Bookmark");
      await line(p, "Written offline")
        .getByRole("img", { name: "Bookmarked" })
        .waitFor();
      await p.keyboard.press("Control+Shift+F");
      await p.locator("#search-words").fill("is:bookmarked");
      await p
        .getByRole("option")
        .filter({ hasText: "Written offline" })
        .waitFor();
      await becomes(() => p.getByRole("option").count(), 1);
      await stage.look(p, "88-bookmarks");
      await p.getByRole("option").first().dblclick();
      await line(p, "Written offline").waitFor();

      const room = new URL(p.url()).hash.split("/")[2];
      const key = await line(p, "Which sizes")
        .first()
        .or(log(p).getByRole("article").first())
        .first()
        .evaluate((el) => el.closest(".row").dataset.key);
      await say(p, `See trestle://message/${key}?room=${room}`);
      await say(p, "and trestle://room/nowhere");
      await line(p, "and trestle").getByRole("link").click();
      await p
        .getByText(/not on this computer, or is not open to you/)
        .waitFor();
      await line(p, "See trestle").getByRole("link").click();
      await p.waitForFunction((to) => location.hash.endsWith(`/at/${to}`), key);
      await p
        .getByRole("button", { name: /Jump to latest/ })
        .or(line(p, "and trestle"))
        .first()
        .waitFor();
      await p.keyboard.press("End");
      await line(p, "and trestle").waitFor();
    },
  );

  await story.step(
    "M-29, M-31: marked as unread it stays so for the visit, on the divider and the badge",
    async () => {
      const p = (story.where = mara.page);
      await say(esme.page, "One more thing");
      await line(p, "One more thing").waitFor();
      await choose(p, "One more thing", "Mark as unread");
      await log(p).getByText("New", { exact: true }).waitFor();
      await p
        .getByRole("link", { name: /1 unread/ })
        .or(p.getByRole("button", { name: /1 unread/ }))
        .first()
        .waitFor();
      await stage.look(p, "87-unread");
    },
  );

  await story.step(
    "M-31: the way to the latest is offered, dismissed, offered for what is newer, and taken; who reads above hears nothing",
    async () => {
      const p = (story.where = mara.page);
      const pill = p.getByRole("button", { name: /^Jump to latest/ });
      const spoken = p.locator(".only-spoken[aria-live]");
      await box(p).focus();
      await p.keyboard.press("Shift+Escape");
      await say(esme.page, "Heard at the end");
      await spoken.getByText("Heard at the end").waitFor({ state: "attached" });
      await log(p).evaluate((el) => el.scrollTo(0, 200));
      await pill.waitFor();
      await say(esme.page, "First below");
      await say(esme.page, "Second below");
      await p.getByRole("button", { name: "Jump to latest · 2 new" }).waitFor();
      await calm(p);
      assert.equal(await spoken.textContent(), "");
      await stage.look(p, "89-latest");
      await p.locator(".pill").getByRole("button", { name: "Close" }).click();
      await pill.waitFor({ state: "hidden" });
      await say(esme.page, "Third below");
      await p.getByRole("button", { name: "Jump to latest · 3 new" }).click();
      await line(p, "Third below").waitFor();
      await pill.waitFor({ state: "hidden" });
      // A window made narrow beside an open panel still shows the newest.
      await p.keyboard.press("Control+\\");
      await p.getByRole("complementary", { name: "Files & links" }).waitFor();
      await p.setViewportSize({ width: 500, height: 800 });
      await p.locator(".app.tight").waitFor();
      await line(p, "Third below").waitFor();
      await p.keyboard.press("Escape");
      await p
        .getByRole("complementary", { name: "Files & links" })
        .waitFor({ state: "detached" });
      await p.setViewportSize({ width: 1280, height: 800 });
      // The keys go on from the message that was clicked.
      await line(p, "First below").click();
      await p.keyboard.press("ArrowDown");
      await p.locator("article:focus", { hasText: "Second below" }).waitFor();
      // The focus is in the list, not at the end of another part of the window.
      await p.getByRole("button", { name: "Menu", exact: true }).focus();
      await say(esme.page, "Not heard from elsewhere");
      await line(p, "Not heard from elsewhere").waitFor();
      await calm(p);
      assert.equal(await spoken.textContent(), "");
    },
  );
  await story.step(
    "M-31, M-32: what comes in above what was written offline is read once it was on the screen",
    async () => {
      const p = (story.where = mara.page);
      await p.bringToFront();
      await box(p).focus();
      await p.keyboard.press("Shift+Escape");
      const badge = p.locator("aside").getByLabel("1 unread").first();
      await wire.cut();
      for (let i = 1; i <= 40; i++) await say(p, `From the train ${i}`);
      await say(esme.page, "Meanwhile at the desk");
      await wire.mend();
      await badge.waitFor();
      await p.bringToFront();
      await p.getByRole("button", { name: "New above" }).click();
      await line(p, "Meanwhile at the desk").waitFor();
      await log(p).getByText("New", { exact: true }).waitFor();
      await badge.waitFor({ state: "hidden" });
      await stage.look(p, "90-meanwhile");
    },
  );

  await wire.close();
}

await story.run(main);
