import { expect, test } from "vitest";

import { open } from "../bridge";
import type { Boot, Settings } from "../bridge/api";
import { app } from "./app.svelte";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test("D-13: settings changed one after another are all kept, whatever an older answer says", async () => {
  let kept = { zoom: 100, badge: true } as Settings;
  /** What waits for the program, in the order it was asked. */
  const waiting: { name: string; answer: () => void }[] = [];
  await open({
    call: (name, input) =>
      new Promise((done) => {
        // The program answers a read with what it knows when it is asked.
        const boot = { settings: kept, account: null } as unknown as Boot;
        waiting.push({
          name,
          answer: () => {
            if (name === "Shell.Set") kept = input as Settings;
            done(name === "Shell.Boot" ? boot : undefined);
          },
        });
      }),
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  const answer = async (name: string) => {
    const at = waiting.findIndex((w) => w.name === name);
    waiting.splice(at, 1)[0]?.answer();
    await settle();
  };
  const first = app.refresh();
  await settle();
  await answer("Shell.Boot");
  await first;

  const reading = app.refresh(); // asked before anything was changed, answered late
  await settle();
  const sets = [app.set({ zoom: 110 })];
  await settle();
  await answer("Shell.Boot");
  expect(app.settings?.zoom).toBe(110);
  sets.push(app.set({ badge: false }));
  await settle();
  // One on its way: two at once may arrive in either order.
  expect(waiting.filter((w) => w.name === "Shell.Set").length).toBe(1);
  await answer("Shell.Set");
  await answer("Shell.Set");
  await Promise.all(sets);
  expect(kept).toEqual({ zoom: 110, badge: false });
  while (waiting.some((w) => w.name === "Shell.Boot"))
    await answer("Shell.Boot");
  await reading;
  expect(app.settings).toEqual({ zoom: 110, badge: false });
});
