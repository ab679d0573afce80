// Runs a whole cluster on this machine and breaks it while people work: PostgreSQL, NATS and an S3 gateway (build/servers), two nodes of the
// real program behind a plain TCP balancer, the browser journey against it, and writers that send all the time. Meanwhile nodes are killed
// with kill -9 and started again, the database's connections are ended, the database and the bus are restarted. At the end every message
// that was acknowledged is looked for on both nodes: lost and doubled must be 0, and each writer's must stand in its order. Then one thing at
// a time is broken for longer, and has a line of numbers of its own: see trials.mjs.
//
//   node build/cluster.mjs                 the journey, and 30 s of writers if it ends sooner; then the trials: under 4 minutes
//   node build/cluster.mjs --seconds 120   writers for so long at least
//   node build/cluster.mjs --away 300      the bus away for so long
//   node build/cluster.mjs --no-journey    without the journey
//   node build/cluster.mjs --no-trials     without the trials
//   node build/cluster.mjs tell PORT stop|start   used by the journey: both nodes away, or back
//
// What the nodes and the journey said is kept in build/out/cluster.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { trials } from './trials.mjs';

process.chdir(path.join(import.meta.dirname, '..'));
const args = process.argv.slice(2);

if (args[0] === 'tell') {
  const r = await fetch(`http://127.0.0.1:${args[1]}/${args[2]}`, { method: 'POST' });
  process.exit(r.ok ? 0 : 1);
}

const option = (name, usual) => (args.includes(name) && Number(args[args.indexOf(name) + 1])) || usual;
const seconds = option('--seconds', 30);
const away = option('--away', 62);
const out = path.resolve('build/out/cluster');
mkdirSync(out, { recursive: true });
const dir = mkdtempSync(path.join(tmpdir(), 'trestle-cluster-'));
const program = process.env.TRESTLE_PROGRAM ?? path.resolve('build/bin/headless/trestle');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const between = (a, b) => a + Math.random() * (b - a);
const counts = { 'nodes killed': 0, 'connections ended': 0, 'database restarts': 0, 'bus restarts': 0, 'both nodes away': 0 };
const problems = [];
const all = []; // nodes
const desktops = []; // of the trials
let ending = false;

function servers(...words) {
  const r = spawnSync('build/servers', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (r.status !== 0) throw new Error(`build/servers ${words.join(' ')}: ${r.stderr}`);
  return Object.fromEntries(r.stdout.split('\n').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Like servers, without standing still meanwhile. */
const restart = (name, pause) => new Promise((resolve) => {
  spawn('build/servers', ['stop', dir, name], { stdio: 'ignore' }).on('close', async () => {
    await sleep(pause);
    spawn('build/servers', [dir, name], { stdio: 'ignore' }).on('close', resolve);
  });
});

const freePort = () => new Promise((resolve) => {
  const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => resolve(port)); });
});

/** One node of the service: the real program in a process of its own. */
class Node {
  constructor(n, port, env) { Object.assign(this, { n, port, env, child: undefined, ready: false }); all.push(this); }
  async start() {
    const log = openSync(path.join(out, `node${this.n}.log`), 'a');
    const child = spawn(program, ['--data', path.join(dir, `node${this.n}`), 'serve', '--listen', `127.0.0.1:${this.port}`],
      { env: { ...process.env, ...this.env }, stdio: ['ignore', 'pipe', log] });
    this.child = child;
    child.on('error', (err) => problems.push(`node ${this.n}: ${err.message}`));
    child.on('exit', (code) => {
      if (this.child !== child) return;
      this.ready = false;
      if (!ending) problems.push(`node ${this.n} ended by itself with ${code}`);
    });
    this.ready = await new Promise((resolve) => {
      createInterface({ input: child.stdout }).once('line', () => resolve(true));
      child.on('exit', () => resolve(false));
      child.on('error', () => resolve(false));
    });
    return this.ready;
  }
  /** As a power cut would: nothing is finished, nobody is told. */
  async kill(signal = 'SIGKILL') {
    const child = this.child;
    this.child = undefined;
    this.ready = false;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => { child.once('exit', resolve); child.kill(signal); });
  }
}

