// What the first screen weighs: JavaScript below 220 KB and styles below 30 KB, both packed (ui.md §9). It reads what was built.
//
//   node tools/bundle.mjs [FOLDER]
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const dist = process.argv[2] ?? path.join(import.meta.dirname, "../dist");
const page = readFileSync(path.join(dist, "index.html"), "utf8");
const most = { js: 220, css: 30 };
const packed = { js: 0, css: 0 };
for (const [, file, kind] of page.matchAll(
  /(?:src|href)="\.\/(assets\/[^"]+\.(js|css))"/g,
))
  packed[kind] += gzipSync(readFileSync(path.join(dist, file)), {
    level: 9,
  }).length;
let over = false;
for (const kind of ["js", "css"]) {
  const kb = packed[kind] / 1024;
  console.log(`${kind}: ${kb.toFixed(1)} KB of ${most[kind]}`);
  over ||= kb === 0 || kb > most[kind];
}
if (over) {
  console.error("The first screen is too heavy, or was not built.");
  process.exit(1);
}
