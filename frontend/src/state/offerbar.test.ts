import { expect, test } from "vitest";

import { open } from "../bridge";
import { listen } from "./changed";
import { Room } from "./room.svelte";

const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

// W-33: how an offer stands, and that an answer to it waits, is told by its contract and by the outbox, not by the room.
test.each([
  ["interview", "k:c", true],
  ["interview", "outbox", true],
  ["interview", "k:other", false],
  ["contract", "outbox", false],
])(
  "M-02, W-33: a room of kind %s is read again when %s changed: %s",
  async (kind, scope, want) => {
    let opens = 0;
    let tell = (_: string, __: unknown) => {};
    await open({
      call: (name) => {
        if (name === "Rooms.Open") opens++;
        const window = { room: "r", more: false, loading: false, last: 0 };
        return Promise.resolve({
          kind,
          contract: "c",
          people: [],
          draft: { text: "", cursor: 0, files: [] },
          unread: 0,
          firstNew: "",
          window: { ...window, atEnd: true, messages: [] },
        });
      },
      listen: (fn) => {
        tell = fn;
      },
      fileURL: (id) => id,
      put: () => Promise.resolve(),
    });
    listen();
    const room = new Room("r");
    await settle();
    const before = opens;
    tell("changed", { all: false, scopes: [scope] });
    await settle();
    expect(opens > before).toBe(want);
    room.leave();
  },
);
