import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { BridgeError, open } from "../bridge";
import type { MessageRow, RoomView } from "../bridge/api";
import { listen } from "./changed";
import { Room } from "./room.svelte";

const view = {
  id: "r",
  name: "Room",
  people: [],
  draft: { text: "", cursor: 0, files: [] },
  firstNew: "",
  window: { room: "r", messages: [], more: false, atEnd: true, last: 0 },
} as unknown as RoomView;
let opened: () => Promise<RoomView>;
/** The texts that were given to be kept, in order. */
let kept: string[];
/** Why no message gets other words. */
let refused: BridgeError | undefined;
let announce: (name: string, payload: unknown) => void;

beforeEach(async () => {
  vi.useFakeTimers();
  opened = () => Promise.resolve(view);
  kept = [];
  refused = undefined;
  await open({
    call: (name, input) => {
      if (name === "Rooms.SaveDraft")
        kept.push((input as RoomView["draft"]).text);
      if (name === "Rooms.Reword" && refused) return Promise.reject(refused);
      return name === "Rooms.Open" ? opened() : Promise.resolve();
    },
    listen: (fn) => {
      announce = fn;
    },
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  listen();
});
afterEach(() => vi.useRealTimers());
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("M-25: what is typed without a pause is kept all the same, and a box with more to keep does not say that it is kept", async () => {
  const room = new Room("r");
  await later(10);
  for (let i = 1; i <= 15; i++) {
    room.text = "w".repeat(i);
    room.touched(i);
    await later(100);
  }
  expect(kept).toEqual(["w".repeat(10)]);
  expect(room.draftState).toBe("");
  await later(400);
  expect(kept).toEqual(["w".repeat(10), "w".repeat(15)]);
  expect(room.draftState).toBe("saved");
  room.leave();
});

test("M-25: an edit in the box stays when the program writes into the draft behind it", async () => {
  const room = new Room("r");
  await later(10);
  room.text = "a draft";
  room.touched(7);
  room.beginEdit({ id: "m", text: "old", files: [] } as unknown as MessageRow);
  room.text = "new words";
  room.touched(9);
  await later(500);
  room.take({
    text: "a draft\na reply",
    cursor: 15,
    files: [],
    reply: null,
    edit: {
      message: "m",
      text: "old",
      files: false,
      words: "new words",
      cursor: 9,
    },
  });
  expect([room.editing?.id, room.text]).toEqual(["m", "new words"]);
  room.cancelEdit();
  expect([room.editing, room.text]).toEqual([undefined, "a draft\na reply"]);
  room.leave();
});

test("N-08: words that the program puts behind the draft leave what is typed and edited meanwhile", async () => {
  const room = new Room("r");
  await later(10);
  room.text = "typed just now";
  room.touched(14);
  room.draft.behind("a reply");
  expect(room.text).toBe("typed just now\na reply");
  await later(500);
  room.beginEdit({ id: "m", text: "old", files: [] } as unknown as MessageRow);
  room.text = "new words";
  room.touched(9);
  room.draft.behind("another");
  expect([room.editing?.id, room.text]).toEqual(["m", "new words"]);
  await later(500);
  const all = "typed just now\na reply\nanother";
  expect(kept.at(-1)).toBe(all);
  room.cancelEdit();
  expect(room.text).toBe(all);
  room.leave();
});

test("M-07: the last words typed in a room that is taken away are handed over, and its box is empty when it comes back", async () => {
  const room = new Room("r");
  await later(10);
  room.text = "and one more wo";
  room.touched(15);
  opened = () => Promise.reject(new BridgeError("no_access", "gone"));
  announce("changed", { scopes: ["r:r"] });
  await later(50);
  expect(room.error?.code).toBe("no_access");
  expect(kept).toEqual(["and one more wo"]);
  opened = () => Promise.resolve(view);
  announce("changed", { scopes: ["r:r"] });
  await later(50);
  expect([room.error, room.text]).toEqual([undefined, ""]);
  room.leave();
  expect(kept).toHaveLength(1);
});

test("M-26: what a message was to say that was deleted meanwhile stays in the box, before the draft", async () => {
  const room = new Room("r");
  await later(10);
  room.text = "a draft";
  room.beginEdit({ id: "m", text: "old", files: [] } as unknown as MessageRow);
  room.text = "new words";
  refused = new BridgeError("gone", "This is no longer there.");
  expect(await room.saveEdit()).toBe(false);
  expect(room.editing).toBeUndefined();
  expect(room.text).toBe("new words\na draft");
  await later(1000);
  expect(kept.at(-1)).toBe("new words\na draft");
  // Any other refusal leaves the edit as it is.
  room.beginEdit({ id: "m", text: "old", files: [] } as unknown as MessageRow);
  room.text = "other words";
  refused = new BridgeError("bridge", "");
  expect(await room.saveEdit()).toBe(false);
  expect(room.editing?.id).toBe("m");
  expect(room.text).toBe("other words");
  room.leave();
});
