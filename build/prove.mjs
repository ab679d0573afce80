// Proves that sync can be trusted: runs the parts T1 to T11 of internal/proof at the sizes of a full run, two side by side, shows what each
// part counted, and closes with a table and one line "N passed, N failed".
//
//   node build/prove.mjs                 every part, at most 20 minutes on two cores
//   node build/prove.mjs share           the few minutes' share of `make test`
//   node build/prove.mjs nightly         for a machine that is left alone
//   node build/prove.mjs prove T5 T6     only these parts
//
// Everything a part said is kept in build/out/prove/TEST.log.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';

import { faults } from './faults.mjs';

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
const environment = { ...process.env, TRESTLE_PROOF: size, TRESTLE_PROOF_PROGRAM: program };
const limit = ['-test.timeout', size === 'nightly' ? '24h' : '18m'];

/** What is run: each test of internal/proof by itself, in a process of its own, and at full size what proves the same of other packages. */
const tasks = spawnSync(built, ['-test.list', '^Test'], { encoding: 'utf8', cwd: 'internal/proof' }).stdout.split('\n').filter((l) => /^Test/.test(l))
  .map((test) => ({ part: partOf(test), name: test, cwd: 'internal/proof', env: environment, cmd: [built, '-test.v', '-test.run', `^${test}$`, ...limit] }));
const alone = []; // what measures ratios wants the machine for itself
if (size !== 'share') {
  const go = (...args) => ['go', 'test', '-count=1', '-tags', tags, '-timeout', '18m', ...args];
  tasks.push({ part: 'T4', name: 'service on PostgreSQL', cwd: '.', env: { ...process.env, TRESTLE_TEST_DB: 'postgres' }, cmd: go('./internal/service') });
  tasks.push({ part: 'T6', name: 'kills while time is tracked', cwd: '.', env: { ...process.env, TRESTLE_KILLS: '10' }, cmd: go('-v', '-run', 'TestT12_KillLoop', './app') });
  alone.push({ part: 'T13', name: 'ratios', cwd: '.', env: environment, cmd: go('-v', '-run', 'TestT13', './internal/service') });
}
const wanted = (list) => list.filter((t) => only.length === 0 || only.includes(t.part));

// The longest first, so that the two lanes end together; what is not named here is short.
const long = ['TestT3_Planted', 'TestT2_Sim', 'TestT8_Network', 'TestT9', 'TestT4_CommitOrder', 'TestT1_', 'service on', 'TestT5_KilledPrograms', 'TestT6', 'TestT7_Desktop', 'TestT5', 'TestT8_Big'];
const rank = (t) => { const i = long.findIndex((p) => t.name.startsWith(p)); return i < 0 ? long.length : i; };
const queue = wanted(tasks).sort((x, y) => rank(x) - rank(y));

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => { for (const c of running) c.kill(signal); process.exit(130); });

const total = { passed: 0, failed: 0, skipped: 0 };
const rows = [];
const broken = []; // what is said of each failure at the end

/** Runs one task and keeps its counts: the lines "T5: …" that proof.Report prints, and what they go on with. */
function prove(task) {
  return new Promise((resolve) => {
    const start = Date.now();
    const log = createWriteStream(path.join(out, task.name.replace(/\W+/g, '-') + '.log'));
    const counts = [];
    const said = [];
    let skipped, inCounts = false;
    const child = spawn(task.cmd[0], task.cmd.slice(1), { cwd: task.cwd, env: task.env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.write(line + '\n');
        said.push(line);
        const m = line.match(/^\s*\S+\.go:\d+: (T\d+: .*)$/);
        inCounts = m !== null || (inCounts && /^ {8}/.test(line));
        if (m) counts.push(m[1]);
        else if (inCounts) counts.push('  ' + line.slice(8));
        if (/^--- SKIP: /.test(line)) skipped = said.at(-2)?.trim() ?? ''; // its reason
      });
    child.on('error', (err) => { said.push(String(err)); });
    child.on('close', (code) => {
      running.delete(child);
      log.end();
      const seconds = Math.round((Date.now() - start) / 1000);
      const verdict = code !== 0 ? 'FAILED' : skipped === undefined ? 'ok' : 'skipped';
      total[verdict === 'FAILED' ? 'failed' : verdict === 'ok' ? 'passed' : 'skipped']++;
      console.log(`== ${task.name}: ${verdict} (${seconds} s)`);
      for (const c of counts) console.log('   ' + c);
      if (skipped) console.log('   ' + skipped);
      if (code !== 0) {
        console.log(said.slice(-120).join('\n'));
        broken.push(faults([`FAIL ${task.name}`, ...said]));
      }
      rows.push({ part: task.part, test: task.name, verdict, seconds });
      resolve();
    });
  });
}

async function lane() {
  for (let t; (t = queue.shift()); ) await prove(t);
}

// One only waits for time limits of half a minute and more; beside the lanes it costs them little.
const waits = queue.filter((t) => t.name === 'TestT8_Network');
for (const t of waits) queue.splice(queue.indexOf(t), 1);

console.log(`== proof (${size}): ${queue.length + waits.length} tests in two lanes`);
await Promise.all([lane(), lane(), ...waits.map(prove)]);
for (const t of wanted(alone)) await prove(t);

rows.sort((a, b) => (Number(a.part.slice(1)) || 99) - (Number(b.part.slice(1)) || 99) || a.test.localeCompare(b.test));
const width = Math.max(...rows.map((r) => r.test.length), 4);
console.log(`\npart   ${'test'.padEnd(width)}   verdict   seconds`);
for (const r of rows) console.log(`${r.part.padEnd(6)} ${r.test.padEnd(width)}   ${r.verdict.padEnd(9)} ${String(r.seconds).padStart(5)}`);
const missing = only.length ? [] : ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T11'].filter((p) => !rows.some((r) => r.part === p));
if (missing.length) console.log(`parts without a test: ${missing.join(', ')}`);
console.log(`whole proof (${size}): ${((Date.now() - began) / 60000).toFixed(1)} min; logs in build/out/prove`);
for (const why of broken) console.log(why.join('\n'));
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed || rows.length === 0 ? 1 : 0);
