import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { blank } from "./blank";

// vitest runs in frontend; the file is Go's, whose rule is the same.
const file = "../internal/workroom/testdata/blank.json";
const cases = JSON.parse(readFileSync(file, "utf8")) as {
  text: string;
  blank: boolean;
}[];

// M-22: an empty message is refused, before it stands in the room as one that was not sent.
test.each(cases)("$text shows nothing: $blank", ({ text, blank: nothing }) => {
  expect(blank(text)).toBe(nothing);
});
