import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';
import type { KamailioRpc } from './kamailio-rpc.ts';
import { log, reasonOf } from './log.ts';
import { tlsAddressOf } from '@trunkline/edge-core';
import { findProcesses, inspect, signal } from './process-table.ts';

const BUSY_SOURCE = fileURLToPath(new URL('../kamailio/sqlbusy.c', import.meta.url));
const BUNDLE_TOOL = fileURLToPath(new URL('../../../tools/build-edge-bundle.mjs', import.meta.url));
const STARTUP_MS = 60_000;
const ADOPT_MS = 5000;
const SILENCE_MS = 5000; // what else is asked of it, such as to read a table, is asked in the same turn
const SHUTDOWN_MS = 10_000;
const LOG_BYTES = 16 * 1024 * 1024;

/**
 * The Kamailio of this data folder. It outlives the agent: one that runs already is adopted, and whatever a kill -9 left over (workers
 * without their main process, sockets, a pid file) is cleared away before a start.
 */
export class KamailioProcess {
  private readonly marker: string;
  readonly bundle: string; //  the decision that Kamailio runs
  private readonly fingerprint: string;
  private mainPid: number | undefined;
  private installed = false;

  constructor(
    private readonly config: Config,
    private readonly rpc: KamailioRpc,
  ) {
    this.marker = `!__RUN_DIR__!${config.runDir}!g`;
    this.fingerprint = `!__FINGERPRINT__!${fingerprintOf(config)}!g`;
    this.bundle = join(config.dataDir, 'decision.js');
  }

  isRunning(): boolean {
    return this.main() !== undefined;
  }

  /** Runs and answers: one that hangs, at work or while it ends, does neither carry calls nor make room for another. */
  async isWell(): Promise<boolean> {
    return this.isRunning() && (await this.answers(SILENCE_MS));
  }

  /** Adopts the running Kamailio, or starts one and waits until it answers. Its memory holds `entries` and as many again: it cannot grow. */
  async ensure(entries: number): Promise<'adopted' | 'started'> {
    mkdirSync(this.config.runDir, { recursive: true, mode: 0o700 });
    if (statSync(this.config.runDir).uid !== process.getuid?.()) throw new Error(`${this.config.runDir} belongs to somebody else`);
    if (this.isAsWanted(entries) && (await this.answers(ADOPT_MS))) {
      await this.installBundle(true);
      return 'adopted';
    }
    await this.stop();
    await this.installBundle(false);
    this.spawn(entries);
    const deadline = performance.now() + STARTUP_MS;
    while (!(await this.answers(1000))) {
      if (performance.now() > deadline) throw new Error(`kamailio does not answer; see ${this.logFile()}`);
      if (!this.isRunning()) throw new Error(`kamailio ended at once; see ${this.logFile()}`);
      await sleep(25);
    }
    return 'started';
  }

  /** Ends it, giving it time to write its state. */
  async stop(): Promise<void> {
    const main = this.main();
    if (main) signal(main.pid, 'SIGTERM');
    const deadline = performance.now() + SHUTDOWN_MS;
    while (main && this.all().length > 0 && performance.now() < deadline) await sleep(50);
    await this.killAll();
  }

  private all() {
    return findProcesses(basename(this.config.kamailio), this.marker);
  }

  /** The main process leads its group, as it was started detached. Workers may survive it. */
  private main() {
    const known = this.mainPid === undefined ? undefined : inspect(this.mainPid, basename(this.config.kamailio), this.marker);
    const main = known ?? this.all().find(({ pid, group }) => pid === group);
    this.mainPid = main?.pid;
    return main;
  }

  /** Whether the running one has memory for so many entries. Calls live through the restart that gives it more. */
  holds(entries: number): boolean {
    const main = this.main();
    return main !== undefined && entries <= Number(capacityWord.exec(main.words.join('\0'))?.[1] ?? 0);
  }

  /** Runs with this address, these route files and enough memory: not one that an older release left behind. */
  private isAsWanted(entries: number): boolean {
    const main = this.main();
    return main !== undefined && main.words.includes(this.fingerprint) && this.holds(entries);
  }

  private async killAll(): Promise<void> {
    this.rpc.close();
    while (this.all().length > 0) {
      for (const { pid } of this.all()) signal(pid, 'SIGKILL');
      await sleep(20);
    }
    for (const name of ['ctl.sock', 'kamailio.pid']) rmSync(join(this.config.runDir, name), { force: true });
  }

  private async answers(withinMs: number): Promise<boolean> {
    if (!existsSync(join(this.config.runDir, 'ctl.sock'))) return false;
    const late = sleep(withinMs, false, { ref: false });
    return Promise.race([
      late,
      this.rpc
        .call('core.uptime')
        .then(() => true)
        .catch(() => false),
    ]);
  }

