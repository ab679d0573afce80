// What lies over what, where room is scarce (720 × 480, text at 200 %): a line with Undo stands in the dialog that is open and covers nothing
// that is to be pressed, menus end inside the window, rows of the shortcut sheet keep their words, and a dialog gives the focus back before
// the next letter is typed (K-11 a d, M-06, M-19, M-21, M-28; ui.md §6, §8).
//
//   node tests/layers.mjs
import assert from "node:assert/strict";

import { zoomed } from "./fits.mjs";
import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, eventually, gone } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const stage = new Stage();
const story = new Story(stage);

const room = "Website launch";
const small = { width: 720, height: 480 };
const usual = { width: 1280, height: 800 };
const box = (p) => p.getByLabel(`Message ${room}`, { exact: true });
const log = (p) => p.getByRole("log", { name: `Messages in ${room}` });
const entry = (p, name) => p.getByRole("menuitem", { name, exact: true });
const dialog = (p, name) => p.getByRole("dialog", { name });
const row = (p, name) =>
  p
    .getByRole("complementary", { name: "Sidebar" })
    .locator("button.row")
    .filter({ hasText: name })
    .first();

/** said is a line that stands in a dialog, or in the corner of the page where none is open. */
const said = (where, text) =>
  where.getByText(text, { exact: true }).locator("..");

/** covered names what in a dialog cannot be pressed where it is seen, because something lies over it. */
const covered = (where) =>
  where.evaluate(async (dialog) => {
    const bad = [];
    for (const el of dialog.querySelectorAll(
      "button, input, textarea, [role=option]",
    )) {
      el.scrollIntoView({ block: "nearest" });
      const { left, top, width, height } = el.getBoundingClientRect();
      if (width === 0 || height === 0) continue;
      const at = document.elementFromPoint(left + width / 2, top + height / 2);
      const own = el.labels?.[0] ?? el;
      if (!el.contains(at) && !own.contains(at) && !at?.contains(el))
        bad.push(el.getAttribute("aria-label") ?? own.textContent.trim());
      if (at && !dialog.contains(at)) bad.push(`outside: ${at.textContent}`);
    }
    return bad;
  });

/** whole waits until a menu is there, and checks that its box and, walked to, its last entry are inside the window. */
async function whole(p, what) {
  const menu = p.getByRole("menu");
  await menu.waitFor();
  await calm(p); // it is placed in the frame after it came
  const { height, width } = p.viewportSize();
  const inside = (b, of) => {
    const line = `${what}, ${of}: ${JSON.stringify(b)}`;
    assert.ok(b.y >= 0 && b.y + b.height <= height, line);
    assert.ok(b.x >= 0 && b.x + b.width <= width, line);
  };
  await eventually(async () => inside(await menu.boundingBox(), "the menu"));
  await p.keyboard.press("End");
  const end = menu.locator("[data-highlighted]");
  await eventually(async () => inside(await end.boundingBox(), "its end"));
  await p.keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
}

