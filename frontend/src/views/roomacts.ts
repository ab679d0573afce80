import { call } from "../bridge";
import type { RoomRow, RoomView } from "../bridge/api";
import { asks } from "../people/asks.svelte";
import type { MenuRoom, RoomActs } from "../room/roommenu";
import { toasts } from "../shared/toasts.svelte";
import { rooms } from "../state/rooms.svelte";
import { router } from "../state/router.svelte";
import { attempt } from "../state/say";
import { m } from "../text/en";
import { r } from "../text/rooms";
import { whileSo } from "./whileso.svelte";

/** What the menu knows of a row of the list. */
export function rowRoom(row: RoomRow): MenuRoom {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    contract: row.contract,
    favourite: row.favourite,
    hidden: row.hidden,
    level: row.level,
    unread: row.unread,
    begun: row.heard,
    may: row.may,
  };
}

/** What the menu knows of an open room. */
export function viewRoom(view: RoomView, row: RoomRow | undefined): MenuRoom {
  return {
    id: view.id,
    name: view.name,
    kind: view.kind,
    contract: view.contract,
    favourite: view.favourite,
    hidden: row?.hidden ?? false,
    level: row?.level ?? "all",
    unread: row?.unread ?? 0,
    begun: row?.heard ?? false,
    may: view.may,
  };
}

function set(
  room: string,
  what: { favourite?: boolean; hidden?: boolean; level?: string },
) {
  return attempt(() =>
    call("Rooms.Set", {
      room,
      favourite: what.favourite ?? null,
      hidden: what.hidden ?? null,
      level: what.level ?? null,
    }),
  );
}

/** Does what the menu of a room offers. What can be taken back is done at once and says so, with Undo. */
export function roomActs(
  open: (room: string, panel: string) => void,
): RoomActs {
  return {
    open: (room, panel) => open(room.id, panel),
    favourite: (room, on) => void set(room.id, { favourite: on }),
    level: (room, level) => void set(room.id, { level }),
    unread: (room) =>
      void attempt(() =>
        call("Rooms.MarkRoom", { room: room.id, read: false }),
      ),
    read: (room) =>
      void attempt(() => call("Rooms.MarkRoom", { room: room.id, read: true })),
    hide: (room, on) => void hide(room, on),
    contract: (room) => router.go(`contract/${room.contract}/overview`),
    rename: (room) => (asks.open = { what: "rename", room }),
    invite: (room) => (asks.open = { what: "invite", room }),
    archive: (room, on) => void archive(room, on),
    leave: (room) => {
      if (room.may.leave) void leave(room);
      else asks.open = { what: "handover", room };
    },
    save: (room) => (asks.open = { what: "export", room }),
  };
}

async function hide(room: MenuRoom, on: boolean) {
  if (!(await set(room.id, { hidden: on })) || !on) return;
  const line = toasts.undo(
    r.hiddenNow(room.name),
    m.undo(),
    () => void set(room.id, { hidden: false }),
  );
  whileSo(line, () => rooms.row(room.id)?.hidden === true);
}

/** Makes a room read-only for all, or takes that back (M-08). */
export async function archive(room: { id: string; name: string }, on: boolean) {
  const say = (archived: boolean) =>
    attempt(() => call("Rooms.Archive", { room: room.id, archived }));
  if (!(await say(on)) || !on) return;
  const line = toasts.undo(
    r.archivedNow(room.name),
    m.undo(),
    () => void say(false),
  );
  whileSo(line, () => rooms.row(room.id)?.archived === true);
}

/**
 * Leaves a room once the line that says so is gone: until then nothing has to
 * be taken back. A program that ends meanwhile leaves when it begins again.
 */
async function leave(room: MenuRoom) {
  const what = { room: room.id, what: "leave", account: "" };
  if (!(await attempt(() => call("Rooms.PartSoon", what)))) return;
  rooms.leaving(room.id, true);
  if (router.parts[0] === "room" && router.parts[1] === room.id)
    router.go("room");
  const settled = (act: () => Promise<unknown>) =>
    void attempt(act).then(() => rooms.leaving(room.id, false));
  toasts.undo(
    r.leftNow(room.name),
    m.undo(),
    () => settled(() => call("Rooms.Unpart", what)),
    () => settled(() => call("Rooms.Leave", { room: room.id })),
  );
}
