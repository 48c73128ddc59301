// Runs the platform's processes: starts them in order, restarts one that falls over, and stops them all in reverse order.
// Each has a pid file with its start time, so that after a kill -9 of the supervisor the next start can find and stop them.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { followOutput } from './child-log.mjs';
import { identity, isAlive, sleep, stopProcess } from './processes.mjs';

const STOP_MS = 20_000; // api and worker end by themselves before that
const QUICK_MS = 10_000;
const QUICK_CRASHES_MAX = 3;
const PID_FILE = /\.pid$/;

/** Pause before restart number n (from 1) of a child: half a second, doubled up to ten seconds. */
export const restartDelayMs = (n) => Math.min(10_000, 500 * 2 ** (n - 1));

/** How many times in a row a child crashed soon after its start, given the count before. */
export const quickCrashes = (before, livedMs) => (livedMs < QUICK_MS ? before + 1 : 1);

/** Stops what the pid files in `dir` name, if it is still the same process. Returns the names it stopped. */
export async function stopLeftovers(dir) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = readdirSync(dir).filter((name) => PID_FILE.test(name));
  const read = files.map((name) => ({ name: name.replace(PID_FILE, ''), ...JSON.parse(readFileSync(join(dir, name), 'utf8') || '{}') }));
  const alive = read.filter(isAlive);
  await Promise.all(alive.map((child) => stopProcess(child, { group: true })));
  for (const name of files) rmSync(join(dir, name));
  return alive.map((child) => child.name);
}

export class Supervisor {
  #dir;
  #logDir;
  #onGiveUp;
  #children = [];
  #stopping = false;

  /** @param {{dir: string, logDir: string, onGiveUp: (line: string) => void}} options dir: of the pid files; onGiveUp: a child will not stay up */
  constructor({ dir, logDir, onGiveUp }) {
    this.#dir = dir;
    this.#logDir = logDir;
    this.#onGiveUp = onGiveUp;
  }

  /**
   * Starts a child in a process group of its own, its output followed, and waits until it is ready.
   * @param spec `{name, command, args, env, ready}`; `ready()` resolves to true when the child answers
   * @throws when it is not ready after a minute, or ends three times before; never returns once `stop` was called
   */
  async start(spec) {
    const child = { ...spec, crashes: 0, failed: false };
    this.#children.push(child);
    this.#launch(child);
    for (const end = Date.now() + 60_000; !this.#stopping; await sleep(50)) {
      if (child.failed) throw new Error(`${spec.name} does not start: its last lines are above`);
      if (await spec.ready()) return;
      if (Date.now() > end) throw new Error(`${spec.name} is not ready after a minute`);
    }
    await new Promise(() => {}); // being stopped: nothing that would follow may start
  }

  #launch(child) {
    const { name, command, args, env } = child;
    const started = Date.now();
    const run = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    followOutput(name, [run.stdout, run.stderr], this.#logDir);
    run.on('error', (e) => console.log(`${name} | ${e.message}`));
    if (run.pid !== undefined) {
      child.id = identity(run.pid);
      writeFileSync(this.#pidFile(child), JSON.stringify(child.id));
    }
    run.on('exit', (code, signal) => this.#stopping || void this.#ended(child, signal ?? `exit ${code}`, Date.now() - started));
  }

  async #ended(child, how, livedMs) {
    child.crashes = quickCrashes(child.crashes, livedMs);
    if (child.crashes >= QUICK_CRASHES_MAX) {
      child.failed = true;
      this.#onGiveUp(`${child.name} ended ${child.crashes} times within ${QUICK_MS / 1000} s of its start (last: ${how}).`);
      return;
    }
    console.log(`${child.name} ended (${how}); starting it again.`);
    await sleep(restartDelayMs(child.crashes));
    if (!this.#stopping) this.#launch(child);
  }

  #pidFile = ({ name }) => join(this.#dir, `${name}.pid`);

  /** Stops all children, the last started first: SIGTERM, and SIGKILL to the group twenty seconds later. */
  async stop() {
    this.#stopping = true;
    for (const child of this.#children.reverse()) {
      await stopProcess(child.id, { group: true, graceMs: STOP_MS });
      rmSync(this.#pidFile(child), { force: true });
    }
  }
}
