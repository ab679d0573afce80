import { expect, test } from "vitest";

import { blank } from "./blank";

// M-22: an empty message is refused, before it stands in the room as one that was not sent.
test.each([
  ["", true],
  [" \n\t ", true],
  ["\u200b\u200b", true],
  ["\u202e\u2066\ufeff", true],
  ["\u00a0\u3000", true],
  ["\u200b.", false],
  ["👩\u200d👧", false],
  ["\u0301", false],
])("%j shows nothing: %s", (text, nothing) => {
  expect(blank(text)).toBe(nothing);
});
