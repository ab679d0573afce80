import type { KnipConfig } from "knip";

export default {
  entry: ["tests/**/*.ts", "tools/*.mjs"],
  project: ["src/**/*.{ts,svelte}", "tests/**/*.ts"],
} satisfies KnipConfig;
