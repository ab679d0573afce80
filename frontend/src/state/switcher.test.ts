import { expect, test } from "vitest";

import { fits, narrowed, search, split, type Target } from "./switcher";

test.each([
  ["Harbor & Finch", "har", 3],
  ["Harbor & Finch", "fin", 2],
  ["Harbor & Finch", "arb", 1],
  ["Harbor & Finch", "har fin", 1],
  ["Zoë Ångström", "zoe ang", 3],
  ["Harbor", "x", 0],
])("K-11 a: %j for %j fits %i", (name, words, fit) => {
  expect(fits(name, words)).toBe(fit);
});

const target = (
  kind: Target["kind"],
  name: string,
  at: number,
  more: Partial<Target> = {},
): Target => ({
  id: name,
  kind,
  name,
  about: "",
  also: "",
  seed: "",
  at,
  hidden: false,
  here: false,
  keys: "",
  go: () => undefined,
  ...more,
});
const all = [
  target("command", "Change", 0),
  target("room", "Ishaan", 1),
  target("room", "Harbor", 2),
  target("person", "Hanna", 4),
  target("person", "Harriet", 5, { hidden: true }),
  target("person", "Nobody yet", 0),
  target("room", "Salt Road", 3, { also: "Esme Winter, Hans Roth" }),
  target("contract", "Hallway", 3),
];
const names = (typed: string, only?: Parameters<typeof search>[2]) =>
  search(all, typed, only).map((t) => t.name);

test("K-11 a: rooms and people by fit, then what is not hidden, then the newest; a room is found by who is in it", () => {
  expect(names("ha")).toEqual([
    "Hanna",
    "Harbor",
    "Harriet",
    "Ishaan",
    "Salt Road",
    "Hallway",
    "Change",
  ]);
  expect(names("winter")).toEqual(["Salt Road"]);
  expect(names("zzz")).toEqual([]);
});

test("K-11 a: without words the newest rooms and people, no hidden ones and none that are not there yet", () => {
  expect(names("")).toEqual(["Hanna", "Salt Road", "Harbor", "Ishaan"]);
});

test("K-11 a: a sign or a choice narrows it to one kind; the sign wins", () => {
  expect(narrowed("@han")).toEqual({ only: "person", words: "han" });
  expect(names("@ha")).toEqual(["Hanna", "Harriet"]);
  expect(names("#", "person")).toEqual(["Salt Road", "Harbor", "Ishaan"]);
  expect(names("", "person")).toEqual(["Harriet", "Hanna", "Nobody yet"]);
  expect(names("> ch")).toEqual(["Change"]);
});

test("K-11 a: the part that fits is emphasised, or nothing rather than the wrong part", () => {
  expect(split("Ishaan", "ha")).toEqual(["Is", "ha", "an"]);
  expect(split("Ishaan", "")).toEqual(["Ishaan", "", ""]);
});

test("K-11 a: without words the room one is in comes last: Enter leads to the one before", () => {
  const two = [
    target("room", "Here", 9, { here: true }),
    target("room", "Before", 8),
    target("room", "Long ago", 1),
  ];
  expect(search(two, "").map((t) => t.name)).toEqual([
    "Before",
    "Long ago",
    "Here",
  ]);
  expect(search(two, "#").map((t) => t.name)).toEqual([
    "Before",
    "Long ago",
    "Here",
  ]);
  // Named it is as good as any.
  expect(search(two, "here").map((t) => t.name)).toEqual(["Here"]);
});
