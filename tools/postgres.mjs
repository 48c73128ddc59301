// A PostgreSQL from the npm tarball for machines without DATABASE_URL: one that stays, or a throw-away one for a test run.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { dataHome, programs, serviceUser } from './postgres-home.mjs';
import { commandLine, findProcesses, identity, isAlive, stopProcess, until, workingFolder } from './processes.mjs';

const OWNER = 'trunkline_owner';
const THROW_AWAY = 'trunkline-throwaway-';
const LEAST_SHM_BYTES = 1024 ** 3; // Docker's default /dev/shm of 64 MB is too small for a run

/** True when nothing listens on that port of 127.0.0.1; 0 asks for any. Resolves to the port or undefined. */
export const bindable = (port, host = '127.0.0.1') =>
  new Promise((done) => {
    const server = createServer().on('error', () => done(undefined));
    server.listen(port, host, () => {
      const got = server.address().port;
      server.close(() => done(got));
    });
  });

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

function writePrivate(file, value) {
  writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Stops every process of the cluster in `data` that an earlier run left behind, and removes a pid file whose pid now belongs to
 * somebody else (PostgreSQL would believe it and refuse to start). A server is known by its working folder, which is its data.
 */
async function stopOrphans(data) {
  const file = join(data, 'postmaster.pid');
  const written = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  const ours = findProcesses((pid) => workingFolder(pid) === data);
  if (written !== undefined && process.platform !== 'linux' && commandLine(written)?.includes(data)) ours.push(written);
  const ids = ours.map((pid) => identity(pid));
  const main = ids.find(({ pid }) => pid === written);
  if (main) await stopProcess(main, { signal: 'SIGINT' });
  for (const id of ids) await stopProcess(id, { signal: 'SIGQUIT', graceMs: 5_000 });
  rmSync(file, { force: true });
}

/** initdb into a folder beside, then rename: an interrupted one leaves nothing that looks like a cluster. */
function initialise(home, bin, user, password) {
  const fresh = join(home, 'data.new');
  const pwfile = join(home, 'password.new');
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(pwfile, `${password}\n`, { mode: 0o600 });
  if (user.uid !== undefined) chownSync(pwfile, user.uid, user.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = [`--pgdata=${fresh}`, `--username=${OWNER}`, '--auth=scram-sha-256', `--pwfile=${pwfile}`, '--no-sync', ...locale];
  const run = spawnSync(join(bin, 'initdb'), args, { ...user, cwd: home, encoding: 'utf8' });
  rmSync(pwfile);
  if (run.status !== 0) throw new Error(`initdb failed:\n${run.stderr || run.error}`);
  renameSync(fresh, join(home, 'data'));
}

async function answers(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (e) {
    if (e.code === '28P01') throw e;
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function launch(home, bin, user, port, { flags, env }) {
  const data = join(home, 'data');
  const log = openSync(join(home, 'postgres.log'), 'a', 0o600);
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', ...flags];
  const args = ['-D', data, ...settings.flatMap((s) => ['-c', s])];
  const options = { ...user, cwd: home, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', log, log] };
  const child = spawn(join(bin, 'postgres'), args, options);
  closeSync(log);
  const ended = new Promise((done) => child.on('exit', done).on('error', done));
  return { child, ended };
}

/**
 * Starts the cluster whose settings are kept in `dir` (0600), creating it first if need be.
 * @param {{dir: string, flags?: string[], env?: object}} options flags: `name=value` settings of PostgreSQL; env: more of its environment
 * @returns `{url(database), port, pid, start, home, stop(), ended}`; the url is the owner's (a superuser)
 * @throws with the end of the server's log when it does not come up within a minute
 */
export async function startPostgres({ dir, flags = [], env = {} }) {
  const user = serviceUser();
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'cluster.json');
  const cluster = readJson(file) ?? { home: dataHome(join(dir, 'server'), user), password: randomBytes(24).toString('base64url') };
  const bin = programs(user);
  if (existsSync(join(cluster.home, 'data'))) await stopOrphans(join(cluster.home, 'data'));
  else initialise(dataHome(cluster.home, user), bin, user, cluster.password);
  cluster.port = (cluster.port && (await bindable(cluster.port))) || (await bindable(0));
  writePrivate(file, cluster);
  const { child, ended } = await launch(cluster.home, bin, user, cluster.port, { flags, env });
  const url = (database) => `postgres://${OWNER}:${cluster.password}@127.0.0.1:${cluster.port}/${database}`;
  const gone = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const up = await until(async () => gone() || (await answers(url('postgres'))), 60_000);
  if (!up || gone()) throw new Error(`PostgreSQL did not start:\n${logTail(cluster.home)}`);
  child.unref();
  const id = identity(child.pid);
  return { url, port: cluster.port, ...id, home: cluster.home, ended, stop: () => stopProcess(id, { signal: 'SIGINT', group: true }) };
}

const logTail = (home) => readFileSync(join(home, 'postgres.log'), 'utf8').trimEnd().split('\n').slice(-8).join('\n');

/** Speed before safety: the data is thrown away anyway. */
const CARELESS = [
  'dynamic_shared_memory_type=mmap',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'shared_buffers=128MB',
];

/** For a throw-away cluster that must not lose what it confirmed when it is killed. */
export const DURABLE = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'];

function throwAwayBase() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize >= LEAST_SHM_BYTES) return '/dev/shm';
  } catch {
    // no such file system here
  }
  return tmpdir();
}

/** Removes the throw-away clusters of runs that were killed. */
export async function sweepThrowAway(base = throwAwayBase()) {
  for (const name of readdirSync(base).filter((n) => n.startsWith(THROW_AWAY))) {
    const dir = join(base, name);
    try {
      if (isAlive(readJson(join(dir, 'owner.json')))) continue;
      const data = join(dir, 'server/data');
      if (existsSync(data)) await stopOrphans(data);
      rmSync(dir, { recursive: true, force: true });
    } catch {
      // another user's, or another run sweeps it right now
    }
  }
}

/**
 * A cluster for one run of tests or a bench: in memory where possible, gone after `stop()`. `inMemory` says which it is. `crash()` ends it as
 * kill -9 does, `restart()` brings it back on the same port; what it had promised to keep it keeps with `DURABLE` flags only.
 */
export async function startThrowAwayPostgres({ flags = [], env = {} } = {}) {
  const base = throwAwayBase();
  await sweepThrowAway(base);
  const dir = mkdtempSync(join(base, THROW_AWAY));
  chmodSync(dir, 0o755); // mkdtemp makes it 0700, which the service user could not enter
  writeFileSync(join(dir, 'owner.json'), JSON.stringify(identity()));
  const start = () => startPostgres({ dir, flags: [...CARELESS, ...flags], env });
  let server = await start();
  const crash = () => stopProcess({ pid: server.pid, start: server.start }, { signal: 'SIGKILL' });
  const restart = async () => {
    server = await start();
  };
  const stop = async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
    if (!server.home.startsWith(dir)) rmSync(dirname(server.home), { recursive: true, force: true });
  };
  return { ...server, stop, crash, restart, inMemory: base === '/dev/shm' };
}
