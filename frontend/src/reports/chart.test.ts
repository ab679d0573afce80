import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";

import type { TimeReport } from "../bridge/api";
import HoursChart from "./HoursChart.svelte";

const report = {
  from: "2026-11-16",
  to: "2026-11-19",
  chartBy: "day",
  activities: [
    { id: "m", name: "Map screen", colour: 1, seconds: 9000, archived: false },
    { id: "", name: "No activity", colour: 0, seconds: 600, archived: false },
  ],
  chart: [
    { keys: ["2026-11-16", "m"], seconds: 5400 },
    { keys: ["2026-11-18", "m"], seconds: 3600 },
    { keys: ["2026-11-18", ""], seconds: 600 },
  ],
} as unknown as TimeReport;

describe("the days of the chart by the keys (A-13)", () => {
  let chart: Record<string, unknown>;
  afterEach(() => unmount(chart));

  it("spells out the day that the arrow keys go to", () => {
    chart = mount(HoursChart, { target: document.body, props: { report } });
    const bars = document.querySelector<HTMLElement>("[role=listbox]");
    if (!bars) throw new Error("there are no bars to go to");
    const chosen = () =>
      document.getElementById(bars.getAttribute("aria-activedescendant") ?? "");
    const caption = () =>
      document.querySelector("figcaption .head")?.textContent;
    const press = (key: string) => {
      const e = new KeyboardEvent("keydown", {
        key,
        bubbles: true,
        cancelable: true,
      });
      bars.dispatchEvent(e);
      flushSync();
      return e.defaultPrevented;
    };
    expect(bars.tabIndex).toBe(0);
    expect(chosen()?.getAttribute("aria-label")).toMatch(
      /^Wednesday 18 November: 1:10, Map screen: 1:00, No activity: 0:10$/,
    );
    expect(press("ArrowLeft")).toBe(true);
    expect(caption()).toMatch(/^Tuesday 17/);
    press("Home");
    expect(caption()).toMatch(/^Monday 16.*1:30/);
    press("ArrowLeft");
    expect(caption()).toMatch(/^Monday 16/);
    press("End");
    press("ArrowRight");
    expect(caption()).toMatch(/^Thursday 19/);
    expect(chosen()?.getAttribute("aria-selected")).toBe("true");
    expect(press("Tab")).toBe(false);
  });
});