/** A plain TCP balancer: each connection goes to the next node that takes it. */
function balancer(nodes) {
  let turn = 0;
  return net.createServer({ pauseOnConnect: true }, (client) => {
    client.on('error', () => client.destroy());
    const order = nodes.map((_, i) => nodes[(turn + i) % nodes.length]);
    turn++;
    const next = () => {
      const node = order.shift();
      if (!node) { client.destroy(); return; }
      const up = net.connect(node.port, '127.0.0.1');
      up.once('error', next);
      up.once('connect', () => {
        up.off('error', next);
        up.on('error', () => client.destroy());
        up.on('close', () => client.destroy());
        client.on('close', () => up.destroy());
        client.pipe(up);
        up.pipe(client);
        client.resume();
      });
    };
    next();
  });
}

/** A device that sends messages into its rooms without a pause, as an outbox does: again, the same bytes, until they are accepted. */
class Writer {
  constructor(url, name, rooms) { Object.assign(this, { url, name, rooms, n: 0, acked: new Map(), again: 0, cut: 0 }); }
  async ask(method, where, body, base = this.url) {
    const r = await fetch(base + where, {
      method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(15_000),
      headers: { 'Content-Type': 'application/json', ...(this.token && { Authorization: `Bearer ${this.token}` }) },
    });
    const json = await r.json();
    if (!r.ok) throw Object.assign(new Error(`${where}: ${r.status} ${json.code}`), { code: json.code });
    return json;
  }
  async until(what, ...rest) {
    for (let tries = 0; ; tries++) {
      try { return await this.ask(...rest); } catch (err) {
        if (err.code && !['busy', 'internal', 'rate'].includes(err.code)) throw err;
        if (tries > 500) throw new Error(`${what} never passes: ${err.message}`, { cause: err });
        this.cut++;
        await sleep(between(20, 200));
      }
    }
  }
  command(id, op, lane, args) { return { id, n: ++this.n, lane, op, v: 1, args }; }
  async send(cmds) {
    for (let tries = 0; cmds.length > 0; tries++) {
      if (tries > 0) { this.again += cmds.length; await sleep(between(10, 150)); }
      if (tries > 500) throw new Error(`${this.name}: ${cmds[0].id} never passes`);
      const { results } = await this.until('commands', 'POST', '/v1/commands', { device: this.name, cmds });
      const left = [];
      results.forEach((r, i) => {
        if (r.status === 'rejected') throw new Error(`${this.name}: ${cmds[i].op} ${r.id} was rejected: ${r.code} ${r.text}`);
        if (r.status !== 'ok') { left.push(cmds[i]); return; }
        const seq = r.things?.[0]?.q;
        const before = this.acked.get(r.id);
        if (before !== undefined && before.seq !== seq) problems.push(`I4: ${r.id} was answered with ${before.seq} and with ${seq}`);
        this.acked.set(r.id, { seq, n: cmds[i].n, room: cmds[i].lane });
      });
      cmds = left;
    }
  }
  async work(over) {
    while (!over()) {
      const group = [];
      for (let i = 0; i <= Math.random() * 4; i++) {
        const room = this.rooms[Math.floor(Math.random() * this.rooms.length)];
        const id = `${this.name}-${this.n + 1}`;
        group.push(this.command(id, 'SendMessage', `r:${room}`, { room, text: `${id}` }));
      }
      await this.send(group);
      await sleep(between(100, 250)); // a device may send 20 a second
    }
  }
  /** Everything a node has of a room. A node that has lost its database for a moment is asked again. */
  async read(base, room, epoch) {
    const things = [];
    for (let at = { after: 0, tag: '' }, more = true; more;) {
      const p = await this.until('pull', 'GET', `/v1/scope/${encodeURIComponent(`r:${room}`)}/pull?epoch=${epoch}&gen=1&after=${at.after}&tag=${at.tag}`, undefined, base);
      if (p.reset) throw new Error(`${room}: reset ${p.reset}`);
      things.push(...p.things.filter((x) => x.k === 'message' && !x.x));
      more = p.more;
      at = { after: p.seq, tag: p.tag };
    }
    return things;
  }
}

