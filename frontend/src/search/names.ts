import type { RoomRow } from "../bridge/api";
import { fits } from "../state/switcher";

/** A person or a room that was found by name, and the room it leads to. */
export type Found = { room: RoomRow; person: boolean };

/**
 * People, then rooms, whose name fits what is typed, the best and then the newest first; hidden ones too (S-03). A person leads to the
 * direct room with them, else to the room they share with me alone.
 */
export function named(rooms: readonly RoomRow[], typed: string): Found[] {
  const words = typed.trim();
  if (words === "") return [];
  const by = (name: (x: RoomRow) => string) =>
    rooms
      .map((room) => ({ room, fit: fits(name(room), words) }))
      .filter((x) => x.fit > 0 && name(x.room) !== "")
      .sort((a, b) => b.fit - a.fit || b.room.at - a.room.at)
      .map((x) => x.room);
  const direct = new Set(
    rooms.filter((x) => x.kind === "direct").map((x) => x.person),
  );
  const people = by((x) =>
    x.kind === "direct" || !direct.has(x.person) ? x.other : "",
  ).filter((x) => x.person !== "");
  const titled = by((x) => (x.kind === "direct" ? "" : x.name));
  const among = by((x) => (x.members > 2 ? x.other : "")).filter(
    (x) => !titled.includes(x),
  );
  return [
    ...people.map((room) => ({ room, person: true })),
    ...[...titled, ...among].map((room) => ({ room, person: false })),
  ];
}
