import { expect, test } from "vitest";

import { type Entry, wrongIn } from "./entry";

const entry = (change: Partial<Entry> = {}): Entry => ({
  address: "work.example.org",
  link: "",
  name: "Esme Winter",
  email: "esme@x.example",
  password: "correct horse battery",
  ...change,
});
const fields = (change: Partial<Entry>, up: boolean, closed = false) =>
  Object.keys(wrongIn(entry(change), { up, closed })).sort();

// D-12, U-01, U-02: what is wrong is said at its field, and goes as soon as it is right.
test.each<[string, Partial<Entry>, boolean, boolean, string[]]>([
  ["all is there", {}, false, false, []],
  ["all is there for a new account", {}, true, false, []],
  [
    "nothing is there",
    { address: "", email: " ", password: "", name: "" },
    false,
    false,
    ["address", "email", "password"],
  ],
  ["a name is for a new account only", { name: "" }, true, false, ["name"]],
  ["a closed service wants a link", {}, true, true, ["link"]],
  ["whoever signs in needs no link", {}, false, true, []],
  ["an old password may be short", { password: "short" }, false, false, []],
  ["a new one not", { password: "elevenlette" }, true, false, ["password"]],
  ["twelve are enough", { password: "twelveletter" }, true, false, []],
  [
    "letters are counted, not units",
    { password: "😀".repeat(6) },
    true,
    false,
    ["password"],
  ],
  ["no address of a person", { email: "esme" }, false, false, ["email"]],
  ["half of one", { email: "esme@" }, true, false, ["email"]],
  ["blanks round it", { email: " esme@x.example " }, false, false, []],
])("%s", (_, change, up, closed, want) => {
  expect(fields(change, up, closed)).toEqual(want);
});
