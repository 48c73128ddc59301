// A Redis for one run of tests: in memory, on a free port of loopback, gone after `stop()`. Never one that the system runs.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bindable } from './postgres.mjs';
import { identity, isAlive, stopProcess, until } from './processes.mjs';

const PREFIX = 'tl-redis-';
const DATABASES = 10_000; // one for each test file of a run, by number

const answers = (port) =>
  new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('PING\r\n'));
    socket.on('error', () => done(false)).on('data', (data) => (socket.destroy(), done(/^(\+PONG|-NOAUTH)/.test(data.toString()))));
  });

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/** Ends the servers of runs that were killed. */
export async function sweepRedis() {
  for (const name of readdirSync(tmpdir()).filter((n) => n.startsWith(PREFIX))) {
    const dir = join(tmpdir(), name);
    const owner = read(join(dir, 'owner.json'));
    if (owner === undefined || isAlive(owner)) continue;
    await stopProcess(read(join(dir, 'server.json')) ?? {}, { signal: 'SIGKILL' });
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * @param {{port?: number, flags?: string[]}} options port: for a server that comes back where it was; flags: as on its command line
 * @returns `{url, port, kill(), stop()}`; kill: as a crash would, nothing is kept
 * @throws when there is no redis-server, or with its last words when it does not start
 */
export async function startThrowAwayRedis({ port, flags = [] } = {}) {
  await sweepRedis();
  const dir = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(dir, 'owner.json'), JSON.stringify(identity()));
  const at = port ?? (await bindable(0));
  const keepNothing = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const args = ['--port', String(at), '--bind', '127.0.0.1', '--dir', dir, '--databases', String(DATABASES), ...keepNothing, ...flags];
  const log = openSync(join(dir, 'redis.log'), 'a', 0o600);
  const child = spawn('redis-server', args, { cwd: dir, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let failure;
  child.on('error', (e) => (failure = e.message));
  const gone = () => failure !== undefined || child.exitCode !== null;
  const up = await until(async () => gone() || (await answers(at)), 20_000);
  if (!up || gone()) {
    child.kill('SIGKILL');
    throw new Error(`redis-server did not start: ${failure ?? readFileSync(join(dir, 'redis.log'), 'utf8').slice(-500)}`);
  }
  child.unref();
  const id = identity(child.pid);
  writeFileSync(join(dir, 'server.json'), JSON.stringify(id));
  const end = async (signal) => {
    await stopProcess(id, { signal });
    rmSync(dir, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${at}`, port: at, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
