import { call, on } from "../bridge";
import type { TransferView } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { boxes } from "./boxes";
import { attempt } from "./say";

/** A file on its way, with when it was first heard of here, so that the time left can be told. */
export type Moving = TransferView & { since: number; from: number };

/** Seconds until it is done at the rate so far; undefined while that is a guess. */
export function secondsLeft(t: Moving, now: number): number | undefined {
  const spent = (now - t.since) / 1000;
  const moved = t.done - t.from;
  if (spent < 2 || moved <= 0) return undefined;
  return Math.ceil(((t.total - t.done) / moved) * spent);
}

/** Files on their way, as the program announces them: being taken, to the service, from it. */
class Transfers {
  list = $state.raw<ReadonlyMap<string, Moving>>(new Map());
  #waiting = new Map<string, ((here: boolean) => void)[]>();

  /** Begins to hear of them; once. */
  start() {
    on("transfer", (t) => this.#hear(t));
  }

  #hear(t: TransferView) {
    const next = new Map(this.list);
    const known = next.get(t.id);
    if (t.state === "going" || t.state === "failed")
      next.set(t.id, {
        ...t,
        since: known?.since ?? Date.now(),
        from: known?.from ?? t.done,
      });
    else next.delete(t.id);
    this.list = next;
    if (t.state === "going") return;
    for (const heard of this.#waiting.get(t.id) ?? [])
      heard(t.state === "done");
    this.#waiting.delete(t.id);
  }

  /** A file on its way; undefined if it stands still. */
  get(id: string): Moving | undefined {
    return this.list.get(id);
  }

  /** Brings a file to this computer; answers whether it is here now. */
  async fetch(id: string): Promise<boolean> {
    const done = new Promise<boolean>((resolve) => {
      const all = this.#waiting.get(id) ?? [];
      this.#waiting.set(id, [...all, resolve]);
    });
    let state = "";
    const asked = await attempt(
      async () => (state = (await call("Attachments.Fetch", { id })).state),
    );
    if (!asked) return false;
    return state === "here" || (await done);
  }

  /** Calls it off. The message of an upload goes back into its box. */
  async stop(id: string) {
    await attempt(async () => {
      for (const box of boxes.values()) await box.saveDraft();
      const out = await call("Attachments.Stop", { id });
      if (out.room === "") return;
      boxes.get(out.room)?.take(out.draft);
      toasts.show(m.uploadStopped());
    });
  }
}

export const transfers = new Transfers();