  /** Keeps the log from filling the disk that the call records need: strangers' malformed packets write it. The last full one is kept. */
  trimLog(): void {
    const file = this.logFile();
    if (!existsSync(file) || statSync(file).size < LOG_BYTES) return;
    try {
      copyFileSync(file, `${file}.1`);
    } catch (error) {
      rmSync(`${file}.1`, { force: true }); // no room for a second one
      log('warn', 'kamailio.log not kept', { reason: reasonOf(error) });
    }
    truncateSync(file); // Kamailio appends
  }

  private logFile(): string {
    return join(this.config.dataDir, 'kamailio.log');
  }

  private spawn(entries: number): void {
    const output = openSync(this.logFile(), 'a', 0o600);
    const child = spawn(this.config.kamailio, this.arguments(entries), {
      detached: true,
      stdio: ['ignore', output, output],
      env: { PATH: this.config.searchPath, LD_PRELOAD: this.busyHandler() },
    });
    child.on('error', (error) => log('error', 'kamailio cannot be started', { reason: reasonOf(error) }));
    child.unref();
    closeSync(output);
  }

  /**
   * A table passes through one process's private memory when it is read (about 0.7 KiB a row) and stays in shared memory (about 0.25 KiB, twice
   * while it is read anew). Neither takes real memory before it is used.
   */
  private arguments(entries: number): string[] {
    const { dataDir, runDir, sipAddress, keepaliveSecs } = this.config;
    const capacity = capacityFor(entries);
    const addresses = { __SIP_ADDRESS__: sipAddress, __TLS_ADDRESS__: tlsAddressOf(sipAddress), __SIP_IP__: sipAddress.split(':')[0] };
    const tokens = { ...addresses, __DATA_DIR__: dataDir, __KEEPALIVE_SECS__: keepaliveSecs };
    return [
      ...['-DD', '-E', '-f', this.config.kamailioConfig, '-x', 'fm'],
      ...['-m', String(256 + Math.ceil(capacity / 1500)), '-M', String(64 + Math.ceil(capacity / 1000))],
      ...['-Y', runDir, '-w', dataDir, '-P', join(runDir, 'kamailio.pid')],
      ...Object.entries(tokens).map(([token, value]) => `--substdef=!${token}!${value}!g`),
      ...['--substdef', this.marker, '--substdef', this.fingerprint, `--substdef=!__CAPACITY__!${capacity}!g`],
    ];
  }

  /** Gives db_sqlite a busy handler; compiled on this very machine unless it comes with its image, as it must fit the C library. */
  private busyHandler(): string {
    if (this.config.busyHandler !== null) return this.config.busyHandler;
    const library = join(this.config.dataDir, 'sqlbusy.so');
    if (!existsSync(library)) {
      execFileSync('gcc', [
        '-shared',
        '-fPIC',
        '-O2',
        '-o',
        `${library}.new`,
        BUSY_SOURCE,
        '-Wl,--no-as-needed',
        '-l:libsqlite3.so.0',
        '-ldl',
      ]);
      renameSync(`${library}.new`, library);
    }
    return library;
  }

  /** Once per agent: puts the decision where Kamailio reads it, built from the sources unless it comes prebuilt; a running one is told to read it again. */
  private async installBundle(reload: boolean): Promise<void> {
    if (this.installed) return;
    if (this.config.bundle === null)
      execFileSync(process.execPath, [BUNDLE_TOOL, `${this.bundle}.new`], { env: { PATH: this.config.searchPath } });
    else copyFileSync(this.config.bundle, `${this.bundle}.new`);
    renameSync(`${this.bundle}.new`, this.bundle);
    if (reload) await this.rpc.call('app_jsdt.reload');
    this.installed = true;
  }
}

const LEAST_CAPACITY = 100_000;
const capacityWord = /!__CAPACITY__!(\d+)!/;

/** In steps of two, so that a growing stock restarts Kamailio seldom. */
const capacityFor = (entries: number): number => Math.max(LEAST_CAPACITY, 2 ** Math.ceil(Math.log2(Math.max(1, entries * 1.25))));

/** Of all that a running Kamailio cannot be told to change. */
const fingerprintOf = ({ kamailioConfig, sipAddress, keepaliveSecs }: Config): string => {
  const folder = dirname(kamailioConfig);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.cfg'))
    .sort();
  const hash = createHash('sha256').update(`${sipAddress} ${keepaliveSecs}`);
  for (const name of files) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 32);
};
