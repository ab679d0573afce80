// What a person meets seldom: an offer that changed while the answer waited, a service restored from a backup, a room that was closed, a
// program that is too old, a message and a store of a newer version (M-23, D-06, D-16, I6, I16). Each is brought about as it would be: by a
// backup and a restore of the real service, by its database between two runs, by a relay that says another version.
//
//   node tests/states.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

import { drawer, item, openDrawer } from "./hands.mjs";
import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const stage = new Stage();
const story = new Story(stage);

const box = (p, room) => p.getByLabel(`Message ${room}`);
const log = (p, room) => p.getByRole("log", { name: `Messages in ${room}` });

/** Says something, and waits until it stands there as it is read. */
async function say(p, room, text) {
  await box(p, room).fill(text);
  await p.keyboard.press("Enter");
  const read = text.replaceAll("*", "");
  await log(p, room).getByText(read, { exact: true }).first().waitFor();
}

async function enter(p, room) {
  await p
    .getByRole("button", { name: /^Messages/ })
    .first()
    .click();
  await p.locator("aside button").filter({ hasText: room }).first().click();
  await p.getByRole("heading", { name: room }).first().waitFor();
}

const offer = (title) =>
  stage.verb("mara", [
    "contract",
    "create",
    "--title",
    title,
    "--rate",
    "52",
    "--shots",
    "none",
  ]);

/** A service of one's own that can be stopped, looked into, and begun again from a backup. */
const service = {
  data: "service",
  address: "127.0.0.1:0",
  async start() {
    const run = await stage.run(this.data, "serve", "--listen", this.address);
    this.child = run.child;
    this.url = JSON.parse(run.line).url;
    this.address = new URL(this.url).host;
  },
  stop() {
    return stage.kill(this.child, "SIGTERM");
  },
  /** between does something to its database while it is stopped. */
  async between(...statements) {
    await this.stop();
    sql(path.join(stage.dir, this.data, "service.db"), ...statements);
    await this.start();
  },
};

const sql = (file, ...statements) =>
  execFileSync("sqlite3", [file], { input: statements.join(";\n") + ";\n" })
    .toString()
    .trim();

/** anew writes a thing of the service's database as a later change would. */
const anew = (where, set) => [
  `UPDATE head SET seq=seq+1 WHERE scope=(SELECT scope FROM thing WHERE ${where})`,
  `UPDATE thing SET rev=rev+1, seq=(SELECT seq FROM head WHERE head.scope=thing.scope), ${set} WHERE ${where}`,
];

/** The room of a contract, and Esme's right to read it. */
const roomOf = (title) =>
  `(SELECT 'r:'||id FROM thing WHERE kind='room' AND body LIKE '%${title}%')`;
const esmes = "(SELECT id FROM account WHERE email='esme@x.example')";
const grantOf = (title) =>
  `scope='a:'||${esmes} AND kind='grant' AND id=${roomOf(title)}`;

/** removed takes Esme out of a room. */
const removed = (title) => [
  ...anew(grantOf(title), "gone=1, body=''"),
  `UPDATE access SET gone=1 WHERE account=${esmes} AND root=${roomOf(title)}`,
];

