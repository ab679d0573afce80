import { call } from "../bridge";
import type { ContractRow, KnownRow, RoomRow } from "../bridge/api";
import { router } from "../state/router.svelte";
import { attempt } from "../state/say";
import type { Target } from "../state/switcher";
import { m } from "../text/en";
import { r } from "../text/rooms";
import { w } from "../text/work";

/** Goes to the room with somebody; if there is none yet, to its empty beginning (M-01). */
export async function writeTo(account: string): Promise<void> {
  await attempt(async () => {
    const direct = await call("Rooms.Direct", { account });
    router.go(`room/${direct.room}${direct.here ? "" : `/to/${account}`}`);
  });
}

const plain = { also: "", at: 0, hidden: false, here: false, keys: "" };

/** Everything the quick switcher can go to: rooms, hidden ones too, people, also those without a room yet, contracts, commands. */
export function makeTargets(
  rooms: readonly RoomRow[],
  people: readonly KnownRow[],
  contracts: readonly ContractRow[],
  commands: readonly { name: string; keys: string; go: () => void }[],
): Target[] {
  const out: Target[] = rooms.map((x) => ({
    ...plain,
    id: `room-${x.id}`,
    kind: x.kind === "direct" ? "person" : "room",
    name: x.name,
    about: [
      x.kind === "direct" ? r.kindOf(x.kind) : x.other,
      x.hidden ? r.hiddenRoom() : "",
    ]
      .filter((s) => s !== "")
      .join(" · "),
    also: x.other,
    seed: x.contract || (x.kind === "direct" ? x.person : "") || x.id,
    at: x.at,
    hidden: x.hidden,
    here: router.parts[0] === "room" && router.parts[1] === x.id,
    go: () => router.go(`room/${x.id}`),
  }));
  // Who has a direct room stands there already.
  const there = new Set(
    rooms.filter((x) => x.kind === "direct").map((x) => x.person),
  );
  for (const p of people) {
    if (there.has(p.id) || p.blocked) continue;
    out.push({
      ...plain,
      id: `person-${p.id}`,
      kind: "person",
      name: p.name,
      about: r.inRooms(p.rooms.map((x) => x.name)),
      seed: p.id,
      go: () => void writeTo(p.id),
    });
  }
  for (const c of contracts) {
    out.push({
      ...plain,
      id: `contract-${c.id}`,
      kind: "contract",
      name: c.title,
      about: [
        c.other === "" ? "" : m.contractWith(c.other),
        c.status === "active" ? "" : w.rowState(c.status, c.side),
      ]
        .filter((s) => s !== "")
        .join(" · "),
      also: c.other,
      seed: c.id,
      go: () => router.go(`contract/${c.id}/overview`),
    });
  }
  for (const c of commands) {
    out.push({
      ...plain,
      id: `command-${c.name}`,
      kind: "command",
      name: c.name,
      about: "",
      seed: "",
      keys: c.keys,
      go: c.go,
    });
  }
  return out;
}