/** Four devices of one account with three rooms. */
async function hire(url, name) {
  const rooms = [1, 2, 3].map((n) => `${name}${n}`);
  const account = { email: `${name}@x.example`, password: 'correct horse battery' };
  const writers = [];
  for (let i = 0; i < 4; i++) {
    const w = Object.assign(new Writer(url, `${name}-w${i}`, rooms), account);
    const signed = i === 0
      ? await w.until('sign-up', 'POST', '/v1/sign-up', { ...account, name, device: w.name })
      : await w.until('sign-in', 'POST', '/v1/sign-in', { ...account, device: w.name });
    w.token = signed.token;
    w.epoch = signed.epoch;
    writers.push(w);
    if (i > 0) continue;
    for (const room of rooms)
      await w.send([w.command(`k-${room}`, 'CreateContract', `k:k-${room}`, {
        contract: `k-${room}`, who: signed.account, name, room, title: room, self: true,
        terms: { rate: 1000, currency: 'EUR', unlimited: true, shots: 'full', idle_minutes: 10 },
      })]);
  }
  return writers;
}

/** Looks for every acknowledged message on a node. */
async function check(writers, node) {
  const found = { messages: 0, lost: 0, doubled: 0, disordered: 0 };
  const where = `http://127.0.0.1:${node.port}`;
  for (const room of writers[0].rooms) {
    const things = await writers[0].read(where, room, writers[0].epoch);
    const numbers = new Set(things.map((x) => x.m));
    found.messages += things.length;
    found.doubled += things.length - new Set(things.map((x) => x.id)).size;
    if (numbers.size !== things.length || things.some((x) => x.m < 1 || x.m > things.length)) problems.push(`node ${node.n}: ${room} is not numbered 1 to ${things.length}`);
    const born = new Map(things.map((x) => [x.id, x.b]));
    for (const w of writers) {
      let last = 0;
      for (const [id, { seq, n, room: lane }] of [...w.acked].sort((a, b) => a[1].n - b[1].n)) {
        if (lane !== `r:${room}` || !id.startsWith(w.name + '-')) continue;
        if (born.get(id) !== seq) { found.lost++; problems.push(`node ${node.n}: ${id} was acknowledged at ${seq} and stands at ${born.get(id)}`); }
        if (born.get(id) <= last) { found.disordered++; problems.push(`I7: ${id} (${n}) stands before an earlier one`); }
        last = born.get(id) ?? last;
      }
      for (const x of things) if (x.id.startsWith(w.name + '-') && !w.acked.has(x.id)) problems.push(`${x.id} is stored and was never acknowledged`);
    }
  }
  return found;
}

/** Breaks something every few seconds. One node is always left, except when the journey itself wants none. */
async function breakThings(nodes, postgres, over, quiet) {
  for (let round = 0; !over(); round++) {
    await sleep(between(2500, 5000));
    if (over() || quiet()) continue;
    if (round % 11 === 7) {
      counts['bus restarts']++;
      await restart('nats', between(200, 800));
    } else if (round % 11 === 10) {
      counts['database restarts']++;
      await restart('postgres', between(0, 300));
    } else if (round % 3 === 2) {
      const r = spawnSync('psql', [postgres, '-Atc', "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'trestle'"], { encoding: 'utf8' });
      counts['connections ended'] += Number(r.stdout) || 0;
    } else {
      const node = nodes[Math.floor(Math.random() * nodes.length)];
      counts['nodes killed']++;
      await node.kill();
      await sleep(between(300, 1500));
      if (quiet()) continue; // the journey took both away meanwhile and brings both back
      await node.start();
    }
  }
}

function journey(url, control) {
  const log = createWriteStream(path.join(out, 'journey.log'));
  return new Promise((resolve) => {
    const child = spawn('node', ['tests/journey.mjs'], {
      cwd: 'frontend', stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TRESTLE_PROGRAM: program, TRESTLE_SERVICE: url, TRESTLE_RESTART: `node ${path.resolve('build/cluster.mjs')} tell ${control}` },
    });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => { log.write(line + '\n'); console.log('   ' + line); });
    child.on('close', (code) => { log.end(); resolve(code); });
  });
}

