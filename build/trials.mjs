// What `make cluster` breaks one at a time, after everything at once: the bus away for longer than a device waits between two looks, the
// store of files restarted under uploads, the database restarted under writers, and the clock of one node an hour ahead. Each prints one line
// of numbers, and adds to the problems whatever should not have happened.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const between = (a, b) => a + Math.random() * (b - a);

const line = (name, seconds, told) =>
  console.log(`${name.padEnd(20)} ${`${Math.round(seconds)} s`.padEnd(6)} ${Object.entries(told).map(([k, v]) => `${k} ${v}`).join(', ')}`);

/** A real desktop of the program, without a window: its own folder, its own courier, asked and told by the command line. */
class Desktop {
  constructor(program, folder) { Object.assign(this, { program, folder }); }
  env = { ...process.env, TRESTLE_KEYRING: 'off', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', DISPLAY: '', WAYLAND_DISPLAY: '', TZ: 'UTC' };
  verb(...args) { return this.told('', ...args); }
  /** One command line to its end, its answer as JSON. */
  told(input, ...args) {
    return new Promise((resolve, reject) => {
      const child = spawn(this.program, ['--data', this.folder, '--json', ...args], { env: this.env, stdio: ['pipe', 'pipe', 'pipe'] });
      let out = '', err = '';
      child.stdout.on('data', (d) => (out += d));
      child.stderr.on('data', (d) => (err += d));
      child.on('error', reject);
      child.on('close', (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`${args[0]}: ${out}${err}`))));
      child.stdin.end(input);
    });
  }
  async open(url, email, password, room) {
    await this.told(password, 'sign-in', '--service', url, '--email', email, '--password-stdin');
    this.child = spawn(this.program, ['--data', this.folder, 'open', '--browser', '--print-url'], { env: this.env, stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve, reject) => {
      createInterface({ input: this.child.stdout }).once('line', resolve);
      this.child.on('exit', (code) => reject(new Error(`a desktop ended with ${code}`)));
    });
    for (let tries = 0; ; tries++, await sleep(200)) { // until its room is here
      const there = await this.verb('messages', '--room', room).then(() => true, (err) => err);
      if (there === true) return;
      if (tries > 100) throw there;
    }
  }
  async close() {
    if (!this.child) return;
    const child = this.child;
    this.child = undefined;
    if (child.exitCode === null) await new Promise((resolve) => { child.once('exit', resolve); child.kill(); });
  }
}

/**
 * The bus away. A person writes at one node, and a desktop of theirs listens at the other: what is written meanwhile comes to it when it
 * next looks at the heads, and once the bus is back it is told at once again.
 */
async function busAway(at, seconds) {
  const [writer] = await at.hire('bus');
  const room = writer.rooms[0];
  const desktop = new Desktop(at.program, path.join(at.dir, 'desktop-bus'));
  at.desktops.push(desktop);
  writer.rooms = [room];
  writer.url = at.where(0);
  await desktop.open(at.where(1), writer.email, writer.password, room);
  const began = Date.now(), seen = new Map(), sent = new Map();
  let over = false;
  const watching = (async () => {
    while (!over) {
      const rows = await desktop.verb('messages', '--room', room, '--limit', '200').catch(() => undefined);
      const now = Date.now();
      for (const m of rows?.messages ?? rows ?? []) if (!seen.has(m.id)) seen.set(m.id, now);
      await sleep(300);
    }
  })();
  const say = async (until) => {
    while (Date.now() < until) {
      const id = `${writer.name}-${writer.n + 1}`;
      await writer.send([writer.command(id, 'SendMessage', `r:${room}`, { room, text: id })]);
      sent.set(id, Date.now());
      await sleep(700);
    }
  };
  const delay = (ids) => Math.max(0, ...ids.map((id) => (seen.get(id) ?? Infinity) - sent.get(id))) / 1000;
  const here = async (ids, ms) => { for (const end = Date.now() + ms; Date.now() < end && !ids.every((id) => seen.has(id)); ) await sleep(100); };
  await say(Date.now() + 4000);
  await here([...sent.keys()], 65_000);
  at.servers('stop', at.dir, 'nats');
  const before = sent.size;
  await say(Date.now() + seconds * 1000);
  const meanwhile = [...sent.keys()].slice(before);
  at.servers(at.dir, 'nats');
  const back = Date.now();
  for (const end = back + 90_000; Date.now() < end; ) { // until what is written is told at once again
    await say(Date.now() + 1);
    const id = [...sent.keys()].at(-1);
    await here([id], 2000);
    if (seen.has(id) && meanwhile.every((x) => seen.has(x))) break;
  }
  const resumed = (Date.now() - back) / 1000;
  const from = sent.size;
  await say(Date.now() + 4000);
  const after = [...sent.keys()].slice(from);
  await here([...sent.keys()], 70_000);
  over = true;
  await watching;
  const rows = await desktop.verb('messages', '--room', room, '--limit', '200');
  const list = (rows.messages ?? rows).map((m) => m.id).filter((id) => sent.has(id));
  await desktop.close();
  const found = await at.found([writer]);
  const lost = [...sent.keys()].filter((id) => !list.includes(id)).length, doubled = list.length - new Set(list).size;
  const order = [...sent.keys()], disordered = list.filter((id, i) => i > 0 && order.indexOf(list[i - 1]) > order.indexOf(id)).length;
  line('bus away', (Date.now() - began) / 1000, { sent: sent.size, 'of them without the bus': meanwhile.length, lost: lost + found.lost, doubled: doubled + found.doubled,
    'out of order': disordered + found.disordered, 'latest without the bus': `${delay(meanwhile).toFixed(1)} s`, 'told at once again after': `${resumed.toFixed(1)} s`,
    'latest after that': `${delay(after).toFixed(1)} s` });
  if (lost || doubled || disordered) at.problems.push(`the bus was away: the desktop at the other node lacks ${lost}, has ${doubled} twice and ${disordered} out of order`);
  if (delay(meanwhile) > 65) at.problems.push(`the bus was away: a message came only after ${delay(meanwhile)} s`);
  if (delay(after) > 5) at.problems.push(`the bus is back: a message came only after ${delay(after)} s`);
}

