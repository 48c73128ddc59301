import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { compile, type CdrRecord, type Intent } from '@trunkline/edge-core';
import { CASE_REALM } from '@trunkline/edge-core/cases';
import { FakeGateway } from './fake-gateway.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A real agent process with a real Kamailio, and a gateway in the test's memory. */
export class EdgeUnderTest {
  readonly gateway: FakeGateway;
  readonly dataDir = mkdtempSync(join(tmpdir(), 'tl-edge-'));
  private agent: ChildProcess | undefined;
  output = '';

  /** Edge `name` at `ip`:5060, its gateway at the same address. */
  constructor(
    readonly name: string,
    readonly ip: string,
    private readonly settings: Readonly<Record<string, string>> = {},
  ) {
    this.gateway = new FakeGateway(ip, 4000, name, CASE_REALM);
  }

  get sip(): string {
    return `${this.ip}:5060`;
  }

  get tls(): string {
    return `${this.ip}:5061`;
  }

  async start(intent: Intent, extra: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.gateway.open();
    this.startAgent(this.sip, extra);
    await this.apply(intent);
  }

  /** @param over more of its environment */
  startAgent(sipAddress = this.sip, over: Readonly<Record<string, string>> = {}): void {
    const env = {
      ...process.env,
      EDGE_DATA_DIR: this.dataDir,
      EDGE_SIP_ADDRESS: sipAddress,
      EDGE_GATEWAY_URL: this.gateway.url,
      EDGE_ENROL_TOKEN: 'token-once',
      NODE_OPTIONS: '',
      EDGE_PROBE_SECS: '0', // what a test sees is what it sent
      ...this.settings,
      ...over,
    };
    const args = ['--conditions=@trunkline/source', '--import', './tools/source-hook.mjs', 'apps/edge/agent/main.ts'];
    this.agent = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.agent.stdout?.on('data', (chunk) => (this.output += String(chunk)));
  }

  /** Returns when Kamailio has it. */
  async apply(intent: Intent): Promise<void> {
    const version = this.gateway.publish(compile(intent));
    await until(() => this.gateway.applied >= version && version > 0, `version ${version} applied; ${this.output.slice(-500)}`);
  }

  /** kill -9 of the agent alone. */
  async killAgent(): Promise<void> {
    await this.signalAgent('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.signalAgent('SIGTERM');
    await this.gateway.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** All records of a call, once its `end` is here. */
  async cdrsOf(callId: string): Promise<readonly CdrRecord[]> {
    const mine = () => this.gateway.records.filter((r) => r.callId === callId);
    await until(() => mine().some((r) => r.kind === 'end'), `end record of ${callId}; ${this.gateway.unreadable.join()}`);
    return mine();
  }

  /** The one `end` record of a call. */
  async endOf(callId: string): Promise<CdrRecord> {
    const ends = (await this.cdrsOf(callId)).filter((r) => r.kind === 'end');
    expect(ends).toHaveLength(1);
    return ends[0]!;
  }

  async signalAgent(name: NodeJS.Signals): Promise<void> {
    const agent = this.agent;
    if (!agent || agent.exitCode !== null || agent.signalCode !== null) return;
    const ended = once(agent, 'exit');
    agent.kill(name);
    await ended;
  }
}

export const until = async (condition: () => boolean, what: string, withinMs = 40_000): Promise<void> => {
  for (const deadline = performance.now() + withinMs; !condition(); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
  }
};
