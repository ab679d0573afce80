/** Something the quick switcher can go to. */
export type Target = {
  id: string;
  kind: "room" | "person" | "contract" | "command";
  name: string;
  about: string;
  /** What its avatar's colour is made from. */
  seed: string;
  /** Newer comes first among equals, Unix ms. */
  at: number;
  go: () => void;
};

/** Case and accents do not matter in a search. */
export function fold(s: string): string {
  return s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
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

/** Those that fit, by group, best fit and newest first; without words the newest rooms. */
export function search(targets: readonly Target[], words: string): Target[] {
  if (words.trim() === "") {
    return targets
      .filter((t) => t.kind === "room")
      .sort((a, b) => b.at - a.at)
      .slice(0, 8);
  }
  return targets
    .map((target) => ({ target, fit: fits(target.name, words) }))
    .filter((x) => x.fit > 0)
    .sort(
      (a, b) =>
        order[a.target.kind] - order[b.target.kind] ||
        b.fit - a.fit ||
        b.target.at - a.target.at,
    )
    .map((x) => x.target);
}
