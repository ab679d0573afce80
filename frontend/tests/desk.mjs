// A desk of the window journey: a display of its own with a window manager and, if asked for, a session bus, a panel with a tray and a
// daemon for notices. Everything on it is a real program in a home folder of its own; what is left when the desk is cleared is killed by the
// mark it carries in its environment, and nothing else is.
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { hurried } from "./hurried.mjs";

const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../..",
);
export const program =
  process.env.TRESTLE_PROGRAM ?? path.join(root, "build/bin/trestle");
export const pictures = path.join(root, "build/out/window");

/** until polls for something that is truthy and answers it. */
export async function until(what, ask) {
  const end = Date.now() + 60_000;
  for (;;) {
    const got = await ask();
    if (got) return got;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await pause(100);
  }
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// One panel of 30 pixels at the top with a tray and nothing else, so that the tray is at its left.
const panel = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="icon-size" type="int" value="22"/>
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
`;

export const panelHeight = 30;

export class Desk {
  #children = [];
  /** @param {{bus: boolean}} with_ with a session bus come the panel and the notices */
  constructor(with_) {
    this.with = with_;
    this.dir = mkdtempSync(path.join(tmpdir(), "trestle-desk-"));
    this.data = path.join(this.dir, "data");
    const run = path.join(this.dir, "run");
    const config = path.join(this.dir, "config");
    mkdirSync(run, { mode: 0o700 });
    mkdirSync(path.join(config, "xfce4/xfconf/xfce-perchannel-xml"), {
      recursive: true,
    });
    writeFileSync(
      path.join(config, "xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"),
      panel,
    );
    mkdirSync(pictures, { recursive: true });
    this.env = {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      TZ: "UTC",
      HOME: this.dir,
      XDG_RUNTIME_DIR: run,
      XDG_CONFIG_HOME: config,
      XDG_CACHE_HOME: path.join(this.dir, "cache"),
      NO_AT_BRIDGE: "1",
      TRESTLE_KEYRING: "off",
    };
  }

  async open() {
    const display = await this.#said("Xvfb", [
      "-displayfd",
      "1",
      "-screen",
      "0",
      "1280x800x24",
      "-noreset",
    ]);
    this.env.DISPLAY = `:${display}`;
    if (this.with.bus)
      this.env.DBUS_SESSION_BUS_ADDRESS = await this.#said("dbus-daemon", [
        "--session",
        "--nofork",
        "--print-address=1",
      ]);
    this.start("openbox");
    this.#paper();
    if (!this.with.bus) return;
    this.start("dunst");
    this.start("xfce4-panel", "--disable-wm-check");
    await until("the panel hosts a tray", () => {
      const said = this.bus(
        "org.kde.StatusNotifierWatcher",
        "/StatusNotifierWatcher",
        "org.freedesktop.DBus.Properties.Get",
        "org.kde.StatusNotifierWatcher",
        "IsStatusNotifierHostRegistered",
      );
      return said.includes("true");
    });
  }

  /** Something to see on the screen beside the program's window: pictures of it are taken while the window is hidden. */
  #paper() {
    const file = path.join(this.dir, "paper.png");
    this.tool(
      "convert",
      ...["-size", "1280x800", "gradient:#dfe9f5-#7fa7a0", "-fill", "#20443c"],
      ...["-draw", "rectangle 140,180 620,520", "-fill", "#f4a65a"],
      ...["-draw", "circle 980,300 1060,300", "-fill", "#ffffff"],
      ...["-font", "DejaVu-Sans", "-pointsize", "34"],
      ...["-annotate", "+180+260", "Otter map, draft 3", file],
    );
    this.tool("display", "-window", "root", file);
  }

  /** start runs a program on the desk until the desk is cleared. */
  start(command, ...args) {
    const log = openSync(path.join(this.dir, path.basename(command)), "a");
    const child = spawn(command, args, {
      env: this.env,
      stdio: ["ignore", log, log],
    });
    this.#children.push(child);
    child.ended = new Promise((done) => child.on("exit", (code) => done(code)));
    return child;
  }

  /** said starts a program and answers the first line it says. */
  #said(command, args) {
    const child = spawn(command, args, {
      env: this.env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#children.push(child);
    return new Promise((resolve, reject) => {
      let out = "";
      child.stdout.on("data", (d) => {
        out += d;
        if (out.includes("\n")) resolve(out.split("\n")[0].trim());
      });
      child.on("error", reject);
      child.on("exit", (code) =>
        reject(new Error(`${command} ended with ${code}`)),
      );
    });
  }

  /** trestle starts the program under test. */
  trestle(...args) {
    return this.start(program, "--data", this.data, ...args);
  }

  /** hurried starts, in its place, the program that takes a screenshot within seconds. */
  hurried() {
    this.env.TRESTLE_DEV_SHOT = "4";
    return this.start(hurried({ window: true }), "--data", this.data);
  }

  /** verb runs one command line on the same data folder and answers its JSON. */
  verb(...args) {
    const out = execFileSync(
      program,
      ["--data", this.data, "--json", ...args],
      {
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    return JSON.parse(out.toString());
  }

  /** tool runs a small program and answers what it says, "" if it fails. */
  tool(command, ...args) {
    try {
      return execFileSync(command, args, {
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 20_000,
      })
        .toString()
        .trim();
    } catch {
      return ""; // xdotool search fails when it finds nothing
    }
  }

  /** bus calls a method on the session bus and answers gdbus' own text of the answer. */
  bus(name, object, method, ...args) {
    return this.tool(
      "gdbus",
      ...["call", "--session", "--timeout", "5", "--dest", name],
      ...["--object-path", object, "--method", method, ...args],
    );
  }

  /** window is the id of the program's window on the screen, or "". */
  window() {
    return (
      this.tool("xdotool", "search", "--onlyvisible", "--name", "^Trestle")
        .split("\n")
        .pop() ?? ""
    );
  }

  /** painted reports whether the window shows more than an empty page, which has few colours. */
  painted(id = this.window()) {
    if (!id) return false;
    return (
      Number(this.tool("import", "-window", id, "-format", "%k", "info:")) > 40
    );
  }

  /** picture keeps a picture of the whole screen. */
  picture(name) {
    this.tool("import", "-window", "root", path.join(pictures, `${name}.png`));
  }

  /** part keeps a picture of a part of the screen, "WxH+X+Y", and answers its file. */
  part(name, geometry) {
    const file = path.join(pictures, `${name}.png`);
    this.tool("import", "-window", "root", "-crop", geometry, "+repage", file);
    return file;
  }

  /** unlike counts the pixels in which two pictures differ. */
  unlike(a, b) {
    try {
      execFileSync("compare", ["-metric", "AE", a, b, "null:"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      return 0;
    } catch (e) {
      return Number.parseInt(String(e.stderr), 10);
    }
  }

  /** shows does something that is seen, and waits until the screen is another one and still. */
  async shows(act) {
    const was = this.part("before", "1280x800+0+0");
    act();
    await until("the screen shows it", () => {
      return this.unlike(was, this.part("now", "1280x800+0+0")) > 300;
    });
    await this.still();
  }

  /** still waits until the screen has stopped changing. */
  async still() {
    let was = "";
    await until("the screen is still", async () => {
      const now = this.tool(
        "import",
        "-window",
        "root",
        "-format",
        "%#",
        "info:",
      );
      const same = now === was;
      was = now;
      if (!same) await pause(200);
      return same;
    });
  }

  focus() {
    const id = this.window();
    this.tool("xdotool", "windowactivate", "--sync", id);
    return id;
  }

  key(...keys) {
    this.tool("xdotool", "key", "--delay", "40", ...keys);
  }

  type(text) {
    this.tool("xdotool", "type", "--delay", "25", text);
  }

  click(x, y, button = 1) {
    this.tool("xdotool", "mousemove", String(x), String(y));
    this.tool("xdotool", "click", String(button));
  }

  /** drag draws with the left button from one point to another. */
  drag(x0, y0, x1, y1) {
    this.tool("xdotool", "mousemove", String(x0), String(y0), "mousedown", "1");
    for (let i = 1; i <= 8; i++)
      this.tool(
        "xdotool",
        "mousemove",
        String(Math.round(x0 + ((x1 - x0) * i) / 8)),
        String(Math.round(y0 + ((y1 - y0) * i) / 8)),
      );
    this.tool("xdotool", "mouseup", "1");
  }

  /** kept is what the program keeps of itself, {} while it writes. */
  #kept() {
    try {
      return JSON.parse(
        readFileSync(path.join(this.data, "desktop.json"), "utf8"),
      );
    } catch {
      return {};
    }
  }

  /** told reports whether the program has said that no tray is here: it keeps that it did. */
  told() {
    return this.#kept().saidNoTray;
  }

  /** room is the id of the room that the window shows, or showed last. */
  room() {
    return this.#kept().settings?.lastRoom;
  }

  /** talk passes on what the program and the desk's programs wrote. */
  talk(say) {
    for (const name of [path.basename(program), "xfce4-panel", "dunst"]) {
      const file = path.join(this.dir, name);
      if (existsSync(file))
        say(`-- ${name}:\n${readFileSync(file, "utf8").slice(-3000)}`);
    }
  }

  /** ours lists the processes that carry this desk's mark, by command line. */
  ours() {
    const mark = `XDG_RUNTIME_DIR=${this.env.XDG_RUNTIME_DIR}`;
    const found = [];
    for (const pid of readdirSync("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark))
          continue;
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll(
          "\0",
          " ",
        );
        found.push({ pid: Number(pid), line });
      } catch {
        // it has just ended
      }
    }
    return found;
  }

  /** clear ends everything on the desk and takes it away. */
  async clear() {
    for (const signal of ["SIGTERM", "SIGKILL"]) {
      for (const { pid } of this.ours()) {
        try {
          process.kill(pid, signal);
        } catch {
          // it has just ended
        }
      }
      for (let i = 0; i < 30 && this.ours().length > 0; i++) await pause(100);
    }
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 });
  }
}
