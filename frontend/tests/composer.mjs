// The box in which messages are written, with two people (M-25, M-30, K-01 to K-12, F-01 to F-04, X-07): drafts that outlive a restart,
// mentions, emoji, formatting that undo takes back, quotes from the clipboard, the switch of Enter, every shortcut, and a message on screen in
// the frame after Enter however slow the program answers.
//
//   node tests/composer.mjs
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { faults, zoomed } from "./fits.mjs";
import { Stage } from "./stage.mjs";
import { Story } from "./story.mjs";
import { becomes, calm, focused, gone, reads, until } from "./wait.mjs";

const stage = new Stage();
const story = new Story(stage);

const box = (p) => p.getByLabel("Message Otter Trails");
const log = (p) => p.getByRole("log", { name: "Messages in Otter Trails" });
const line = (p, text) => log(p).getByRole("article").filter({ hasText: text });
const value = (p) => box(p).inputValue();
const tool = (p, name) =>
  p
    .getByRole("toolbar", { name: "Formatting" })
    .getByRole("button", { name, exact: true });
const choices = (p) => p.locator(".composer").getByRole("listbox");
const clear = (p) => box(p).fill("");
/** about is the line over the text that says what the words will be. */
const about = (p, text) =>
  p.locator(".composer .trunc", { hasText: new RegExp(`^${text}`) });

async function say(p, text) {
  await box(p).fill(text);
  await p.keyboard.press("Enter");
  await line(p, text).first().waitFor();
}

/** select puts the selection on a word of the box. */
const select = (p, word) =>
  box(p).evaluate((el, w) => {
    const from = el.value.indexOf(w);
    el.focus();
    el.setSelectionRange(from, from + w.length);
  }, word);

/** tinted is the text of the mirror that is of a kind. */
const tinted = (p, kind) =>
  p.locator(`.composer .mirror .${kind}`).allTextContents();

async function open(p) {
  await p.getByText("Otter Trails").first().click();
  await box(p).waitFor();
}

