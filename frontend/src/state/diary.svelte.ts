import { call } from "../bridge";
import type { DayView, WeekView } from "../bridge/api";
import { today } from "../text/days";
import { mini } from "./mini.svelte";
import { Query } from "./query.svelte";
import { router } from "./router.svelte";
import { tracker } from "./tracker.svelte";
import { touches } from "./work.svelte";

/** What a diary shows: a day of a contract, cut in a zone ("" = the viewer's own). */
export type Shown = { contract: string; day: string; zone: string };

/**
 * The diary of one contract, a day or a week at a time. What is shown stays until
 * the next day was read; changes of the diary read it again.
 */
export class DiaryDay {
  #query: Query<DayView>;
  view = $derived.by(() => this.#query.value);
  error = $derived.by(() => this.#query.error);

  constructor(shown: () => Shown) {
    this.#query = new Query(
      () => call("Diary.Day", shown()),
      (scope) => touches(shown().contract)(scope),
    );
  }

  /** Reads the day that is shown now. */
  refresh() {
    return this.#query.refresh();
  }

  /** Ends it: the diary was left. */
  leave() {
    this.#query.stop();
  }
}

/** One week by activity and day; as DiaryDay. */
export class DiaryWeek {
  #query: Query<WeekView>;
  view = $derived.by(() => this.#query.value);
  error = $derived.by(() => this.#query.error);

  constructor(shown: () => Shown) {
    this.#query = new Query(
      () => call("Diary.Week", shown()),
      (scope) => touches(shown().contract)(scope),
    );
  }

  /** Reads the week that is shown now. */
  refresh() {
    return this.#query.refresh();
  }

  /** Ends it: the diary was left. */
  leave() {
    this.#query.stop();
  }
}

const place = "trestle-diary";

/** The contract whose diary was looked at last on this computer. */
export const lastDiary = () => localStorage.getItem(place) ?? "";

/** Keeps it. */
export const keepLastDiary = (contract: string) =>
  localStorage.setItem(place, contract);

/** Opens a segment of a contract's diary, by a moment in it; it may ask whether to delete it. */
export function openSegment(contract: string, at: number, ask: "" | "delete") {
  if (mini.form !== "") void mini.set("");
  tracker.open = false;
  const place = [
    contract,
    "day",
    today(new Date(at)),
    Math.floor(at / 600_000),
  ];
  router.go(["diary", ...place, ...(ask === "" ? [] : [ask])].join("/"));
}
