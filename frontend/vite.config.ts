import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

import { pxToRem } from "./tools/px-to-rem.ts";

// The same files are served by the window and over loopback, so every address
// is relative. Nothing is inlined: the content policy allows no data: scripts.
export default defineConfig({
  base: "./",
  plugins: [svelte()],
  css: { postcss: { plugins: [pxToRem()] } },
  // Tests run the browser build of Svelte, so that $state works in them.
  ...(process.env.VITEST ? { resolve: { conditions: ["browser"] } } : {}),
  build: {
    target: ["es2022", "safari16.4", "chrome110"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The shell is one file on purpose: it comes from the program itself, not over a network.
    chunkSizeWarningLimit: 700,
    // public/.gitkeep comes along, or a fresh checkout has nothing to embed.
    emptyOutDir: true,
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    strictPort: true,
    proxy: process.env.TRESTLE_BRIDGE
      ? {
          "/bridge": process.env.TRESTLE_BRIDGE,
          "/file": process.env.TRESTLE_BRIDGE,
        }
      : {},
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    testTimeout: 60_000, // ends what hangs; how fast a busy machine is says nothing
    hookTimeout: 60_000,
  },
});
