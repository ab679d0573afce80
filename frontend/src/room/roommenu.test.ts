import { expect, test } from "vitest";

import type { MayView } from "../bridge/api";
import { type MenuRoom, type RoomActs, roomMenu } from "./roommenu";

const nothing: MayView = {
  write: true,
  rename: false,
  archive: false,
  unarchive: false,
  add: false,
  roles: false,
  handOver: false,
  leave: false,
  leaveWhy: "",
};
const room = (
  kind: string,
  more: Partial<MenuRoom> = {},
  may: Partial<MayView> = {},
): MenuRoom => ({
  id: "r",
  name: "Room",
  kind,
  contract: "",
  favourite: false,
  hidden: false,
  level: "all",
  unread: 0,
  begun: true,
  ...more,
  may: { ...nothing, ...may },
});
const none = () => undefined;
const acts: RoomActs = {
  favourite: none,
  level: none,
  unread: none,
  read: none,
  hide: none,
  open: none,
  contract: none,
  rename: none,
  invite: none,
  archive: none,
  leave: none,
  save: none,
};
const labels = (r: MenuRoom) =>
  roomMenu(r, acts).flatMap((g) => g.map((e) => e.label));
const always = [
  "Add to favourites",
  "Notifications of all messages",
  "No notifications",
  "Find in this room",
  "Files & links",
  "People",
  "Personal notepad",
  "About this room",
  "Export…",
  "Hide",
];

test.each<[string, MenuRoom, string[], string[]]>([
  [
    "a member of a group room",
    room("group", {}, { leave: true }),
    ["Leave", "Notifications of mentions"],
    ["Archive this room", "Rename…", "Invite people…", "Workroom"],
  ],
  [
    "an admin of a group room",
    room("group", {}, { leave: true, add: true, rename: true, archive: true }),
    ["Leave", "Archive this room", "Rename…", "Invite people…"],
    ["Unarchive", "Hand over and leave…"],
  ],
  [
    "the owner of an archived group room",
    room("group", {}, { unarchive: true, leaveWhy: "owner" }),
    ["Unarchive", "Hand over and leave…"],
    ["Archive this room", "Leave", "Rename…", "Invite people…"],
  ],
  [
    "a side of a contract",
    room("contract", { contract: "k" }, { leaveWhy: "contract" }),
    ["Workroom", "Notifications of mentions"],
    ["Leave", "Archive this room", "Hand over and leave…"],
  ],
  [
    "a direct room",
    room("direct", {}, { add: true, leaveWhy: "direct" }),
    ["Invite people…"],
    ["Notifications of mentions", "Leave", "Archive this room", "Workroom"],
  ],
])("M-19: the menu of %s", (_, r, has, hasNot) => {
  const list = labels(r);
  for (const x of [...always, ...has]) expect(list).toContain(x);
  for (const x of hasNot) expect(list).not.toContain(x);
});

test("M-19, M-09, M-18, M-29: what is on is offered to be taken back", () => {
  const list = labels(
    room("group", { favourite: true, hidden: true, unread: 2 }),
  );
  expect(list).toContain("Remove from favourites");
  expect(list).toContain("Show in the list again");
  expect(list).toContain("Mark as read");
  expect(list).not.toContain("Mark as unread");
  expect(labels(room("group", { begun: false }))).not.toContain(
    "Mark as unread",
  );
});

test("N-07: the level that is set has the mark", () => {
  const on = roomMenu(room("group", { level: "mentions" }), acts)
    .flat()
    .filter((e) => e.checked);
  expect(on.map((e) => e.label)).toEqual(["Notifications of mentions"]);
});
