import { beforeEach, expect, test } from "vitest";

import { open } from "../bridge";
import type { MessageRow, RoomView, Window } from "../bridge/api";
import { Query } from "./query.svelte";
import { Room } from "./room.svelte";
import { sampleMessage } from "./sample";
import { join } from "./timeline.svelte";
import { uuid7 } from "./uuid";

const message = (id: string, num = 1, state = "sent") =>
  sampleMessage({ id, html: `<p>${id}</p>`, text: id, at: 1, num, state });

const ids = (rows: readonly MessageRow[]) => rows.map((r) => r.id).join("");

test.each([
  ["", "abc", "abc"],
  ["abc", "abcd", "abcd"],
  ["abcde", "cdef", "abcdef"],
  ["abc", "xyz", "xyz"],
  ["abc", "", ""],
  ["abcd", "bd", "abd"],
])(
  "older rows %j joined with the newest window %j give %j",
  (before, newest, want) => {
    const rows = (s: string) => [...s].map((c) => message(c));
    expect(ids(join(rows(before), rows(newest)))).toBe(want);
  },
);

let answers: Record<string, (input: never) => unknown> = {};
let said: { name: string; input: unknown }[] = [];
let announce: (name: string, payload: unknown) => void = () => undefined;

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const window: Window = {
  room: "r",
  messages: [message("1"), message("2", 2)],
  more: true,
  loading: false,
  atEnd: true,
  last: 2,
};
const view = {
  id: "r",
  name: "Room",
  kind: "contract",
  contract: "k",
  status: "active",
  favourite: false,
  archived: false,
  people: [{ id: "me", name: "Me", role: "client", me: true }],
  draft: { text: "half", cursor: 2, files: [] },
  unread: 0,
  deleteWithin: 0,
  offer: null,
  firstNew: "2",
  window,
} as unknown as RoomView;

