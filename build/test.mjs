// Runs every check and every test, and closes with one line "N passed, N failed".
//
// Two lanes run side by side, because most machines that test this have two cores: Go (build/check go, then go test) and
// the screens (build, check, unit tests). The journeys come after both: they start real programs and a real browser and
// would be slowed by company; one that failed is told once more, and if that passes it counts, but is named unsteady at the
// end. Go's tests and the share of the proof, which is last in two lanes of its own, get no second try. Each phase's whole
// output is kept in build/out/test/PHASE.log; a failure is shown at its place, and in short at the very end.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';

import { faults } from './faults.mjs';

process.chdir(path.join(import.meta.dirname, '..'));
const logs = 'build/out/test';
mkdirSync(logs, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
const broken = []; // { name, why } of each phase that failed
const unsteady = [];
const tags = 'sqlite_fts5';

/** Runs a command, hands each line to `onLine`, and resolves to its exit code. */
function run(log, cmd, args, onLine) {
  return new Promise((resolve) => {
    const child = spawn(cmd, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' } });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => { log.write(line + '\n'); onLine?.(line); });
    child.on('error', (err) => { log.write(String(err) + '\n'); onLine?.(String(err)); resolve(127); });
    child.on('close', (code, signal) => resolve(signal ? 1 : code));
  });
}

/** One phase: says when it begins and how it ended; on failure shows the last of what `body` said. */
async function phase(name, body) {
  console.log(`== ${name} …`);
  const began = Date.now();
  const log = createWriteStream(path.join(logs, name.replace(/[^a-z0-9]+/gi, '-') + '.log'));
  const said = [];
  const ok = await body(log, (line) => said.push(line));
  await new Promise((done) => log.end(done));
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  if (!ok) { broken.push({ name, why: faults(said) }); console.log(said.slice(-300).join('\n')); }
  console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds} s)`);
  return ok;
}

/** A command that counts as one test, unless its own output ends with "N passed, N failed" or vitest's "Tests  N passed". */
const command = (name, cmd, ...args) =>
  phase(name, async (log, say) => {
    let own, skipped = 0;
    const code = await run(log, cmd, args, (line) => {
      say(line);
      const plain = line.match(/^\s*(?:\w+:\s*)?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/);
      if (plain) { own = [Number(plain[1]), Number(plain[2])]; skipped = Number(plain[3] ?? 0); }
      const vitest = line.match(/^\s*Tests\s+(?:(\d+) failed \| )?(\d+) passed(?: \| (\d+) skipped)?/);
      if (vitest) { own = [Number(vitest[2]), Number(vitest[1] ?? 0)]; skipped = Number(vitest[3] ?? 0); }
    });
    const [passed, failed] = own ?? (code === 0 ? [1, 0] : [0, 1]);
    total.passed += passed;
    total.failed += code !== 0 && failed === 0 ? 1 : failed;
    total.skipped += skipped;
    return code === 0 && failed === 0;
  });

/** Go's tests, counted from its event stream; prints go's own line for each package and the whole output of what failed. */
const goTests = (name, ...args) =>
  phase(name, async (log, say) => {
    const output = new Map(), blamed = new Set();
    let failed = 0;
    const code = await run(log, 'go', ['test', '-json', '-timeout', '15m', ...args], (line) => {
      let e;
      try { e = JSON.parse(line); } catch { say(line); return; }
      const key = (e.Package ?? e.ImportPath ?? '') + ' ' + (e.Test ?? '');
      if (e.Action === 'output' || e.Action === 'build-output') {
        output.set(key, (output.get(key) ?? '') + e.Output);
        if (!e.Test && /^(ok|FAIL|panic|---)\b/.test(e.Output) && e.Action === 'output') console.log(e.Output.trimEnd());
        return;
      }
      if (e.Test && e.Action === 'pass') total.passed++;
      if (e.Test && e.Action === 'skip') { total.skipped++; say('skipped: ' + key + '\n' + (output.get(key) ?? '')); }
      if (e.Action === 'fail') {
        if (e.Test) { total.failed++; failed++; blamed.add(e.Package); }
        // A package fails with its tests; it has a name of its own here only when it did not build or died outside of them.
        const head = e.Test || !blamed.has(e.Package) ? `FAIL ${key}\n` : '';
        say(head + (output.get(e.FailedBuild + ' ') ?? '') + (output.get(key) ?? ''));
      }
      if (['pass', 'fail', 'skip'].includes(e.Action)) output.delete(key);
    });
    if (code !== 0 && failed === 0) total.failed++; // a package that did not build or a test process that died
    return code === 0;
  });

const scripts = JSON.parse(readFileSync('frontend/package.json', 'utf8')).scripts ?? {};
const script = (name, title) => (scripts[name] ? command(title, 'npm', '--prefix', 'frontend', 'run', '--silent', name) : true);

/** A browser journey, told once more if it failed. */
async function journey(name) {
  const title = name.replace(':', ' in the ');
  const before = { ...total };
  if (await script(name, title)) return;
  const first = broken.pop();
  Object.assign(total, before);
  if (await script(name, `${title}, second try`)) unsteady.push(first);
}

const began = Date.now();
const screens = command('build the screens', 'make', '--no-print-directory', 'ui');

async function goLane() {
  await command('check go', 'build/check', 'go');
  if (await screens) await goTests('go tests', '-tags', tags, './...'); // the program embeds them
}

async function screenLane() {
  if (!(await screens)) return;
  await script('check', 'the screens: types, lint, unit tests');
  await script('weight', 'the screens: what the first one weighs');
}

await Promise.all([goLane(), screenLane()]);
if ((await screens) && (await command('build the program', 'make', '--no-print-directory', 'build'))) {
  await goTests('smokes of the window', '-count=1', '-tags', tags + ',smoke', '-run', 'Smoke', './app');
  for (const name of Object.keys(scripts).filter((n) => n.startsWith('journey'))) await journey(name);
  await command('proof share', 'node', 'build/prove.mjs', 'share'); // a few minutes of what `make prove` does whole
}

console.log(`whole run: ${((Date.now() - began) / 60000).toFixed(1)} min; logs in ${logs}`);
if (existsSync('build/out/journey')) console.log('pictures of the journeys: build/out/journey');
for (const { name, why } of unsteady) console.log(`unsteady: ${name} (passed at the second try; first try:)\n${why.join('\n')}`);
for (const { name, why } of broken) console.log(`failed: ${name}\n${why.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(broken.length || total.failed ? 1 : 0);
