import { beforeEach, expect, test } from "vitest";

import { open } from "../bridge";
import type { TrackerView } from "../bridge/api";
import { going } from "../views/going.svelte";
import { tracker } from "./tracker.svelte";
import { work } from "./trackerwork.svelte";

const contracts = [{ id: "a" }, { id: "b" }];
const stopped = (contract: string) =>
  ({
    state: "stopped",
    contract,
    activity: "",
    memo: "",
    codes: [{ id: "map" }],
    contracts,
    unbilled: false,
    next: null,
  }) as unknown as TrackerView;
const running = (contract: string, memo: string): TrackerView => ({
  ...stopped(contract),
  state: "tracking",
  memo,
});

let now: TrackerView;
let said: [string, unknown][];

beforeEach(async () => {
  now = running("a", "for a");
  said = [];
  const answers: Record<string, (input: never) => unknown> = {
    "Tracker.State": ({ contract }: { contract: string }) => ({
      ...now,
      next:
        now.state === "tracking" && contract !== "" && contract !== now.contract
          ? stopped(contract)
          : null,
    }),
    "Tracker.Prefs": () => tracker.prefs,
    "Tracker.Recent": () => ({ recent: [] }),
    "Tracker.Start": (input: { contract: string; memo: string }) =>
      (now = running(input.contract, input.memo)),
  };
  await open({
    call: (name, input) => {
      said.push([name, input]);
      return Promise.resolve().then(() => answers[name]?.(input as never));
    },
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  work.forget();
  await tracker.choose("");
});

test("T-01, D-03: another contract picked in the tray while one runs is asked about, beside what runs", async () => {
  work.memo = "written for a, not taken";
  const busy = tracker.refresh(); // the tray's own start says that something changed
  await going.track("b", "map");
  await busy;
  expect(tracker.view?.contract).toBe("a");
  expect(tracker.form?.contract).toBe("b");
  expect([work.memoNow, work.activityNow]).toEqual(["", "map"]);
  expect([work.changed, tracker.open]).toEqual([true, true]);
  work.memo = "for b";
  await work.begin();
  expect(said.at(-1)).toEqual([
    "Tracker.Start",
    { contract: "b", activity: "map", memo: "for b", unbilled: false },
  ]);
  await tracker.refresh();
  expect([tracker.view?.contract, tracker.form?.contract]).toEqual(["b", "b"]);
  expect(work.changed).toBe(false);
});

test("T-01: a switch with nothing written ends with the panel, one with words waits", async () => {
  await going.track("b");
  work.closed();
  await tracker.refresh();
  expect(tracker.form?.contract).toBe("a");
  await going.track("b");
  work.memo = "half a";
  work.closed();
  await tracker.refresh();
  expect([tracker.form?.contract, work.memoNow]).toEqual(["b", "half a"]);
  work.stay();
  await tracker.refresh();
  expect([tracker.form?.contract, work.memoNow]).toEqual(["a", "for a"]);
});

test("T-01: a contract looked at before time ran is nothing to switch to", async () => {
  now = stopped("a");
  await tracker.choose("b");
  now = running("a", "by a key");
  await tracker.refresh();
  expect([tracker.form?.contract, tracker.chosen]).toEqual(["a", ""]);
});
