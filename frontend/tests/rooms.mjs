// Rooms and the people in them as three people meet them (M-01, M-04 to M-09, M-17 to M-21, K-06, K-07, K-11 a): a group room is made, people are
// let in from now or with its whole history, get roles, are taken out while they are offline; a room is renamed, archived, hidden and comes back,
// exported and left; a direct room that two begin at once while neither is online is one room.
//
//   node tests/rooms.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, gone as none } from "./wait.mjs";
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
const entry = (p, name) =>
  p
    .getByRole("menuitem", { name, exact: true })
    .or(p.getByRole("menuitemcheckbox", { name, exact: true }));
const dialog = (p, name) => p.getByRole("dialog", { name });
const toast = (p, text) => p.getByText(text, { exact: true });
const option = (p, name) => p.getByRole("option", { name });

async function open(p, name) {
  await row(p, name).click();
  await p.getByRole("heading", { name, level: 1 }).waitFor();
}
async function say(p, room, text) {
  await box(p, room).fill(text);
  await p.keyboard.press("Enter");
  await said(p, room, text).waitFor();
}
/** choose takes an entry of a room's menu in the list, by the right mouse button. */
async function choose(p, name, what) {
  await row(p, name).click({ button: "right" });
  await entry(p, what).click();
}
/** head takes an entry of the menu in the head of the open room. */
async function head(p, what) {
  await p.getByRole("button", { name: "Room menu" }).click();
  await entry(p, what).click();
}
/** take finds people by their names in a dialog and takes them. */
async function take(p, ...names) {
  for (const name of names) {
    await p.getByRole("combobox", { name: "Find a person by name" }).fill(name);
    await option(p, name).waitFor();
    await p.keyboard.press("Enter");
  }
}
async function begin(p, what) {
  await p
    .getByRole("button", { name: "New message, room or contract" })
    .click();
  await entry(p, what).click();
}
async function undo(p, text) {
  await toast(p, text)
    .locator("..")
    .getByRole("button", { name: "Undo" })
    .click();
}
/** gone waits until a line in the corner is closed: what it said is done then. */
async function gone(p, text) {
  await toast(p, text)
    .locator("..")
    .getByRole("button", { name: "Close" })
    .click();
}

