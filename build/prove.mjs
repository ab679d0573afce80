// Proves that sync can be trusted: runs the parts T1 to T11 of internal/proof at the sizes of a full run, two side by side, shows what each
// part counted, and closes with a table and one line "N passed, N failed".
//
//   node build/prove.mjs                 every part, about 15 minutes on two cores
//   node build/prove.mjs share           the few minutes' share of `make test`
//   node build/prove.mjs nightly         for a machine that is left alone
//   node build/prove.mjs prove T5 T6     only these parts
//
// Everything a part said is kept in build/out/prove/TEST.log.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';

process.chdir(path.join(import.meta.dirname, '..'));
const out = path.resolve('build/out/prove');
mkdirSync(out, { recursive: true });

const [size = 'prove', ...only] = process.argv.slice(2);
if (!['share', 'prove', 'nightly'].includes(size)) {
  console.error('usage: node build/prove.mjs [share|prove|nightly] [PART...]');
  process.exit(2);
}

const tags = 'sqlite_fts5';
const built = path.join(out, 'proof.test');
const program = path.join(out, 'trestle');

/** Runs a command and shows its output only if it fails. */
function step(name, cmd, args) {
  const r = spawnSync(cmd, args, { encoding: 'utf8' });
  if (r.status === 0) return;
  console.log(`${name} failed:\n${r.stdout ?? ''}${r.stderr ?? ''}${r.error ?? ''}\n0 passed, 1 failed`);
  process.exit(1);
}

const began = Date.now();
step('building the proof', 'go', ['test', '-c', '-tags', tags, '-o', built, './internal/proof']);
step('building the program', 'go', ['build', '-buildvcs=false', '-tags', tags, '-o', program, '.']);

const partOf = (test) => test.match(/^Test(T\d+)/)?.[1] ?? 'other';
const list = spawnSync(built, ['-test.list', '^Test'], { encoding: 'utf8', cwd: 'internal/proof' }).stdout.split('\n').filter((l) => /^Test/.test(l));
const wanted = list.filter((t) => only.length === 0 || only.includes(partOf(t)));

// The longest first, so that the two lanes end together; what is not named here is short.
const long = ['TestT3', 'TestT2', 'TestT9', 'TestT1_', 'TestT7', 'TestT11', 'TestT8_Network', 'TestUpload', 'TestT6', 'TestT5', 'TestT4'];
const rank = (t) => { const i = long.findIndex((p) => t.startsWith(p)); return i < 0 ? long.length : i; };
wanted.sort((a, b) => rank(a) - rank(b));

const total = { passed: 0, failed: 0, skipped: 0 };
const rows = [];

/** Runs one test in a process of its own and keeps its counts: the lines "T5: …" that proof.Report prints. */
function prove(test) {
  return new Promise((resolve) => {
    const start = Date.now();
    const log = createWriteStream(path.join(out, test + '.log'));
    const counts = [];
    const tail = [];
    let skipped;
    const child = spawn(built, ['-test.v', '-test.run', `^${test}$`, '-test.timeout', size === 'nightly' ? '24h' : '18m'], {
      cwd: 'internal/proof', stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TRESTLE_PROOF: size, TRESTLE_PROOF_PROGRAM: program },
    });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.write(line + '\n');
        tail.push(line);
        if (tail.length > 120) tail.shift();
        const m = line.match(/^\s*\S+\.go:\d+: (T\d+: .*)$/);
        if (m) counts.push(m[1]);
        const s = line.match(/^--- SKIP: /);
        if (s) skipped = tail.at(-2)?.trim() ?? '';
      });
    child.on('error', (err) => { tail.push(String(err)); });
    child.on('close', (code) => {
      log.end();
      const seconds = Math.round((Date.now() - start) / 1000);
      const verdict = code !== 0 ? 'FAILED' : skipped === undefined ? 'ok' : 'skipped';
      total[verdict === 'FAILED' ? 'failed' : verdict === 'ok' ? 'passed' : 'skipped']++;
      console.log(`== ${test}: ${verdict} (${seconds} s)`);
      for (const c of counts) console.log('   ' + c);
      if (skipped) console.log('   ' + skipped);
      if (code !== 0) console.log(tail.join('\n'));
      rows.push({ part: partOf(test), test, verdict, seconds, counts: counts.length });
      resolve();
    });
  });
}

async function lane() {
  for (let t; (t = wanted.shift()); ) await prove(t);
}

console.log(`== proof (${size}): ${wanted.length} tests in two lanes`);
await Promise.all([lane(), lane()]);

rows.sort((a, b) => (Number(a.part.slice(1)) || 99) - (Number(b.part.slice(1)) || 99) || a.test.localeCompare(b.test));
const width = Math.max(...rows.map((r) => r.test.length), 4);
console.log(`\npart   ${'test'.padEnd(width)}   verdict   seconds`);
for (const r of rows) console.log(`${r.part.padEnd(6)} ${r.test.padEnd(width)}   ${r.verdict.padEnd(9)} ${String(r.seconds).padStart(5)}`);
const missing = only.length ? [] : ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T11'].filter((p) => !rows.some((r) => r.part === p));
if (missing.length) console.log(`parts without a test: ${missing.join(', ')}`);
console.log(`whole proof (${size}): ${((Date.now() - began) / 60000).toFixed(1)} min; logs in build/out/prove`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed || rows.length === 0 ? 1 : 0);
