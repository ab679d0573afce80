import { expect, test } from "vitest";

import { open } from "../bridge";
import type { MessageRow, RoomView } from "../bridge/api";
import { Room } from "./room.svelte";
import { sampleMessage } from "./sample";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const window = (...messages: MessageRow[]) => ({
  room: "r",
  messages,
  more: true,
  loading: false,
  atEnd: false,
  last: 900,
});

test.each([
  ["it comes", "m101", "m102", [800, 900]],
  ["it does not come", "", "", [900]],
])(
  "M-31: a room whose first unread message is far off goes there and has nothing read until then: %s",
  async (_, place, first, read) => {
    const said: unknown[] = [];
    await open({
      call: (name, input) => {
        if (name === "Rooms.Read") said.push((input as { num: number }).num);
        if (name === "Rooms.Open")
          return Promise.resolve({
            people: [],
            draft: { text: "", cursor: 0, files: [] },
            unread: 799,
            firstNew: "",
            window: window(sampleMessage({ id: "m900", num: 900 })),
          } as unknown as RoomView);
        return Promise.resolve(
          name === "Rooms.Around"
            ? {
                window: window(
                  sampleMessage({ id: "m101", num: 101, mine: true }),
                  sampleMessage({ id: "m102", num: 102, mine: false }),
                ),
                place,
                reason: place === "" ? "Offline" : "",
              }
            : undefined,
        );
      },
      listen: () => undefined,
      fileURL: (id) => id,
      put: () => Promise.resolve(),
    });
    const room = new Room("r");
    await settle();
    expect([room.far, room.firstNew]).toEqual([true, ""]);
    room.seen(900, 900);
    const going = room.toUnread();
    room.seen(700, 700);
    expect([await going, room.firstNew]).toEqual([first, first]);
    room.seen(900, 900); // the list stands where it stood until the page has moved it
    room.far = false;
    for (const num of read) room.seen(num, num);
    await settle();
    expect(said).toEqual(read);
    room.leave();
  },
);
