import CirclePause from "@lucide/svelte/icons/circle-pause";
import CirclePlay from "@lucide/svelte/icons/circle-play";
import CircleX from "@lucide/svelte/icons/circle-x";
import Gauge from "@lucide/svelte/icons/gauge";
import Tags from "@lucide/svelte/icons/tags";
import TrendingUp from "@lucide/svelte/icons/trending-up";

import type { ContractView } from "../bridge/api";
import type { MenuEntry, MenuGroups } from "../shared/menu";
import { k } from "../text/terms";
import type { Typed } from "./terms";

/** What the menu of a workroom asks for. */
export type Asked = Typed | "end";

/** The menu of a workroom's head: what this side may do to the contract (W-02). */
export function menuOf(
  view: ContractView,
  does: {
    ask: (what: Asked) => void;
    codes: () => void;
    pause: (on: boolean) => void;
  },
): MenuGroups {
  const may = view.termsMay;
  const entry = (able: boolean, line: MenuEntry) => (able ? [line] : []);
  return [
    [
      ...entry(may.rate, {
        label: k.menuRate(),
        icon: TrendingUp,
        onselect: () => does.ask("rate"),
      }),
      ...entry(may.limit, {
        label: k.menuLimit(),
        icon: Gauge,
        onselect: () => does.ask("limit"),
      }),
      ...entry(may.activity, {
        label: k.menuCodes(),
        icon: Tags,
        onselect: does.codes,
      }),
    ],
    [
      ...entry(may.pause, {
        label: k.pause(),
        icon: CirclePause,
        onselect: () => does.pause(true),
      }),
      ...entry(may.resume, {
        label: k.resume(),
        icon: CirclePlay,
        onselect: () => does.pause(false),
      }),
      ...entry(may.end, {
        label: k.end(),
        icon: CircleX,
        danger: true,
        onselect: () => does.ask("end"),
      }),
    ],
  ].filter((group) => group.length > 0);
}