async function main() {
  // An opener that knows no browser, as a computer without one has.
  const openers = path.join(stage.dir, "openers");
  mkdirSync(openers);
  writeFileSync(path.join(openers, "xdg-open"), "#!/bin/sh\nexit 3\n", {
    mode: 0o755,
  });
  stage.env.PATH = `${openers}:${process.env.PATH}`;
  const service = await stage.service();
  let mara, esme;

  await story.step("two people share a room", async () => {
    stage.two(service.url);
    mara = await stage.desktop("mara");
    esme = await stage.desktop("esme");
    for (const d of [mara, esme]) {
      story.where = d.page;
      await d.page
        .context()
        .grantPermissions(["clipboard-read", "clipboard-write"]);
      await open(d.page);
    }
    await say(mara.page, "Which sizes does the shop signage need?");
    await line(esme.page, "Which sizes").waitFor();
  });

  await story.step(
    "K-01, K-02, K-03: Enter sends or makes a line, and the gear turns it round",
    async () => {
      const p = (story.where = esme.page);
      await box(p).focus();
      await p.keyboard.press("Enter");
      await p.keyboard.type("  ");
      await p.keyboard.press("Enter");
      await calm(p);
      assert.equal(await log(p).getByRole("article").count(), 1, "empty");
      await clear(p);
      await p.keyboard.type("one");
      for (const keys of ["Shift+Enter", "Alt+Enter", "Control+Enter"]) {
        await p.keyboard.press(keys);
        await p.keyboard.type("x");
      }
      await becomes(() => value(p), "one\nx\nx\nx");
      await p.keyboard.press("Control+z");
      await until(
        "undo of a new line",
        async () => (await value(p)) !== "one\nx\nx\nx",
      );
      // At its full height the box shows the line that is written.
      for (let i = 0; i < 26; i++) await p.keyboard.press("Shift+Enter");
      await until("the last line is in sight", () =>
        box(p).evaluate(
          (el) => el.scrollHeight - el.clientHeight - el.scrollTop < 6,
        ),
      );
      assert.ok(await box(p).evaluate((el) => el.scrollTop > 0));
      await clear(p);
      await p.keyboard.type("by Enter");
      await p.keyboard.press("Enter");
      await line(p, "by Enter").waitFor();
      await p.getByRole("button", { name: "Writing settings" }).click();
      const turn = p.getByRole("switch", { name: "Enter sends" });
      await turn.click();
      await stage.look(p, "90-gear");
      await p.keyboard.press("Escape");
      await turn.waitFor({ state: "detached" });
      await calm(p); // the gear has the focus back
      await box(p).focus();
      await p.keyboard.type("first");
      await p.keyboard.press("Enter");
      await p.keyboard.type("second");
      await becomes(() => value(p), "first\nsecond");
      await p.keyboard.press("Control+Enter");
      await line(p, "second").waitFor();
      await p.getByRole("button", { name: "Writing settings" }).click();
      await turn.click();
      await p.keyboard.press("Escape");
      await turn.waitFor({ state: "detached" });
      await calm(p);
    },
  );

  await story.step(
    "K-01: an input method that composes keeps its Enter",
    async () => {
      const p = (story.where = esme.page);
      await box(p).focus();
      const cdp = await p.context().newCDPSession(p);
      await cdp.send("Input.imeSetComposition", {
        text: "にほん",
        selectionStart: 3,
        selectionEnd: 3,
      });
      await becomes(() => value(p), "にほん");
      const sent = await log(p).getByRole("article").count();
      await box(p).evaluate((el) => {
        for (const how of [{ isComposing: true }, { keyCode: 229 }])
          el.dispatchEvent(
            new KeyboardEvent("keydown", {
              key: "Enter",
              bubbles: true,
              cancelable: true,
              ...how,
            }),
          );
      });
      await calm(p);
      assert.equal(await log(p).getByRole("article").count(), sent);
      // A mark waits for what is put together, so that it does not stand in it.
      await tool(p, "Bold").click();
      await becomes(() => value(p), "にほん");
      await cdp.send("Input.insertText", { text: "日本" });
      await until("the marks", async () => (await value(p)) === "日本****");
      await box(p).fill("日本");
      await p.keyboard.press("Enter");
      await line(p, "日本").waitFor();
    },
  );

  await story.step(
    "K-12: each button and shortcut marks, unmarks, and undo takes it back",
    async () => {
      const p = (story.where = esme.page);
      const text = "a word here";
      for (const [name, want, keys, off = text] of [
        ["Bold", "a **word** here", "Control+b"],
        ["Italic", "a _word_ here", "Control+i"],
        ["Strikethrough", "a ~~word~~ here", "Control+Shift+x"],
        ["Code", "a `word` here", "Control+e"],
        [
          "Code block",
          "a \n```\nword\n```\n here",
          undefined,
          "a \nword\n here",
        ],
        ["Quote", "> a word here"],
      ]) {
        for (const press of [
          () => tool(p, name).click(),
          ...(keys ? [() => p.keyboard.press(keys)] : []),
        ]) {
          await clear(p);
          await p.keyboard.type(text);
          await select(p, "word");
          await press();
          await becomes(() => value(p), want, name);
          await p.keyboard.press("Control+z");
          await becomes(() => value(p), text, `undo of ${name}`);
          await p.keyboard.press("Control+y");
          await becomes(() => value(p), want, `redo of ${name}`);
          await select(p, "word");
          await press();
          await becomes(() => value(p), off, `${name} taken off`);
          await p.keyboard.press("Control+z");
          await becomes(() => value(p), want, `undo of ${name} taken off`);
        }
      }
      await clear(p);
      // Pressed again behind the word the key ends the mark, as one writes on.
      await p.keyboard.type("a ");
      await p.keyboard.press("Control+b");
      await p.keyboard.type("word");
      await p.keyboard.press("Control+b");
      await p.keyboard.type(" on");
      await becomes(() => value(p), "a **word** on");
      await clear(p);
    },
  );

  await story.step(
    "ui.md §5: the text is tinted as the markup reads it, and nothing moves",
    async () => {
      const p = (story.where = esme.page);
      await box(p).focus();
      await p.keyboard.type(
        "Looks **great** on _dark_, ~~not~~ `code` https://x.example/a",
      );
      await until("all of it", async () =>
        (await tinted(p, "link")).join("").endsWith("/a"),
      );
      assert.equal((await tinted(p, "bold")).join(""), "**great**");
      assert.equal((await tinted(p, "strike")).join(""), "~~not~~");
      assert.equal((await tinted(p, "code")).join(""), "code");
      assert.equal((await tinted(p, "link")).join(""), "https://x.example/a");
      // Letters of the mirror and of the text area stand on the same spot: both wrap and are as wide.
      const text = `${"wide words and **bold ones** that wrap the line ".repeat(30)}\n\nend`;
      await box(p).fill(text);
      await until("the tint", async () => (await tinted(p, "bold")).length > 9);
      await calm(p);
      const same = await p.locator(".composer .tinted").evaluate((el) => {
        const area = el.querySelector("textarea");
        const mirror = el.querySelector(".mirror");
        const of = (x) => getComputedStyle(x);
        const list = [
          "fontFamily",
          "fontSize",
          "fontWeight",
          "letterSpacing",
          "lineHeight",
          "paddingTop",
          "paddingLeft",
          "paddingRight",
          "whiteSpace",
          "overflowWrap",
        ];
        const bold = mirror.querySelector(".bold");
        return {
          width: mirror.clientWidth - area.clientWidth,
          height: mirror.scrollHeight - area.scrollHeight,
          differs: list.filter((k) => of(area)[k] !== of(mirror)[k]),
          weight: of(bold).fontWeight === of(mirror).fontWeight,
          most: area.clientHeight / el.closest("section").clientHeight,
        };
      });
      assert.deepEqual(
        [same.width, same.height, same.differs, same.weight],
        [0, 0, [], true],
      );
      assert.ok(same.most <= 0.401 && same.most > 0.3, `${same.most}`);
      await stage.look(p, "91-tall");
      await box(p).fill(
        "Looks great on dark too. I’ll attach the **etched-glass** version\n> quoted _words_\nand `code`, ~~struck~~, https://x.example/a",
      );
      await until("the tint", async () => (await tinted(p, "code")).length > 0);
      await stage.look(p, "91-tinted");
      await clear(p);
    },
  );

  await story.step(
    "M-30, K-05: @ offers the room's people, Esc closes, Enter and Tab take; the mention is the person",
    async () => {
      const p = (story.where = esme.page);
      await box(p).focus();
      await calm(p);
      const high = await p.locator(".composer").boundingBox();
      await p.keyboard.type("hey @ma");
      await choices(p)
        .getByRole("option", { name: /Mara Quill/ })
        .waitFor();
      assert.deepEqual(
        (await p.locator(".composer").boundingBox()).height,
        high.height,
        "the box of choices resizes nothing",
      );
      const first = await choices(p)
        .getByRole("option")
        .first()
        .getAttribute("id");
      await becomes(() => box(p).getAttribute("aria-activedescendant"), first);
      await stage.look(p, "92-mention");
      await p.keyboard.press("Escape");
      await gone(choices(p));
      await p.keyboard.type("r");
      await calm(p);
      assert.equal(await choices(p).count(), 0, "closed for this word");
      await clear(p);
      await p.keyboard.type("hey @MARA q");
      await choices(p).waitFor();
      await p.keyboard.press("Enter");
      await becomes(() => value(p), "hey @Mara Quill ");
      await p.keyboard.press("Control+z");
      await becomes(() => value(p), "hey @MARA q", "one undo");
      await p.keyboard.press("Control+y");
      await becomes(() => value(p), "hey @Mara Quill ");
      // Marks round it, and cut and paste, leave it the person.
      const person = async (what) =>
        until(what, async () =>
          (await tinted(p, "mention")).includes("@Mara Quill"),
        );
      await p.keyboard.press("Control+a");
      await p.keyboard.press("Control+b");
      await becomes(() => value(p), "**hey @Mara Quill** ");
      await person("the person within bold");
      await p.keyboard.press("Control+z");
      await p.keyboard.press("Control+a");
      await p.keyboard.press("Control+x");
      await becomes(() => value(p), "");
      await p.keyboard.press("Control+v");
      await becomes(() => value(p), "hey @Mara Quill ");
      await person("the person that was pasted");
      await p.keyboard.type("look at @mar");
      await choices(p).waitFor();
      await p.keyboard.press("Tab");
      // Typing inside makes it text; undo makes it the person again.
      await p.keyboard.press("ArrowLeft");
      await p.keyboard.press("ArrowLeft");
      await p.keyboard.type("x");
      await p.keyboard.press("Backspace");
      await p.keyboard.press("Control+End");
      await p.keyboard.type("and @nobody");
      await becomes(() => tinted(p, "mention"), ["@Mara Quill"]);
      await p.keyboard.press("Enter");
      const mine = line(p, "and @nobody").locator(".mention");
      await mine.waitFor();
      assert.equal(await mine.count(), 1);
      const q = (story.where = mara.page);
      await line(q, "and @nobody").locator(".mention.me").waitFor();
      // While it is edited it is a name, and stays the person.
      await box(p).focus();
      await p.keyboard.press("ArrowUp");
      await reads(() => value(p), /^hey @Mara Quill look/);
      await p.keyboard.press("Control+Home");
      await p.keyboard.type("So: ");
      await p.keyboard.press("Enter");
      await line(q, "So: hey").locator(".mention.me").waitFor();
      // In code nobody is offered, and nobody is mentioned.
      story.where = p;
      await box(p).fill("");
      await p.keyboard.type("`in @mar`");
      await p.keyboard.press("ArrowLeft");
      await gone(choices(p)); // as soon as the program has read that it is code
      await clear(p);
      await tool(p, "Mention somebody").click();
      await choices(p).waitFor();
      await choices(p).getByRole("option").first().click();
      await becomes(() => value(p), "@Mara Quill ");
      await clear(p);
    },
  );

  await story.step(
    "X-07, K-05: :name: is completed, and the panel puts an emoji where the cursor is",
    async () => {
      const p = (story.where = esme.page);
      await box(p).focus();
      await p.keyboard.type("version next :spark");
      await choices(p).getByRole("option", { name: ":sparkles:" }).waitFor();
      await stage.look(p, "93-emoji-names");
      await p.keyboard.type("les");
      await choices(p)
        .getByRole("option", { name: ":sparkles:", selected: true })
        .waitFor();
      await p.keyboard.press("ArrowDown");
      await p.keyboard.press("ArrowUp");
      await p.keyboard.press("Tab");
      await reads(() => value(p), /^version next ✨\u{fe0f}? $/u);
      await clear(p);
      await p.keyboard.type("at 10:30 or :-)");
      await calm(p);
      assert.equal(await choices(p).count(), 0);
      await clear(p);
      await p.keyboard.type("ab");
      await p.keyboard.press("ArrowLeft");
      await tool(p, "Emoji").click();
      const find = p.getByRole("combobox", { name: "Search emoji" });
      await find.fill("tada");
      await p.getByRole("option", { name: "party popper" }).waitFor();
      await stage.look(p, "93-emoji-panel");
      await p.keyboard.press("Enter");
      await until("the emoji", async () => (await value(p)) === "a🎉b");
      await focused(box(p));
      await p.keyboard.press("Control+z");
      await becomes(() => value(p), "ab");
      // Esc: first the panel, then the edit.
      await clear(p);
      await p.keyboard.press("ArrowUp");
      await about(p, "Editing your message").waitFor();
      await tool(p, "Emoji").click();
      await find.waitFor();
      await p.keyboard.press("Escape");
      await find.waitFor({ state: "hidden" });
      await about(p, "Editing your message").waitFor();
      await focused(box(p));
      await p.keyboard.press("Escape");
      await about(p, "Editing your message").waitFor({ state: "hidden" });
    },
  );

  await story.step(
    "K-09: a quote from the clipboard becomes > lines, Ctrl+Shift+V only its text",
    async () => {
      const p = (story.where = esme.page);
      await p.evaluate(() =>
        navigator.clipboard.write([
          new ClipboardItem({
            "text/html": new Blob(
              ["<blockquote><p>one <b>two</b></p><p>three</p></blockquote>"],
              { type: "text/html" },
            ),
            "text/plain": new Blob(["one two\nthree"], { type: "text/plain" }),
          }),
        ]),
      );
      await box(p).focus();
      await p.keyboard.type("see");
      await p.keyboard.press("Control+v");
      await becomes(() => value(p), "see\n> one two\n> three\n");
      await p.keyboard.press("Control+z");
      await becomes(() => value(p), "see");
      await p.keyboard.press("Control+Shift+v");
      await becomes(() => value(p), "seeone two\nthree");
      await clear(p);
      // What is copied as a quote here comes out as one.
      await line(p, "second").first().click({ button: "right" });
      await p.getByRole("menuitem", { name: "Copy as quote" }).click();
      await p.getByText("Copied", { exact: true }).waitFor();
      await box(p).focus();
      await p.keyboard.press("Control+v");
      await becomes(() => value(p), "> first\n> second\n");
      await clear(p);
    },
  );

  await story.step(
    "F-01 to F-04: files are picked, dropped and pasted; what cannot be is refused by name, the rest go",
    async () => {
      const p = (story.where = esme.page);
      const dir = path.join(stage.dir, "files");
      mkdirSync(dir);
      for (const [name, body] of [
        ["spec.txt", "spec"],
        ["empty.txt", ""],
      ])
        writeFileSync(path.join(dir, name), body);
      await p.getByText(/^Files up to 1 GiB/).waitFor();
      const chooser = p.waitForEvent("filechooser");
      await p.getByRole("button", { name: "Attach files" }).click();
      await (
        await chooser
      ).setFiles([path.join(dir, "spec.txt"), path.join(dir, "empty.txt")]);
      await p.getByRole("button", { name: "Remove spec.txt" }).waitFor();
      // Enter sends now, and asks for no more files.
      await box(p).and(p.locator(":focus")).waitFor();
      await p
        .getByText(/empty\.txt/)
        .first()
        .waitFor();
      assert.equal(
        await p.getByRole("button", { name: "Remove empty.txt" }).count(),
        0,
      );
      await box(p).evaluate((el) => {
        const put = new DataTransfer();
        put.items.add(
          new File([new Uint8Array([1, 2, 3])], "pasted.bin", {
            type: "application/octet-stream",
          }),
        );
        el.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: put, bubbles: true }),
        );
      });
      await p.getByRole("button", { name: "Remove pasted.bin" }).waitFor();
      const drop = await p.evaluateHandle(() => {
        const put = new DataTransfer();
        put.items.add(new File(["dropped"], "dropped.txt"));
        return put;
      });
      const room = p.locator("section.room");
      await room.dispatchEvent("dragover", { dataTransfer: drop });
      await p.getByText("Drop to attach").waitFor();
      await stage.look(p, "94-drop");
      await room.dispatchEvent("drop", { dataTransfer: drop });
      await p.getByRole("button", { name: "Remove dropped.txt" }).waitFor();
      await box(p).fill("With three files");
      await stage.look(p, "94-files");
    },
  );

  await story.step(
    "M-25: text, cursor, files, the answer and the edit are there after a restart; the list says Draft",
    async () => {
      const p = (story.where = esme.page);
      await box(p).fill("");
      await p.keyboard.type("Dear @mar");
      await choices(p).waitFor();
      await p.keyboard.press("Enter");
      await p.keyboard.type("here they are");
      await line(p, "Which sizes").first().click({ button: "right" });
      await p.getByRole("menuitem", { name: "Reply", exact: true }).click();
      await about(p, "Replying to Mara Quill").waitFor();
      await box(p).evaluate((el) => {
        el.setSelectionRange(4, 4);
        el.dispatchEvent(new Event("select"));
      });
      await line(p, "second").first().click({ button: "right" });
      await p.getByRole("menuitem", { name: "Edit", exact: true }).click();
      await about(p, "Editing your message").waitFor();
      await focused(box(p));
      await p.keyboard.press("Control+End");
      const kept = p.waitForResponse(
        (r) =>
          r.url().endsWith("/Rooms.SaveDraft") &&
          r.request().postData().includes("second thoughts"),
      );
      await p.keyboard.type(" thoughts");
      await kept;
      await stage.kill(esme.child);
      await p.close();
      esme = await stage.desktop("esme");
      const q = (story.where = esme.page);
      await q.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await box(q).waitFor();
      await about(q, "Editing your message").waitFor();
      await becomes(() => value(q), "first\nsecond thoughts");
      await box(q).focus();
      await q.keyboard.press("Escape");
      await about(q, "Replying to Mara Quill").waitFor();
      await becomes(() => value(q), "Dear @Mara Quill here they are");
      await becomes(() => box(q).evaluate((el) => el.selectionStart), 4);
      for (const name of ["spec.txt", "pasted.bin", "dropped.txt"])
        await q.getByRole("button", { name: `Remove ${name}` }).waitFor();
      await until("it is tinted", async () =>
        (await tinted(q, "mention")).includes("@Mara Quill"),
      );
      await stage.look(q, "95-draft");
      await q.keyboard.press("Control+2");
      await q.keyboard.press("Control+,");
      await q.keyboard.press("Control+1");
      await q
        .getByRole("button", { name: /Otter Trails/ })
        .first()
        .waitFor();
      await open(q);
      await box(q).focus();
      await q.keyboard.press("Enter");
      await line(mara.page, "here they are").waitFor();
      await line(mara.page, "here they are").locator(".mention.me").waitFor();
      await becomes(() => value(q), "");
    },
  );

  await story.step(
    "ui.md: the own message is there in the frame after Enter while the program takes 2 s, once and for good",
    async () => {
      const p = (story.where = esme.page);
      await p.route("**/*", async (route) => {
        if ((route.request().postData() ?? "").includes("Rooms.Send"))
          await new Promise((r) => setTimeout(r, 2000));
        else if (/Rooms\.Send/.test(route.request().url()))
          await new Promise((r) => setTimeout(r, 2000));
        await route.continue();
      });
      await box(p).fill("Painted at once, **bold** later");
      // Counts the rows of it in each frame from the key on.
      await p.evaluate(() => {
        const seen = (globalThis.seen = []);
        const box = document.querySelector(".composer textarea");
        box.focus();
        const count = () =>
          [...document.querySelectorAll('[role="log"] article')].filter((a) =>
            a.textContent.includes("Painted at once"),
          ).length;
        box.addEventListener(
          "keydown",
          () => {
            const began = performance.now();
            // What a frame has drawn stands there in the task after it.
            const drawn = new MessageChannel();
            drawn.port1.onmessage = () => {
              seen.push(count());
              if (performance.now() - began < 4000) frame();
              else globalThis.done = true;
            };
            const frame = () =>
              requestAnimationFrame(() => drawn.port2.postMessage(0));
            frame();
          },
          { once: true },
        );
      });
      await p.keyboard.press("Enter");
      await p.waitForFunction(() => globalThis.done);
      const seen = await p.evaluate(() => globalThis.seen);
      assert.deepEqual(
        seen.map((n, at) => [at, n]).filter(([, n]) => n !== 1),
        [],
        "in every frame exactly once",
      );
      await line(p, "Painted at once").locator("strong").waitFor();
      await p.unroute("**/*");
      await line(mara.page, "Painted at once").waitFor();
      assert.equal(await line(mara.page, "Painted at once").count(), 1);
    },
  );

  await story.step(
    "the limit of 10,000 characters is told from 9,500 on, and nothing longer is sent",
    async () => {
      const p = (story.where = esme.page);
      await box(p).fill("a".repeat(9_499));
      await calm(p);
      assert.equal(await p.getByText(/characters? left/).count(), 0);
      await box(p).fill("a".repeat(9_500));
      await p.getByText("500 characters left").waitFor();
      await box(p).fill("😀".repeat(10_001));
      await p.getByText(/10,001 of 10,000 characters/).waitFor();
      assert.ok(
        await p.getByRole("button", { name: "Send", exact: true }).isDisabled(),
      );
      await p.keyboard.press("Enter");
      await calm(p);
      assert.equal((await value(p)).length, 20_002);
      await clear(p);
    },
  );

  await story.step(
    "M-26: an edit that leaves nothing says so, and offers to delete the message",
    async () => {
      const p = (story.where = esme.page);
      await say(p, "Half a thought");
      await p.keyboard.press("ArrowUp");
      await about(p, "Editing your message").waitFor();
      await clear(p);
      await p.keyboard.press("Enter");
      await p.getByText("A message cannot be empty.").waitFor();
      await stage.look(p, "93-emptied");
      // What is put back can be saved; what is deleted can be brought back.
      await p.keyboard.type("Half a thought, ended");
      await p
        .getByText("A message cannot be empty.")
        .waitFor({ state: "detached" });
      await p.keyboard.press("Enter");
      await line(p, "Half a thought, ended").waitFor();
      await p.keyboard.press("ArrowUp");
      await about(p, "Editing your message").waitFor();
      await clear(p);
      await p.getByRole("button", { name: "Delete the message" }).click();
      await line(p, "Half a thought").waitFor({ state: "detached" });
      await focused(box(p));
      await p
        .locator(".toast", { hasText: "Message deleted" })
        .getByRole("button", { name: "Undo" })
        .click();
      await line(p, "Half a thought, ended").waitFor();
    },
  );

  await story.step(
    "K-12, M-26: undo in an edit ends at what the message says, one too many is none, redo brings back what was typed",
    async () => {
      const p = (story.where = esme.page);
      await p.keyboard.type("Words of before");
      await clear(p);
      await say(p, "Undone");
      await p.keyboard.press("ArrowUp");
      await about(p, "Editing your message").waitFor();
      await p.keyboard.type(" and done");
      await p.keyboard.press("Control+z");
      await becomes(() => value(p), "Undone");
      for (let i = 0; i < 3; i++) {
        await p.keyboard.press("Control+z");
        assert.equal(await value(p), "Undone");
      }
      await until("what was typed", async () => {
        await p.keyboard.press("Control+Shift+z");
        return (await value(p)) === "Undone and done";
      });
      await p.keyboard.press("Escape");
      await becomes(() => value(p), "");
    },
  );

  await story.step(
    "X-08: a link that nothing here opens is said, and its address can be copied",
    async () => {
      const p = (story.where = esme.page);
      await p.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await say(p, "See https://glass.example/guide?a=1");
      await line(p, "See https").getByRole("link").click();
      const said = p.locator(".toast", {
        hasText: "No program on this computer opens this address.",
      });
      await said.getByRole("button", { name: "Copy address" }).click();
      await said.waitFor({ state: "detached" });
      await becomes(
        () => p.evaluate(() => navigator.clipboard.readText()),
        "https://glass.example/guide?a=1",
      );
    },
  );

  await story.step("K-10: /gif stays text, and says so", async () => {
    const p = (story.where = esme.page);
    await box(p).fill("/gif happy otter");
    await p.getByText("There is no GIF search yet").waitFor();
    await stage.look(p, "94-gif");
    await box(p).press("Enter");
    await line(p, "/gif happy otter").waitFor();
    await p
      .getByText("There is no GIF search yet")
      .waitFor({ state: "hidden" });
  });

  await story.step(
    "R9: without a display the box and the tracker's settings say why there is no screenshot",
    async () => {
      const p = (story.where = esme.page);
      await p.getByRole("button", { name: "Writing settings" }).click();
      await p.getByText("No screenshots here").waitFor();
      assert.equal(
        await p.getByRole("button", { name: "Take a screenshot" }).count(),
        0,
      );
      await p.getByText("There is no screen to take a picture of.").waitFor();
      await stage.look(p, "94-no-capture");
      await p.keyboard.press("Escape");
    },
  );

  await story.step(
    "K-04, K-06, K-07, K-08, K-11: each of the shortcuts of the window works",
    async () => {
      const p = (story.where = esme.page);
      const q = mara.page;
      stage.contract(
        "Heron Atlas",
        ["mara", service.url],
        ["esme", service.url],
      );
      const title = (name) =>
        p.getByRole("heading", { name, exact: true }).first();
      await p.getByText("Heron Atlas").first().waitFor();
      await box(p).focus();
      await p.keyboard.press("ArrowUp");
      await about(p, "Editing your message").waitFor(); // K-04
      await p.keyboard.press("Escape");
      await p.getByText("Heron Atlas").first().click();
      await title("Heron Atlas").waitFor();
      await calm(p);
      const order = await p
        .locator("button.row")
        .evaluateAll((rows) =>
          rows.map((r) => r.textContent.includes("Otter")),
        );
      const toOtter = order[0] ? "Alt+ArrowUp" : "Alt+ArrowDown";
      const back = order[0] ? "Alt+ArrowDown" : "Alt+ArrowUp";
      await p.keyboard.press(toOtter);
      await title("Otter Trails").waitFor();
      await p.keyboard.press(toOtter); // stops at the ends
      await calm(p);
      await title("Otter Trails").waitFor();
      await p.keyboard.press(back);
      await title("Heron Atlas").waitFor();
      // K-07: only a room with something unread.
      await p.keyboard.press("Alt+Shift+ArrowUp");
      await p.keyboard.press("Alt+Shift+ArrowDown");
      await calm(p);
      await title("Heron Atlas").waitFor();
      await say(q, "Something unread");
      await p
        .locator("button.row[data-unread]", { hasText: "Otter Trails" })
        .waitFor();
      await calm(p);
      const now = await p
        .locator("button.row")
        .evaluateAll((rows) =>
          rows.map((r) => r.textContent.includes("Otter")),
        );
      await p.keyboard.press(
        now[0] ? "Alt+Shift+ArrowUp" : "Alt+Shift+ArrowDown",
      );
      await title("Otter Trails").waitFor();
      await line(p, "Something unread").waitFor();
      // K-11 j: U on a message, and Alt+click; K-11 i: Shift+Esc reads it all.
      await line(p, "Something unread").focus();
      await p.keyboard.press("u");
      await log(p).getByText("New", { exact: true }).waitFor();
      await p.keyboard.press("Shift+Escape");
      await until(
        "read",
        async () =>
          (await p
            .locator("button.row[data-unread]", { hasText: "Otter Trails" })
            .count()) === 0,
      );
      await line(p, "Something unread").click({ modifiers: ["Alt"] });
      await p
        .locator("button.row[data-unread]", { hasText: "Otter Trails" })
        .waitFor();
      await p.keyboard.press("Shift+Escape");
      // K-11 h: End in an empty box leads to the latest.
      await box(p).focus();
      await log(p).evaluate((el) => el.scrollTo(0, 0));
      await calm(p);
      await p.keyboard.press("End");
      await until("the end", () =>
        log(p).evaluate(
          (el) => el.scrollHeight - el.scrollTop - el.clientHeight < 3,
        ),
      );
      // K-11 a, b; K-08.
      await p.keyboard.press("Control+k");
      await p.getByRole("dialog").waitFor();
      await p.keyboard.press("Escape");
      await p.getByRole("dialog").waitFor({ state: "hidden" });
      await p.keyboard.press("Control+f");
      await p.locator("#find-words").waitFor();
      // K-11 f: Ctrl+\ closes and opens the panel.
      const panel = p.locator("#find-words, aside.panel");
      await p.keyboard.press("Control+\\");
      await p.locator("#find-words").waitFor({ state: "hidden" });
      await p.keyboard.press("Control+\\");
      await panel.first().waitFor();
      await p.keyboard.press("Control+\\");
      await p.keyboard.press("Control+Shift+f");
      await until("search", async () =>
        (await p.evaluate(() => location.hash)).includes("search"),
      );
      // K-11 c, e: the rail, settings.
      for (const [keys, place] of [
        ["Control+2", "work"],
        ["Control+3", "diary"],
        ["Control+1", "room"],
        ["Control+,", "settings"],
        ["Control+1", "room"],
      ]) {
        await p.keyboard.press(keys);
        await until(place, async () =>
          /work|contract/.test(place)
            ? /#\/?(work|contract)/.test(await p.evaluate(() => location.hash))
            : (await p.evaluate(() => location.hash)).includes(place),
        );
      }
      // K-11 g: F6 walks the regions there and back.
      const where = async () => {
        await calm(p);
        return p.evaluate(
          () =>
            document.activeElement?.closest("[data-region]")?.tagName ?? "none",
        );
      };
      const seen = [];
      for (let i = 0; i < 5; i++) {
        await p.keyboard.press("F6");
        seen.push(await where());
      }
      assert.ok(new Set(seen).size >= 3, seen.join(" "));
      const before = await where();
      await p.keyboard.press("F6");
      await p.keyboard.press("Shift+F6");
      assert.equal(await where(), before);
    },
  );

  await story.step(
    "K-11 d: Ctrl+/ lists every shortcut, and Settings has the same list",
    async () => {
      const p = (story.where = esme.page);
      // A form is not thrown away by a shortcut, and leaves the focus where it was before the way to it.
      await p.keyboard.press("Control+1");
      await box(p).focus();
      await p.keyboard.press("Control+k");
      await p.getByRole("combobox", { name: "Go to" }).fill(">new contract");
      await p.keyboard.press("Enter");
      const form = p.getByRole("dialog", { name: "New contract" });
      await form.waitFor();
      await p.keyboard.type("Precious words");
      const at = await p.evaluate(() => location.hash);
      for (const keys of ["Control+k", "Control+2", "Alt+ArrowDown"])
        await p.keyboard.press(keys);
      await calm(p);
      assert.equal(await p.evaluate(() => location.hash), at);
      assert.equal(
        await form.getByRole("textbox").first().inputValue(),
        "Precious words",
      );
      await p.keyboard.press("Escape");
      await form.waitFor({ state: "hidden" });
      await focused(box(p));
      await p.keyboard.press("Control+/");
      const sheet = p.getByRole("dialog", { name: "Shortcuts" });
      await sheet.waitFor();
      await sheet.getByText("Edit my last message").waitFor();
      await stage.look(p, "96-sheet");
      await p.keyboard.type("ctrl+k");
      await sheet.getByText("Go to a room").waitFor();
      await becomes(() => sheet.getByRole("listitem").count(), 1);
      // K-13: those that work outside the window are listed too, and what people type is none.
      await sheet.getByLabel("Find a shortcut").fill("everywhere");
      await sheet
        .getByRole("button", {
          name: "Capture to a room: Ctrl Alt S. Change",
          exact: true,
        })
        .waitFor();
      await sheet.getByRole("button", { name: /^Start or stop/ }).click();
      await p.keyboard.press("t");
      await sheet.getByText("T is what people type.").waitFor();
      await becomes(() => faults(p), []);
      await p.keyboard.press("Escape");
      await sheet
        .getByRole("button", {
          name: "Start or stop tracking: Ctrl Alt T. Change",
          exact: true,
        })
        .waitFor();
      await sheet.getByLabel("Find a shortcut").fill("xyzzy");
      await sheet.getByText("No shortcut for “xyzzy”").waitFor();
      await p.keyboard.press("Escape");
      await p.keyboard.press("Escape");
      await sheet.waitFor({ state: "hidden" });
      await p.keyboard.press("Control+,");
      await p.getByRole("button", { name: "Shortcuts" }).click();
      await p.getByRole("heading", { name: "Shortcuts" }).waitFor();
      await stage.look(p, "97-shortcuts");
    },
  );

  await story.step(
    "K-13: keys that work anywhere are off at first, found by words, changed by pressing, and say why they do not work",
    async () => {
      let p = (story.where = esme.page);
      const find = (q) => q.getByRole("searchbox", { name: "Find a setting" });
      const keys = (q, what) =>
        q.getByRole("button", { name: new RegExp(`^${what}: `) });
      /** exactly waits for a button of no other name: one that reads its keys twice is not it. */
      const exactly = (q, name) =>
        q.getByRole("button", { name, exact: true }).waitFor();
      await p.keyboard.press("Control+1");
      await p.keyboard.press("Control+,");
      await find(p).fill("anywhere");
      await p.keyboard.press("Enter");
      await p.getByRole("heading", { name: "Shortcuts", level: 1 }).waitFor();
      await find(p).fill("");
      await p.getByLabel("Find a shortcut").fill("capture");
      await keys(p, "Capture to a room").waitFor();
      await p.getByLabel("Find a shortcut").fill("");
      const on = p.getByRole("switch", {
        name: "Listen outside the window too",
      });
      await becomes(() => on.getAttribute("aria-checked"), "false");
      await exactly(p, "Start or stop tracking: Ctrl Alt T. Change");
      await on.click();
      await p.getByText("There is no display here to listen on.").waitFor();
      await keys(p, "Capture to a room").focus();
      await p.keyboard.press("Enter");
      await exactly(
        p,
        "Capture to a room: press the new keys. Escape keeps the old, Backspace removes",
      );
      await p.keyboard.press("ContextMenu");
      await p.getByText("That key cannot be used.").waitFor();
      await stage.look(p, "98-recording");
      await p.keyboard.press("Escape");
      await exactly(p, "Capture to a room: Ctrl Alt S. Change");
      await p.keyboard.press("Enter");
      await p.keyboard.press("Control+Alt+Shift+9");
      await exactly(p, "Capture to a room: Ctrl Alt Shift 9. Change");
      await keys(p, "Start or stop tracking").focus();
      await p.keyboard.press("Enter");
      await p.keyboard.press("Backspace");
      await exactly(p, "Start or stop tracking: no keys. Change");
      await stage.look(p, "98-changed");
      await stage.kill(esme.child);
      await p.close();
      esme = await stage.desktop("esme");
      p = story.where = esme.page;
      await box(p).or(p.getByText("Otter Trails").first()).first().waitFor();
      await p.keyboard.press("Control+,");
      await p.getByRole("button", { name: "Shortcuts", exact: true }).click();
      await exactly(p, "Capture to a room: Ctrl Alt Shift 9. Change");
      await p.getByRole("button", { name: "Back to Ctrl Alt T" }).click();
      await exactly(p, "Start or stop tracking: Ctrl Alt T. Change");
      await p.getByRole("button", { name: "Back to Ctrl Alt S" }).click();
      await gone(p.getByRole("button", { name: /^Back to/ }));
    },
  );

  await story.step(
    "D-13, ui.md §9: the box fits 1280 × 800 at 200 %, 720 × 480, and both at once: marks stand behind one button, boxes stay inside",
    async () => {
      const p = (story.where = esme.page);
      const wrong = [];
      await p.keyboard.press("Control+1");
      for (const [width, height, zoom] of [
        [1280, 800, 200],
        [720, 480, 100],
        [720, 480, 200],
      ]) {
        await p.setViewportSize({ width, height });
        await zoomed(p, zoom);
        const at = `${width}-${zoom}`;
        const composer = p.locator(".composer");
        await calm(p);
        if (!(await box(p).isVisible())) await open(p);
        await box(p).focus();
        for (const words of [
          "a",
          "words wide and far to the right",
          "x ".repeat(24),
        ]) {
          await clear(p);
          await p.keyboard.type(`${words} @mar`);
          await choices(p).waitFor();
          await calm(p);
          const inside = await composer.locator(".box").boundingBox();
          if (inside.x < 0 || inside.x + inside.width > width)
            wrong.push(`${at}: the mention box at ${JSON.stringify(inside)}`);
          await p.keyboard.press("Escape");
        }
        await clear(p);
        await calm(p);
        const send = await composer
          .getByRole("button", { name: "Send" })
          .boundingBox();
        const clip = await composer
          .getByRole("button", { name: "Attach files" })
          .boundingBox();
        if (Math.abs(send.y + send.height / 2 - clip.y - clip.height / 2) > 4)
          wrong.push(`${at}: the bar has two lines`);
        const fold = composer.getByRole("button", {
          name: "Bold, italic and others",
        });
        if (await fold.isVisible()) {
          await p.keyboard.type("word");
          await select(p, "word");
          await fold.click();
          await stage.look(p, `99-marks-${at}`);
          for (const x of await faults(p)) wrong.push(`${at}: ${x}`);
          await tool(p, "Bold").click();
          await becomes(() => value(p), "**word**");
          await tool(p, "Bold").waitFor({ state: "hidden" });
          await fold.focus();
          await p.keyboard.press("Enter");
          await tool(p, "Bold").waitFor();
          await p.keyboard.press("Escape");
          await tool(p, "Bold").waitFor({ state: "hidden" });
          await clear(p);
        } else await tool(p, "Bold").waitFor();
        for (const x of await faults(p)) wrong.push(`${at}: ${x}`);
      }
      await zoomed(p, 100);
      assert.deepEqual(wrong, []);
    },
  );
}

await story.run(main);