async function main() {
  console.log('== starting PostgreSQL, NATS and S3 …');
  const at = servers(dir);
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = {
    TRESTLE_DB: at.POSTGRES, TRESTLE_BUS: at.NATS, TRESTLE_BLOBS: at.S3, TRESTLE_URL: url,
    AWS_ACCESS_KEY_ID: at.AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: at.AWS_SECRET_ACCESS_KEY, TRESTLE_TRUSTED_PROXY: '',
  };
  const nodes = [new Node(1, await freePort(), env), new Node(2, await freePort(), env)];
  if (!(await Promise.all(nodes.map((n) => n.start()))).every(Boolean)) throw new Error(`a node did not start; see ${out}`);
  const front = balancer(nodes).listen(new URL(url).port, '127.0.0.1');
  const suite = spawnSync('go', ['test', '-tags', 'sqlite_fts5', '-count=1', '-run', 'U18', './internal/service/files'], { encoding: 'utf8', env: { ...process.env, ...env, TRESTLE_TEST_S3: at.S3 } });
  console.log(`== the suite of files on the S3 gateway: ${suite.stdout.trim()}`);
  if (suite.status !== 0) problems.push(`the suite of files failed on the S3 gateway: ${suite.stdout}${suite.stderr}`);
  console.log(`== two nodes on one empty database, started at once, behind ${url}`);

  let bothAway = false;
  const control = http.createServer(async (req, res) => {
    if (req.url === '/stop') {
      bothAway = true;
      counts['both nodes away']++;
      await Promise.all(nodes.map((n) => n.kill()));
    } else {
      await Promise.all(nodes.filter((n) => !n.ready).map((n) => n.start()));
      bothAway = false;
    }
    res.end();
  }).listen(0, '127.0.0.1');

  const writers = await hire(url, 'load');
  const end = Date.now() + seconds * 1000;
  let playing = !args.includes('--no-journey');
  const over = () => Date.now() > end && !playing;
  const breaking = breakThings(nodes, at.POSTGRES, over, () => bothAway);
  const working = Promise.all(writers.map((w) => w.work(over)));
  let journeyEnded = 0;
  if (playing) {
    journeyEnded = await journey(url, control.address().port);
    playing = false;
    if (journeyEnded !== 0) problems.push(`the journey failed; see ${out}/journey.log`);
  }
  await working;
  await breaking;
  for (const n of nodes) if (!n.ready && !(await n.start())) problems.push(`node ${n.n} does not start any more`);

  const results = [];
  for (const n of nodes) results.push(await check(writers, n));
  console.log('\n== what happened');
  for (const [what, n] of Object.entries(counts)) console.log(`${what.padEnd(20)} ${n}`);
  const sum = (key) => Math.max(...results.map((r) => r[key]));
  console.log(`${'messages'.padEnd(20)} ${sum('messages')}, acknowledged ${writers.reduce((n, w) => n + w.acked.size, 0) - writers[0].rooms.length}, put off ${writers.reduce((n, w) => n + w.again, 0)}, questions cut ${writers.reduce((n, w) => n + w.cut, 0)}`);
  for (const key of ['lost', 'doubled', 'disordered']) console.log(`${key.padEnd(20)} ${sum(key)}`);
  if (counts['nodes killed'] === 0) problems.push('no node was ever killed');

  if (!args.includes('--no-trials')) {
    const found = async (writers) => {
      const each = await Promise.all(nodes.map((n) => check(writers, n)));
      return Object.fromEntries(['lost', 'doubled', 'disordered'].map((key) => [key, Math.max(...each.map((r) => r[key]))]));
    };
    await trials({ program, dir, url, servers, restart, problems, desktops, found, where: (n) => `http://127.0.0.1:${nodes[n].port}`, hire: (name) => hire(url, name) }, away);
  }

  ending = true;
  front.close();
  control.closeAllConnections();
  control.close();
  await Promise.all(nodes.map((n) => n.kill('SIGTERM')));
}

/** However this ends, nothing that it started stays. */
function cleanUp() {
  ending = true;
  for (const n of [...desktops, ...all]) n.child?.kill('SIGKILL');
  spawnSync('build/servers', ['stop', dir]);
  rmSync(dir, { recursive: true, force: true });
}
for (const sign of ['SIGINT', 'SIGTERM', 'uncaughtException'])
  process.on(sign, (err) => { console.log(String(err?.stack ?? sign)); cleanUp(); process.exit(1); });

try {
  await main();
} catch (err) {
  problems.push(err.stack);
}
cleanUp();
for (const p of problems) console.log(p);
console.log(`${problems.length ? 0 : 1} passed, ${problems.length ? 1 : 0} failed`);
process.exit(problems.length ? 1 : 0);