async function main() {
  const service = await stage.service();
  const wire = await Wire.open(service.url);
  let p;

  await story.step("Mara is in a group room with two others", async () => {
    stage.two(wire.url, service.url);
    stage.join("noor", "Noor Said", service.url);
    stage.contract("Harbour Map", ["mara", wire.url], ["noor", service.url]);
    p = story.where = (await stage.desktop("mara")).page;
    await row(p, "Harbour Map").waitFor();
    // This stage has no notifier, and the program says so once.
    await said(p, /no notification service/)
      .getByRole("button", { name: "Close" })
      .click();
    await p
      .getByRole("button", { name: "New message, room or contract" })
      .click();
    await entry(p, "New group room").click();
    await p.getByLabel("Name", { exact: true }).fill(room);
    for (const name of ["Esme", "Noor"]) {
      await p
        .getByRole("combobox", { name: "Find a person by name" })
        .fill(name);
      await p.getByRole("option", { name }).waitFor();
      await p.keyboard.press("Enter");
    }
    await p.getByRole("button", { name: "Create room" }).click();
    await p.getByRole("heading", { name: room, level: 1 }).waitFor();
    await box(p).fill("The first words");
    await p.keyboard.press("Enter");
    await log(p).getByText("The first words").waitFor();
  });

  await story.step(
    "K-11 a: Ctrl+K, Esc, and the next letters stand in the message",
    async () => {
      await box(p).fill("half a ");
      await p.keyboard.press("Control+K");
      await dialog(p, /./).waitFor();
      await p.keyboard.press("Escape");
      await p.keyboard.type("sentence");
      await becomes(() => box(p).inputValue(), "half a sentence");
      // The list of shortcuts by its command; its keys are walked below.
      await p.keyboard.press("Control+K");
      await p.keyboard.type("short");
      await p.keyboard.press("Enter");
      await dialog(p, "Shortcuts").waitFor();
      await p.keyboard.press("Escape");
      await p.keyboard.type(" more");
      await becomes(() => box(p).inputValue(), "half a sentence more");
      await box(p).fill("");
    },
  );

  await story.step(
    "M-04, K-11 a, by keys alone: a room made by the switcher's command is written in at once, and so is one gone to",
    async () => {
      await p.keyboard.press("Control+K");
      await p.keyboard.type(">group");
      await p.keyboard.press("Enter");
      await dialog(p, "New group room").waitFor();
      await p.keyboard.type("Reading club");
      await p.keyboard.press("Tab");
      await p.keyboard.type("esme");
      await p.getByRole("option", { name: "Esme Winter" }).waitFor();
      await p.keyboard.press("Enter");
      await p.keyboard.press("Tab");
      await p.keyboard.press("Tab");
      await p.keyboard.press("Enter");
      const club = p.getByLabel("Message Reading club", { exact: true });
      await club.waitFor();
      await club.and(p.locator(":focus")).waitFor();
      await p.keyboard.type("Which book?");
      await p.keyboard.press("Enter");
      await p
        .getByRole("log", { name: "Messages in Reading club" })
        .getByText("Which book?")
        .waitFor();
      await p.keyboard.press("Control+K");
      await p.keyboard.type("website");
      await p.getByRole("option", { name: room }).first().waitFor();
      await p.keyboard.press("Enter");
      await box(p).and(p.locator(":focus")).waitFor();
    },
  );

  await story.step(
    "K-11 d: the rows of the shortcut sheet keep their words in two lines",
    async () => {
      for (const size of [usual, small]) {
        await p.setViewportSize(size);
        await p.keyboard.press("Control+/");
        const sheet = dialog(p, "Shortcuts");
        await sheet.waitFor();
        await stage.look(p, `160-sheet-${size.width}`);
        const bad = () =>
          sheet.locator("li").evaluateAll((rows) =>
            rows.flatMap((li) => {
              const what = li.firstElementChild;
              const line = parseFloat(getComputedStyle(what).lineHeight);
              const wide = li.scrollWidth > li.clientWidth;
              return what.offsetHeight > 2.5 * line || wide
                ? [what.textContent]
                : [];
            }),
          );
        await becomes(bad, []);
        await p.keyboard.press("Escape");
      }
      await p.setViewportSize(usual);
    },
  );

  await story.step(
    "M-19, M-21, M-28: every menu ends inside the window, at 720 × 480 and at 200 %",
    async () => {
      for (const [size, zoom] of [
        [small, 100],
        [usual, 200],
      ]) {
        await p.setViewportSize(size);
        await zoomed(p, zoom);
        const at = `${size.width} at ${zoom} %`;
        await p.getByRole("button", { name: "Room menu" }).click();
        await p.getByRole("menu").waitFor();
        await stage.look(p, `161-menu-${size.width}-${zoom}`);
        await whole(p, `the room's, ${at}`);
        await p.getByRole("button", { name: "Menu", exact: true }).click();
        await whole(p, `the window's, ${at}`);
        await log(p)
          .getByText("The first words")
          .click({ button: "right", position: { x: 4, y: 4 } });
        await whole(p, `a message's, ${at}`);
        await p.getByRole("button", { name: /members: see who/ }).click();
        await p
          .getByRole("button", { name: "What to do with Noor Said" })
          .click();
        await whole(p, `a person's, ${at}`);
        await p
          .getByRole("complementary", { name: "People" })
          .getByRole("button", { name: "Close" })
          .click();
      }
      // With both there is no room to lose: nothing in the strip lies over the other.
      await p.setViewportSize(small);
      await stage.look(p, "164-small-200");
      const strip = p.getByRole("banner").getByRole("button");
      const over = () =>
        strip.evaluateAll((all, width) => {
          const boxes = all
            .map((el) => {
              const { left, right } = el.getBoundingClientRect();
              return { left, right, name: el.ariaLabel ?? el.textContent };
            })
            .sort((a, b) => a.left - b.left);
          return boxes
            .filter((b, i) => b.right > (boxes[i + 1]?.left ?? width) + 0.5)
            .map((b) => b.name);
        }, small.width);
      await becomes(over, [], "what lies over what is beside it");
      await zoomed(p, 100);
      await p.setViewportSize(usual);
      await row(p, room).click({ button: "right" });
      await whole(p, "a row's");
    },
  );

  await story.step(
    "K-11 f: the side panel, closed with the focus inside, gives it back to the box",
    async () => {
      const panel = p.getByRole("complementary", { name: "Files & links" });
      const inside = () =>
        p.waitForFunction(() => document.activeElement?.closest("aside.panel"));
      for (const close of ["the cross", "the shortcut"]) {
        await box(p).focus();
        await p.keyboard.press("Control+\\");
        await panel.getByRole("button", { name: "Close" }).focus();
        await inside();
        if (close === "the cross") await p.keyboard.press("Enter");
        else await p.keyboard.press("Control+\\");
        await panel.waitFor({ state: "detached" });
        await box(p).and(p.locator(":focus")).waitFor();
      }
    },
  );

  await story.step(
    "M-27, S-10: deleted by keys, a message keeps the focus; Find ends with its room, and one writes in the next",
    async () => {
      const line = (text) =>
        log(p).getByRole("article").filter({ hasText: text });
      await p.getByText("All changes saved").waitFor();
      await line("The first words").focus();
      await p.keyboard.press("Enter");
      await entry(p, "Delete").waitFor();
      await p.keyboard.press("End");
      await p.keyboard.press("Enter");
      await line("This message was deleted").and(p.locator(":focus")).waitFor();
      await said(p, "Message deleted")
        .getByRole("button", { name: "Undo" })
        .click();
      await line("The first words").waitFor();
      await p
        .getByRole("region", { name: room })
        .getByRole("button", { name: "Find in this room" })
        .first()
        .click();
      const find = p.getByRole("combobox", { name: "Find in this room" });
      await find.and(p.locator(":focus")).waitFor();
      await row(p, "Harbour Map").click();
      await p
        .getByLabel("Message Harbour Map", { exact: true })
        .and(p.locator(":focus"))
        .waitFor();
      await gone(find);
      await row(p, room).click();
      await box(p).and(p.locator(":focus")).waitFor();
      await gone(find);
    },
  );

  await story.step(
    "M-25, ui.md §8: at 720 × 480 and 200 % a long draft leaves half of the room to the messages; in forced colours each pane has an edge",
    async () => {
      await p.setViewportSize(small);
      await zoomed(p, 200);
      await box(p).fill("a line\n".repeat(40));
      await p.waitForFunction(() => {
        const height = (x) => document.querySelector(x)?.offsetHeight ?? 0;
        const text = document.querySelector(".composer textarea");
        const line = parseFloat(getComputedStyle(text).lineHeight);
        // Where half of it is not even a line, one line is there.
        return (
          height(".log") >= height(".composer") - 1 ||
          text.clientHeight < 2 * line
        );
      });
      await stage.look(p, "167-long-draft-200");
      await box(p).fill("");
      await zoomed(p, 100);
      await p.setViewportSize(usual);
      await p.keyboard.press("Control+\\");
      await p.emulateMedia({ forcedColors: "active" });
      const bare = () =>
        p.locator("[data-region]").evaluateAll((all) =>
          all.flatMap((el) => {
            const { outlineStyle, borderStyle } = getComputedStyle(el);
            return outlineStyle === "none" && borderStyle === "none"
              ? [el.ariaLabel ?? el.className]
              : [];
          }),
        );
      await becomes(bare, []);
      await stage.look(p, "168-forced-colours");
      await p.emulateMedia({ forcedColors: "none" });
      await p.keyboard.press("Control+\\");
    },
  );

  await story.step(
    "M-05, M-06: a line with Undo lies over nothing in a dialog, and Tab leads to it",
    async () => {
      const people = p.getByRole("list", { name: "People" });
      await p.getByRole("button", { name: "Room menu" }).click();
      await entry(p, "People").click();
      for (const [size, zoom] of [
        [small, 100],
        [usual, 200],
      ]) {
        await p.setViewportSize(size);
        await zoomed(p, zoom);
        await p
          .getByRole("button", { name: "What to do with Esme Winter" })
          .click();
        await entry(p, "Make admin").click();
        await said(p, "Esme Winter is an admin now").waitFor();
        await p.getByRole("button", { name: "Invite people" }).click();
        const invite = dialog(p, `Invite people to ${room}`);
        await invite.getByLabel("From now on").waitFor();
        const line = said(invite, "Esme Winter is an admin now");
        const undo = line.getByRole("button", { name: "Undo" });
        await line.hover(); // it stays as long as the pointer is on it
        await stage.look(p, `162-line-in-dialog-${zoom}`);
        await becomes(() => covered(invite), []);
        for (let i = 0; !(await undo.evaluate(isFocused)); i++) {
          assert.ok(i < 20, "Tab does not lead to Undo");
          await p.keyboard.press("Tab");
        }
        await p.keyboard.press("Enter");
        await undo.waitFor({ state: "detached" });
        // The dialog is still there, and the keys go on in it.
        await becomes(
          () => invite.evaluate((d) => d.contains(document.activeElement)),
          true,
        );
        await p.keyboard.press("Escape");
        await invite.waitFor({ state: "detached" });
        await people.getByText("Member").nth(1).waitFor();
      }
      await zoomed(p, 100);
      await p.setViewportSize(usual);
      // Closed before it was pressed, the line is in the corner of the page.
      await p
        .getByRole("button", { name: "What to do with Esme Winter" })
        .click();
      await entry(p, "Make admin").click();
      await p.getByRole("button", { name: "Invite people" }).click();
      const invite = dialog(p, `Invite people to ${room}`);
      await said(invite, "Esme Winter is an admin now").waitFor();
      await p.keyboard.press("Escape");
      await invite.waitFor({ state: "detached" });
      await said(p, "Esme Winter is an admin now")
        .getByRole("button", { name: "Undo" })
        .click();
      await people.getByText("Member").nth(1).waitFor();
    },
  );

  await story.step(
    "K-08, ui.md §6: where there is no room beside it, the sidebar lies over the screen until it has led somewhere",
    async () => {
      const aside = p.getByRole("complementary", { name: "Sidebar" });
      const away = () => aside.waitFor({ state: "detached" });
      await p.setViewportSize(small);
      await zoomed(p, 200);
      // The search of messages has a line of its own then.
      await p.keyboard.press("Control+Shift+F");
      await p.waitForFunction(
        () => document.activeElement?.id === "search-words",
      );
      await away();
      await stage.look(p, "165-search-without-sidebar");
      await p.keyboard.press("Escape");
      await box(p).waitFor();
      await p.getByRole("button", { name: "Menu", exact: true }).click();
      await entry(p, "Show the sidebar").click();
      await row(p, room).waitFor();
      await eventually(async () => {
        const { x, width } = await aside.boundingBox();
        assert.ok(x + width <= small.width - 40, "nothing is seen beside it");
      });
      await stage.look(p, "166-sidebar-over");
      await p.keyboard.press("Escape");
      await away();
      await p.getByRole("button", { name: "Menu", exact: true }).click();
      await entry(p, "Show the sidebar").click();
      await row(p, room).click();
      await away();
      await eventually(async () =>
        assert.ok((await log(p).boundingBox()).width > 500, "no room is left"),
      );
      await p.getByRole("button", { name: "Menu", exact: true }).click();
      await entry(p, "Show the sidebar").click();
      await p.getByRole("button", { name: "Hide the sidebar" }).click({
        position: { x: small.width - 140, y: 100 },
      });
      await away();
      await zoomed(p, 100);
      await p.setViewportSize(usual);
      await aside.waitFor();
    },
  );

  await story.step(
    "K-11 a: a dialog that the switcher led to is cancelled on a fresh page, and the focus stands somewhere",
    async () => {
      await p.reload();
      await box(p).waitFor();
      await p.evaluate(() => document.activeElement?.blur());
      await p.keyboard.press("Control+K");
      await dialog(p, "Go to").getByRole("combobox").fill("new group");
      await p.getByRole("option", { name: /New group room/ }).waitFor();
      await p.keyboard.press("Enter");
      await dialog(p, "New group room").waitFor();
      await p.keyboard.press("Escape");
      await dialog(p, "New group room").waitFor({ state: "detached" });
      await p.waitForFunction(
        () => document.activeElement?.closest("aside, main") !== null,
      );
    },
  );

  await wire.close();
}

const isFocused = (el) => el === document.activeElement;

await story.run(main);
