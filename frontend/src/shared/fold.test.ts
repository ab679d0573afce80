import { expect, test } from "vitest";
import { fold } from "./fold";

// S-01, S-09: names are found as people type them, and nothing of a script that needs its marks is taken.
test.each([
  ["Straße", "strasse"],
  ["Łódź", "lodz"],
  ["Ørsted", "orsted"],
  ["Ёлка", "елка"],
  ["Αθήνα", "αθηνα"],
  ["ΛΌΓΟΣ", "λογοσ"],
  ["Ångström", "angstrom"],
  ["İzmir", "izmir"],
])("%s is found by %s", (name, typed) => {
  expect(fold(name)).toBe(fold(typed));
});

test.each(["हिन्दी", "한국어", "ไทย"])("%s keeps its marks", (word) => {
  expect(fold(word).normalize("NFC")).toBe(word.normalize("NFC"));
});
