import { expect, test } from "vitest";

import api from "../bridge/api.ts?raw";
import { o, titles } from "./outbox";

const kinds = Object.keys(titles) as (keyof typeof titles)[];

// The program's list of kinds comes with the types that are made from it; app/unsentrow_test.go holds them against every command.
test("D-06: every kind the program names has a title of its own, and no other", () => {
  const named =
    /interface UnsentRow \{[^}]*\bwhat: string; \/\/ ([^\n]+)/.exec(api)?.[1] ??
    "";
  expect(named.split(/, | or /).sort()).toEqual([...kinds].sort());
  expect(new Set(Object.values(titles)).size).toBe(kinds.length);
});

test.each<[keyof typeof titles, string, string]>([
  ["message", "in Otter Trails", ""],
  ["edit", "in Otter Trails", ""],
  ["deletion", "in Otter Trails", "The whole message, for everybody."],
  ["erasure", "in Otter Trails", "Its bytes, for everybody."],
  ["reaction", "in Otter Trails", ""],
  ["unreaction", "in Otter Trails", ""],
  ["time", "for Otter Trails", "Without a memo."],
  ["screenshot", "for Otter Trails", "A picture for the diary."],
  ["activity", "for Otter Trails", ""],
  ["contract", "for Otter Trails", ""],
  ["ask", "for Otter Trails", "Offered by Mara Quill."],
  [
    "withdraw",
    "for Otter Trails",
    "Its link works no more, and its room is closed.",
  ],
  ["accept", "for Otter Trails", "Offered by Mara Quill."],
  ["decline", "for Otter Trails", "Offered by Mara Quill."],
  ["favourite", "in Otter Trails", "The room becomes one of your favourites."],
  [
    "unfavourite",
    "in Otter Trails",
    "The room stops being one of your favourites.",
  ],
  ["hide", "in Otter Trails", "The room leaves your lists."],
  ["unhide", "in Otter Trails", "The room comes back to your lists."],
  ["level", "in Otter Trails", "What you are told of there."],
  ["direct", "for Otter Trails", ""],
  ["block", "for Otter Trails", ""],
  ["unblock", "for Otter Trails", ""],
  ["report", "in Otter Trails", ""],
  ["room", "for Otter Trails", ""],
  ["rename", "in Otter Trails", ""],
  ["archive", "in Otter Trails", "Nobody writes there any more."],
  ["unarchive", "in Otter Trails", "The room is open for writing again."],
  ["add", "in Otter Trails", ""],
  ["remove", "in Otter Trails", ""],
  ["leave", "in Otter Trails", "You go out of the room."],
  ["admin", "in Otter Trails", ""],
  ["member", "in Otter Trails", ""],
  ["handover", "in Otter Trails", ""],
  ["file", "in Otter Trails", ""],
  ["unknown", "for Otter Trails", ""],
])("D-06: %s stands %s and says %j", (what, where, sentence) => {
  expect(o.where(what, "Otter Trails")).toBe(where);
  expect(o.sentence({ what, by: "Mara Quill", text: "" })).toBe(sentence);
  expect(o.name(what, "Otter Trails", "Why.")).toBe(
    `${titles[what]} ${where}. Why.`,
  );
});

test("D-06: where a room is not here any more, what was of it still says so", () => {
  expect(o.where("message", "")).toBe("in a room that is closed to you");
  expect(o.where("reaction", "")).toBe("in a room that is closed to you");
  expect(o.where("time", "")).toBe("");
});

test("D-06: an offer whose maker is not known says what was answered", () => {
  const from = (what: string) => o.sentence({ what, by: "", text: "" });
  expect([from("accept"), from("decline")]).toEqual([
    "You said yes.",
    "You said no.",
  ]);
});

test("D-06: a kind of a later program is named as such", () => {
  expect(o.what("waltz")).toBe("Something of another version");
  expect(o.what("toString")).toBe("Something of another version");
});
