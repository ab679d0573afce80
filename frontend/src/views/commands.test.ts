import { expect, test } from "vitest";

import type { TrackerView } from "../bridge/api";
import { fits } from "../state/switcher";
import { tracker } from "../state/tracker.svelte";
import { makeCommands } from "./commands";
import { dialogs } from "./dialogs.svelte";

/** The first command that some words find. */
const found = (words: string) =>
  makeCommands([], 0).find((c) => fits(c.name, words) > 0);

test.each(["short", "search", "work", "diary", "reports", "sett", "not sent"])(
  "K-11 a: “%s” finds a command",
  (words) => {
    expect(found(words)).toBeDefined();
  },
);

test("K-11 a: the command Shortcuts shows them", () => {
  found("shortcuts")?.go();
  expect(dialogs.open).toBe("keys");
  dialogs.close();
});

// No contract, no command; then what the chip of the tracker offers.
test.each([
  [undefined, undefined],
  [{ contracts: [], state: "stopped" }, undefined],
  [{ contracts: [{}], state: "stopped" }, "Start tracking"],
  [{ contracts: [{}], state: "tracking" }, "Stop tracking"],
])(
  "K-11 a, T-01: tracking is a command where there is a contract",
  (v, want) => {
    tracker.view = v as unknown as TrackerView;
    expect(found("tracking")?.name).toBe(want);
  },
);
