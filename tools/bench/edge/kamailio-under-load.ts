import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compile, type AgentMessage } from '@trunkline/edge-core';
import { CdrShipper } from '../../../apps/edge/agent/cdr-shipper.ts';
import { CdrSpool } from '../../../apps/edge/agent/cdr-spool.ts';
import { readConfig, type Config } from '../../../apps/edge/agent/config.ts';
import { EntryStore } from '../../../apps/edge/agent/entry-store.ts';
import { KamailioProcess } from '../../../apps/edge/agent/kamailio-process.ts';
import { KamailioRpc } from '../../../apps/edge/agent/kamailio-rpc.ts';
import { findProcesses } from '../../../apps/edge/agent/process-table.ts';
import { openStateFile } from '../../../apps/edge/agent/state-file.ts';
import { TlsCertificate } from '../../../apps/edge/agent/tls-certificate.ts';
import { REALM, benchWorld } from './bench-world.ts';

const TICKS_PER_SECOND = 100; // USER_HZ, fixed in Linux's ABI

/** What of an edge's route files is other than in an installation: `[file, what it says, what it says here]`. */
export type Changes = readonly (readonly [file: string, from: string, to: string])[];

/** A Kamailio as the agent starts it, with its entries and its files, without the agent: what it costs can be told from what others cost. */
export class KamailioUnderLoad {
  readonly records = { start: 0, end: 0 }; // taken from the spool, as the agent takes them
  private readonly dir = mkdtempSync(join(tmpdir(), 'tl-bench-'));
  private readonly config: Config;
  private readonly rpc: KamailioRpc;
  private readonly kamailio: KamailioProcess;
  private readonly shipper: CdrShipper;

  constructor(
    readonly name: string,
    readonly sipAddress: string,
    routeFiles: string,
    changes: Changes = [],
  ) {
    const dataDir = join(this.dir, 'data');
    const env = { EDGE_DATA_DIR: dataDir, EDGE_SIP_ADDRESS: sipAddress, EDGE_GATEWAY_URL: 'ws://127.0.0.1:1' };
    const kamailioConfig = join(changed(routeFiles, join(this.dir, 'cfg'), changes), 'kamailio.cfg');
    this.config = { ...readConfig({ ...env, PATH: process.env['PATH'] }), kamailioConfig };
    mkdirSync(dataDir, { mode: 0o700 });
    this.rpc = new KamailioRpc(join(this.config.runDir, 'ctl.sock'));
    this.kamailio = new KamailioProcess(this.config, this.rpc);
    this.shipper = new CdrShipper(new CdrSpool(openStateFile(join(dataDir, 'state.db'), this.config.kamailioSql)), (m) => this.take(m));
  }

  async start(): Promise<void> {
    const store = new EntryStore(join(this.config.dataDir, 'entries.db'));
    store.apply(compile(benchWorld), 1);
    store.setMeta('realm', REALM);
    store.setMeta('edge_name', 'bench');
    new TlsCertificate(this.config).install();
    await this.kamailio.ensure(store.count());
    store.close();
    this.shipper.start();
  }

  /** Seconds of user and system time of all its processes so far, from /proc/PID/stat. */
  cpuSeconds(): number {
    const marker = `!__RUN_DIR__!${this.config.runDir}!g`;
    const ticks = findProcesses('kamailio', marker).map(({ pid }) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [utime, stime] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number); // prettier-ignore
      return utime! + stime!;
    });
    return ticks.reduce((sum, n) => sum + n, 0) / TICKS_PER_SECOND;
  }

  async stop(): Promise<void> {
    this.shipper.stop();
    await this.kamailio.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** In the gateway's place: everything is stored at once. */
  private take(message: AgentMessage): void {
    if (message.type !== 'cdrs') return;
    for (const line of gunzipSync(Buffer.from(message.lines, 'base64')).toString().trimEnd().split('\n'))
      this.records[line.includes('&k=start&') ? 'start' : 'end']++;
    this.shipper.stored(message.batch);
  }
}

/** A copy of the folder with these changes. @throws when a file does not say what is to be changed, exactly once */
const changed = (from: string, to: string, changes: Changes): string => {
  cpSync(from, to, { recursive: true });
  for (const [name, before, after] of changes) {
    const text = readFileSync(join(to, name), 'utf8');
    if (text.split(before).length !== 2) throw new Error(`${name} does not say once: ${before}`);
    writeFileSync(
      join(to, name),
      text.replace(before, () => after),
    );
  }
  return to;
};
