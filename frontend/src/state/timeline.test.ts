import { beforeEach, describe, expect, test } from "vitest";

import { open } from "../bridge";
import type { MessageRow, Window } from "../bridge/api";
import { sampleMessage } from "./sample";
import { mostRows, Timeline } from "./timeline.svelte";

/** A room of 5,000 messages, m1 to m5000, as Go answers for it. */
const size = 5000;
const row = (num: number) =>
  sampleMessage({ id: `m${num}`, num, text: `says ${num}` });
const rows = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => row(from + i));
const page = (from: number, to: number): Window => {
  const [lo, hi] = [Math.max(1, from), Math.min(size, to)];
  return {
    room: "r",
    messages: rows(lo, hi),
    more: lo > 1,
    loading: false,
    atEnd: hi === size,
    last: size,
  };
};
const numOf = (id: string) => Number(id.slice(1));
const calls: string[] = [];
let hold: Promise<unknown> | undefined;

beforeEach(async () => {
  calls.length = 0;
  hold = undefined;
  await open({
    call: async (name, input) => {
      calls.push(name);
      await (hold ?? Promise.resolve());
      const x = input as { before: string; after: string } & {
        message: string;
        num: number;
      };
      if (name === "Rooms.Older")
        return page(numOf(x.before) - 200, numOf(x.before) - 1);
      if (name === "Rooms.Newer")
        return page(numOf(x.after) + 1, numOf(x.after) + 200);
      if (name === "Rooms.Newest") return page(size - 99, size);
      if (name !== "Rooms.Around") return undefined;
      const at = x.num || numOf(x.message);
      return at > size
        ? { place: "", reason: "It is not here.", window: page(1, 0) }
        : { place: `m${at}`, reason: "", window: page(at - 60, at + 139) };
    },
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
});

function opened() {
  const t = new Timeline("r");
  t.open(page(size - 99, size));
  return t;
}
const ends = (t: Timeline) => [t.rows[0]?.num, t.rows.at(-1)?.num];
const gapless = (list: readonly MessageRow[]) =>
  list.every((r, i) => r.num === (list[0]?.num ?? 0) + i);

describe("M-24: a run of messages on the page", () => {
  test("grows at both ends, never beyond what a page keeps, without a gap", async () => {
    const t = opened();
    t.resting = false;
    for (let i = 0; i < 9; i++) {
      await t.older();
      expect(gapless(t.rows) && t.rows.length <= mostRows).toBe(true);
    }
    expect([...ends(t), t.atEnd]).toEqual([3101, 4100, false]);
    while (!t.atEnd) {
      await t.newer();
      expect(gapless(t.rows) && t.rows.length <= mostRows).toBe(true);
    }
    expect(ends(t)[1]).toBe(size);
    expect(t.more).toBe(true);
  });

  test("goes to a place far away by one call, and to one on the page by none", async () => {
    const t = opened();
    expect(await t.reach({ message: "m2500" })).toEqual({
      id: "m2500",
      reason: "",
    });
    expect([...ends(t), t.atEnd, t.more]).toEqual([2440, 2639, false, true]);
    expect(await t.reach({ num: 2450 })).toEqual({ id: "m2450", reason: "" });
    expect(calls).toEqual(["Rooms.Around"]);
    expect((await t.reach({ message: "m9999" })).reason).toBe(
      "It is not here.",
    );
    expect(ends(t)).toEqual([2440, 2639]);
    await t.toEnd();
    expect(ends(t)).toEqual([size - 99, size]);
  });

  test("drops the answer of a place that was left for another", async () => {
    const t = opened();
    let free = (): void => undefined;
    hold = new Promise<void>((r) => (free = r));
    const first = t.reach({ num: 1000 });
    const older = t.older();
    const second = t.reach({ num: 3000 });
    free();
    expect([await first, await second]).toEqual([
      { id: "", reason: "" },
      { id: "m3000", reason: "" },
    ]);
    await older;
    expect(ends(t)).toEqual([2940, 3139]);
    expect(t.seeking).toBe(false);
  });

  test("read again it keeps what did not change as it is, and takes what was edited or came", () => {
    const t = opened();
    const [before, first] = [t.rows, t.rows[0]];
    const span = t.span();
    expect([span.first, span.last]).toEqual([`m${size - 99}`, ""]);
    const now = rows(size - 99, size + 1);
    now[50] = sampleMessage({ ...now[50], text: "other words" });
    expect(
      t.again(span, { ...page(1, 0), messages: now, atEnd: true, more: true }),
    ).toBe(true);
    expect(t.rows).toHaveLength(101);
    expect(t.rows[0]).toBe(first);
    expect(t.rows[49]).toBe(before[49]);
    expect(t.rows[50]?.text).toBe("other words");
  });

  test("an older page that came while it was read again stays", async () => {
    const t = opened();
    const span = t.span();
    await t.older();
    expect(t.again(span, page(size - 99, size))).toBe(true);
    expect(ends(t)).toEqual([size - 299, size]);
    expect(gapless(t.rows)).toBe(true);
  });

  test("read again for a place that was left it changes nothing", async () => {
    const t = opened();
    const span = t.span();
    await t.reach({ num: 100 });
    expect(t.again(span, page(size - 99, size))).toBe(false);
    expect(ends(t)).toEqual([40, 239]);
  });

  test("at the end it lets old rows go, in the middle it does not", () => {
    const t = opened();
    t.rows = rows(size - 700, size);
    t.resting = true;
    t.again(t.span(), page(size - 700, size));
    expect(t.rows).toHaveLength(400);
    expect([t.more, t.atEnd, ends(t)[1]]).toEqual([true, true, size]);
  });
});
