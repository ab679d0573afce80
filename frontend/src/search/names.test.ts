import { expect, it } from "vitest";

import type { RoomRow } from "../bridge/api";
import { named } from "./names";

const row = (of: Partial<RoomRow>) =>
  ({
    members: 2,
    hidden: false,
    at: 0,
    other: "",
    person: "",
    ...of,
  }) as RoomRow;

const rooms = [
  row({
    id: "d",
    kind: "direct",
    name: "Mara Quill",
    other: "Mara Quill",
    person: "m",
    at: 1,
  }),
  row({
    id: "k",
    kind: "contract",
    name: "Otter Trails",
    other: "Mara Quill",
    person: "m",
    at: 9,
  }),
  row({
    id: "g",
    kind: "group",
    name: "Printers",
    other: "Mara Quill, Esme Winter",
    members: 3,
    at: 5,
  }),
  row({
    id: "i",
    kind: "interview",
    name: "Logo for Ruß & Söhne",
    other: "Jörg Ruß",
    person: "j",
    at: 3,
  }),
  row({
    id: "h",
    kind: "direct",
    name: "Harriet Osei",
    other: "Harriet Osei",
    person: "h",
    hidden: true,
  }),
];
const found = (typed: string) =>
  named(rooms, typed).map(
    (f) => `${f.person ? "person" : "room"} ${f.room.id}`,
  );

it.each([
  // S-02: a person once, by the direct room; then the rooms they are in with several.
  ["mara", ["person d", "room g"]],
  ["otter", ["room k"]],
  // Without a direct room they are found by the room shared with them alone. S-09: accents are ignored.
  ["jorg", ["person i"]],
  ["sohne", ["room i"]],
  // S-03
  ["harriet", ["person h"]],
  ["nobody", []],
  ["  ", []],
])("S-02, S-03: %s", (typed, want) => expect(found(typed)).toEqual(want));
