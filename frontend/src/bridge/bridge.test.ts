import { beforeEach, expect, test } from "vitest";

import { BridgeError, call, on, open, pieceSize, put } from ".";
import { readError } from "./errors";
import { EventReader } from "./sse";
import type { Piece, Transport } from "./transport";

let pieces: Piece[] = [];
let announce: (name: string, payload: unknown) => void = () => undefined;

const transport: Transport = {
  call: (name, input) =>
    name === "Rooms.List"
      ? Promise.reject(
          new Error('{"code":"too_long","message":"Too long.","field":"text"}'),
        )
      : Promise.resolve({ name, input }),
  listen(fn) {
    announce = fn;
  },
  fileURL: (id) => `/file/${id}`,
  put: (p) => {
    pieces.push(p);
    return Promise.resolve();
  },
};

beforeEach(async () => {
  pieces = [];
  await open(transport);
});

test("a refused call throws its code, sentence and field", async () => {
  const e = await call("Rooms.List").catch((x: unknown) => x);
  expect(e).toBeInstanceOf(BridgeError);
  expect(e).toMatchObject({
    code: "too_long",
    message: "Too long.",
    field: "text",
  });
});

test.each([
  ['{"code":"a","message":"b"}', "a", undefined],
  ["[object Object]", "bridge", undefined],
  ["", "bridge", undefined],
  ["null", "bridge", undefined],
  ['{"code":"a","message":"b","field":""}', "a", undefined],
])("an error reads: %s", (text, code, field) => {
  expect(readError(new Error(text))).toMatchObject({ code, field });
});

test.each([
  [1, [1]],
  [pieceSize, [pieceSize]],
  [pieceSize + 1, [pieceSize, 1]],
  [3 * pieceSize, [pieceSize, pieceSize, pieceSize]],
])("%i bytes travel in pieces of at most 1 MiB", async (size, sizes) => {
  const source = new Uint8Array(size).map((_, i) => i % 251);
  const done: number[] = [];
  const id = await put(source, (n) => done.push(n));
  expect(pieces.map((p) => p.bytes.length)).toEqual(sizes);
  expect(pieces.every((p) => p.id === id && /^[0-9a-f-]{36}$/.test(p.id))).toBe(
    true,
  );
  const whole = new Uint8Array(size);
  for (const p of pieces) whole.set(p.bytes, p.at);
  expect(whole.every((b, i) => b === source[i])).toBe(true);
  expect(done.at(-1)).toBe(size);
});

test("a listener hears its event until it stops", () => {
  const heard: unknown[] = [];
  const stop = on("changed", (p) => heard.push(p));
  announce("changed", { all: true });
  announce("navigate", { to: "settings" });
  stop();
  announce("changed", { all: true });
  expect(heard).toEqual([{ all: true }]);
});

test("a stream cut anywhere gives the same events", () => {
  const text =
    ': open\n\nid: 1\nevent: changed\ndata: {"a":\ndata: 1}\n\n:\n\nid: 2\r\nevent: timer\r\ndata: {}\r\n\r\n';
  const want = [
    { id: "1", name: "changed", data: '{"a":\n1}' },
    { id: "2", name: "timer", data: "{}" },
  ];
  for (let cut = 0; cut <= text.length; cut++) {
    const reader = new EventReader();
    expect([
      ...reader.feed(text.slice(0, cut)),
      ...reader.feed(text.slice(cut)),
    ]).toEqual(want);
  }
});
