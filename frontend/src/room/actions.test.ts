import { describe, expect, it, vi } from "vitest";

import type { EmojiRow, MessageRow } from "../bridge/api";
import { findEmoji } from "../state/emoji";
import { sampleMessage } from "../state/sample";
import { type Actions, menuOf, rights } from "./actions";

const row = (change: Partial<MessageRow> = {}) =>
  sampleMessage({ mine: true, num: 3, ...change });
const within = 15 * 60_000;

/** The entries of a message's menu, groups apart. */
function entries(
  message: MessageRow,
  open = true,
  now = 2000,
  limit = within,
  withdraw = open,
) {
  const may = rights(message, { open, withdraw, within: limit }, now);
  return menuOf(message, may, {} as Actions, vi.fn())
    .map((g) => g.map((e) => e.label).join(" "))
    .join(" | ");
}

it("M-29: what one wrote oneself is marked as unread only where somebody wrote after it", () => {
  const may = (mine: boolean, heard: number) =>
    rights(
      row({ mine, num: 3 }),
      { open: true, withdraw: true, within, heard },
      2000,
    ).unread;
  expect([may(true, 2), may(true, 4), may(false, 3)]).toEqual([
    false,
    true,
    true,
  ]);
});

describe("M-28: the menu of a message offers what is allowed", () => {
  it.each([
    [
      "my own",
      row(),
      true,
      "React Reply Bookmark | Edit Copy text Copy as quote Copy link Mark as unread | Delete",
    ],
    [
      "another's",
      row({ mine: false }),
      true,
      "React Reply Bookmark | Copy text Copy as quote Copy link Mark as unread | ",
    ],
    [
      "in a closed room",
      row(),
      false,
      "Bookmark | Copy text Copy as quote Copy link Mark as unread | ",
    ],
    [
      "that waits",
      row({ state: "waiting", num: 0 }),
      true,
      " | Edit Copy text Copy as quote | Delete",
    ],
    [
      "that was refused",
      row({ state: "failed", num: 0 }),
      true,
      " | Copy text Copy as quote | ",
    ],
    [
      "of a newer version",
      row({ state: "unknown", text: "" }),
      true,
      " | Mark as unread | ",
    ],
    ["that was deleted", row({ deleted: 5, text: "" }), true, " |  | "],
    [
      "without words",
      row({ text: "", mine: false }),
      true,
      "React Reply Bookmark | Copy link Mark as unread | ",
    ],
  ])("%s", (_, message, open, want) => {
    expect(entries(message, open)).toBe(want);
  });

  it("M-27: deletes for 15 minutes in a room of evidence, else any time", () => {
    expect(entries(row(), true, 1000 + within - 1)).toContain("Delete");
    expect(entries(row(), true, 1000 + within)).not.toContain("Delete");
    expect(entries(row(), true, 1e12, 0)).toContain("Delete");
    // One that was never sent can be called off however long it waits.
    expect(entries(row({ state: "waiting", num: 0 }), true, 1e12)).toContain(
      "Delete",
    );
  });
});

it("M-27, P-24: where two are kept apart, own words can still be taken away, and nothing else done", () => {
  expect(entries(row(), false, 1e12, 0, true)).toBe(
    "Bookmark | Copy text Copy as quote Copy link Mark as unread | Delete",
  );
  expect(entries(row({ mine: false }), false, 1e12, 0, true)).not.toContain(
    "Delete",
  );
});

describe("X-07: searching emoji", () => {
  const e = (
    emoji: string,
    label: string,
    names: string[],
    search: string[],
  ): EmojiRow => ({
    emoji,
    label,
    group: 0,
    names,
    search,
  });
  const all = [
    e("🥳", "partying face", ["partying_face"], ["party", "hooray"]),
    e("🎉", "party popper", ["tada"], ["celebration"]),
    e("🪅", "piñata", ["pinata"], ["party"]),
  ];
  const found = (typed: string) =>
    findEmoji(all, typed)
      .map((r) => r.emoji)
      .join("");
  it.each([
    ["", "🥳🎉🪅"],
    ["party", "🥳🎉🪅"],
    ["party po", "🎉"],
    [":tada:", "🎉"],
    ["hoo", "🥳"],
    ["PART", "🥳🎉🪅"],
    ["nothing", ""],
  ])("%s", (typed, want) => {
    expect(found(typed)).toBe(want);
  });
});
