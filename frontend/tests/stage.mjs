// The stage of the browser journeys: the real program as real processes (a service, and a desktop for each person with a data folder of its
// own) and Debian's Chromium over the http bridge. A page fails the journey by any error of its own, any report of its content security
// policy, and any request that leaves this computer.
import { spawn, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import axe from "axe-core";
import { chromium } from "playwright-core";

import { hurried } from "./hurried.mjs";
import { calm, patience } from "./wait.mjs";
import { Wire } from "./wire.mjs";

const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../..",
);
export const program =
  process.env.TRESTLE_PROGRAM ?? path.join(root, "build/bin/headless/trestle");
export const shots = path.join(root, "build/out/journey");
export const password = "correct horse battery\n";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export class Stage {
  #children = new Set();
  problems = [];
  env = {
    TRESTLE_KEYRING: "off",
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
    DISPLAY: "",
    WAYLAND_DISPLAY: "",
    TZ: "UTC",
  };
  /** The program of each data folder that has one of its own; see hurried. */
  #programs = new Map();
  /** The e-mail address of the person of each data folder. */
  mails = {};
  constructor() {
    this.dir = mkdtempSync(path.join(tmpdir(), "trestle-journey-"));
    mkdirSync(shots, { recursive: true });
  }

  /** display starts an X server of its own with a window to be seen on it, so that capture and the input counter are real. */
  async display() {
    const server = spawn(
      "Xvfb",
      ["-displayfd", "3", "-screen", "0", "1280x800x24", "-noreset"],
      { stdio: ["ignore", "ignore", "ignore", "pipe"] },
    );
    this.#children.add(server);
    const number = await new Promise((resolve, reject) => {
      server.stdio[3].once("data", (d) => resolve(String(d).trim()));
      server.once("error", reject);
      server.once("exit", () => reject(new Error("Xvfb did not start")));
    });
    this.env.DISPLAY = `:${number}`;
    const env = { ...process.env, DISPLAY: this.env.DISPLAY };
    // A pattern, so that what is hidden can be told from what is not.
    execFileSync(
      "xsetroot",
      ["-mod", "16", "16", "-fg", "#f2c84b", "-bg", "#3b6ea5"],
      { env },
    );
    return this.env.DISPLAY;
  }

  /** press types and clicks as a hand at the display would. */
  press(...args) {
    execFileSync("xdotool", args, {
      env: { ...process.env, DISPLAY: this.env.DISPLAY },
    });
  }

  /** hurried gives a data folder the program that takes its screenshots soon. */
  hurried(data) {
    this.#programs.set(data, hurried());
  }

  /** programOf is what runs for a data folder. */
  programOf(data) {
    return this.#programs.get(data) ?? program;
  }

  /** run starts the program and answers it with its first line of standard output. */
  async run(data, ...args) {
    const child = spawn(
      this.programOf(data),
      ["--data", path.join(this.dir, data), ...args],
      {
        env: {
          ...process.env,
          ...this.env,
          TRESTLE_DEV_SHOT: "4",
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#children.add(child);
    child.on("exit", () => this.#children.delete(child));
    let err = "";
    child.stderr.on("data", (d) => (err += d));
    const line = await new Promise((resolve, reject) => {
      let out = "";
      child.stdout.on("data", (d) => {
        out += d;
        if (out.includes("\n")) resolve(out.split("\n")[0]);
      });
      child.on("exit", (code) =>
        reject(new Error(`${args.join(" ")} ended with ${code}: ${err}`)),
      );
    });
    return { child, line };
  }

  /** verb runs one command line to its end and answers its JSON. */
  verb(data, args, input = "") {
    return JSON.parse(this.said(data, ["--json", ...args], input));
  }

  /** said runs one command line to its end and answers what it printed. */
  said(data, args, input = "") {
    return execFileSync(
      this.programOf(data),
      ["--data", path.join(this.dir, data), ...args],
      { input, env: { ...process.env, ...this.env } },
    ).toString();
  }

  /**
   * service is what the desktops sync to: a process of this stage's own, or with TRESTLE_SERVICE=URL one that runs already. That one is
   * stopped and started by `sh -c "$TRESTLE_RESTART stop|start"`; without it only the way to it is cut. It must let anybody join.
   */
  async service() {
    const url = process.env.TRESTLE_SERVICE;
    if (!url) {
      const own = { address: "127.0.0.1:0" };
      own.start = async () => {
        const { child, line } = await this.run(
          "service",
          "serve",
          "--listen",
          own.address,
        );
        own.child = child;
        own.url = JSON.parse(line).url;
        own.address = new URL(own.url).host;
      };
      own.stop = (signal = "SIGKILL") => this.kill(own.child, signal);
      await own.start();
      return own;
    }
    const restart = process.env.TRESTLE_RESTART;
    if (restart) {
      const ask = async (what) => {
        execFileSync("sh", ["-c", `${restart} ${what}`], { stdio: "inherit" });
      };
      return { url, stop: () => ask("stop"), start: () => ask("start") };
    }
    const wire = await Wire.open(url);
    return {
      url: wire.url,
      stop: () => wire.cut(),
      start: () => wire.mend(),
    };
  }

  /** mail is an e-mail address nobody has at the service yet. */
  mail(name) {
    return process.env.TRESTLE_SERVICE
      ? `${name}-${randomUUID().slice(0, 8)}@x.example`
      : `${name}@x.example`;
  }

  /** join gives the person of a data folder an account at the service, at the address the desktop will call it by. */
  join(data, name, url) {
    this.mails[data] ??= this.mail(data);
    // prettier-ignore
    this.verb(data, ["sign-up", "--service", url, "--name", name, "--email", this.mails[data], "--password-stdin"], password);
  }

  /** contract lets one desktop offer a contract and another accept it; its room has the same name. Each names the service as it knows it. */
  contract(title, [client, clientURL], [freelancer, freelancerURL]) {
    const offer = this.verb(
      client,
      // prettier-ignore
      ["contract", "create", "--title", title, "--rate", "52", "--shots", "none"],
    );
    this.verb(client, ["sync"]);
    const link = offer.link.replace(clientURL, freelancerURL);
    this.verb(freelancer, ["contract", "accept", link]);
    this.verb(freelancer, ["sync"]);
  }

  /**
   * two is how most journeys begin: Mara Quill (data folder "mara", client) and Esme Winter ("esme") have accounts and share the contract
   * "Otter Trails" with its room. Their desktops may call the service by addresses of their own, such as relays to cut. Neither is open yet.
   */
  two(mara, esme = mara) {
    this.join("mara", "Mara Quill", mara);
    this.join("esme", "Esme Winter", esme);
    this.contract("Otter Trails", ["mara", mara], ["esme", esme]);
  }

  async kill(child, signal = "SIGKILL") {
    const gone = new Promise((r) => child.on("exit", r));
    child.kill(signal);
    await gone;
  }

  async chrome() {
    this.browser ??= await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: flags,
    });
    return this.browser;
  }

  /** page opens the pages of a desktop at its one-time address. */
  async page(url, options = {}) {
    const browser = await this.chrome();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: "light",
      timezoneId: "UTC",
      ...options,
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    this.watch(page, new URL(url).origin);
    await page.goto(url);
    return page;
  }

  watch(page, origin) {
    page.on("pageerror", (e) => this.problems.push(`page error: ${e.message}`));
    page.on("console", (m) => {
      if (m.type() === "error" && !/Failed to load resource/.test(m.text()))
        this.problems.push(`console: ${m.text()}`);
    });
    page.on("request", (r) => {
      const u = r.url();
      if (!u.startsWith(origin) && !/^(data|blob|about):/.test(u))
        this.problems.push(`a request left this computer: ${u}`);
    });
  }

  /** desktop starts a desktop for a person and opens its page. */
  async desktop(data, options) {
    const { child, line } = await this.run(
      data,
      "open",
      "--browser",
      "--print-url",
    );
    const page = await this.page(line, options);
    return { child, page, data };
  }

  /** look keeps a screenshot in both themes and lets axe look for serious faults. */
  async look(page, name) {
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      await calm(page);
      await page.screenshot({ path: path.join(shots, `${name}-${theme}.png`) });
      await this.axe(page, `${name} in ${theme}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
  }

  async shot(page, name) {
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
  }

  /** colours counts the colours in a part of a picture. */
  colours(file, { x, y, w, h }) {
    const out = execFileSync("convert", [
      file,
      "-crop",
      `${w}x${h}+${x}+${y}`,
      "+repage",
      "-unique-colors",
      "txt:-",
    ]).toString();
    return out.trim().split("\n").length - 1;
  }

  /** files lists all files below a desktop's data folder. */
  files(data) {
    const walk = (dir) =>
      readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
        e.isDirectory()
          ? walk(path.join(dir, e.name))
          : e.isFile()
            ? [path.join(dir, e.name)]
            : [],
      );
    return walk(path.join(this.dir, data));
  }

  async axe(page, what) {
    // By evaluate, not by a script tag: the pages' policy takes no foreign script.
    await page.evaluate(axe.source);
    const result = await page.evaluate(() =>
      globalThis.axe.run(document, { resultTypes: ["violations"] }),
    );
    for (const v of result.violations) {
      if (v.impact === "serious" || v.impact === "critical")
        this.problems.push(
          `axe, ${what}: ${v.id} (${v.impact}) at ${v.nodes
            .slice(0, 3)
            .map((n) => n.target.join(" "))
            .join("; ")}`,
        );
    }
  }

  async close() {
    await this.browser?.close();
    for (const c of this.#children) c.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }
}
