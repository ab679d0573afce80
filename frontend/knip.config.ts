import type { KnipConfig } from "knip";

export default {
  entry: ["tests/**/*.ts", "tools/*.mjs"],
  ignoreExportsUsedInFile: true,
  project: ["src/**/*.{ts,svelte}", "tests/**/*.ts"],
} satisfies KnipConfig;
