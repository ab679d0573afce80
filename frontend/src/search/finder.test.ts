import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { FindView } from "../bridge/api";

type Told = (what: { all?: boolean; scopes?: string[] }) => void;
const bridge = vi.hoisted(() => ({
  asked: [] as { text: string; from: number }[],
  answers: [] as ((view: object) => void)[],
  told: undefined as Told | undefined,
}));
vi.mock("../bridge", () => ({
  call: (_: string, input: { text: string; from: number }) => {
    bridge.asked.push(input);
    return new Promise((resolve) => bridge.answers.push(resolve));
  },
  on: (_: string, f: Told) => {
    bridge.told = f;
    return () => undefined;
  },
}));
const { Finder, inRoom, without } = await import("./finder.svelte");
const { listen } = await import("../state/changed");
listen();

const nothing: FindView = {
  asked: true,
  hits: [],
  next: 0,
  chips: [],
  indexing: false,
  behind: [],
  rooms: [],
  over: false,
};
const behind = { ...nothing, behind: ["Otter Trails"] };

/** The program answers the question asked last. */
async function answer(view: FindView) {
  bridge.answers.shift()?.(view);
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  bridge.asked = [];
  bridge.answers = [];
});
let close = () => {};
afterEach(() => {
  close();
  vi.useRealTimers();
});

/** A search for "kerning" that found nothing. */
async function searched() {
  const finder = new Finder("");
  close = finder.open();
  await answer(nothing);
  finder.set("kerning");
  await vi.advanceTimersByTimeAsync(200);
  await answer(nothing);
  expect(finder.view?.behind).toEqual([]);
  bridge.asked = [];
  return finder;
}

// S-01: a new device takes in rooms one after another; what it knows by now is said meanwhile.
test("a stream of changes does not put the question off", async () => {
  const finder = await searched();
  for (let i = 0; i < 5; i++) {
    bridge.told?.({ scopes: ["r:1"] });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(bridge.asked).not.toEqual([]);
  await answer(behind);
  expect(finder.view?.behind).toEqual(["Otter Trails"]);
});

// S-01: on a busy computer an answer takes longer than the next change needs to come.
test("a change while an answer is on its way does not throw the answer away", async () => {
  const finder = await searched();
  bridge.told?.({ scopes: ["r:1"] });
  await vi.advanceTimersByTimeAsync(300);
  bridge.told?.({ scopes: ["r:1"] });
  await vi.advanceTimersByTimeAsync(300);
  expect(bridge.asked).toHaveLength(1);
  await answer(behind);
  expect(finder.view?.behind).toEqual(["Otter Trails"]);
  await vi.advanceTimersByTimeAsync(300);
  expect(bridge.asked).toHaveLength(2);
});

test("an answer to what is no longer typed is dropped", async () => {
  const finder = await searched();
  finder.set("kern");
  await vi.advanceTimersByTimeAsync(200);
  finder.set("colour");
  await vi.advanceTimersByTimeAsync(200);
  await answer(behind);
  expect(finder.view?.behind).toEqual([]);
  await answer(behind);
  expect(finder.view?.behind).toEqual(["Otter Trails"]);
  expect(bridge.asked.map((x) => x.text)).toEqual(["kern", "colour"]);
});

// What is said of a search names what was searched, not what is being typed meanwhile.
test("it says what its answer is to", async () => {
  const finder = await searched();
  finder.set("");
  expect(finder.of).toBe("kerning");
  await vi.advanceTimersByTimeAsync(10);
  await answer({ ...nothing, asked: false });
  finder.set("k");
  expect(finder.of).toBe("");
  await vi.advanceTimersByTimeAsync(200);
  await answer(nothing);
  expect(finder.of).toBe("k");
});

// S-01: Enter right behind the last letter opens a hit of what is typed, not the one that stood there for less of it.
test("the chosen hit is one of what is typed now", async () => {
  const hit = (id: string) => ({ id, message: id }) as FindView["hits"][number];
  const finder = await searched();
  finder.set("kern");
  await vi.advanceTimersByTimeAsync(200);
  await answer({ ...nothing, hits: [hit("old")] });
  expect(await finder.chosen()).toEqual(hit("old"));
  finder.set("kerning");
  const chosen = finder.chosen();
  await answer({ ...nothing, hits: [hit("new")] });
  expect(await chosen).toEqual(hit("new"));
  finder.set("colour");
  const late = finder.chosen();
  finder.set("colours");
  await answer({ ...nothing, hits: [hit("wrong")] });
  expect(await late).toBeUndefined();
});

// M-28: what is among the bookmarks is the account's own, so its changes are heard where they are asked for.
test("a bookmark that is taken away leaves the hits", async () => {
  const finder = await searched();
  bridge.told?.({ scopes: ["a:me"] });
  await vi.advanceTimersByTimeAsync(300);
  expect(bridge.asked).toEqual([]);
  finder.set("is:bookmarked");
  await vi.advanceTimersByTimeAsync(200);
  await answer(nothing);
  bridge.told?.({ scopes: ["a:me"] });
  await vi.advanceTimersByTimeAsync(300);
  expect(bridge.asked.map((x) => x.text)).toEqual([
    "is:bookmarked",
    "is:bookmarked",
  ]);
  await answer(nothing);
});

// S-02: names and messages are shown by two parts of the page; one of them leaving does not end it for the other.
test("it is followed until the last part of the page leaves", async () => {
  const finder = await searched();
  const leave = finder.open();
  leave();
  bridge.told?.({ scopes: ["r:1"] });
  await vi.advanceTimersByTimeAsync(300);
  expect(bridge.asked).toHaveLength(1);
  await answer(nothing);
});

// S-05, S-08: quotes are those that systems put in the place of typed ones, too, as the program reads them.
test("S-08: operators are taken out whatever their quotes", () => {
  const ops = ["from", "in"];
  expect(without("kern from:“Esme Winter” x", ops)).toBe("kern  x");
  expect(without('kern IN:"Otter Trails" from:bob', ops)).toBe("kern");
  expect(without("kern in:„open to the end", ops)).toBe("kern");
  expect(inRoom("“side door", "The “new” room")).toBe(
    '“side door" in:"The new room"',
  );
});
