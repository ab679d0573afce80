import type { KnipConfig } from "knip";

export default {
  entry: ["src/capture/journey/page.mjs", "tests/**/*.{ts,mjs}", "tools/*.mjs"],
  ignoreExportsUsedInFile: true,
  // What the journeys of the real window call; set-up installs them.
  ignoreBinaries: [
    "Xvfb",
    "compare",
    "convert",
    "go",
    "import",
    "sqlite3",
    "xdotool",
    "xsetroot",
  ],
  project: ["src/**/*.{ts,svelte}", "tests/**/*.{ts,mjs}"],
} satisfies KnipConfig;