beforeEach(async () => {
  said = [];
  answers = {
    "Rooms.Open": () => view,
    "Rooms.SaveDraft": (input) => input,
    "Rooms.Send": (input: { id: string; text: string }) => ({
      ...message(input.id, 0, "waiting"),
      text: input.text,
      mine: true,
    }),
  };
  await open({
    call: (name, input) => {
      said.push({ name, input });
      return Promise.resolve().then(() => answers[name]?.(input as never));
    },
    listen: (fn) => {
      announce = fn;
    },
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
});

test("M-25: a room opens with its draft, the cursor and the new line", async () => {
  const room = new Room("r");
  await settle();
  expect([room.text, room.cursor, room.firstNew]).toEqual(["half", 2, "2"]);
  room.leave();
});

test("M-22: the own message is on screen before the program answers", async () => {
  const room = new Room("r");
  await settle();
  let answer: (row: MessageRow) => void = () => undefined;
  answers["Rooms.Send"] = () =>
    new Promise<MessageRow>((resolve) => (answer = resolve));
  room.text = "  hello ";
  expect(room.send()).toBe(true);
  expect(room.text).toBe("");
  const painted = room.messages.at(-1);
  expect(painted).toMatchObject({
    text: "hello",
    html: "",
    state: "sending",
    mine: true,
    name: "Me",
  });
  await settle();
  answer({ ...message(painted?.id ?? "", 0, "waiting"), mine: true });
  await settle();
  await settle();
  expect(
    room.messages.filter((r) => r.id === painted?.id).map((r) => r.state),
  ).toEqual(["waiting"]);
  room.leave();
});

test("M-22, I7: what was written first is handed over first, however long its answer takes", async () => {
  const room = new Room("r");
  await settle();
  const open: (() => void)[] = [];
  answers["Rooms.Send"] = (input: { id: string; text: string }) =>
    new Promise((resolve) =>
      open.push(() =>
        resolve({
          ...message(input.id, 0, "waiting"),
          text: input.text,
          mine: true,
        }),
      ),
    );
  const handed = () =>
    said
      .filter((s) => s.name === "Rooms.Send")
      .map((s) => (s.input as { text: string }).text);
  for (const text of ["one", "two", "three"]) {
    room.text = text;
    room.send();
  }
  const shown = () => room.messages.slice(-3).map((r) => r.text);
  await settle();
  expect([handed(), shown()]).toEqual([["one"], ["one", "two", "three"]]);
  open[0]?.();
  await settle();
  expect(handed()).toEqual(["one", "two"]);
  open[1]?.();
  await settle();
  expect([handed(), shown()]).toEqual([
    ["one", "two", "three"],
    ["one", "two", "three"],
  ]);
  room.leave();
});

test("M-22, I7: one that could not be handed over holds nothing up", async () => {
  const room = new Room("r");
  await settle();
  answers["Rooms.Send"] = (input: { id: string; text: string }) => {
    if (input.text === "one")
      throw new Error('{"code":"internal","message":"Something went wrong."}');
    return { ...message(input.id, 0, "waiting"), text: input.text, mine: true };
  };
  for (const text of ["one", "two"]) {
    room.text = text;
    room.send();
  }
  await settle();
  await settle();
  expect(
    said
      .filter((s) => s.name === "Rooms.Send")
      .map((s) => (s.input as { text: string }).text),
  ).toEqual(["one", "two"]);
  expect(room.messages.slice(-2).map((r) => r.state)).toEqual([
    "failed",
    "waiting",
  ]);
  room.leave();
});

test("M-25: a page that goes away keeps what was just typed, and asks for nothing else", async () => {
  const room = new Room("r");
  await settle();
  const kept = () => said.filter((s) => s.name === "Rooms.SaveDraft").length;
  dispatchEvent(new Event("pagehide"));
  await settle();
  expect(kept()).toBe(0);
  room.text = "half a word";
  room.touched(3);
  dispatchEvent(new Event("pagehide"));
  await settle();
  expect(kept()).toBe(1);
  room.leave();
  dispatchEvent(new Event("pagehide"));
  await settle();
  expect(kept()).toBe(1);
});

test("M-25: a draft still being kept is kept before its message is handed over", async () => {
  const room = new Room("r");
  await settle();
  let keep: () => void = () => undefined;
  answers["Rooms.SaveDraft"] = (input) =>
    new Promise((resolve) => (keep = () => resolve(input)));
  room.text = "half a word";
  void room.saveDraft();
  await settle();
  room.text = "whole words";
  room.send();
  await settle();
  const calls = () => said.map((s) => s.name).filter((n) => n !== "Rooms.Open");
  expect(calls()).toEqual(["Rooms.SaveDraft"]);
  keep();
  await settle();
  expect(calls().slice(0, 2)).toEqual(["Rooms.SaveDraft", "Rooms.Send"]);
  room.leave();
});

test("M-22: nothing is sent from an empty composer", async () => {
  const room = new Room("r");
  await settle();
  room.text = " \n ";
  expect(room.send()).toBe(false);
  expect(said.some((s) => s.name === "Rooms.Send")).toBe(false);
  room.leave();
});

test("M-23: what could not be handed over stays, is retried under the same id and comes back for editing", async () => {
  const room = new Room("r");
  await settle();
  answers["Rooms.Send"] = () => {
    throw new Error('{"code":"internal","message":"Something went wrong."}');
  };
  room.text = "one";
  room.send();
  await settle();
  await settle();
  const failed = room.messages.at(-1);
  expect(failed).toMatchObject({
    state: "failed",
    code: "internal",
    text: "one",
  });
  if (!failed) throw new Error("no row");
  room.retry(failed);
  await settle();
  await settle();
  const sent = said
    .filter((s) => s.name === "Rooms.Send")
    .map((s) => (s.input as { id: string }).id);
  expect(sent).toEqual([failed.id, failed.id]);
  room.text = "two";
  await room.edit(room.messages.at(-1) ?? failed);
  expect(room.text).toBe("one\ntwo");
  expect(room.messages.some((r) => r.id === failed.id)).toBe(false);
  room.leave();
});

test("M-32: the read marker only rises", async () => {
  answers["Rooms.Read"] = () => null;
  const room = new Room("r");
  await settle();
  for (const n of [2, 5, 3, 5, 6]) room.seen(n, n);
  await settle();
  expect(
    said
      .filter((s) => s.name === "Rooms.Read")
      .map((s) => (s.input as { num: number }).num),
  ).toEqual([2, 5, 6]);
  room.leave();
});

test("K-11 i, j: marked as unread it stays so until all is marked as read, in the order that was asked for", async () => {
  answers["Rooms.Read"] = answers["Rooms.MarkRoom"] = () => null;
  let marked = (_: null) => {};
  answers["Rooms.MarkUnread"] = () =>
    new Promise<null>((done) => (marked = done));
  const room = new Room("r");
  await settle();
  said.length = 0;
  void room.markUnread(sampleMessage({ id: "m3", num: 3 }));
  room.seen(6, 6);
  room.readAll();
  expect(room.firstNew).toBe("");
  await settle();
  const names = () => said.map((s) => s.name).join(" ");
  expect(names()).toBe("Rooms.MarkUnread");
  marked(null);
  await settle();
  expect(names()).toBe("Rooms.MarkUnread Rooms.MarkRoom");
  room.seen(7, 7);
  await settle();
  expect(names()).toBe("Rooms.MarkUnread Rooms.MarkRoom Rooms.Read");
  room.leave();
});

test("leaving a room keeps the draft that was just typed", async () => {
  const room = new Room("r");
  await settle();
  room.text = "unfinished";
  room.touched(10);
  room.leave();
  await settle();
  expect(said.at(-1)).toMatchObject({
    name: "Rooms.SaveDraft",
    input: { room: "r", text: "unfinished", cursor: 10, files: [] },
  });
});

test("a query has one read in flight and reads once more for what came meanwhile", async () => {
  let open: (v: number) => void = () => undefined;
  let reads = 0;
  const query = new Query<number>(
    () => {
      reads++;
      return new Promise((resolve) => (open = resolve));
    },
    () => true,
  );
  void query.refresh();
  void query.refresh();
  void query.refresh();
  expect(reads).toBe(1);
  open(1);
  await settle();
  expect([reads, query.value]).toEqual([2, 1]);
  query.stop();
  open(2);
  await settle();
  expect(query.value).toBe(1);
  void announce;
});

test("ids made later sort later and are of version 7", () => {
  const made = [1, 2, 1000, 2 ** 40].map((t) => uuid7(t));
  expect([...made].sort()).toEqual(made);
  for (const id of made)
    expect(id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
});
