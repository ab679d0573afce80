import { expect, test } from "vitest";

import { asksForGif } from "./gif";

test.each<[string, boolean]>([
  ["/gif cats", true],
  ["/giphy happy otter", true],
  ["/GIF Cats", true],
  ["look:\n/gif cats\nthere", true],
  ["/gif", true],
  ["see /gif cats", false],
  ["/gift for you", false],
  ["/giphys x", false],
  [" /gif cats", false],
  ["", false],
])("K-10: %j asks for a GIF: %s", (text, asks) => {
  expect(asksForGif(text, [])).toBe(asks);
});

test("K-10: a line of code asks for nothing", () => {
  const text = "```\n/gif cats\n```";
  const block = { from: 4, to: 13, kind: "block" };
  expect(asksForGif(text, [block])).toBe(false);
  expect(asksForGif(`${text}\n/gif dogs`, [block])).toBe(true);
});
