import { describe, expect, test } from "vitest";

import { sampleMessage } from "./sample";
import { Standing } from "./standing.svelte";

/** A room of messages 1 to `to`, those named mine being one's own. */
function room(kind: string, to: number, mine: readonly number[] = []) {
  return {
    view: { kind },
    timeline: { atEnd: true, last: to },
    messages: Array.from({ length: to }, (_, i) =>
      sampleMessage({
        id: `m${i + 1}`,
        num: i + 1,
        mine: mine.includes(i + 1),
        text: `says ${i + 1}`,
      }),
    ),
  };
}
const more = (r: ReturnType<typeof room>, to: number, mine?: number[]) => {
  const now = room(r.view.kind, to, mine);
  r.messages = now.messages;
  r.timeline = { ...r.timeline, last: to };
};

describe("M-31: the way to the latest", () => {
  test("counts what came since, not one's own, and is not there at the end", () => {
    const r = room("contract", 20);
    const s = new Standing(r);
    s.viewed(20, true);
    expect(s.offered).toBe(false);
    s.viewed(8, false);
    expect([s.offered, s.below]).toEqual([true, 0]);
    more(r, 23, [22]);
    expect(s.below).toBe(2);
    s.viewed(23, true);
    expect([s.offered, s.below]).toEqual([false, 0]);
  });

  test("counts by number while the end is not on the page", () => {
    const r = room("contract", 20);
    r.timeline = { atEnd: false, last: 120 };
    const s = new Standing(r);
    s.viewed(20, true);
    expect([s.atEnd, s.offered, s.below]).toEqual([false, true, 100]);
  });

  test("goes when it is dismissed, until something newer comes", () => {
    const r = room("contract", 20);
    const s = new Standing(r);
    s.viewed(8, false);
    s.dismiss();
    expect(s.offered).toBe(false);
    more(r, 21);
    expect(s.offered).toBe(true);
    r.timeline = { atEnd: false, last: 500 };
    s.dismiss();
    expect(s.offered).toBe(false);
    r.timeline = { atEnd: false, last: 501 };
    expect(s.offered).toBe(true);
  });

  test.each([
    ["direct", 1, false],
    ["direct", 2, true],
    ["group", 1, true],
    ["contract", 1, true],
  ])("in a %s room with %i new: %s", (kind, came, offered) => {
    const r = room(kind, 20);
    const s = new Standing(r);
    s.viewed(20, false);
    more(r, 20 + came);
    expect(s.below).toBe(came);
    expect(s.offered).toBe(offered);
  });
});

describe("M-31: what is read aloud", () => {
  test.each([
    ["at the end, with the focus in the room", true, true, [], "says 5"],
    ["with the focus elsewhere", true, false, [], undefined],
    ["while older ones are read", false, true, [], undefined],
    ["one's own", true, true, [5], undefined],
  ])("%s", (_, low, focus, mine, want) => {
    const s = new Standing(room("contract", 5, mine));
    s.viewed(5, low);
    s.focus = focus;
    expect(s.spoken?.text).toBe(want);
  });
});
