import { describe, expect, test } from "vitest";

import type { MessageRow } from "../bridge/api";
import { apply, asQuote, type Format } from "./format";
import { toRows } from "./rows";

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

describe("lines of the message list", () => {
  const now = new Date(2026, 10, 21, 12).getTime();
  const message = (
    id: string,
    author: string,
    at: number,
    state = "sent",
  ): MessageRow => ({
    id,
    author,
    name: author,
    role: "",
    mine: false,
    html: "",
    text: "",
    at,
    num: 1,
    state,
    again: false,
    code: "",
    reason: "",
    retry: false,
    files: [],
    edited: 0,
    deleted: 0,
    changing: false,
    reply: null,
    reactions: [],
  });

  test("days, the new line and names come where they belong", () => {
    const rows = toRows(
      [
        message("1", "ann", now - 86_400_000),
        message("2", "ann", now - 3_600_000),
        message("3", "ann", now - 3_540_000),
        message("4", "bob", now - 3_530_000),
        message("5", "bob", now - 1000),
        message("6", "bob", now - 900),
        message("7", "bob", now - 800, "failed"),
        message("8", "bob", now - 700),
      ],
      "6",
      now,
    );
    expect(
      rows.map((r) =>
        r.kind === "message"
          ? `${r.message.id}${r.follows ? "+" : ""}`
          : r.kind,
      ),
    ).toEqual(["day", "1", "day", "2", "3+", "4", "5", "new", "6", "7+", "8"]);
  });

  test("keys are unique even when clocks step back over midnight", () => {
    const rows = toRows(
      [
        message("1", "a", now),
        message("2", "a", now - 86_400_000),
        message("3", "a", now),
      ],
      "",
      now,
    );
    expect(new Set(rows.map((r) => r.key)).size).toBe(rows.length);
  });
});
