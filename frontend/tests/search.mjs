// Search as a person meets it (S-01 to S-10, K-08): the bar above the rooms, people and rooms, messages with chips, a hit opened in its place, find
// in a room, all by keys and without the service; and what is at the service only is said and brought.
//
//   node tests/search.mjs
import assert from "node:assert/strict";

import { faults, zoomed } from "./fits.mjs";
import { password, Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, focused, gone, reads, until } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);

const words = (p) => p.getByRole("combobox", { name: "Search", exact: true });
const hits = (p) =>
  p.getByRole("listbox", { name: "Messages found" }).getByRole("option");
const log = (p) => p.getByRole("log");
const active = (p) => p.locator('[role="option"][aria-selected="true"]');

async function main() {
  const service = await stage.service();
  let mara;

  await story.step("a room has a long past", async () => {
    stage.two(service.url);
    stage.contract(
      "Glasspane research",
      ["mara", service.url],
      ["esme", service.url],
    );
    const say = (data, text) =>
      stage.verb(data, ["send", "--room", "Otter Trails", text]);
    say(
      "esme",
      "The kerning of the café sign is the very first thing to settle",
    );
    say("mara", "Kerning first, colours later");
    mara = await stage.desktop("mara");
    const p = (story.where = mara.page);
    await p.getByText("Otter Trails").first().click();
    const box = p.getByLabel("Message Otter Trails");
    await box.waitFor();
    // More than a new device asks for by itself: the newest 50.
    await p.evaluate(
      async ({ room, key }) => {
        const { bearer } = JSON.parse(sessionStorage.getItem(key));
        for (let i = 1; i <= 200; i++) {
          const answer = await fetch("/bridge/call/Rooms.Send", {
            method: "POST",
            headers: {
              Authorization: `Bearer ${bearer}`,
              "Content-Type": "application/json",
            },
            body: JSON.stringify({ room, text: `Aside ${i}`, files: [] }),
          });
          if (!answer.ok) throw new Error(`${answer.status}`);
        }
      },
      { room: new URL(p.url()).hash.split("/")[2], key: "trestle-keys" },
    );
    for (let i = 1; i <= 130; i++) {
      await box.fill(`Note ${i}`);
      await box.press("Enter");
    }
    await log(p).getByText("Note 130", { exact: true }).waitFor();
  });

  await story.step(
    "S-02, S-03: names are searched as they are typed; Enter opens, Esc empties",
    async () => {
      const p = (story.where = mara.page);
      await words(p).fill("esm");
      await p
        .getByRole("option", { name: /Esme Winter/ })
        .first()
        .waitFor();
      await stage.look(p, "120-people");
      await words(p).press("Escape");
      await becomes(() => words(p).inputValue(), "");
      await words(p).fill("zebedee");
      await p.getByText("No person or room is called “zebedee”.").waitFor();
      await words(p).fill("otter");
      await p
        .getByRole("option", { name: /Otter Trails/ })
        .first()
        .waitFor();
      await words(p).press("Enter");
      await becomes(() => words(p).inputValue(), "");
      await p.getByLabel("Message Otter Trails").waitFor();
    },
  );

  await story.step(
    "S-01, K-08: Ctrl+Shift+F searches messages; arrows and Enter open a hit in its place, Back leads to the hits",
    async () => {
      const p = (story.where = mara.page);
      await p.keyboard.press("Control+Shift+F");
      await p.getByText("Search your messages").waitFor();
      await stage.look(p, "121-nothing-typed");
      await p.keyboard.type("KERNIN"); // a word is found by its beginning
      await hits(p).nth(1).waitFor();
      await reads(
        () => hits(p).nth(0).innerText(),
        /Mara Quill[^]*Kerning first/,
      );
      await becomes(
        () => p.locator("mark").allInnerTexts(),
        ["Kerning", "kerning"],
      );
      await stage.look(p, "122-hits");
      await p.keyboard.press("ArrowDown");
      await reads(() => active(p).innerText(), /very first thing/);
      await p.keyboard.press("Enter");
      const found = log(p)
        .getByRole("article")
        .filter({ hasText: "very first thing" });
      await found.waitFor();
      await p.waitForFunction(() =>
        document.activeElement?.textContent?.includes("very first thing"),
      );
      await stage.shot(p, "123-in-its-place");
      await p.goBack();
      await hits(p).nth(1).waitFor();
      await becomes(() => words(p).inputValue(), "KERNIN");
    },
  );

  await story.step(
    "S-04 to S-09: operators are chips; a bad one is named and the rest searched",
    async () => {
      const p = (story.where = mara.page);
      await words(p).fill(
        'kerning from:"Esme Winter" in:otter before:20261131',
      );
      await p.getByText("November has 30 days. Try 20261130.").waitFor();
      await becomes(() => hits(p).count(), 1);
      await p.getByText("1 found, without before:").waitFor();
      await stage.look(p, "124-chips");
      await p.getByRole("button", { name: "Remove before: 20261131" }).click();
      await becomes(
        () => words(p).inputValue(),
        'kerning from:"Esme Winter" in:otter',
      );
      await words(p).fill("kerning after:20990101");
      await p.getByRole("heading", { name: "Nothing found" }).waitFor();
      await stage.look(p, "125-nothing");
      await p.getByRole("button", { name: "Search without filters" }).click();
      await hits(p).nth(1).waitFor();
    },
  );

  await story.step(
    "S-01, S-02: rooms with hits are counted and narrow the search; the chosen hit is read among those around it, unread stays unread",
    async () => {
      const p = (story.where = mara.page);
      for (const [room, text] of [
        ["Glasspane research", "The sign of the lab is up"],
        ["Otter Trails", "A second sign, for the **side** door"],
      ])
        stage.verb("esme", ["send", "--room", room, text]);
      await words(p).fill("sign");
      await hits(p).nth(2).waitFor();
      await p.getByRole("radio", { name: "Messages 3" }).waitFor();
      const found = p.getByRole("list", { name: "Rooms with hits" });
      const around = p.getByRole("region", { name: "The message in its room" });
      const current = around.locator("[aria-current]");
      const stands = (text) => current.filter({ hasText: text }).waitFor();
      await becomes(
        () =>
          found
            .getByRole("button")
            .evaluateAll((all) =>
              all.map((e) => e.innerText.split("\n").slice(-2)),
            ),
        [
          ["Otter Trails", "2 hits"],
          ["Glasspane research", "1 hit"],
        ],
      );
      await stands("for the side door");
      await around.getByText("Note 130", { exact: true }).waitFor();
      await stage.look(p, "128-around");
      await p.keyboard.press("ArrowDown");
      await stands("The sign of the lab is up");
      await around.getByText("Glasspane research").waitFor();
      await around.getByRole("button", { name: "Older hit" }).click();
      await stands("very first thing");
      // A click chooses; what was read here is as unread as before.
      await hits(p).nth(1).click();
      await stands("The sign of the lab is up");
      await around.getByRole("group").focus();
      await p.keyboard.press("Escape");
      await focused(words(p));
      await becomes(() => words(p).inputValue(), "sign");
      const unread = await p.evaluate(async (key) => {
        const { bearer } = JSON.parse(sessionStorage.getItem(key));
        const answer = await fetch("/bridge/call/Rooms.List", {
          method: "POST",
          headers: {
            Authorization: `Bearer ${bearer}`,
            "Content-Type": "application/json",
          },
          body: "{}",
        });
        const { rooms } = (await answer.json()).value;
        return rooms.find((r) => r.name === "Glasspane research").unread;
      }, "trestle-keys");
      assert.equal(unread, 1);

      await found.getByRole("button", { name: /Otter Trails/ }).click();
      await becomes(() => words(p).inputValue(), 'sign in:"Otter Trails"');
      await p.getByText("2 of 3 found").waitFor();
      await focused(words(p));
      await becomes(() => found.getByRole("button").count(), 2);
      await stage.look(p, "129-narrowed");
      await found.getByRole("button", { name: /Otter Trails/ }).click();
      await p.getByText("3 found").waitFor();

      const wrong = [];
      for (const [width, height, zoom] of [
        [1280, 800, 200],
        [720, 480, 100],
      ]) {
        await p.setViewportSize({ width, height });
        await zoomed(p, zoom);
        await around.waitFor({ state: "detached" });
        await hits(p).first().waitFor();
        await stage.look(p, `130-found-${width}-${zoom}`);
        for (const x of await faults(p))
          wrong.push(`${width} at ${zoom} %: ${x}`);
      }
      await p.setViewportSize({ width: 1280, height: 800 });
      await zoomed(p, 100);
      assert.deepEqual(wrong, []);

      await around.getByRole("button", { name: "Open in room" }).click();
      await log(p)
        .getByRole("article")
        .filter({ hasText: "for the side door" })
        .waitFor();
      await p.goBack();
      await hits(p).nth(2).waitFor();
    },
  );

  await story.step(
    "S-02, M-28: names and messages are counted beside each other; bookmarks stand in the list, newest first, and open in their place",
    async () => {
      const p = (story.where = mara.page);
      await words(p).press("Escape");
      await words(p).press("Escape");
      await p.getByLabel("Message Otter Trails").waitFor();
      for (const text of ["the **side** door", "very first thing"]) {
        stage.verb("mara", ["sync"]);
        await words(p).fill(`"${text.replaceAll("*", "")}"`);
        await p.getByRole("radio", { name: "Messages 1" }).click();
        await hits(p).first().waitFor();
        await words(p).press("Enter");
        const found = log(p)
          .getByRole("article")
          .filter({ hasText: text.replaceAll("*", "") });
        await found.click({ button: "right" });
        await p.getByRole("menuitem", { name: "Bookmark" }).click();
        await found.getByRole("img", { name: "Bookmarked" }).waitFor();
      }
      await words(p).fill("sign");
      await p.getByRole("radio", { name: "People & rooms 0" }).waitFor();
      await p.getByRole("radio", { name: "Messages 3" }).click();
      const kept = p.getByRole("list", { name: "Bookmarks" });
      await kept.getByText(/side door/).waitFor();
      await becomes(
        async () =>
          (await kept.getByRole("button").allInnerTexts()).map((t) =>
            t.split("\n").at(-1),
          ),
        [
          "A second sign, for the side door",
          "The kerning of the café sign is the very first thing to settle",
        ],
      );
      await stage.look(p, "131-bookmarks");
      await kept.getByRole("button").nth(1).click();
      const found = log(p)
        .getByRole("article")
        .filter({ hasText: "very first thing" });
      await found.waitFor();
      await found.click({ button: "right" });
      await p.getByRole("menuitem", { name: "Remove bookmark" }).click();
      await p.goBack();
      await kept.getByText(/side door/).waitFor();
      await kept.getByText(/very first/).waitFor({ state: "detached" });
    },
  );

  await story.step(
    "S-01: where the window has no place for the sidebar, what is searched for stands over the hits",
    async () => {
      const p = (story.where = mara.page);
      await p.setViewportSize({ width: 390, height: 800 });
      await hits(p).first().waitFor();
      await becomes(() => words(p).inputValue(), "sign");
      await p.getByText("Rooms with hits").waitFor({ state: "detached" });
      const sidebar = async () => {
        await p.getByRole("button", { name: "Menu", exact: true }).click();
        await p.getByRole("menuitem", { name: "Show the sidebar" }).click();
      };
      // In the sidebar over the screen names are searched; messages leave it, and the cursor goes along.
      await sidebar();
      await p.getByText("Rooms with hits").waitFor();
      await p.getByRole("radio", { name: /^People & rooms/ }).click();
      await sidebar();
      await p.getByRole("radio", { name: /^Messages/ }).click();
      await p.waitForFunction(
        () => document.activeElement?.id === "search-words",
      );
      await p.keyboard.type("age");
      await becomes(() => words(p).inputValue(), "signage");
      await p.keyboard.press("Control+1");
      await p.keyboard.press("Control+Shift+F");
      await words(p).fill("kerning");
      await hits(p).filter({ hasText: "Kerning first" }).waitFor();
      await words(p).press("ArrowDown");
      await reads(() => active(p).innerText(), /very first thing/);
      await stage.look(p, "132-narrow");
      await becomes(() => faults(p), []);
      await p.setViewportSize({ width: 1280, height: 800 });
      await p.getByRole("list", { name: "Bookmarks" }).waitFor();
      await becomes(() => words(p).count(), 1);
    },
  );

  await story.step(
    "S-01: hits come in pages, and a search works without the service",
    async () => {
      const p = (story.where = mara.page);
      await service.stop();
      await words(p).fill("note");
      await p.getByText("50 newest").waitFor();
      await reads(() => hits(p).first().innerText(), /Note 130/);
      await until("all of them are read", async () => {
        await p.keyboard.press("PageDown");
        return p.getByText("130 found").isVisible();
      });
      await words(p).press("Escape");
      await words(p).press("Escape");
      await p.getByLabel("Message Otter Trails").waitFor();
    },
  );

  await story.step(
    "S-10: find in this room stands beside the messages and goes to a hit",
    async () => {
      const p = (story.where = mara.page);
      await p.keyboard.press("Control+f");
      const find = p.getByRole("combobox", { name: "Find in this room" });
      await find.waitFor();
      await p.keyboard.type("very first");
      await hits(p).first().waitFor();
      await p.keyboard.press("Enter");
      await log(p)
        .getByRole("article")
        .filter({ hasText: "very first thing" })
        .waitFor();
      await stage.look(p, "126-in-room");
      await focused(find);
      await p.keyboard.press("Escape");
      await p.keyboard.press("Escape");
      await find.waitFor({ state: "detached" });
      await service.start();
    },
  );

  await story.step(
    "S-01: a new device says that older messages are at the service, and gets them",
    async () => {
      // prettier-ignore
      stage.verb("again", ["sign-in", "--service", service.url, "--email", stage.mails.mara, "--password-stdin"], password);
      stage.verb("again", ["sync"]);
      // A room on screen fetches what stands before it, as far as it likes; so this one is opened without the service.
      await service.stop();
      const again = await stage.desktop("again");
      const p = (story.where = again.page);
      await p.getByText("Otter Trails").first().waitFor();
      await p.keyboard.press("Control+Shift+F");
      await p.keyboard.type("kerning");
      await p
        .getByText("Older messages of Otter Trails are at the service")
        .waitFor();
      await p.getByRole("heading", { name: "Nothing found" }).waitFor();
      await service.start();
      await p.getByText("All changes saved").waitFor();
      await stage.look(p, "127-behind");
      await p.getByRole("button", { name: "Get older messages" }).click();
      await hits(p).nth(1).waitFor();
      await gone(p.getByText("Get older messages"));
    },
  );
}

await story.run(main);
