import { fold } from "../shared/fold";

/** Something the quick switcher can go to. */
export type Target = {
  id: string;
  kind: "room" | "person" | "contract" | "command";
  name: string;
  about: string;
  /** Other words it is found by, such as the people of a room. */
  also: string;
  /** What its avatar's colour is made from. */
  seed: string;
  /** Newer comes first among equals, Unix ms. */
  at: number;
  /** A room that I put aside. */
  hidden: boolean;
  /** It is on screen. */
  here: boolean;
  /** Its shortcut, for a command. */
  keys: string;
  go: () => void;
};

/** What the switcher is narrowed to, and the sign that does so as the first letter. */
export const kinds = [
  { id: "all", sign: "" },
  { id: "room", sign: "#" },
  { id: "person", sign: "@" },
  { id: "contract", sign: "$" },
  { id: "command", sign: ">" },
] as const;
export type Narrow = (typeof kinds)[number]["id"];

/** Takes the sign of a kind off what was typed. */
export function narrowed(typed: string): { only: Narrow; words: string } {
  const kind = kinds.find((k) => k.sign !== "" && typed.startsWith(k.sign));
  return kind
    ? { only: kind.id, words: typed.slice(1).trimStart() }
    : { only: "all", words: typed };
}

/** How well words fit a name: 3 at its beginning, 2 at a word, 1 inside, 0 not. */
export function fits(name: string, words: string): number {
  const n = fold(name);
  const w = fold(words.trim());
  if (w === "") return 1;
  if (n.startsWith(w)) return 3;
  const at = n.indexOf(w);
  if (at < 0) return w.split(/\s+/).every((part) => n.includes(part)) ? 1 : 0;
  return /[\p{L}\p{N}]/u.test(n[at - 1] ?? "") ? 1 : 2;
}

/** The parts of a name that the words hit, for emphasis. */
export function split(name: string, words: string): [string, string, string] {
  const w = fold(words.trim());
  // Folding may change lengths; then nothing is emphasised rather than the wrong part.
  const at =
    w !== "" && fold(name).length === name.length ? fold(name).indexOf(w) : -1;
  return at < 0
    ? [name, "", ""]
    : [
        name.slice(0, at),
        name.slice(at, at + w.length),
        name.slice(at + w.length),
      ];
}

const order = { room: 0, person: 0, contract: 1, command: 2 };

/** How well a target fits: by its name, else by what else it is found by. */
function fitOf(t: Target, words: string): number {
  return fits(t.name, words) || (fits(t.also, words) > 0 ? 0.5 : 0);
}

/**
 * Those that fit: rooms and people, contracts, commands; in each the best fit first, then what is not put aside, then the newest. Without words
 * the newest rooms and people, or all of the kind that is asked for; where one is already comes last, so that Enter leads to the room before.
 */
export function search(
  targets: readonly Target[],
  typed: string,
  chosen: Narrow = "all",
): Target[] {
  const asked = narrowed(typed);
  const only = asked.only === "all" ? chosen : asked.only;
  const list = targets.filter((t) => only === "all" || t.kind === only);
  if (asked.words.trim() === "") {
    if (only !== "all")
      return list.toSorted(
        (a, b) =>
          Number(a.here) - Number(b.here) ||
          b.at - a.at ||
          a.name.localeCompare(b.name),
      );
    return list
      .filter((t) => order[t.kind] === 0 && !t.hidden && t.at > 0)
      .sort((a, b) => Number(a.here) - Number(b.here) || b.at - a.at)
      .slice(0, 8);
  }
  return list
    .map((target) => ({ target, fit: fitOf(target, asked.words) }))
    .filter((x) => x.fit > 0)
    .sort(
      (a, b) =>
        order[a.target.kind] - order[b.target.kind] ||
        b.fit - a.fit ||
        Number(a.target.hidden) - Number(b.target.hidden) ||
        b.target.at - a.target.at,
    )
    .map((x) => x.target);
}