/** The store of files restarted while a desktop uploads: each file arrives, its message after it, the same bytes through both nodes. */
async function filesAway(at, seconds) {
  const [writer] = await at.hire('files');
  const room = writer.rooms[0];
  const desktop = new Desktop(at.program, path.join(at.dir, 'desktop-files'));
  at.desktops.push(desktop);
  await desktop.open(at.url, writer.email, writer.password, room);
  const began = Date.now(), sent = new Map();
  let restarts = 0, over = false, bytes = 0;
  const breaking = (async () => {
    while (!over) {
      await sleep(between(1000, 3000));
      restarts++;
      await at.restart('s3', between(300, 2500));
    }
  })();
  const folder = path.join(at.dir, 'to-upload');
  mkdirSync(folder, { recursive: true });
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const name = `file-${sent.size}.bin`, content = randomBytes(Math.round(between(1, 24) * (1 << 20)));
    bytes += content.length;
    writeFileSync(path.join(folder, name), content);
    sent.set(name, createHash('sha256').update(content).digest('hex'));
    await desktop.verb('send', '--room', room, '--file', path.join(folder, name), name);
    await sleep(between(500, 1500));
  }
  over = true;
  await breaking;
  let files = [];
  for (const end = Date.now() + 120_000; Date.now() < end && files.length < sent.size; await sleep(500))
    files = (await writer.read(at.where(0), room, writer.epoch, 'message')).flatMap((x) => (x.v.files ?? []).map((f) => ({ ...f, text: x.v.text })));
  let spoilt = 0;
  for (const f of files) {
    for (const n of [0, 1]) {
      const r = await fetch(`${at.where(n)}/v1/files/${f.id}`, { headers: { Authorization: `Bearer ${writer.token}` } });
      if (!r.ok || createHash('sha256').update(Buffer.from(await r.arrayBuffer())).digest('hex') !== sent.get(f.name)) spoilt++;
    }
  }
  await desktop.close();
  const names = files.map((f) => f.name), order = [...sent.keys()];
  const told = { lost: order.filter((n) => !names.includes(n)).length, doubled: names.length - new Set(names).size, 'out of order': names.filter((n, i) => i > 0 && order.indexOf(names[i - 1]) > order.indexOf(n)).length };
  line('file store restarted', (Date.now() - began) / 1000, { times: restarts, sent: `${sent.size} files of ${(bytes / (1 << 20)).toFixed(0)} MiB`, ...told, 'with other bytes': spoilt });
  if (told.lost || told.doubled || told['out of order'] || spoilt) at.problems.push('the store of files was restarted: see the line');
}

/** The database restarted while four devices write. */
async function databaseAway(at, seconds) {
  const writers = await at.hire('base');
  const began = Date.now(), end = began + seconds * 1000;
  let restarts = 0;
  const working = Promise.all(writers.map((w) => w.work(() => Date.now() > end)));
  while (Date.now() < end) {
    await sleep(between(1500, 3500));
    if (Date.now() > end) break;
    restarts++;
    await at.restart('postgres', between(0, 1500));
  }
  await working;
  const found = await at.found(writers);
  line('database restarted', (Date.now() - began) / 1000, { times: restarts, sent: writers.reduce((n, w) => n + w.acked.size, 0), lost: found.lost, doubled: found.doubled, 'out of order': found.disordered,
    'put off': writers.reduce((n, w) => n + w.again + w.cut, 0) });
}

/**
 * One node's clock an hour ahead. A Go program asks the kernel for the time and not the C library, so libfaketime cannot move it: the same is
 * a test of two nodes inside one process, run here on the same PostgreSQL.
 */
async function clockOff(at) {
  const began = Date.now();
  const child = spawn('go', ['test', '-tags', 'sqlite_fts5', '-count=1', '-v', '-run', 'TestU18_OneNodesClockIsOff', './internal/service'], { env: { ...process.env, TRESTLE_TEST_DB: 'postgres' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (d) => (said += d));
  const code = await new Promise((resolve) => { child.on('error', () => resolve(1)); child.on('close', resolve); });
  const told = said.match(/clock_test\.go:\d+: (.*)/)?.[1];
  console.log(`${'a clock 1 h ahead'.padEnd(20)} ${`${Math.round((Date.now() - began) / 1000)} s`.padEnd(6)} ${told ?? 'failed'} (two nodes in one process)`);
  if (code !== 0 || !told) at.problems.push(`a node's clock is off: ${said}`);
}

/** All of it, in about a minute and a half. Uploads and clocks do not need the bus, so their trials run beside it. */
export async function trials(at, seconds) {
  console.log('\n== one thing at a time');
  await Promise.all([busAway(at, seconds), filesAway(at, 25), clockOff(at)]);
  await databaseAway(at, 15);
}
