import { describe, expect, test } from "vitest";

import { edited } from "../shared/mirror";
import {
  add,
  follow,
  type Mention,
  pasted,
  Seen,
  show,
  type Shown,
  store,
  taken,
  toShown,
  toStored,
} from "./mentions";

const people: Record<string, string> = {
  a1: "Mara Quill",
  b2: "Éva",
  "c-3_x": "O",
  bad: "two\nlines",
};
const nameOf = (id: string) => people[id];

describe("M-30: the box shows names, what is stored has accounts", () => {
  test.each<[string, string]>([
    ["hello <@a1>!", "hello @Mara Quill!"],
    ["<@a1><@b2>", "@Mara Quill@Éva"],
    ["<@nobody> and <@c-3_x>", "<@nobody> and @O"],
    ["<@bad>", "@two lines"],
    ["a <@ a1> <@> <@a1", "a <@ a1> <@> <@a1"],
    ["<<@b2>>", "<@Éva>"],
  ])("%j is shown as %j and stored as it was", (text, want) => {
    const shown = show(text, nameOf);
    expect(shown.text).toBe(want);
    expect(store(shown)).toBe(text);
  });

  test("follows renames: the same stored text, another name", () => {
    expect(show("<@a1>", () => "Mara Oak").text).toBe("@Mara Oak");
  });

  test.each<[number, number]>([
    [0, 0],
    [3, 3],
    [5, 8], // inside the name: behind the mention
    [14, 8],
    [15, 9],
  ])("place %d of the box is place %d of what is stored", (at, want) => {
    const { mentions } = show("hi <@a1> you", nameOf);
    expect(toStored(mentions, at)).toBe(want);
  });
});

describe("M-30: typing round a mention moves it, typing inside breaks it", () => {
  test.each<[string, string, string]>([
    ["before", "so hi @Mara Quill", "so hi <@a1>"],
    ["right before", "hi x@Mara Quill", "hi x<@a1>"],
    ["right behind", "hi @Mara Quills", "hi <@a1>s"],
    ["inside", "hi @Mara  Quill", "hi @Mara  Quill"],
    ["its end taken off", "hi @Mara Quil", "hi @Mara Quil"],
    ["its sign taken off", "hi Mara Quill", "hi Mara Quill"],
    ["all of it replaced", "yo", "yo"],
  ])("%s", (_, after, want) => {
    const before = show("hi <@a1>", nameOf);
    const cursor = after.length - [...tail(before.text, after)].length;
    const mentions = follow(before, after, edited(before.text, after, cursor));
    expect(store({ text: after, mentions })).toBe(want);
  });
});

describe("M-30, K-12: marks round a mention, and the mention cut and pasted", () => {
  test.each<[string, string, string]>([
    ["hi <@a1> you", "**hi @Mara Quill you**", "**hi <@a1> you**"],
    ["<@a1>", "**@Mara Quill**", "**<@a1>**"],
    ["a <@a1>, <@b2>", "> a @Mara Quill, @Éva", "> a <@a1>, <@b2>"],
    ["<@a1> <@a1>", "_@Mara Quill @Mara Quill_", "_<@a1> <@a1>_"],
    ["hi <@a1>", "hi Mara", "hi Mara"],
  ])("%j becomes %j: it means %j", (was, after, want) => {
    const before = show(was, nameOf);
    const edit = edited(before.text, after, after.length);
    expect(store({ text: after, mentions: follow(before, after, edit) })).toBe(
      want,
    );
  });

  test("what is pasted means whom it meant, other words mean nobody", () => {
    const from = show("so <@a1> and <@b2>", nameOf);
    taken(from, 3, from.text.length);
    expect(pasted("@Mara Quill and @Éva", 5)).toEqual([
      { from: 5, to: 16, id: "a1" },
      { from: 21, to: 25, id: "b2" },
    ]);
    expect(pasted("@Mara Quill", 0)).toEqual([]);
    // A mention that was cut through is text.
    taken(from, 0, 6);
    expect(pasted("so @Ma", 0)).toEqual([]);
  });
});

