import { call } from "../bridge";
import type { ContractList, RoomList, RoomRow } from "../bridge/api";
import { daysBetween } from "../text/time";
import { Query } from "./query.svelte";

/** A part of the room list under its heading. */
export type RoomSection = { id: string; rooms: RoomRow[] };

/** Newest first: unread, then by day (M-17). */
export function byRecent(
  rooms: readonly RoomRow[],
  now: number,
): RoomSection[] {
  const sorted = [...rooms].sort((a, b) => b.at - a.at);
  const part = (id: string, has: (r: RoomRow) => boolean) => ({
    id,
    rooms: sorted.filter(has),
  });
  const read = (r: RoomRow) => r.unread === 0;
  return [
    part("unread", (r) => !read(r)),
    part("today", (r) => read(r) && daysBetween(r.at, now) <= 0),
    part("yesterday", (r) => read(r) && daysBetween(r.at, now) === 1),
    part("earlier", (r) => read(r) && daysBetween(r.at, now) > 1),
  ].filter((s) => s.rooms.length > 0);
}

/** By what they are: favourites, interviews, rooms (M-17). */
export function byCategory(rooms: readonly RoomRow[]): RoomSection[] {
  const sorted = [...rooms].sort((a, b) => a.name.localeCompare(b.name));
  const part = (id: string, has: (r: RoomRow) => boolean) => ({
    id,
    rooms: sorted.filter(has),
  });
  return [
    part("favourites", (r) => r.favourite),
    part("interviews", (r) => !r.favourite && r.kind === "interview"),
    part("rooms", (r) => !r.favourite && r.kind !== "interview"),
  ].filter((s) => s.rooms.length > 0);
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
  list = $derived(this.#list.value?.rooms ?? []);
  loaded = $derived(this.#list.value !== undefined);
  unread = $derived(this.#list.value?.unread ?? 0);
  contracts = $derived(this.#contracts.value?.contracts ?? []);
  contractsLoaded = $derived(this.#contracts.value !== undefined);

  /** Forgets everything: someone else is here now. */
  forget() {
    this.#list.value = undefined;
    this.#contracts.value = undefined;
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
