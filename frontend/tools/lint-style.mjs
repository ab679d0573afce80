// Two rules that no linter has: colours come from tokens.css, and texts from
// src/text. Prints each line that breaks one; the exit code says if any did.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../src/", import.meta.url).pathname;
const colour =
  /(#[0-9a-f]{3,8}\b(?![-\w]))|\b(rgba?|hsla?|oklch|oklab|color)\(|:\s*(white|black|red|green|blue|gr[ae]y)\s*[;}]/i;
const texty = />\s*[A-Z][a-z]+[^<>{}=]*</;
const bad = [];

/** Every file under folder, by path. */
function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

for (const path of walk(root)) {
  if (!/\.(svelte|css)$/.test(path)) continue;
  if (path.endsWith("style/tokens.css")) continue;
  const source = readFileSync(path, "utf8");
  const style = path.endsWith(".css")
    ? source
    : [...source.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)]
        .map((m) => m[1])
        .join("\n");
  for (const line of style.split("\n")) {
    if (colour.test(line)) bad.push(`${path}: raw colour: ${line.trim()}`);
  }
  if (!path.endsWith(".svelte")) continue;
  const markup = source
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/<!--[\s\S]*?-->/g, "");
  for (const line of markup.split("\n")) {
    if (texty.test(line))
      bad.push(`${path}: text outside src/text: ${line.trim()}`);
  }
}
for (const line of bad) console.log(line);
process.exit(bad.length ? 1 : 0);
