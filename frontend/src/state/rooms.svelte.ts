import { call } from "../bridge";
import type { ContractList, RoomList, RoomRow } from "../bridge/api";
import { daysBetween } from "../text/time";
import { Query } from "./query.svelte";

/** A part of the room list under its heading. */
export type RoomSection = { id: string; rooms: RoomRow[] };

const parted = (sorted: readonly RoomRow[]) => ({
  part: (id: string, has: (r: RoomRow) => boolean) => ({
    id,
    rooms: sorted.filter(has),
  }),
});

/** Newest first: unread, then by day (M-17). Hidden rooms are left out (M-09). */
export function byRecent(
  rooms: readonly RoomRow[],
  now: number,
): RoomSection[] {
  const { part } = parted(
    rooms.filter((r) => !r.hidden).sort((a, b) => b.at - a.at),
  );
  const read = (r: RoomRow) => r.unread === 0;
  return [
    part("unread", (r) => !read(r)),
    part("today", (r) => read(r) && daysBetween(r.at, now) <= 0),
    part("yesterday", (r) => read(r) && daysBetween(r.at, now) === 1),
    part("earlier", (r) => read(r) && daysBetween(r.at, now) > 1),
  ].filter((s) => s.rooms.length > 0);
}

/** By what they are: favourites, interviews, rooms, people, and what was put aside (M-17). */
export function byCategory(rooms: readonly RoomRow[]): RoomSection[] {
  const { part } = parted(
    [...rooms].sort((a, b) => a.name.localeCompare(b.name)),
  );
  const aside = (r: RoomRow) =>
    r.hidden || (r.archived && r.kind === "group" && r.unread === 0);
  const plain = (r: RoomRow) => !aside(r) && !r.favourite;
  return [
    part("favourites", (r) => !aside(r) && r.favourite),
    part("interviews", (r) => plain(r) && r.kind === "interview"),
    part(
      "rooms",
      (r) => plain(r) && r.kind !== "interview" && r.kind !== "direct",
    ),
    part("people", (r) => plain(r) && r.kind === "direct"),
    part("hidden", aside),
  ].filter((s) => s.rooms.length > 0);
}

/** The rooms as they stand in the list, from top to bottom, without what is folded up. */
export function inOrder(
  rooms: readonly RoomRow[],
  order: string,
  folded: readonly string[],
  now: number,
): RoomRow[] {
  return order === "categories"
    ? byCategory(rooms)
        .filter((s) => !folded.includes(s.id))
        .flatMap((s) => s.rooms)
    : byRecent(rooms, now).flatMap((s) => s.rooms);
}

/** The room before or after the one on screen, or the next with something unread; undefined where there is none (K-06, K-07). */
export function beside(
  list: readonly RoomRow[],
  current: string,
  by: -1 | 1,
  unread: boolean,
): RoomRow | undefined {
  const at = list.findIndex((r) => r.id === current);
  const from = at < 0 && by < 0 ? list.length : at;
  const way =
    by > 0 ? list.slice(from + 1) : list.slice(0, Math.max(0, from)).reverse();
  return way.find((r) => !unread || r.unread > 0);
}

/** Every room and contract of this account, as the sidebar and the switcher show them. */
class Rooms {
  #list = new Query<RoomList>(
    () => call("Rooms.List"),
    (scope) => /^[rak]:/.test(scope) || scope === "sync" || scope === "drafts",
  );
  #contracts = new Query<ContractList>(
    () => call("Contracts.List"),
    (scope) => /^[akd]:/.test(scope) || scope === "tracker",
  );
  /** Rooms that are being left, while it can still be undone. */
  #leaving = $state.raw<ReadonlySet<string>>(new Set());
  list = $derived(
    (this.#list.value?.rooms ?? []).filter((r) => !this.#leaving.has(r.id)),
  );
  loaded = $derived(this.#list.value !== undefined);
  unread = $derived(this.#list.value?.unread ?? 0);
  contracts = $derived(this.#contracts.value?.contracts ?? []);
  contractsLoaded = $derived(this.#contracts.value !== undefined);

  /** The row of a room. */
  row(id: string): RoomRow | undefined {
    return this.list.find((r) => r.id === id);
  }

  /** Leaves a room out of the list, or takes it back in. */
  leaving(id: string, on: boolean) {
    const next = new Set(this.#leaving);
    if (on) next.add(id);
    else next.delete(id);
    this.#leaving = next;
  }

  /** Forgets everything: someone else is here now. */
  forget() {
    this.#list.value = undefined;
    this.#contracts.value = undefined;
    this.#leaving = new Set();
  }

  /** Reads the room list; the contracts are read when first looked for. */
  refresh() {
    return this.#list.refresh();
  }

  /** Reads the contracts. */
  refreshContracts() {
    return this.#contracts.refresh();
  }
}

export const rooms = new Rooms();