async function main() {
  await service.start();
  const wire = {
    mara: await Wire.open(service.url),
    esme: await Wire.open(service.url),
  };
  const near = (link, who) => link.replace(wire.mara.url, wire[who].url);
  let mara, esme, p;

  await story.step(
    "two people share a contract, two more are offered",
    async () => {
      for (const [data, name] of [
        ["mara", "Mara Quill"],
        ["esme", "Esme Winter"],
      ])
        stage.join(data, name, wire[data].url);
      const otter = offer("Otter Trails");
      const harbour = offer("Harbour Map");
      const others = ["Salt Road", "Winter Camp"].map(offer);
      service.train = offer("Night Train").link;
      stage.verb("mara", ["sync"]);
      for (const { link } of [otter, ...others])
        stage.verb("esme", ["contract", "accept", near(link, "esme")]);
      stage.verb("esme", ["sync"]);
      esme = await stage.desktop("esme");
      p = story.where = esme.page;
      await enter(p, "Otter Trails");
      await say(p, "Otter Trails", "Shall we vote on the pass?");
      await say(p, "Otter Trails", "I am for the northern one.");
      await p.getByText("All changes saved").waitFor();
      await p
        .getByRole("button", { name: "New message, room or contract" })
        .click();
      await p.getByRole("menuitem", { name: "Open an invitation" }).click();
      await p.getByLabel("Invitation link").fill(near(harbour.link, "esme"));
      await p.getByRole("button", { name: "Show the offer" }).click();
      await p.getByText("€52.00 an hour").waitFor();
    },
  );

  await story.step(
    "W-03, I6: an answer to an offer that changed meanwhile says how it stands now",
    async () => {
      // The service lets a program that is too old read, but does not take its answer: it waits.
      await wire.esme.aged("0.0.9");
      await p.getByRole("button", { name: "Accept" }).click();
      await p.getByRole("dialog").waitFor({ state: "detached" });
      await p.getByText("too old to send").waitFor();
      await p.getByText("Your answer is kept").waitFor();
      await stage.look(p, "59-waits-too-old");
      await service.between(
        ...anew(
          "kind='contract' AND body LIKE '%Harbour Map%'",
          "body=replace(body,'5200','4100')",
        ),
        ...anew(
          "kind='message' AND body LIKE '%vote on%'",
          `body='{"v":2,"text":{"poll":"Which pass?"}}'`,
        ),
        // What is said in this room is no evidence, so nothing of it stays with who leaves it.
        ...anew(
          grantOf("Salt Road"),
          "body=json_remove(body,'$.retain_on_leave')",
        ),
      );
      // It is updated.
      await wire.esme.aged("");
      await stage.kill(esme.child, "SIGTERM");
      await p.context().close();
      esme = await stage.desktop("esme");
      p = story.where = esme.page;
      await p.getByRole("button", { name: "1 not sent", exact: true }).click();
      const moved = item(p, "Accepting an offer");
      await moved.getByText(/changed meanwhile/i).waitFor();
      await stage.look(p, "60-moved");
      await moved.getByRole("button", { name: "Look at the offer" }).click();
      await p.getByText("€41.00 an hour").waitFor();
      await stage.look(p, "60-moved-offer");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "a message of a newer version says so in its place",
    async () => {
      await enter(p, "Otter Trails");
      await log(p, "Otter Trails")
        .getByText("Written with a newer version of Trestle")
        .waitFor();
      await stage.look(p, "61-newer-message");
    },
  );

  const backup = path.join(stage.dir, "backup");
  await story.step(
    "I16: after the service was restored what it lost comes back, and an answer to an offer is asked about",
    async () => {
      stage.said("service", ["backup", backup]);
      stage.verb("esme", ["contract", "accept", near(service.train, "esme")]);
      await say(p, "Otter Trails", "Written after the backup.");
      await p.getByText("Everything else saved").waitFor();
      await p.locator("aside").getByText("Night Train").waitFor();
      await service.stop();
      service.data = "service-restored";
      stage.said(service.data, ["restore", backup]);
      await service.start();
      await log(p, "Otter Trails").getByText("Recovered").waitFor();
      await stage.look(p, "62-recovered");
      await p.getByRole("button", { name: "2 not sent", exact: true }).click();
      await item(p, "The service was restored from a backup").waitFor();
      await stage.look(p, "63-confirm");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "M-23: a room that is closed is one notice for all that waited in it",
    async () => {
      await wire.esme.cut();
      await enter(p, "Otter Trails");
      for (const text of ["One more thing.", "And another.", "And the last."])
        await say(p, "Otter Trails", text);
      await service.between(
        ...anew(
          "kind='room' AND body LIKE '%Otter Trails%'",
          "body=json_set(body,'$.archived',json('true'))",
        ),
      );
      await wire.esme.mend();
      await p.getByText("This room is closed").waitFor();
      await stage.look(p, "64-closed-room");
      await p.getByRole("button", { name: "5 not sent", exact: true }).click();
      await drawer(p).getByRole("button", { name: "Discard all" }).waitFor();
      await stage.look(p, "65-group");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "M-23, I11: who is removed from a room keeps what they wrote, and evidence of a contract to read",
    async () => {
      await wire.esme.cut();
      await enter(p, "Winter Camp");
      await say(p, "Winter Camp", "I bring the stove.");
      await enter(p, "Salt Road");
      await p.getByRole("button", { name: "Add to favourites" }).click();
      for (const text of ["Shall we start at noon?", "Or *earlier*?"])
        await say(p, "Salt Road", text);
      await p.getByText("3 messages will be sent").waitFor();
      await service.between(...removed("Salt Road"), ...removed("Winter Camp"));
      await wire.esme.mend();
      await p
        .locator("aside button")
        .filter({ hasText: "Salt Road" })
        .waitFor({ state: "detached" });
      // The open room says what became of it, and leads to what was not sent there.
      const left = p.getByRole("heading", {
        name: "You are no longer in Salt Road",
      });
      await left.waitFor();
      await p.getByText("What you had not sent yet is kept").waitFor();
      await p.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await p.getByRole("button", { name: "Copy text" }).click();
      await p.getByText("Copied").waitFor();
      await becomes(
        () => p.evaluate(() => navigator.clipboard.readText()),
        "Shall we start at noon?\n\nOr *earlier*?",
      );
      await stage.look(p, "70-removed");
      await p.getByRole("button", { name: /^Show what was not sent/ }).click();
      for (const [text, room] of [
        ["Shall we start at noon?", "Salt Road"],
        ["Or earlier?", "Salt Road"],
        ["I bring the stove.", "Winter Camp"],
      ])
        await drawer(p)
          .locator("section, article")
          .filter({ hasText: text })
          .filter({ hasText: `You are no longer in ${room}.` })
          .first()
          .waitFor();
      await calm(p);
      assert.equal(
        await drawer(p).getByText("This is not here, or not open").count(),
        0,
        "what the service said in general stands in the place of the room",
      );
      for (const text of ["Shall we start at noon?", "And the last."])
        assert.equal(
          await item(p, text).getByRole("button", { name: "Retry" }).count(),
          0,
          "Retry is offered where it cannot help",
        );
      await stage.look(p, "71-no-access");
      await item(p, "I bring the stove.").scrollIntoViewIfNeeded();
      await stage.look(p, "71-no-access-below");
      await p.keyboard.press("Escape");
      await enter(p, "Winter Camp");
      await stage.look(p, "72-archive");
    },
  );

  await story.step(
    "D-06: what a later version left unsent is kept and can be saved",
    async () => {
      await stage.kill(esme.child, "SIGTERM");
      await p.context().close();
      const store = stage
        .files("esme")
        .find((f) => /accounts\/[^/]+\/replica\.db$/.test(f));
      sql(
        store,
        `INSERT INTO outbox(pos,id,account,device,lane,op,v,args,edges,about,fold,at,not_before,verdict)
          SELECT max(pos)+1,'019a0000-0000-7000-8000-000000000001',account,device,'x:1','StartPoll',9,
            CAST('{"question":"Which pass?"}' AS BLOB),'','','',max(at),0,'' FROM outbox`,
      );
      esme = await stage.desktop("esme");
      p = story.where = esme.page;
      await p.getByRole("button", { name: /^\d+ not sent$/ }).click();
      const later = item(p, "Something of another version");
      await later.getByText("This version of Trestle cannot send it").waitFor();
      await later.scrollIntoViewIfNeeded();
      await stage.look(p, "73-unreadable");
      const download = p.waitForEvent("download");
      await later.getByRole("button", { name: "Save its bytes" }).click();
      const file = path.join(stage.dir, "bytes.json");
      await (await download).saveAs(file);
      assert.match(readFileSync(file, "utf8"), /Which pass\?/);
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "D-06: a program that is too old reads on and says so, until it is taken again",
    async () => {
      mara = await stage.desktop("mara");
      p = story.where = mara.page;
      await enter(p, "Harbour Map");
      await p.getByText("All changes saved").waitFor();
      await wire.mara.aged("0.0.9");
      await wire.mara.cut();
      await wire.mara.mend();
      await say(p, "Harbour Map", "Is anybody there?");
      await p.getByText("too old to send").waitFor();
      await stage.look(p, "66-too-old");
      await openDrawer(p);
      await stage.look(p, "67-too-old-drawer");
      await p.keyboard.press("Escape");
      await p.getByRole("button", { name: "Try again" }).click();
      await p.getByText("too old to send").waitFor();
      await wire.mara.aged("");
      await p.getByRole("button", { name: "Try again" }).click();
      await p.getByText("too old to send").waitFor({ state: "detached" });
      await p.getByText("All changes saved").waitFor();
      await wire.mara.cut();
      await say(p, "Harbour Map", "Still there?");
      await p.getByText("Offline. 1 message will be sent").waitFor();
    },
  );

  await story.step(
    "D-16: the store of a newer version is left alone and read",
    async () => {
      await stage.kill(mara.child, "SIGTERM");
      await p.context().close();
      const store = stage
        .files("mara")
        .find((f) => /accounts\/[^/]+\/replica\.db$/.test(f));
      sql(
        store,
        "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)",
        "PRAGMA wal_checkpoint(TRUNCATE)",
      );
      const before = readFileSync(store);
      mara = await stage.desktop("mara");
      p = story.where = mara.page;
      await p.getByRole("heading", { name: "Please update Trestle" }).waitFor();
      await stage.look(p, "68-newer-store");
      const download = p.waitForEvent("download");
      await p.getByRole("button", { name: "Export what was not sent" }).click();
      const file = path.join(stage.dir, "unsent.txt");
      await (await download).saveAs(file);
      assert.match(readFileSync(file, "utf8"), /Still there\?/);
      await stage.look(p, "69-newer-store-exported");
      await stage.kill(mara.child, "SIGTERM");
      assert.ok(readFileSync(store).equals(before), "the store was changed");
    },
  );

  await wire.mara.close();
  await wire.esme.close();
}

await story.run(main);
