import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_KINDS, type EdgeStatus, type Entry, type GatewayMessage } from '@trunkline/edge-core';
import { Applier } from './applier.ts';
import { CdrShipper } from './cdr-shipper.ts';
import { CdrSpool } from './cdr-spool.ts';
import { ChannelsInUse } from './channels-in-use.ts';
import type { Config } from './config.ts';
import { EntryStore, type Change, type MetaName } from './entry-store.ts';
import { GatewayLink } from './gateway-link.ts';
import { obtainIdentity } from './identity.ts';
import { KamailioProcess } from './kamailio-process.ts';
import { KamailioRpc } from './kamailio-rpc.ts';
import { log, reasonOf } from './log.ts';
import { MetricsServer } from './metrics-server.ts';
import { Registrations } from './registrations.ts';
import { SipOptions } from './sip-options.ts';
import { TargetProber } from './target-prober.ts';
import { TestCaller } from './test-caller.ts';
import { openStateFile } from './state-file.ts';
import { TlsCertificate } from './tls-certificate.ts';
import { VERSION } from './version.ts';

type EntriesMessage = Extract<GatewayMessage, { type: 'entries' }>;
const STATUS_MS = 5000;
const WATCH_MS = 500;
const REGISTRATIONS_MS = 2000;

/**
 * One edge: keeps Kamailio running on what the entry store says, keeps the entry store what the gateway says, and brings CDRs to the
 * gateway. Starts and routes from its own files when nothing else is there.
 */
