import { beforeEach, expect, test } from "vitest";

import { open } from "../bridge";
import type { OfferView } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { m } from "../text/en";
import { f } from "../text/offer";
import { Answering } from "./answering.svelte";

const link = "https://work.example.com/invite#abcdefghijklmnop";
const offer: OfferView = {
  contract: "k",
  title: "Harbour Map",
  about: "",
  client: "Mara Quill",
  terms: {
    rate: 5200,
    currency: "EUR",
    limit: 0,
    requireActivity: false,
    shots: "none",
    idleMinutes: 10,
    manual: false,
    segments: false,
  },
  activities: [],
  email: "",
  expires: 0,
  status: "offered",
  service: "",
  mine: false,
  room: "",
  over: "",
  rev: 3,
  waiting: null,
};

let answers: Record<string, () => unknown> = {};
let said: { name: string; input: unknown }[] = [];
let went: string[] = [];

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const told = () => toasts.list.map((t) => t.text);
const begin = async () => {
  const a = new Answering(
    ` ${link}`,
    "",
    () => went.push("closed"),
    (contract, room) => went.push(`${contract} ${room}`),
  );
  await settle();
  return a;
};
const refuse = (code: string) => () => {
  throw new Error(JSON.stringify({ code, message: "Why." }));
};

beforeEach(async () => {
  said = [];
  went = [];
  for (const t of toasts.list) toasts.dismiss(t.id);
  answers = { "Contracts.Look": () => offer };
  await open({
    call: (name, input) => {
      said.push({ name, input });
      return Promise.resolve().then(() => answers[name]?.());
    },
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
});

test("W-33: what is accepted is what was shown, and its room opens", async () => {
  answers["Contracts.Accept"] = () => ({
    id: "k",
    room: "r",
    status: "active",
  });
  const a = await begin();
  expect(a.offer).toBe(offer);
  await a.accept();
  expect(said.at(-1)).toEqual({
    name: "Contracts.Accept",
    input: { link, contract: "", rev: 3 },
  });
  expect([went, told(), a.busy]).toEqual([["k r"], [], false]);
});

test("W-33: an answer the service has not taken yet is said to wait, and no room opens", async () => {
  for (const [name, act] of [
    ["Contracts.Accept", (a: Answering) => a.accept()],
    ["Contracts.Decline", (a: Answering) => a.decline()],
  ] as const) {
    went = [];
    for (const t of toasts.list) toasts.dismiss(t.id);
    answers[name] = () => ({ id: "k", room: "r", status: "waiting" });
    await act(await begin());
    expect([name, went, told()]).toEqual([name, ["closed"], [m.answerWaits()]]);
  }
});

test("W-33: a decline that was taken says so", async () => {
  answers["Contracts.Decline"] = () => ({
    id: "k",
    room: "r",
    status: "refused",
  });
  await (await begin()).decline();
  expect([went, told()]).toEqual([["closed"], [m.declined()]]);
});

test("W-03: an offer that changed meanwhile is shown as it stands, and nothing was answered", async () => {
  const a = await begin();
  const now = { ...offer, rev: 4 };
  answers["Contracts.Look"] = () => now;
  answers["Contracts.Decline"] = refuse("moved");
  a.declining = true;
  await a.decline();
  expect([a.offer, a.error, a.declining, went]).toEqual([
    now,
    m.offerMoved(),
    false,
    [],
  ]);
});

test("W-03: where it cannot be read again either, the error is said and the dialog can be used", async () => {
  const a = await begin();
  answers["Contracts.Accept"] = refuse("moved");
  answers["Contracts.Look"] = refuse("unreachable");
  await a.accept();
  expect([a.busy, a.error, a.offer]).toEqual([
    false,
    m.error("unreachable", "Why."),
    offer,
  ]);
});

test("W-33: nothing is looked for without a link", async () => {
  const a = new Answering(
    "",
    "",
    () => undefined,
    () => undefined,
  );
  await a.look();
  expect([a.error, said]).toEqual([m.needed(), []]);
});

test("M-02: who asks is led into the room; what waits leads nowhere", async () => {
  const row = { id: "k", room: "r", status: "offered" };
  answers["Contracts.Ask"] = () => row;
  let a = await begin();
  await a.ask();
  expect(said.at(-1)).toEqual({
    name: "Contracts.Ask",
    input: { link, contract: "", rev: 3 },
  });
  expect(went).toEqual(["k r"]);

  went = [];
  answers["Contracts.Ask"] = () => ({ ...row, status: "waiting" });
  a = await begin();
  await a.ask();
  expect([went, told()]).toEqual([["closed"], [m.answerWaits()]]);
});

test("W-33: an offer of a room is read and answered without a link; one's own is withdrawn", async () => {
  answers["Contracts.Look"] = () => ({ ...offer, mine: true, room: "r" });
  answers["Contracts.Decline"] = () => ({ id: "k", status: "refused" });
  const a = new Answering(
    "",
    "k",
    () => went.push("closed"),
    () => undefined,
  );
  await settle();
  await a.decline();
  expect(said.map((x) => x.input)).toEqual([
    { link: "", contract: "k", rev: 0 },
    { link: "", contract: "k", rev: 3 },
  ]);
  expect([went, told()]).toEqual([["closed"], [f.withdrawn()]]);
});

test("W-33: an answer that waits is taken back, and the offer is read as it stands then; what has left says why it stays", async () => {
  const waiting = { id: "a1", what: "accept", undo: true };
  answers["Contracts.Look"] = () => ({ ...offer, waiting });
  const a = await begin();
  answers["Contracts.Look"] = () => offer;
  await a.undo();
  expect(said.map((x) => x.name)).toEqual([
    "Contracts.Look",
    "Outbox.Discard",
    "Contracts.Look",
  ]);
  expect(said[1]?.input).toEqual({ id: "a1" });
  expect([a.offer, a.error, a.busy, went]).toEqual([
    offer,
    undefined,
    false,
    [],
  ]);

  const sent = { ...offer, waiting: { ...waiting, undo: false } };
  answers["Contracts.Look"] = () => sent;
  answers["Outbox.Discard"] = refuse("busy");
  await a.undo();
  expect([a.offer, a.error]).toEqual([sent, m.error("busy", "Why.")]);
});

test("W-33: what is shown of an answer that waits follows what becomes of it; an offer to be answered stays as it was read", async () => {
  const a = await begin();
  const now = { ...offer, rev: 4 };
  answers["Contracts.Look"] = () => now;
  await a.follow();
  expect(a.offer).toBe(offer);

  const waiting = { id: "a1", what: "accept", undo: true };
  answers["Contracts.Look"] = () => ({ ...offer, waiting });
  await a.look();
  answers["Contracts.Look"] = refuse("unreachable");
  await a.follow();
  expect([a.offer?.waiting, a.error]).toEqual([waiting, undefined]);
  answers["Contracts.Look"] = () => offer; // taken, and not read yet
  await a.follow();
  const taken = { ...offer, status: "active", room: "r" };
  answers["Contracts.Look"] = () => taken;
  await a.follow();
  expect(a.offer).toBe(taken);
});

test("W-33: what waits is named, and said to be sent yet only while it can be taken back", () => {
  expect(
    ["ask", "accept", "decline", "withdraw"].map((w) => f.waits(w, true)),
  ).toEqual([
    "Asked about, waits to be sent",
    "Accepted, waits to be sent",
    "Declined, waits to be sent",
    "Withdrawn, waits to be sent",
  ]);
  expect(f.waits("accept", false)).toBe("Accepted, waits for the service");
});
