import { describe, expect, test } from "vitest";

import type { EmojiRow } from "../bridge/api";
import { begun, emojiFor } from "./complete";
import { quoted } from "./paste";

describe("M-30, X-07: what stands before the cursor", () => {
  test.each<[string, string]>([
    ["@", "mention "],
    ["hi @ma", "mention ma"],
    ["hi @Mara Qu", "mention Mara Qu"],
    ["(@É", "mention É"],
    ["**@ma", "mention ma"],
    ["me@here", ""],
    ["a.@b", ""],
    ["@@a", ""],
    ["@Mara Quill again", ""],
    ["@a\nb", ""],
    [":sm", "emoji sm"],
    ["x :+1", "emoji +1"],
    [":s", ""],
    ["10:30", ""],
    ["a:bc", ""],
    ["::ab", ""],
    [":-)", ""],
    ["", ""],
  ])("%j begins %j", (text, want) => {
    const word = begun(text, text.length, []);
    expect(word ? `${word.kind} ${word.typed}` : "").toBe(want);
    if (word) {
      expect(text[word.from]).toBe(word.kind === "mention" ? "@" : ":");
      expect(word.to).toBe(text.length);
    }
  });

  test("nothing in code, in a link or in a mention that is there", () => {
    for (const kind of ["code", "block", "link", "mention"])
      expect(begun("x @ma", 5, [{ from: 2, to: 5, kind }])).toBeUndefined();
    expect(begun("x @ma", 5, [{ from: 2, to: 5, kind: "bold" }])).toBeDefined();
  });
});

test("X-07: the whole name first, then its beginning, then a word of it", () => {
  const row = (...names: string[]): EmojiRow => ({
    emoji: names[0] ?? "",
    label: "",
    group: 0,
    names,
    search: [],
  });
  const all = [
    row("heart_eyes"),
    row("sparkling_heart"),
    row("hearts"),
    row("heart"),
    row("other", "heartbeat"),
    row("smile"),
  ];
  expect(emojiFor(all, "heart").map((x) => x.name)).toEqual([
    "heart",
    "hearts",
    "heartbeat",
    "heart_eyes",
    "sparkling_heart",
  ]);
  expect(emojiFor(all, "zzz")).toEqual([]);
});

describe("K-09: a quote of the clipboard as lines", () => {
  test.each<[string, string | undefined]>([
    ["<p>no quote</p>", undefined],
    ["<blockquote>one<br>two</blockquote>", "> one\n> two"],
    [
      "<p>before</p><blockquote><p>a</p><p>b</p></blockquote><p>after</p>",
      "before\n> a\n> b\nafter",
    ],
    ["<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n> > b"],
    [
      "<blockquote>  some \n <b>bold</b> words </blockquote>",
      "> some bold words",
    ],
    ["<blockquote><pre>x\n  y</pre></blockquote>", "> x\n>   y"],
    [
      "<blockquote><script>alert(1)</script>a<style>p{}</style></blockquote>",
      "> a",
    ],
    ["<blockquote>a<br><br>b</blockquote>", "> a\n>\n> b"],
    [
      "<blockquote><table>\n<tr> <td>a</td> <td>b <i>c</i></td> </tr>\n<tr><td></td><td>d</td></tr></table></blockquote>",
      "> a\tb c\n> \td",
    ],
    ["<blockquote> </blockquote>", undefined],
    ["<blockquote><img src=x onerror=alert(1)>a &lt;b&gt;", "> a <b>"],
  ])("%s", (html, want) => {
    expect(quoted(html)).toBe(want);
  });
});