export class Agent {
  private readonly store: EntryStore;
  private readonly spool: CdrSpool;
  private readonly channels: ChannelsInUse;
  private readonly rpc: KamailioRpc;
  private readonly kamailio: KamailioProcess;
  private readonly applier: Applier;
  private readonly certificate: TlsCertificate;
  private readonly registrations: Registrations;
  private readonly metrics: MetricsServer | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private link: GatewayLink | undefined;
  private shipper: CdrShipper | undefined;
  private prober: TargetProber | undefined;
  private pending: Entry[] = [];
  private resetting = false;
  private inStep = false; //     with what the gateway sends: a gap must not be hidden by the next version
  private up = false; //         Kamailio answers and has what the store has
  private inForce = 0; //        the version that Kamailio has
  private ended = false;
  private watching = false;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly config: Config) {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    this.store = new EntryStore(join(config.dataDir, 'entries.db'));
    const state = openStateFile(join(config.dataDir, 'state.db'), config.kamailioSql);
    this.spool = new CdrSpool(state);
    this.channels = new ChannelsInUse(state);
    this.rpc = new KamailioRpc(join(config.runDir, 'ctl.sock'));
    this.kamailio = new KamailioProcess(config, this.rpc);
    this.applier = new Applier(this.store, this.rpc);
    this.certificate = new TlsCertificate(config);
    this.registrations = new Registrations(join(config.dataDir, 'entries.db'), this.store, this.rpc, config.sipAddress);
    const figures = async () => ({ ...(await this.status()), link: this.link?.isUp ?? false });
    if (config.metricsAddress) this.metrics = new MetricsServer(config.metricsAddress, this.rpc, figures);
  }

  /** @throws Error when the edge has no identity and cannot get one */
  async start(): Promise<void> {
    this.certificate.install();
    this.metrics?.open();
    await this.inTurn(() => this.bringUp());
    this.timers.push(
      setInterval(() => this.watch(), WATCH_MS),
      setInterval(() => void this.inTurn(() => this.register()), REGISTRATIONS_MS),
      setInterval(() => {
        this.kamailio.trimLog();
        this.renewCertificate();
        this.report();
      }, STATUS_MS),
    );
    await this.startProber();
    const identity = await obtainIdentity(this.config.dataDir, this.config.gatewayUrl, this.config.enrolToken);
    if (this.ended) return;
    const link = new GatewayLink(this.config.gatewayUrl, identity, {
      cursor: () => this.store.cursor(),
      version: VERSION,
      onWelcome: (message) => this.onWelcome(message),
      onEntries: (message) => void this.inTurn(() => this.onEntries(message)),
      onCdrsStored: (batch) => this.shipper?.stored(batch),
      onTestCall: (order) => this.testCall(order),
      onDown: () => this.shipper?.stop(),
    });
    this.link = link;
    this.shipper = new CdrShipper(this.spool, (message) => link.send(message));
    link.open();
  }

  /** Stops the edge and its Kamailio. */
  async stop(): Promise<void> {
    this.ended = true;
    this.timers.forEach(clearInterval);
    this.prober?.stop();
    this.shipper?.stop();
    this.link?.close();
    this.metrics?.close();
    await this.inTurn(() => this.kamailio.stop());
    this.rpc.close();
    this.registrations.close();
    this.store.close();
  }

  private async startProber(): Promise<void> {
    const { probeIntervalMs, sipAddress } = this.config;
    if (probeIntervalMs === 0) return;
    const options = await SipOptions.open(sipAddress.split(':')[0] ?? '');
    this.prober = new TargetProber(this.store, this.rpc, options, probeIntervalMs);
    this.prober.start();
  }

  /** One thing after the other; a failure is logged and leaves the next its chance. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.queue.then(work).catch((error: unknown) => {
      log('error', 'edge', { reason: reasonOf(error) });
      this.up = false;
    });
    this.queue = run;
    return run;
  }

  /** Within the turn, so that nothing is committed while Kamailio reads the file table by table. */
  private async bringUp(): Promise<void> {
    const [how] = await Promise.all([this.kamailio.ensure(this.store.count()), this.store.takeStock()]);
    if (how === 'adopted') await this.rpc.call('tls.reload'); // the certificate may be another by now
    await this.applier.synchronise();
    this.up = true;
    await this.register();
    log('info', `kamailio ${how}`, { sip: this.config.sipAddress, version: this.store.cursor() });
    this.acknowledge();
    this.report();
  }

  /** One look at a time, in the turn: a Kamailio that reads a table answers late, and is not ill. */
  private watch(): void {
    if (this.ended || this.watching) return;
    this.watching = true;
    void this.inTurn(() => this.look()).finally(() => (this.watching = false));
  }

  private async look(): Promise<void> {
    if (this.ended || (this.up && (await this.kamailio.isWell()))) return;
    if (this.up) {
      log('error', this.kamailio.isRunning() ? 'kamailio does not answer' : 'kamailio is gone');
      this.up = false;
      this.report();
    }
    await this.bringUp();
  }

  /** One whose result cannot be told, or that cannot be placed, ends by its time where it was ordered. */
  private testCall(order: Extract<GatewayMessage, { type: 'test_call' }>): void {
    new TestCaller(this.rpc, this.config.sipAddress).place(order).then(
      (result) => this.link?.send(result),
      (error: unknown) => log('warn', 'test call not placed', { reason: reasonOf(error) }),
    );
  }

  /** Calls that are up keep the certificate they began with. */
  private renewCertificate(): void {
    if (!this.certificate.renewed()) return;
    void this.inTurn(async () => {
      if (!this.up) return; // the next start reads it
      await this.rpc.call('tls.reload');
      log('info', 'TLS certificate renewed');
    });
  }

  private onWelcome(message: Extract<GatewayMessage, { type: 'welcome' }>): void {
    log('info', 'gateway link up', { edge: message.edge_name });
    void this.inTurn(async () => {
      this.pending = []; // what an earlier connection did not finish
      this.resetting = false;
      this.inStep = true;
      await this.setMeta('realm', message.realm);
      await this.setMeta('edge_name', message.edge_name);
      this.acknowledge();
      this.report();
    });
    this.shipper?.start();
  }

  private async setMeta(name: MetaName, value: string): Promise<void> {
    if (this.store.meta(name) === value) return;
    this.store.setMeta(name, value);
    if (this.up) await this.applier.pushMeta(name);
  }

  private async register(): Promise<void> {
    if (this.up && !this.ended && (await this.registrations.synchronise())) this.report();
  }

  private async onEntries(message: EntriesMessage): Promise<void> {
    if (!this.inStep) return;
    const changes = this.collect(message);
    if (changes === undefined || !this.up) return;
    if (!this.kamailio.holds(this.store.count())) return this.bringUp();
    await this.applier.push(changes);
    this.acknowledge();
    if (changes.some((c) => c.kind === 'credential' || c.kind === 'tenant')) await this.register();
  }

  /** What cannot be stored, or is older than what is here, is asked for anew, from the version that is really here. */
  private collect({ reset, last, version, entries: sent }: EntriesMessage): readonly Change[] | undefined {
    const entries = sent.filter(isReadable);
    if (entries.length < sent.length) log('warn', 'entries of no known form left out', { entries: sent.length - entries.length });
    try {
      if (!reset && version < this.store.cursor()) throw new Error(`version ${version} after ${this.store.cursor()}`);
      return reset ? this.collectReset(last, version, entries) : this.collectDelta(last, version, entries);
    } catch (error) {
      log('error', 'entries not stored', { reason: reasonOf(error) });
      this.inStep = false;
      this.link?.restart();
      return undefined;
    }
  }

  private collectDelta(last: boolean, version: number, entries: readonly Entry[]): readonly Change[] | undefined {
    this.pending.push(...entries);
    if (!last) return undefined;
    const changes = this.pending;
    this.pending = [];
    this.store.apply(changes, version);
    return changes;
  }

  private collectReset(last: boolean, version: number, entries: readonly Entry[]): readonly Change[] | undefined {
    if (!this.resetting) this.store.beginReset();
    this.resetting = !last;
    this.store.stage(entries);
    return last ? this.store.commitReset(version) : undefined;
  }

  /** Only what Kamailio has is acknowledged; what the file alone has is not yet in force. */
  private acknowledge(): void {
    if (!this.up) return;
    this.inForce = this.store.cursor();
    this.link?.send({ type: 'applied', version: this.inForce });
  }

  private report(): void {
    this.status().then(
      (status) => this.link?.send({ type: 'status', status }),
      (error: unknown) => log('warn', 'no status', { reason: reasonOf(error) }),
    );
  }

  private async status(): Promise<EdgeStatus> {
    return {
      kamailio: this.up ? 'up' : 'down',
      applied_version: this.inForce,
      spool_depth: this.spool.depth(),
      active_calls: this.up ? await this.activeCalls() : 0,
      bundle: createHash('sha256').update(readFileSync(this.kamailio.bundle)).digest('hex').slice(0, 16),
      tls_expires_at: this.certificate.expiresAt().toISOString(),
      checksums: this.store.checksums(),
      channels: this.channels.report(),
      registrations: this.registrations.report(),
      ...(this.prober && { targets: this.prober.report() }),
    };
  }

  private async activeCalls(): Promise<number> {
    try {
      const [counts] = await this.rpc.call('dlg.stats_active');
      return Number((counts as { all: number }).all);
    } catch {
      return 0; // the watch finds out whether Kamailio is gone
    }
  }
}

/** A newer gateway may know kinds that this agent does not; the checksums show it what is missing. */
const isReadable = ({ kind, key, value }: Entry): boolean =>
  ENTRY_KINDS.includes(kind) && typeof key === 'string' && key !== '' && (value === null || typeof value === 'string');
