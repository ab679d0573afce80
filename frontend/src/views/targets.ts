import type { ContractRow, RoomRow } from "../bridge/api";
import { router } from "../state/router.svelte";
import type { Target } from "../state/switcher";
import { m } from "../text/en";

/** Everything the quick switcher can go to: rooms, people, contracts, commands. */
export function makeTargets(
  rooms: readonly RoomRow[],
  contracts: readonly ContractRow[],
  commands: readonly { name: string; go: () => void }[],
): Target[] {
  const out: Target[] = rooms.map((r) => ({
    id: `room-${r.id}`,
    kind: "room",
    name: r.name,
    about: r.other,
    seed: r.contract || r.id,
    at: r.at,
    go: () => router.go(`room/${r.id}`),
  }));
  // A person leads to the room with them that was used last.
  const people = new Map<string, RoomRow>();
  for (const r of rooms) {
    const known = people.get(r.other);
    if (r.other !== "" && (!known || known.at < r.at)) people.set(r.other, r);
  }
  for (const [name, r] of people) {
    out.push({
      id: `person-${name}`,
      kind: "person",
      name,
      about: m.inRoom(r.name),
      seed: name,
      at: r.at,
      go: () => router.go(`room/${r.id}`),
    });
  }
  for (const c of contracts) {
    out.push({
      id: `contract-${c.id}`,
      kind: "contract",
      name: c.title,
      about: c.other === "" ? "" : m.contractWith(c.other),
      seed: c.id,
      at: 0,
      go: () => router.go(`contract/${c.id}/overview`),
    });
  }
  for (const c of commands) {
    out.push({
      id: `command-${c.name}`,
      kind: "command",
      name: c.name,
      about: "",
      seed: "",
      at: 0,
      go: c.go,
    });
  }
  return out;
}
