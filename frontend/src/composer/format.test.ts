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
    // The key again, behind what was written, ends the mark.
    ["bold", "a **b[]**", "a **b**[]"],
    ["italic", "_b[]_ c", "_b_[] c"],
    ["bold", "**a** b[]", "**a** b**[]**"],
    ["bold", "a[]**b**", "a**[]****b**"],
    // A blank typed before the key stands behind the mark.
    ["bold", "a **b []**", "a **b** []"],
    ["code", "`b []`, c", "`b` [], c"],
    ["bold", "a ** []**", "a  []"],
    ["italic", "snake_case _b[]_", "snake_case _b_[]"],
    ["italic", "__b__ _c[]_", "__b__ _c_[]"],
    // Two marked words are not one: all of it is marked, and then none.
    ["bold", "[**a** and **b**]", "**[a and b]**"],
    ["bold", "[**a** and b]", "**[a and b]**"],
    ["strike", "[a and ~~b~~]", "~~[a and b]~~"],
    ["italic", "[_a_ and _b_]", "_[a and b]_"],
    ["italic", "[_snake_case_]", "[snake_case]"],
    ["italic", "[__b__]", "_[__b__]_"],
    ["bold", "[**one**\ntwo]", "[**one**\n**two**]"],
    ["strike", "[~~a~~ b ~~c~~\nd]", "[~~a b c~~\n~~d~~]"],
    ["italic", "[word]", "_[word]_"],
    // A mark ends with its paragraph: each line has its own.
    ["bold", "[one\n\ntwo]", "[**one**\n\n**two**]"],
    ["bold", "[**one**\n\n**two**]", "[one\n\ntwo]"],
    ["bold", "x [one\ntwo] y", "x [**one**\n**two**] y"],
    ["italic", "[> one\n> two]", "[> _one_\n> _two_]"],
    [
      "strike",
      "[- one\n  2. two\n# x ]",
      "[- ~~one~~\n  2. ~~two~~\n# ~~x~~ ]",
    ],
    // Words that hold ticks need more of them, and fences longer ones.
    ["code", "[a ` b]", "``[a ` b]``"],
    ["code", "``[a ` b]``", "[a ` b]"],
    ["code", "a [`b`] c", "a [b] c"],
    ["code", "[`x` y]", "[`` `x` y ``]"],
    ["code", "[`` `x` y ``]", "[`x` y]"],
    ["code", "[`]", "[`` ` ``]"],
    ["code", "`a` [b] `c`", "`a` `[b]` `c`"],
    ["block", "[a\n```\nb]", "````\n[a\n```\nb]\n````"],
    ["block", "````\n[a\n```\nb]\n````", "[a\n```\nb]"],
    ["block", "[a ``` b]", "```\n[a ``` b]\n```"],
    ["italic", "un[believ]able", "un*[believ]*able"],
    ["italic", "un*[believ]*able", "un[believ]able"],
    ["italic", "**[b]**", "**_[b]_**"],
    ["strike", "[word]", "~~[word]~~"],
    ["code", "`b[]`", "`b`[]"],
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
