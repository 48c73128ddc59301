import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SCENARIOS = fileURLToPath(new URL('./scenarios/', import.meta.url));

export type SippScenario = 'call' | 'digest-call' | 'register' | 'answer' | 'refuse';
export type SippOptions = {
  readonly scenario: SippScenario;
  readonly local: string; //           ip:port of our side
  readonly remote?: string; //         ip:port of the edge; servers (answer, refuse) have none
  readonly calls?: number; //          how many in all; 1 unless said
  readonly perSecond?: number; //      how many are begun a second; 10 unless said
  readonly holdMs?: number; //         how long an answered call lasts; 0 unless said
  readonly number?: string; //         user part of the Request-URI
  readonly login?: { readonly username: string; readonly password: string };
  readonly keys?: Readonly<Record<string, string>>; // from_user, contact
  readonly callIds?: string; //        prefix of the Call-IDs, to find the calls again
  readonly code?: number; //           what `refuse` answers; 503 unless said
  readonly timeoutMs?: number; //      the whole run; 30 s unless said
};

/** How many calls ended with each final status. An orderly refusal is no failure to SIPp: look at `statuses`, not at the exit code. */
export type SippResult = { readonly exitCode: number; readonly statuses: Readonly<Record<number, number>>; readonly output: string };

/** A running SIPp: `done` when its calls are, `stop` for a server that would never be. */
export class Sipp {
  readonly done: Promise<SippResult>;
  private readonly folder = mkdtempSync(join(tmpdir(), 'sipp-'));
  private readonly child: ChildProcess;

  private constructor(options: SippOptions) {
    const scenario = join(this.folder, 'scenario.xml');
    // SIPp wants a literal status in the status line
    writeFileSync(
      scenario,
      readFileSync(join(SCENARIOS, `${options.scenario}.xml`), 'utf8').replaceAll('[code]', String(options.code ?? 503)),
    );
    this.child = spawn('sipp', argumentsOf(options, scenario, join(this.folder, 'log')), {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk) => (output = (output + String(chunk)).slice(-4000)));
    this.done = once(this.child, 'close').then(([code]) => this.result(Number(code ?? -1), output));
  }

  /** Starts SIPp; its socket is open when this returns. */
  static async start(options: SippOptions): Promise<Sipp> {
    const sipp = new Sipp(options);
    await once(sipp.child, 'spawn');
    while (!isBound(options.local) && sipp.child.exitCode === null) await sleep(10);
    return sipp;
  }

  async stop(): Promise<SippResult> {
    this.child.kill('SIGKILL');
    return this.done;
  }

  private result(exitCode: number, output: string): SippResult {
    const log = join(this.folder, 'log');
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
    const statuses: Record<number, number> = {};
    for (const line of lines) {
      const status = /status (\d{3})/.exec(line)?.[1];
      if (status) statuses[Number(status)] = (statuses[Number(status)] ?? 0) + 1;
    }
    rmSync(this.folder, { recursive: true, force: true });
    return { exitCode, statuses, output };
  }
}

/** Plays calls (or a registration) to their end. */
export const sippCall = async (options: SippOptions & { readonly remote: string }): Promise<SippResult> => (await Sipp.start(options)).done;

const argumentsOf = (o: SippOptions, scenario: string, log: string): string[] => {
  const [ip = '', port = ''] = o.local.split(':');
  const client = o.remote === undefined ? [] : ['-m', String(o.calls ?? 1), '-r', String(o.perSecond ?? 10), '-l', String(o.calls ?? 1)];
  return [
    ...(o.remote === undefined ? [] : [o.remote]),
    ...['-sf', scenario, '-i', ip, '-p', port, '-nostdin', '-trace_logs', '-log_file', log],
    ...client,
    ...['-d', String(o.holdMs ?? 0), '-timeout', `${o.timeoutMs ?? (o.remote === undefined ? 600_000 : 30_000)}ms`],
    ...(o.callIds === undefined ? [] : ['-cid_str', `${o.callIds}-%u`]),
    ...(o.number === undefined ? [] : ['-s', o.number]),
    ...(o.login === undefined ? [] : ['-au', o.login.username, '-ap', o.login.password]),
    ...Object.entries({ from_user: 'sipp', contact: o.local, ...o.keys }).flatMap(([key, value]) => ['-key', key, value]),
  ];
};

/** Whether a UDP socket is open there; /proc shows addresses as hex, lowest byte first. */
const isBound = (local: string): boolean => {
  const [ip = '', port = ''] = local.split(':');
  const hex = (n: number, digits: number): string => n.toString(16).toUpperCase().padStart(digits, '0');
  const address = ip
    .split('.')
    .reverse()
    .map((byte) => hex(Number(byte), 2))
    .join('');
  return readFileSync('/proc/net/udp', 'utf8').includes(` ${address}:${hex(Number(port), 4)} `);
};
