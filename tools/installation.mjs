// One running installation: starts its parts in order and stops them in reverse, on a signal or when one will not stay up.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';
import { edgesOf, stopOrphanKamailio } from './edges.mjs';
import { tryLock } from './file-lock.mjs';
import { generate } from './generate.mjs';
import { migrate } from './migrate.mjs';
import { watchNpm } from './npm-parent.mjs';
import { bindable, startPostgres } from './postgres.mjs';
import { ensureRoles } from './roles.mjs';
import { readSecrets } from './secrets.mjs';
import { controlPlane } from './services.mjs';
import { readSettings, reachable } from './settings.mjs';
import { Supervisor, stopLeftovers } from './supervisor.mjs';
import { TO_RUN, ensureSystemPackages } from './system-packages.mjs';

class Installation {
  #settings = readSettings(process.env);
  #runDir = join(this.#settings.dataDir, 'run');
  #supervisor = new Supervisor({ dir: this.#runDir, logDir: join(this.#settings.dataDir, 'logs'), onGiveUp: (line) => this.stop(1, line) });
  #lock;
  #postgres;
  #stopping;

  async start({ demo }) {
    const settings = this.#settings;
    mkdirSync(settings.dataDir, { recursive: true });
    this.#takeLock();
    await stopLeftovers(this.#runDir);
    await stopOrphanKamailio(settings.dataDir);
    await this.#checkPorts();
    const { edge, reason } = ensureSystemPackages(TO_RUN);
    await generate();
    const keyFile = join(settings.dataDir, 'operator-key');
    const isFirst = !existsSync(keyFile);
    await this.#startControlPlane();
    console.log(`The API listens at ${this.#apiUrl}; its reference page is ${this.#apiUrl}/reference`);
    if (isFirst && existsSync(keyFile))
      console.log(`Operator key (shown once, kept in ${keyFile}): ${readFileSync(keyFile, 'utf8').trim()}`);
    if (edge) await this.#startEdges(demo, keyFile);
    else console.log(`The SIP edge is off: ${reason}. The control plane runs without it.`);
    if (!this.#stopping)
      console.log(
        `Trunkline is up (${(performance.now() / 1000).toFixed(1)} s), logs are in ${join(settings.dataDir, 'logs')}. Ctrl-C stops all of it.`,
      );
  }

  get #apiUrl() {
    return `http://${reachable(this.#settings.apiHost)}:${this.#settings.ports.api}`;
  }

  #takeLock() {
    this.#lock = tryLock(join(this.#runDir, 'start.lock'));
    if (!this.#lock.release) throw new Error(`Trunkline already runs on ${this.#settings.dataDir} (process ${this.#lock.holder?.pid}).`);
  }

  async #checkPorts() {
    const { ports, apiHost, gatewayHost, stripeApiKey } = this.#settings;
    const wanted = [
      ['API_PORT', ports.api, apiHost],
      ['GATEWAY_PORT', ports.gateway, gatewayHost],
      ['WORKER_HEALTH_PORT', ports.workerHealth, '127.0.0.1'],
      ...(stripeApiKey ? [] : [['STRIPE_EMULATOR_PORT', ports.stripeEmulator, '127.0.0.1']]),
    ];
    for (const [name, port, host] of wanted)
      if ((await bindable(port, host)) === undefined) throw new Error(`Port ${port} of ${host} is taken: set ${name} to a free one.`);
  }

  /** The owner's URL: the operator's server if there is one, else the embedded server of the data folder. */
  async #database() {
    if (this.#settings.databaseUrl) return this.#settings.databaseUrl;
    if (this.#stopping) await new Promise(() => {});
    this.#postgres = startPostgres({ dir: join(this.#settings.dataDir, 'postgres') });
    const server = await this.#postgres;
    void server.ended.then(() => this.stop(1, 'PostgreSQL ended by itself.'));
    return server.url('postgres');
  }

  async #startControlPlane() {
    const ownerUrl = await this.#database();
    const secrets = readSecrets(this.#settings.dataDir);
    const applied = await migrate(ownerUrl, join(root, 'prisma/migrations'));
    if (applied.length > 0) console.log(`Applied ${applied.length} database migration(s).`);
    const urls = await ensureRoles(ownerUrl, secrets);
    for (const spec of controlPlane({ settings: this.#settings, secrets, urls, env: process.env })) await this.#supervisor.start(spec);
  }

  async #startEdges(demo, keyFile) {
    const settings = this.#settings;
    const { startEdge, startKnownEdges } = edgesOf({ settings, env: process.env, supervisor: this.#supervisor });
    await startKnownEdges();
    const done = join(settings.dataDir, 'first-call.json');
    if (existsSync(done) || this.#stopping) return;
    if (!demo) return this.#createEdges(startEdge, keyFile);
    const { firstCall } = await import('./demo/first-call.mjs');
    const operatorKey = readFileSync(keyFile, 'utf8').trim();
    try {
      await firstCall({ apiUrl: this.#apiUrl, operatorKey, dataDir: settings.dataDir, ports: settings.ports, startEdge });
      writeFileSync(done, '{}'); // until it succeeded once, each start tries again
    } catch (e) {
      if (!this.#stopping) console.error(`The first call failed: ${e.message}`);
    }
  }

  /** An installation without a demo has edges all the same, unless it has some already. */
  async #createEdges(startEdge, keyFile) {
    if (!existsSync(keyFile)) return;
    const { apiClient } = await import('./demo/api-client.mjs');
    const { createEdges } = await import('./demo/demo-platform.mjs');
    const operator = apiClient(this.#apiUrl, readFileSync(keyFile, 'utf8').trim());
    if ((await operator('GET', '/v1/edges?limit=1')).data.length > 0) return;
    await createEdges({ operator, ports: this.#settings.ports, startEdge });
  }

  /** Stops all parts, the last started first, and ends this process. Later calls change nothing: a Ctrl-C often arrives twice. */
  async stop(exitCode, line) {
    if (this.#stopping) return;
    this.#stopping = true;
    console.log(line ?? 'Stopping …');
    await this.#supervisor.stop();
    if (this.#lock?.release) await stopOrphanKamailio(this.#settings.dataDir);
    await (await this.#postgres?.catch(() => undefined))?.stop();
    this.#lock?.release?.();
    process.exit(exitCode);
  }
}

/** Starts an installation as the environment says and keeps it up until a signal; any fault is one line and exit code 1. */
export async function start(args) {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}); // the terminal may go before we do
  const unknown = args.find((arg) => arg !== '--no-demo');
  if (unknown) return void (console.error(`npm start does not know ${unknown}.`), (process.exitCode = 1));
  let installation;
  try {
    installation = new Installation();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void installation.stop(0));
    watchNpm(() => void installation.stop(0));
    await installation.start({ demo: !args.includes('--no-demo') });
  } catch (e) {
    if (!installation) return void (console.error(e.message), (process.exitCode = 1));
    await installation.stop(1, e.message);
  }
}
