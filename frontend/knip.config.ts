import type { KnipConfig } from "knip";

export default {
  entry: ["src/main.ts", "tests/**/*.ts", "tools/*.mjs"],
  project: ["src/**/*.{ts,svelte}", "tests/**/*.ts"],
  ignore: ["wailsjs/**"],
} satisfies KnipConfig;