async function main() {
  const service = await stage.service();
  const wires = {};
  for (const who of ["mara", "esme", "noor"])
    wires[who] = await Wire.open(service.url);
  const desks = {};

  await story.step("Mara has contracts with Esme and with Noor", async () => {
    stage.two(wires.mara.url, wires.esme.url);
    stage.join("noor", "Noor Said", wires.noor.url);
    stage.contract(
      "Harbour Map",
      ["mara", wires.mara.url],
      ["noor", wires.noor.url],
    );
    for (const who of ["mara", "esme", "noor"])
      desks[who] = await stage.desktop(who);
    story.where = desks.mara.page;
    await row(desks.mara.page, "Harbour Map").waitFor();
    await row(desks.noor.page, "Harbour Map").waitFor();
  });
  const [mara, esme, noor] = [
    desks.mara.page,
    desks.esme.page,
    desks.noor.page,
  ];

  await story.step(
    "M-04: a group room has a name and people of the address book",
    async () => {
      const p = (story.where = mara);
      await begin(p, "New group room");
      await stage.look(p, "140-new-room");
      await dialog(p, "New group room")
        .getByRole("button", { name: "Create room" })
        .click();
      // What is wrong stands beside the field, and nothing typed is lost.
      await p.getByText("Give the room a name.").waitFor();
      await p.getByLabel("Name", { exact: true }).fill("Website launch");
      await take(p, "Esme");
      await p.getByRole("button", { name: "Remove Esme Winter" }).waitFor();
      await stage.look(p, "141-new-room-people");
      await p.getByRole("button", { name: "Create room" }).click();
      await p
        .getByRole("heading", { name: "Website launch", level: 1 })
        .waitFor();
      await say(p, "Website launch", "Before Noor was here");
      await row(esme, "Website launch").waitFor();
      await open(esme, "Website launch");
      await said(esme, "Website launch", "Before Noor was here").waitFor();
      await say(esme, "Website launch", "I have the pictures");
    },
  );

  await story.step(
    "M-06, M-21: Noor is invited from now on, and sees nothing of before",
    async () => {
      const p = (story.where = mara);
      await head(p, "People");
      await p.getByRole("button", { name: "Invite people" }).click();
      await dialog(p, "Invite people to Website launch").waitFor();
      await becomes(() => p.getByLabel("From now on").isChecked(), true);
      await take(p, "Noor");
      await stage.look(p, "142-invite");
      await p.getByRole("button", { name: "Invite 1" }).click();
      await p
        .getByRole("list", { name: "People" })
        .getByText("Noor Said")
        .waitFor();
      await row(noor, "Website launch").waitFor();
      await say(p, "Website launch", "Welcome, Noor");
      await open(noor, "Website launch");
      await said(noor, "Website launch", "Welcome, Noor").waitFor();
      await calm(noor);
      assert.equal(
        await said(noor, "Website launch", "Before Noor was here").count(),
        0,
      );
      // A member has no Invite, and no way to be rid of others.
      await head(noor, "People");
      await noor.getByRole("list", { name: "People" }).waitFor();
      await calm(noor);
      assert.equal(
        await noor.getByRole("button", { name: "Invite people" }).count(),
        0,
      );
    },
  );

  await story.step(
    "M-20: the ⓘ opens the panel, each of its buttons a tab, with what stands there; Ctrl+\\ closes it",
    async () => {
      const p = (story.where = mara);
      await head(p, "People");
      const panel = (name) => p.getByRole("complementary", { name });
      await panel("People").getByRole("button", { name: "Close" }).click();
      await panel("People").waitFor({ state: "detached" });
      await p.getByRole("button", { name: /^Files, links and people/ }).click();
      await panel("Files & links").getByText("No files or links yet").waitFor();
      await panel("Files & links")
        .getByRole("button", { name: "People", exact: true })
        .click();
      // Each with the role.
      const rows = panel("People").getByRole("listitem");
      await rows.filter({ hasText: "Mara Quill" }).getByText("Owner").waitFor();
      await rows.filter({ hasText: "Noor Said" }).getByText("Member").waitFor();
      await panel("People")
        .getByRole("button", { name: "Personal notepad" })
        .click();
      await panel("Personal notepad")
        .getByRole("button", { name: "About this room" })
        .or(panel("Personal notepad").getByRole("button", { name: "About" }))
        .first()
        .click();
      await panel(/^About/)
        .getByText("Group room")
        .waitFor();
      await p.keyboard.press("Control+\\");
      await panel(/^About/).waitFor({ state: "detached" });
      await head(p, "People");
    },
  );

  await story.step(
    "M-05: Mara makes Esme an admin and renames the room",
    async () => {
      const p = (story.where = mara);
      await p
        .getByRole("button", { name: "What to do with Esme Winter" })
        .click();
      await stage.look(p, "143-person-menu");
      await entry(p, "Make admin").click();
      await toast(p, "Esme Winter is an admin now").waitFor();
      await stage.look(p, "144-people");
      await head(p, "About this room");
      await p.getByText("Group room").waitFor();
      await stage.look(p, "145-about");
      await p.getByRole("button", { name: "Rename…" }).click();
      await p.getByLabel("Name", { exact: true }).fill("Shop launch");
      await p.keyboard.press("Enter");
      await p.getByRole("heading", { name: "Shop launch", level: 1 }).waitFor();
      await row(esme, "Shop launch").waitFor();
      await row(noor, "Shop launch").waitFor();
    },
  );

  await story.step(
    "M-07: Esme takes Noor out who is offline: the room is gone, the unsent words are kept",
    async () => {
      const p = (story.where = esme);
      await wires.noor.cut();
      await noor.getByText(/^Offline\./).waitFor();
      await say(noor, "Shop launch", "Written on the train");
      await head(p, "People");
      await p
        .getByRole("button", { name: "What to do with Noor Said" })
        .click();
      await entry(p, "Remove from room").click();
      await toast(p, "Noor Said was removed").waitFor();
      await undo(p, "Noor Said was removed");
      await p
        .getByRole("list", { name: "People" })
        .getByText("Noor Said")
        .waitFor();
      await p
        .getByRole("button", { name: "What to do with Noor Said" })
        .click();
      await entry(p, "Remove from room").click();
      await gone(p, "Noor Said was removed");
      await p.getByText("All changes saved").waitFor();
      story.where = noor;
      await wires.noor.mend();
      await noor.getByText("You are no longer in Shop launch").waitFor();
      await row(noor, "Shop launch").waitFor({ state: "detached" });
      await stage.look(noor, "146-removed");
      await noor
        .getByRole("button", { name: /not sent/i })
        .first()
        .click();
      await dialog(noor, "Not sent")
        .getByText("Written on the train")
        .waitFor();
      await noor.keyboard.press("Escape");
    },
  );

  await story.step(
    "M-06: invited again with the whole history, Noor reads all of it",
    async () => {
      const p = (story.where = mara);
      await choose(p, "Shop launch", "Invite people…");
      await take(p, "Noor");
      await p.getByText("Whole history").click();
      await p.getByRole("button", { name: "Invite 1" }).click();
      story.where = noor;
      await row(noor, "Shop launch").waitFor();
      await open(noor, "Shop launch");
      await said(noor, "Shop launch", "Before Noor was here").waitFor();
    },
  );

  await story.step(
    "M-08: archived it is read-only for all, until it is opened again",
    async () => {
      const p = (story.where = mara);
      await choose(p, "Shop launch", "Archive this room");
      await toast(p, "Shop launch is archived").hover(); // it stays meanwhile
      await p.getByText("This room is archived.").first().waitFor();
      await esme.getByText("This room is archived.").first().waitFor();
      await none(box(esme, "Shop launch"));
      await noor
        .getByText(
          "This room is archived. An owner or admin can open it again.",
        )
        .waitFor();
      await stage.look(esme, "147-archived");
      await undo(p, "Shop launch is archived");
      await box(noor, "Shop launch").waitFor();

      // M-26: what Esme changes offline meanwhile is refused, and that stands at the message until she decides.
      const cake = (q, text) =>
        log(q, "Shop launch").getByRole("article").filter({ hasText: text });
      const refused = log(esme, "Shop launch")
        .getByRole("alert", { name: "Edit not saved." })
        .or(
          log(esme, "Shop launch").getByRole("group", {
            name: "Edit not saved.",
          }),
        );
      await box(esme, "Shop launch").waitFor();
      await say(esme, "Shop launch", "Cake at noon");
      await cake(p, "Cake at noon").waitFor();
      await wires.esme.cut();
      await esme.getByText(/^Offline\./).waitFor();
      await box(esme, "Shop launch").focus();
      await esme.keyboard.press("ArrowUp");
      await box(esme, "Shop launch").fill("Cake at one");
      await esme.keyboard.press("Enter");
      await cake(esme, "Cake at one").waitFor();
      await head(p, "Archive this room");
      await p.getByRole("button", { name: "Unarchive" }).waitFor();
      await wires.esme.mend();
      await cake(esme, "Cake at noon").waitFor();
      await refused.getByText("Cake at one").waitFor();
      // Nothing can be tried again while the room is shut.
      await esme.getByText("This room is archived.").first().waitFor();
      await refused
        .getByRole("button", { name: "Retry" })
        .waitFor({ state: "detached" });
      await refused.getByRole("button", { name: "Copy" }).waitFor();
      await side(esme).getByText("Everything else saved").waitFor();
      await stage.look(esme, "147-edit-refused");
      await p.getByRole("button", { name: "Unarchive" }).click();
      await box(p, "Shop launch").waitFor();
      await refused.getByText(/It is open again/).waitFor();
      await refused.getByRole("button", { name: "Retry" }).click();
      await refused.waitFor({ state: "detached" });
      await cake(p, "Cake at one").waitFor();
      await side(esme).getByText("All changes saved").waitFor();

      // A room of a contract has no such entry.
      await row(p, "Otter Trails").click({ button: "right" });
      await entry(p, "Hide").waitFor();
      await calm(p);
      assert.equal(await entry(p, "Archive this room").count(), 0);
      assert.equal(await entry(p, "Leave").count(), 0);
      await stage.look(p, "148-room-menu");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "M-09, S-03: hidden it is out of the list, found by name and in the switcher, and a new message brings it back",
    async () => {
      const p = (story.where = mara);
      await open(p, "Harbour Map");
      await choose(p, "Shop launch", "Hide");
      await row(p, "Shop launch").waitFor({ state: "detached" });
      await undo(p, "Shop launch is hidden");
      await row(p, "Shop launch").waitFor();
      await choose(p, "Shop launch", "Hide");
      await row(p, "Shop launch").waitFor({ state: "detached" });
      const find = p.getByRole("combobox", { name: "Search", exact: true });
      await find.fill("shop");
      await option(p, /Shop launch/)
        .getByText("Hidden")
        .waitFor();
      await find.fill("esme");
      await option(p, /Shop launch/).waitFor();
      await stage.look(p, "149-hidden-found");
      await find.press("Escape");
      await p.keyboard.press("Control+K");
      await p.keyboard.type("sho");
      await option(p, /Shop launch/)
        .getByText("Hidden", { exact: true })
        .waitFor();
      await stage.look(p, "150-switcher");
      await p.keyboard.press("Escape");
      await say(esme, "Shop launch", "Who brings the cake?");
      await row(p, "Shop launch").waitFor();
      await row(p, "Shop launch").getByLabel("1 unread").waitFor();
    },
  );

  await story.step(
    "M-01: a direct room that both begin at once while offline is one room",
    async () => {
      for (const who of ["mara", "esme"]) await wires[who].cut();
      for (const p of [mara, esme]) await p.getByText(/^Offline\./).waitFor();
      for (const [p, to, text] of [
        [mara, "Esme Winter", "Do you have a minute?"],
        [esme, "Mara Quill", "May I ask you something?"],
      ]) {
        story.where = p;
        await begin(p, "New message");
        await take(p, to);
        await p.getByRole("heading", { name: to, level: 1 }).waitFor();
        if (p === mara) await stage.look(p, "151-direct-to-be");
        else await calm(p);
        // Nothing is there before the first message.
        assert.equal(await row(p, "Direct messages").count(), 0);
        await say(p, to, text);
        await row(p, to).waitFor();
      }
      for (const who of ["mara", "esme"]) await wires[who].mend();
      for (const [p, other, text] of [
        [mara, "Esme Winter", "May I ask you something?"],
        [esme, "Mara Quill", "Do you have a minute?"],
      ]) {
        story.where = p;
        await said(p, other, text).waitFor();
        await p.getByText("All changes saved").waitFor();
      }
      const rooms = stage.verb("mara", ["rooms"]);
      assert.equal(rooms.filter((r) => r.kind === "direct").length, 1);
      await stage.look(mara, "152-direct");
    },
  );

  await story.step(
    "M-17, M-18: categories; a heading folds, and both are remembered",
    async () => {
      const p = (story.where = mara);
      await choose(p, "Harbour Map", "Add to favourites");
      await p.getByRole("radio", { name: "Categories" }).click();
      for (const name of ["Favourites", "Rooms", "People"])
        await side(p).getByRole("button", { name, exact: true }).waitFor();
      await stage.look(p, "153-categories");
      await side(p).getByRole("button", { name: "Rooms", exact: true }).click();
      await row(p, "Otter Trails").waitFor({ state: "detached" });
      await p.reload();
      await row(p, "Harbour Map").waitFor();
      await none(row(p, "Otter Trails"));
      await side(p)
        .getByRole("button", { name: /^Rooms/ })
        .click();
      await row(p, "Otter Trails").waitFor();
      await p.setViewportSize({ width: 720, height: 480 });
      await stage.look(p, "154-narrow");
      await p.setViewportSize({ width: 1280, height: 800 });
      await p.getByRole("radio", { name: "Recent" }).click();
    },
  );

  await story.step(
    "N-07, M-29, M-19 by keys: Shift+F10 on a row, notices of mentions, marked as unread",
    async () => {
      const p = (story.where = mara);
      await open(p, "Shop launch");
      await calm(p); // the box of the room has taken the focus
      await row(p, "Shop launch").focus();
      await p.keyboard.press("Shift+F10");
      await entry(p, "Notifications of mentions").waitFor();
      await entry(p, "Notifications of mentions").click();
      await row(p, "Shop launch")
        .getByLabel("Notifications of mentions only")
        .waitFor();
      await p.waitForFunction(() =>
        document.activeElement?.matches("button.row"),
      );
      await open(p, "Harbour Map");
      await choose(p, "Shop launch", "Mark as unread");
      await row(p, "Shop launch").getByLabel("1 unread").waitFor();
      await row(p, "Harbour Map").focus();
      await p.keyboard.press("Alt+Shift+ArrowUp");
      await p.getByRole("heading", { name: "Shop launch", level: 1 }).waitFor();
      await p.keyboard.press("Alt+Shift+ArrowDown");
      await calm(p);
      await p.getByRole("heading", { name: "Shop launch", level: 1 }).waitFor();
    },
  );

  await story.step(
    "K-11 a: the switcher leads to rooms, people without a room, contracts and commands; no hit offers the messages",
    async () => {
      const p = (story.where = mara);
      await p.keyboard.press("Control+K");
      await stage.look(p, "155-switcher-recent");
      await p.keyboard.type("noor");
      await p.keyboard.press("Enter");
      await p.getByRole("heading", { name: "Noor Said", level: 1 }).waitFor();
      await p.keyboard.press("Control+K");
      await p.keyboard.type("$otter");
      await p.keyboard.press("Enter");
      await p.getByRole("tab", { name: "Overview" }).waitFor();
      await p.keyboard.press("Control+K");
      await p.keyboard.type("cake");
      await p.getByText("Nothing named “cake”").waitFor();
      await stage.look(p, "156-switcher-nothing");
      await p.keyboard.press("Enter");
      await option(p, /Who brings the cake/).waitFor();
      await p.keyboard.press("Control+K");
      await p.keyboard.type(">sett");
      await p.keyboard.press("Enter");
      await p.getByRole("heading", { name: "Settings" }).first().waitFor();
      await p.keyboard.press("Control+1");
    },
  );

  await story.step("M-19: all that I can see, as a file", async () => {
    const p = (story.where = mara);
    await open(p, "Shop launch");
    await head(p, "Export…");
    await stage.look(p, "157-export");
    const download = p.waitForEvent("download");
    await dialog(p, /^Export/)
      .getByRole("button", { name: "Export", exact: true })
      .click();
    const file = path.join(stage.dir, "room.zip");
    const got = await download;
    assert.match(got.suggestedFilename(), /^Shop launch .*\.zip$/);
    await got.saveAs(file);
    const read = (name) =>
      execFileSync("python3", [
        "-c",
        "import sys,zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))",
        file,
        name,
      ]).toString();
    const all = JSON.parse(read("messages.json"));
    assert.deepEqual(
      all.messages.map((x) => x.text),
      [
        "Before Noor was here",
        "I have the pictures",
        "Welcome, Noor",
        "Cake at one",
        "Who brings the cake?",
      ],
    );
    assert.match(read("messages.md"), /\*\*Esme Winter\*\*/);
    assert.match(read("files.txt"), /No files/);
  });

  await story.step(
    "M-05, M-07: the owner hands over and leaves; a member leaves, and may undo it",
    async () => {
      story.where = noor;
      await head(noor, "Leave");
      await row(noor, "Shop launch").waitFor({ state: "detached" });
      await undo(noor, "You left Shop launch");
      await row(noor, "Shop launch").waitFor();
      await choose(noor, "Shop launch", "Leave");
      await gone(noor, "You left Shop launch");
      const p = (story.where = mara);
      await head(p, "Hand over and leave…");
      await dialog(p, "Hand over the room first").waitFor();
      await dialog(p, "Hand over the room first")
        .getByText("Esme Winter")
        .waitFor();
      await stage.look(p, "158-hand-over");
      await p.getByRole("button", { name: "Hand over and leave" }).click();
      await row(p, "Shop launch").waitFor({ state: "detached" });
      story.where = esme;
      await open(esme, "Shop launch");
      await head(esme, "Rename…");
      await dialog(esme, "Rename the room").waitFor();
      await esme.keyboard.press("Escape");
    },
  );

  for (const wire of Object.values(wires)) await wire.close();
}

await story.run(main);
