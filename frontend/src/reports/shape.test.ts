import { expect, it } from "vitest";

import type { TimeReport } from "../bridge/api";
import { chosenFilters, shapeOf } from "./shape";

const facet = (id: string, name: string, seconds = 60) => ({
  id,
  name,
  about: "",
  colour: 1,
  archived: false,
  seconds,
});
const sum = (keys: string[], seconds: number) => ({
  keys,
  seconds,
  billable: seconds,
  manual: 0,
  amount: seconds,
  currency: "EUR",
});
const report = (group: string[], rows: ReturnType<typeof sum>[]): TimeReport =>
  ({
    from: "2026-11-17",
    to: "2026-11-25",
    group,
    rows,
    people: [facet("esme", "Esme")],
    contracts: [facet("k1", "Otter"), facet("k2", "Harbour")],
    activities: [facet("", "none"), facet("a", "Map"), facet("b", "Old")],
  }) as unknown as TimeReport;

// behind each cell lies exactly what it adds up.
it.each([
  [
    "everyone",
    ["freelancer", "contract", "activity"],
    ["esme", "k1", "a"],
    false,
    { people: ["esme"], contracts: ["k1"], activities: ["a"] },
  ],
  [
    "everyone, swapped",
    ["freelancer", "contract", "activity"],
    ["esme", "k1", "a"],
    true,
    { people: ["esme"], contracts: ["k1"], activities: ["a"] },
  ],
  [
    "one freelancer by day",
    ["activity", "day"],
    ["a", "2026-11-18"],
    false,
    { activities: ["a"], from: "2026-11-18", to: "2026-11-18" },
  ],
  [
    "one freelancer by week, the first cut by the report",
    ["activity", "week"],
    ["a", "2026-11-16"],
    false,
    { activities: ["a"], from: "2026-11-17", to: "2026-11-22" },
  ],
  [
    "one activity by week, the last cut by the report",
    ["freelancer", "contract", "week"],
    ["esme", "k2", "2026-11-23"],
    false,
    {
      people: ["esme"],
      contracts: ["k2"],
      from: "2026-11-23",
      to: "2026-11-25",
    },
  ],
] as const)("%s leads behind its cells", (_, group, keys, swap, want) => {
  const s = shapeOf(report([...group], [sum([...keys], 60)]), swap);
  const row = s.table.rows[0];
  const at = row?.seconds.findIndex((n) => n > 0) ?? -1;
  expect(s.behind(row?.key ?? [], s.table.columns[at])).toEqual(want);
  expect(s.table.total).toBe(60);
});

it("names rows and columns", () => {
  const s = shapeOf(
    report(
      ["freelancer", "contract", "activity"],
      [sum(["esme", "k1", ""], 9)],
    ),
    false,
  );
  expect(s.row(["esme", "k1"])).toEqual({
    name: "Esme",
    sub: "Otter",
    person: "esme",
  });
  expect(s.column("")).toEqual({ name: "No activity", colour: 1 });
});

it("names what is left out on paper", () => {
  const v = {
    ...report(["activity", "day"], []),
    clients: [facet("mara", "Mara")],
    kinds: [facet("manual", "manual"), facet("late", "late")],
  };
  const asked = {
    ...{ from: v.from, to: v.to, zone: "UTC", group: [], people: [] },
    ...{ clients: ["mara"], contracts: ["k1", "k2"], kinds: ["late"] },
    activities: ["", "a"],
  };
  expect(chosenFilters(v, asked)).toEqual([
    "Mara",
    "Otter, Harbour",
    "No activity, Map",
    "Late",
  ]);
});
