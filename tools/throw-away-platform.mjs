// A whole platform for one test or benchmark: its real processes, on addresses and in a folder of its own, all gone after `stop()`.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { root } from './bootstrap.mjs';
import { apiClient, until } from './demo/api-client.mjs';
import { edgesOf, stopOrphanKamailio } from './edges.mjs';
import { identity, isAlive, stopProcess } from './processes.mjs';
import { readSecrets } from './secrets.mjs';
import { controlPlane } from './services.mjs';
import { readSettings } from './settings.mjs';
import { stopLeftovers } from './supervisor.mjs';

const PREFIX = 'tl-platform-';

/** Without it a SIP test or benchmark would wait a minute for nothing. */
function requireKamailio() {
  const { status, error } = spawnSync('kamailio', ['-v'], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`Kamailio is needed here and cannot be run: ${error?.message ?? `exit ${status}`}`);
}

/** Ends what runs of a killed test or benchmark still do: they hold the addresses. */
async function sweep() {
  for (const name of readdirSync(tmpdir()).filter((n) => n.startsWith(PREFIX))) {
    const dir = join(tmpdir(), name);
    const owner = join(dir, 'owner.json');
    if (!existsSync(owner) || isAlive(JSON.parse(readFileSync(owner, 'utf8')))) continue;
    await stopLeftovers(join(dir, 'run'));
    await stopOrphanKamailio(dir);
    rmSync(dir, { recursive: true, force: true });
  }
}

export class ThrowAwayPlatform {
  #dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  #running = new Map(); // name → its identity, in the order they started
  #settings;
  #context;
  #ownerUrl;
  #stopped = false;
  #enrolTokens = [];

  /** @param options `{database: {ownerUrl, appUrl, systemUrl}, env}`; env: what `npm start` would be told */
  constructor({ database: { ownerUrl, ...urls }, env }) {
    this.#ownerUrl = ownerUrl;
    mkdirSync(join(this.#dataDir, 'run'));
    writeFileSync(join(this.#dataDir, 'owner.json'), JSON.stringify(identity()));
    this.#settings = readSettings({ TRUNKLINE_DATA_DIR: this.#dataDir, ...env });
    const childEnv = { LOG_LEVEL: 'warn', ...process.env, ...env, NODE_OPTIONS: '' };
    this.#context = { settings: this.#settings, secrets: readSecrets(this.#dataDir), urls, env: childEnv };
  }

  get apiUrl() {
    return `http://${this.#settings.apiHost}:${this.#settings.ports.api}`;
  }

  /** The folder of all that its processes write: `NAME.log`, `edges/NAME/`, `secrets.json`, `operator-key`. */
  get dataDir() {
    return this.#dataDir;
  }

  /** The one-time tokens that its edges enrolled with. */
  get enrolTokens() {
    return [...this.#enrolTokens];
  }

  /** A caller with that key. */
  api(key) {
    return apiClient(this.apiUrl, key);
  }

  /** The operator's caller, or with a tenant's id the operator acting as it. */
  operator(tenant) {
    return apiClient(this.apiUrl, readFileSync(join(this.#dataDir, 'operator-key'), 'utf8').trim(), tenant);
  }

  /** Starts what is not running of Stripe emulator, api and worker, and waits until each is ready. */
  async startControlPlane() {
    await sweep();
    for (const spec of controlPlane(this.#context)) await this.#start(spec);
  }

  /** Enrols these edges by the API, `{name, sipAddress: 'ip:port'}` each, starts them and waits until they can carry calls. */
  async startEdges(edges) {
    requireKamailio();
    const operator = this.operator();
    const { startEdge } = edgesOf({ ...this.#context, supervisor: { start: (spec) => this.#start(spec) } });
    for (const { name, sipAddress } of edges) {
      const { enrol_token: enrolToken } = await operator('POST', '/v1/edges', { name, sip_address: sipAddress });
      this.#enrolTokens.push(enrolToken);
      await startEdge({ name, sipAddress, enrolToken });
    }
    const isUp = (edge) => edge.status?.kamailio === 'up' && edge.configuration.lag === 0;
    const answer = await until(
      'every edge up',
      () => operator('GET', '/v1/edges'),
      ({ data }) => data.every(isUp) || edges.some(({ name }) => this.#hasEnded(`edge-${name}`)),
      { timeoutMs: 60_000 },
    );
    const down = answer.data.filter((edge) => !isUp(edge));
    if (down.length > 0) throw new Error(down.map(({ name }) => `edge ${name} ended:\n${this.#logTail(`edge-${name}`)}`).join('\n'));
  }

  /** kill -9 of these, e.g. `api` and `worker`. */
  async kill(...names) {
    await Promise.all(names.map((name) => stopProcess(this.#running.get(name), { signal: 'SIGKILL' })));
  }

  /** SQL past all rules, for what no API allows, such as changing the past. @returns the rows */
  async asOwner(text, values = []) {
    const client = new pg.Client({ connectionString: this.#ownerUrl });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Stops everything, the last started first, whatever state it is in. */
  async stop() {
    this.#stopped = true;
    for (const id of [...this.#running.values()].reverse()) await stopProcess(id, { group: true });
    await stopOrphanKamailio(this.#dataDir);
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async #start(spec) {
    if (this.#stopped) throw new Error('the platform was stopped');
    if (this.#running.has(spec.name) && !this.#hasEnded(spec.name)) return;
    const log = openSync(this.#logFile(spec.name), 'a', 0o600);
    const child = spawn(spec.command, spec.args, { cwd: root, env: spec.env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const id = identity(child.pid);
    this.#running.set(spec.name, id);
    writeFileSync(join(this.#dataDir, 'run', `${spec.name}.pid`), JSON.stringify(id));
    await until(`${spec.name} ready`, async () => (await spec.ready()) || this.#hasEnded(spec.name), Boolean, { timeoutMs: 60_000 });
    if (this.#hasEnded(spec.name)) throw new Error(`${spec.name} ended at once:\n${this.#logTail(spec.name)}`);
  }

  #hasEnded = (name) => !isAlive(this.#running.get(name));
  #logFile = (name) => join(this.#dataDir, `${name}.log`);
  #logTail = (name) => readFileSync(this.#logFile(name), 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}