/** What two texts end in alike: where the cursor stands after the edit. */
function tail(a: string, b: string) {
  let n = 0;
  while (n < a.length && n < b.length && a.at(-1 - n) === b.at(-1 - n)) n++;
  return b.slice(b.length - n);
}

/** Numbers by chance that come again with the same seed. */
function dice(seed: number) {
  let s = seed;
  return (n: number) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}

describe("M-30, as properties of 80 long sessions of writing", () => {
  const bits = ["a", " ", "\n", "@", "<", "**", "😀", "@Mara Quill", "é", "`"];
  const ids = Object.keys(people);

  /** One edit as a person makes it: type, delete, pick a mention, undo, restart. */
  function session(seed: number, check: (s: Shown) => void) {
    const roll = dice(seed);
    let s: Shown = { text: "", mentions: [] };
    const seen = new Seen();
    const past: Shown[] = [s];
    seen.keep(s);
    const to = (text: string, cursor: number, undone = false) => {
      const e = edited(s.text, text, cursor);
      s = {
        text,
        mentions: (undone ? seen.of(text) : undefined) ?? follow(s, text, e),
      };
      seen.keep(s);
      past.push(s);
    };
    for (let i = 0; i < 60; i++) {
      const from = roll(s.text.length + 1);
      const till = Math.min(
        s.text.length,
        from + (roll(4) === 0 ? roll(8) : 0),
      );
      const put = (words: string) =>
        to(
          s.text.slice(0, from) + words + s.text.slice(till),
          from + words.length,
        );
      switch (roll(6)) {
        case 0: {
          const id = ids[roll(ids.length)] ?? "";
          const word = show(`<@${id}>`, nameOf).text;
          put(`${word} `);
          s = {
            ...s,
            mentions: add(s.mentions, { from, to: from + word.length, id }),
          };
          seen.keep(s);
          past.push(s);
          break;
        }
        case 1: {
          const back = past[past.length - 1 - roll(Math.min(past.length, 6))];
          if (back && seen.of(back.text)) {
            to(back.text, back.text.length, true);
            // What undo brings back means what it meant when it stood there last.
            expect(s.mentions).toEqual(seen.of(back.text));
          }
          break;
        }
        case 2: {
          // Restart: the draft was kept as it is stored.
          s = show(store(s), nameOf);
          seen.keep(s);
          break;
        }
        default:
          put(bits[roll(bits.length)] ?? "");
      }
      check(s);
    }
  }

  test("a mention always reads as the name of its account", () => {
    for (let seed = 1; seed <= 80; seed++)
      session(seed, (s) => {
        let end = 0;
        for (const x of s.mentions) {
          expect(x.from).toBeGreaterThanOrEqual(end);
          end = x.to;
          expect(s.text.slice(x.from, x.to)).toBe(
            show(`<@${x.id}>`, nameOf).text,
          );
        }
        expect(end).toBeLessThanOrEqual(s.text.length);
      });
  });

  test("what is stored is shown again as it stood, and no id is ever in sight", () => {
    for (let seed = 1; seed <= 80; seed++)
      session(seed, (s) => {
        const stored = store(s);
        expect(store(show(stored, nameOf))).toBe(stored);
        if (!s.text.includes("<@")) expect(show(stored, nameOf)).toEqual(s);
        for (const id of ["a1", "c-3_x"])
          expect(show(stored, nameOf).text).not.toContain(`<@${id}>`);
      });
  });

  test("a place in the box is the same place after there and back", () => {
    for (let seed = 1; seed <= 30; seed++)
      session(seed, (s) => {
        const inside = (x: Mention, at: number) => at > x.from && at < x.to;
        for (let at = 0; at <= s.text.length; at++)
          if (!s.mentions.some((x) => inside(x, at)))
            expect(toShown(s.mentions, toStored(s.mentions, at))).toBe(at);
      });
  });
});
