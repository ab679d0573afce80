import { call, on } from "../bridge";
import type { Boot, Settings, Sync } from "../bridge/api";
import { listen } from "./changed";
import { people } from "./people.svelte";
import { Query } from "./query.svelte";
import { attempt } from "./say";
import { transfers } from "./transfers.svelte";
import { typing } from "./typing.svelte";
import { watchUse } from "./using";

const dark = matchMedia("(prefers-color-scheme: dark)");

/**
 * What the shell knows around every screen: who is here, what this computer can
 * do, its settings, and how far it and its service agree.
 */
class App {
  #boot = new Query<Boot>(
    () => this.#readBoot(),
    (scope) => scope === "settings",
  );
  #sync = new Query<Sync>(
    () => call("Shell.Status"),
    () => true,
  );
  /** Settles when every change of a setting is kept: one is on its way at a time. */
  #kept: Promise<unknown> = Promise.resolve();
  boot = $derived(this.#boot.value);
  error = $derived(this.#boot.error);
  /** The program behind this tab does not answer any more. */
  gone = $state(false);
  account = $derived(this.#boot.value?.account ?? null);
  caps = $derived(this.#boot.value?.caps);
  settings = $derived(this.#boot.value?.settings);
  /** How far this computer and its service agree; the newer of two answers. */
  sync = $derived(this.#sync.value ?? this.#boot.value?.sync);

  /** Reads the first answer and follows what changes; once. */
  async start() {
    listen();
    transfers.start();
    people.start();
    typing.start();
    on("gone", ({ gone }) => (this.gone = gone));
    dark.addEventListener("change", () => this.dress());
    // Whoever comes back to the window, or to a network, need not wait for the next try.
    for (const back of ["focus", "online"])
      addEventListener(back, () => {
        if (this.sync?.state === "offline" || this.sync?.tooOld)
          void call("Shell.SyncNow").catch(() => undefined);
      });
    await this.refresh();
    watchUse();
  }

  /** What it answers was asked after the last change of a setting: an older answer would take that back. */
  async #readBoot(): Promise<Boot> {
    for (;;) {
      const kept = this.#kept;
      await kept;
      const boot = await call("Shell.Boot");
      if (kept === this.#kept) return boot;
    }
  }

  /** Reads it again. */
  async refresh() {
    await this.#boot.refresh();
    this.dress();
  }

  /** Tries the service at once, because a person wants it. */
  async syncNow() {
    await attempt(() => call("Shell.SyncNow"));
  }

  /** Takes a new first answer: an account was made, entered or left. */
  take(boot: Boot) {
    this.#boot.value = boot;
    this.#sync.value = undefined;
    void this.#sync.refresh();
    this.dress();
  }

  /** Changes a setting: on screen at once, then kept by the program. */
  async set(change: Partial<Settings>) {
    const boot = this.#boot.value;
    if (!boot) return;
    const wanted = { ...boot.settings, ...change };
    this.#boot.value = { ...boot, settings: wanted };
    this.dress();
    const kept = this.#kept.then(() =>
      attempt(() => call("Shell.Set", wanted)),
    );
    this.#kept = kept;
    if (!(await kept)) await this.refresh();
  }

  /** Tells which room is being looked at, so that it causes no notices (N-08). */
  look(room: string) {
    void call("Shell.Look", { room }).catch(() => undefined);
  }

  /** Tells what is on screen, so that what happens there comes at once. */
  watch(room: string, contract: string) {
    void call("Shell.Watch", { room, contract }).catch(() => undefined);
  }

  /** Puts theme and zoom on the page. */
  dress() {
    const s = this.settings;
    const theme =
      s?.theme === "light" || s?.theme === "dark"
        ? s.theme
        : dark.matches
          ? "dark"
          : "light";
    document.documentElement.dataset["theme"] = theme;
    document.documentElement.style.fontSize = `${s?.zoom ? s.zoom : 100}%`;
  }
}

export const app = new App();
