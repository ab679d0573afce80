import type { KnipConfig } from "knip";

export default {
  entry: ["src/capture/journey/page.mjs", "tests/**/*.ts", "tools/*.mjs"],
  ignoreExportsUsedInFile: true,
  project: ["src/**/*.{ts,svelte}", "tests/**/*.ts"],
} satisfies KnipConfig;
