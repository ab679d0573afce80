import { expect, test } from "vitest";

import { open } from "../bridge";
import type { NotSentView, UnsentRow } from "../bridge/api";
import { again, Unsent } from "./outbox.svelte";

const row = (id: string, place: string, change: Partial<UnsentRow> = {}) =>
  ({
    id,
    place,
    state: "rejected",
    retry: true,
    at: 1,
    ...change,
  }) as UnsentRow;

test("M-23: what was refused of one room is found in rows and groups, oldest first", async () => {
  const view: NotSentView = {
    groups: [
      {
        id: "g",
        where: "",
        code: "no_access",
        reason: "",
        rows: [row("b", "r:1", { at: 3 }), row("a", "r:1", { at: 2 })],
      },
    ],
    rows: [row("c", "r:1", { at: 1 }), row("d", "r:2")],
    waiting: [row("e", "r:1")],
    more: 0,
  };
  await open({
    call: () => Promise.resolve(view),
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  const unsent = new Unsent();
  await new Promise((r) => setTimeout(r));
  expect(unsent.of("r:1").map((r) => r.id)).toEqual(["c", "a", "b"]);
  expect(unsent.of("r:3")).toEqual([]);
  unsent.stop();
});

test("M-23: all are tried again but those that it cannot help, and those to be asked about", () => {
  const rows = [
    row("a", "r:1"),
    row("b", "r:1", { retry: false }),
    row("c", "r:1", { state: "confirm" }),
  ];
  expect(again(rows).map((r) => r.id)).toEqual(["a"]);
});
