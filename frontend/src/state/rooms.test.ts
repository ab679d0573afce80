import { expect, test } from "vitest";

import type { MayView, RoomRow } from "../bridge/api";
import {
  beside,
  byCategory,
  byRecent,
  inOrder,
  type RoomSection,
} from "./rooms.svelte";

const may: MayView = {
  write: true,
  rename: false,
  archive: false,
  unarchive: false,
  add: false,
  roles: false,
  handOver: false,
  leave: true,
  leaveWhy: "",
};
const room = (
  id: string,
  at: number,
  more: Partial<RoomRow> = {},
): RoomRow => ({
  id,
  name: id,
  kind: "contract",
  contract: "",
  other: "",
  person: "",
  members: 2,
  role: "member",
  preview: "",
  by: "",
  mine: false,
  at,
  unread: 0,
  named: false,
  heard: false,
  favourite: false,
  hidden: false,
  level: "all",
  draft: "",
  failed: false,
  unsent: false,
  archived: false,
  may,
  ...more,
});
const plain = (s: RoomSection[]) =>
  s.map((x) => [x.id, x.rooms.map((r) => r.id).join()]);
const now = new Date(2026, 10, 21, 12).getTime();
const list = [
  room("old", now - 9e8),
  room("now", now - 1000, { favourite: true }),
  room("yesterday", now - 86_400_000),
  room("unread", now - 9e8, { unread: 2 }),
  room("talk", now - 2000, { kind: "interview" }),
  room("ann", now - 3000, { kind: "direct" }),
  room("team", now - 4000, { kind: "group" }),
  room("aside", now - 500, { kind: "group", hidden: true }),
  room("liked aside", now - 400, { favourite: true, hidden: true }),
  room("shut", now - 5000, { kind: "group", archived: true }),
];

test("M-17, M-09: Recent puts unread first, then days, and leaves hidden rooms out", () => {
  expect(plain(byRecent(list, now))).toEqual([
    ["unread", "unread"],
    ["today", "now,talk,ann,team,shut"],
    ["yesterday", "yesterday"],
    ["earlier", "old"],
  ]);
});

test("M-17, M-08, M-09: Categories are favourites, interviews, rooms, people, and what was put aside", () => {
  expect(plain(byCategory(list))).toEqual([
    ["favourites", "now"],
    ["interviews", "talk"],
    ["rooms", "old,team,unread,yesterday"],
    ["people", "ann"],
    ["hidden", "aside,liked aside,shut"],
  ]);
});

test("M-08: an archived room with something unread stands among the others until it is read", () => {
  const shut = room("shut", now, { kind: "group", archived: true, unread: 1 });
  expect(plain(byCategory([shut]))).toEqual([["rooms", "shut"]]);
});

test.each([
  ["a", 1, false, "b"],
  ["c", 1, false, ""],
  ["a", -1, false, ""],
  ["c", -1, false, "b"],
  ["a", 1, true, "c"],
  ["c", -1, true, ""],
  ["elsewhere", 1, false, "a"],
  ["elsewhere", -1, true, "c"],
] as const)(
  "K-06, K-07: from %s by %i, unread %s, leads to %j",
  (current, by, unread, want) => {
    const rows = ["a", "b", "c"].map((id) =>
      room(id, 1, { unread: id === "c" ? 1 : 0 }),
    );
    expect(beside(rows, current, by, unread)?.id ?? "").toBe(want);
  },
);

test("K-06: the keys walk what is seen: not what is folded up", () => {
  const seen = inOrder(list, "categories", ["hidden", "rooms"], now);
  expect(seen.map((r) => r.id).join()).toBe("now,talk,ann");
});
