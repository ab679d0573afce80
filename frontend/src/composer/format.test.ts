import { describe, expect, test } from "vitest";

import { apply, asQuote, type Format } from "./format";

/** "a [b] c" is the text "a b c" with b selected. */
function marked(s: string) {
  const from = s.indexOf("[");
  const to = s.indexOf("]") - 1;
  return { text: s.replace("[", "").replace("]", ""), from, to };
}

describe("K-12: marks around the selection", () => {
  test.each<[Format, string, string]>([
    ["bold", "a [b] c", "a **[b]** c"],
    ["bold", "a **[b]** c", "a [b] c"],
    ["bold", "a [**b**] c", "a [b] c"],
    ["bold", "[]", "**[]**"],
    ["bold", "**[]**", "[]"],
    ["bold", "a [ b ]c", "a  **[b]** c"],
    ["bold", "a[  ]b", "a[  ]b"],
    ["italic", "[word]", "_[word]_"],
    ["strike", "[word]", "~~[word]~~"],
    ["code", "[word]", "`[word]`"],
    ["code", "x\n[a\nb]\ny", "x\n```\n[a\nb]\n```\ny"],
    ["code", "x [a\nb] y", "x \n```\n[a\nb]\n```\n y"],
    ["block", "a [b] c", "a \n```\n[b]\n```\n c"],
    ["block", "```\n[b]\n```", "[b]"],
    ["block", "x\n```\n[b]\n```\ny", "x\n[b]\ny"],
    ["block", "[]", "```\n[]\n```"],
    ["block", "```\n[]\n```", "[]"],
    ["quote", "on[]e", "> one[]"],
    ["quote", "> on[]e", "one[]"],
    ["quote", "on[e\ntw]o\nthree", "[> one\n> two]\nthree"],
    ["quote", "[> one\n> two]", "[one\ntwo]"],
  ])("%s of %j is %j", (format, before, after) => {
    expect(apply(format, marked(before))).toEqual(marked(after));
  });

  test("a quoted answer", () => {
    expect(asQuote("one\ntwo")).toBe("> one\n> two\n");
  });
});
