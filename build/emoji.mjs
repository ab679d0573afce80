// Writes internal/markup/emoji.json from the npm package emojibase-data (MIT; its notice stands in internal/markup/emoji.LICENSE).
//
//   npm pack emojibase-data@17.0.0 && tar xf emojibase-data-17.0.0.tgz && node build/emoji.mjs package
//
// One row an emoji, in the order pickers use: [emoji, label, group, [shortcodes as on GitHub], [search words]].
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const from = process.argv[2];
const read = (name) => JSON.parse(readFileSync(path.join(from, 'en', name), 'utf8'));
const codes = read('shortcodes/github.json');
const rows = read('compact.json')
  .filter((e) => e.group !== undefined && e.group !== 2) // 2: skin tones and other parts, not emoji by themselves
  .sort((a, b) => a.order - b.order)
  .map((e) => JSON.stringify([e.unicode, e.label, e.group, [codes[e.hexcode] ?? []].flat(), (e.tags ?? []).filter((t) => !e.label.includes(t))]));
const to = path.join(import.meta.dirname, '..', 'internal', 'markup', 'emoji.json');
writeFileSync(to, '[\n' + rows.join(',\n') + '\n]\n');
console.log(`${rows.length} emoji written to ${to}`);
