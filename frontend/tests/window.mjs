// The journey in the real window: the desktop build on a display of its own, driven by keys and clicks, its tray by the panel's menu, and
// looked at by pictures and by the command line on the same data folder. Pictures of every step go to build/out/window. It prints what it
// did and ends with "N passed, N failed".
import { rmSync } from "node:fs";

import { Desk, pause, pictures, program, until } from "./desk.mjs";
import { choose, iconPart, tap } from "./desktray.mjs";
import { shotTaken } from "./deskshot.mjs";

const began = Date.now();
const total = { passed: 0, failed: 0 };
const say = (line) => process.stdout.write(`${line}\n`);

/** step does one thing of the journey. After one that failed the rest of an act means nothing, so it is thrown on. */
async function step(desk, name, body) {
  const t0 = Date.now();
  const took = () => `${((Date.now() - t0) / 1000).toFixed(1)} s`;
  try {
    await body();
    total.passed++;
    say(`ok      ${name} (${took()})`);
  } catch (e) {
    total.failed++;
    say(`FAILED  ${name} (${took()}): ${e.message}\n${e.stderr ?? ""}`);
    desk.picture("failed");
    throw e;
  }
}

function check(what, ok, seen) {
  if (!ok) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

const room = "Otter Trails";
const memo = "Draw the otters";

/** enterAlone walks the start page: this computer only, a name, Enter. */
async function enterAlone(desk, name) {
  desk.focus();
  // The address has the focus; before it stand the three ways, the second is this computer.
  await desk.shows(() => desk.key("shift+Tab", "Right"));
  await desk.shows(() => desk.type("Esme Winter"));
  if (name) desk.picture(name);
  desk.key("Return");
  await until("somebody is here", () =>
    desk
      .verb("doctor")
      .some((f) => f.what === "account" && f.says.includes("Esme Winter")),
  );
}

async function openRoom(desk) {
  desk.focus();
  await desk.shows(() => desk.key("ctrl+k"));
  await desk.shows(() => desk.type("Otter"));
  await desk.shows(() => desk.key("Return"));
}

/** ends waits for the program's end and checks that no process of the page is left. */
async function ends(desk, child) {
  const code = await Promise.race([child.ended, pause(60_000)]);
  check("the program ended with 0", code === 0, code);
  const left = () =>
    desk.ours().filter((p) => /WebKit|trestle --data/.test(p.line));
  await until(
    "no process of the page is left",
    () => left().length === 0,
  ).catch(() => check("no process of the page is left", false, left()));
}

/** withPanel is the whole way, on a desk with a bus, a panel and notices. */
async function withPanel(desk) {
  let child;
  let before;
  await step(desk, "D-01 the window opens on the first start", async () => {
    await desk.open();
    await desk.still();
    before = desk.part("00-panel-before", iconPart);
    child = desk.trestle();
    await until("the page is painted", () => desk.painted());
    await desk.still();
    desk.picture("01-start");
  });
  await step(desk, "D-03 the panel shows the icon", async () => {
    const now = () => desk.unlike(before, desk.part("02-panel-icon", iconPart));
    await until("the panel's picture changed", () => now() > 100);
  });
  await step(desk, "D-12 this computer only: a name, Enter", async () => {
    await enterAlone(desk, "03-this-computer");
    await desk.still();
    desk.picture("04-no-rooms");
  });
  await step(desk, "W-32 a contract for oneself opens its room", async () => {
    desk.verb(
      ...["contract", "create", "--title", room, "--rate", "52.00"],
      ...["--shots", "full", "--activity", "Map=Markers", "--self"],
    );
    await openRoom(desk);
    desk.picture("05-room");
  });
  await step(desk, "T-01 tracking starts and the icon says so", async () => {
    const calm = desk.part("02-panel-icon", iconPart);
    desk.verb(
      ...["track", "start", "--contract", room, "--activity", "Map"],
      ...["--memo", memo],
    );
    await until(
      "the icon changed",
      () => desk.unlike(calm, desk.part("06-panel-tracking", iconPart)) > 100,
    );
  });
  await step(desk, "M-22 a message, by keyboard", async () => {
    desk.focus();
    await desk.shows(() => desk.type("Written by hand *in the window*"));
    desk.key("Return");
    await until("the message is sent", () =>
      desk
        .verb("messages", "--room", room)
        .some(
          (m) =>
            m.html.includes("<em>in the window</em>") && m.state === "sent",
        ),
    );
    await desk.still();
    desk.picture("07-message");
  });
  await step(desk, "T-06 keys typed are counted", async () => {
    const keys = () =>
      desk
        .verb("diary", "--contract", room)
        .segments.reduce((sum, cell) => sum + Math.max(cell.keys, 0), 0);
    await until("the diary has keys", () => {
      desk.key("shift");
      return keys() > 0;
    });
  });
  await step(desk, "D-03 Stop and Resume in the tray's menu", async () => {
    const state = (want) => () => desk.verb("track", "status").state === want;
    await choose(desk, child.pid, "Stop", "08-menu-stop");
    await until("it is stopped", state("stopped"));
    await desk.still();
    await choose(desk, child.pid, "Resume", "09-menu-resume");
    await until("it is tracking", state("tracking"));
    const now = desk.verb("track", "status");
    check(
      "what was tracked goes on",
      now.memo === memo && now.code === "Map",
      now,
    );
  });
  await step(desk, "C-01 Capture in the tray, an arrow, sent", async () => {
    await choose(desk, child.pid, "Capture");
    await until("the picture is frozen", () => desk.painted());
    await pause(1000);
    await desk.still();
    desk.picture("10-annotator");
    desk.focus();
    desk.key("z");
    desk.drag(620, 330, 860, 470);
    await desk.still();
    desk.picture("11-arrow");
    desk.key("ctrl+Return");
    await until("the picture is in the room", () =>
      desk
        .verb("messages", "--room", room)
        .some(
          (m) =>
            m.files.some((f) => f.name.endsWith(".png")) && m.state === "sent",
        ),
    );
    await desk.still();
    desk.picture("12-picture-sent");
  });
  await step(desk, "D-03 closing hides, the icon brings back", async () => {
    desk.focus();
    desk.key("alt+F4");
    await until("the window is gone", () => desk.window() === "");
    await desk.still();
    desk.picture("13-hidden");
    check("it still tracks", desk.verb("track", "status").state === "tracking");
    tap(desk);
    await until("the window is back", () => desk.painted());
  });
  await step(desk, "D-04 a second start shows the first", async () => {
    desk.focus();
    desk.key("alt+F4");
    await until("the window is gone", () => desk.window() === "");
    const second = desk.trestle();
    check("the second start ended with 0", (await second.ended) === 0);
    await until("the window is back", () => desk.painted());
    await desk.still();
    desk.picture("14-second-start");
  });
  await step(desk, "T-20 Memo in the tray opens the tracker", async () => {
    const part = "780x700+500+90";
    const without = desk.part("14-without-tracker", part);
    await choose(desk, child.pid, "Memo");
    await until(
      "the panel is shown",
      () => desk.unlike(without, desk.part("14-tracker", part)) > 20_000,
    );
    await pause(800); // its clock runs, so it is never still
    desk.picture("15-tracker-panel");
  });
  let hours, messages;
  await step(desk, "D-03 Quit in the tray ends everything", async () => {
    desk.verb("track", "stop");
    desk.verb("sync");
    hours = desk.verb("diary", "--contract", room).week.seconds;
    messages = desk.verb("messages", "--room", room).map((m) => m.id);
    check("there is time in the diary", hours > 0, hours);
    await desk.still();
    await choose(desk, child.pid, "Quit", "17-menu-quit");
    await ends(desk, child);
  });
  await step(
    desk,
    "F-01 started again: nothing is lost, nothing doubled",
    async () => {
      child = desk.trestle();
      await until("the page is painted", () => desk.painted());
      await pause(1000);
      await desk.still();
      desk.picture("18-again");
      const now = desk.verb("messages", "--room", room).map((m) => m.id);
      check("the same messages", now.join() === messages.join(), now);
      const time = desk.verb("diary", "--contract", room).week.seconds;
      check("the same time", time === hours, [hours, time]);
      check(
        "nothing is tracked",
        desk.verb("track", "status").state === "stopped",
      );
      child.kill("SIGTERM");
      await ends(desk, child);
    },
  );
  await step(
    desk,
    "T-07 a screenshot, held ten seconds, then in the diary",
    async () => {
      child = desk.hurried();
      await until("the page is painted", () => desk.painted());
      desk.verb(
        ...["track", "start", "--contract", room, "--activity", "Map"],
        ...["--memo", memo],
      );
      check("one was taken", await shotTaken(desk, 60_000));
      await pause(1500);
      desk.key("shift"); // somebody is there after it, or it would not be kept
      await until(
        "its ten seconds are over",
        () => !desk.verb("track", "status").shot,
      );
      desk.verb("track", "stop"); // it follows its stretch of time, which is reported now
      const inDiary = () =>
        desk
          .verb("diary", "--contract", room)
          .segments.find((cell) => cell.shot?.file && !cell.waiting);
      await until("the diary shows it", inDiary);
      child.kill("SIGTERM");
      await ends(desk, child);
    },
  );
}

/** bare is a desk with a display and a window manager and nothing else. */
async function bare(desk) {
  let child;
  await step(
    desk,
    "D-01 the window opens without a bus and a panel",
    async () => {
      await desk.open();
      child = desk.trestle();
      await until("the page is painted", () => desk.painted());
      await desk.still();
      await enterAlone(desk);
      desk.verb(
        ...["contract", "create", "--title", room, "--rate", "52.00"],
        ...["--shots", "none", "--self"],
      );
    },
  );
  await step(desk, "M-22 a message, by keyboard, without a bus", async () => {
    await openRoom(desk);
    await desk.shows(() => desk.type("No bus here"));
    desk.key("Return");
    await until("the message is sent", () =>
      desk
        .verb("messages", "--room", room)
        .some((m) => m.text === "No bus here" && m.state === "sent"),
    );
  });
  let first;
  let second;
  await step(desk, "D-10 a link leads the window that runs", async () => {
    first = desk.room();
    desk.verb(
      ...["contract", "create", "--title", "Marsh Map", "--rate", "50.00"],
      ...["--shots", "none", "--self"],
    );
    second = desk.verb("rooms").find((r) => r.name === "Marsh Map").id;
    const said = desk.verb("messages", "--room", room)[0];
    const ended = await desk.trestle(`trestle://room/${second}`).ended;
    check("the second start ended", ended === 0, ended);
    await until("the window shows that room", () => desk.room() === second);
    await desk.trestle(`trestle://message/${said.id}`).ended;
    await until("and the message's", () => desk.room() === first);
    await desk.still();
    desk.picture("18-link");
    await desk.trestle("trestle://send/hello").ended;
    await desk.still();
    desk.picture("19-link-nowhere");
    check("it stays where it is", desk.room() === first, desk.room());
  });
  await step(desk, "D-03 it says in words that there is no tray", async () => {
    const tray = desk.verb("doctor").find((f) => f.what === "tray");
    check(
      "the doctor says it",
      tray?.ok === false && tray.says.includes("no tray"),
      tray,
    );
    await until("the window says it", () => desk.told());
    await desk.still();
    desk.picture("20-no-tray");
  });
  await step(
    desk,
    "D-03 closing ends the program where no tray is",
    async () => {
      desk.focus();
      desk.key("alt+F4");
      await ends(desk, child);
    },
  );
  await step(desk, "D-10 the first start goes to a link", async () => {
    child = desk.trestle(`trestle://room/${second}`);
    await until("the window shows that room", () => desk.room() === second);
    await desk.still();
    desk.picture("21-link-first");
    desk.focus();
    desk.key("alt+F4");
    await ends(desk, child);
  });
}

rmSync(pictures, { recursive: true, force: true });
say(`the program: ${program}`);
for (const [act, bus] of [
  [withPanel, true],
  [bare, false],
]) {
  const desk = new Desk({ bus });
  const stop = () => void desk.clear().finally(() => process.exit(1));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await act(desk);
  } catch {
    desk.talk(say); // the step has said what failed
  } finally {
    await desk.clear();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
say(`pictures in ${pictures}; ${((Date.now() - began) / 1000).toFixed(0)} s`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed ? 1 : 0);
