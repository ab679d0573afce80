import type { Component } from "svelte";

/** One line of a menu. An entry that does not apply is left out, not greyed. */
export type MenuEntry = {
  label: string;
  icon?: Component<{ size?: number }>;
  keys?: string;
  danger?: boolean;
  /** Set for a line that is on or off. */
  checked?: boolean;
  /** Greyed, with the reason read beside it. */
  reason?: string;
  onselect: () => void;
};

/** Lines in groups; a hairline stands between two groups. */
export type MenuGroups = MenuEntry[][];
