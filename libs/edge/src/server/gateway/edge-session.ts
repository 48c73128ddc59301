import { entriesFor } from '@trunkline/edge-core';
import type { EdgeStatus, GatewayMessage } from '@trunkline/edge-core';
import { Wakeable } from '@trunkline/platform';
import type { Log } from '@trunkline/platform';
import type { AnnounceProvisioned } from '../announce-provisioned.ts';
import { CdrIntake } from './cdr-intake.ts';
import type { CdrSink } from './cdr-sink.ts';
import type { EdgeReports, KnownEdge } from './edge-reports.ts';
import type { EntryFeed, FeedPart } from './entry-feed.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

export type SessionServices = {
  readonly feed: EntryFeed;
  readonly reports: EdgeReports;
  readonly announce: AnnounceProvisioned;
  readonly sink: CdrSink;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
};

const RESYNC_EVERY_MS = 60_000;

/** What goes on with an edge once it is known: entries out; acknowledgements, status and CDR batches in. */
export class EdgeSession {
  readonly cdrs: CdrIntake;
  private readonly pump: Wakeable;
  private sent = 0; //         the highest version it may acknowledge
  private acknowledged = -1;
  private unacknowledged: { version: number; oldest: Date }[] = [];
  private resyncedAtMs = -Infinity;
  private doubtfulVersion = -1;

  /** @param cursor the version that the edge says it has. @param say rejects when the edge is gone */
  constructor(
    private readonly edge: KnownEdge,
    private readonly contract: number,
    private cursor: number,
    private readonly services: SessionServices,
    private readonly say: (message: GatewayMessage) => Promise<void>,
  ) {
    const { log, metrics, sink } = services;
    this.pump = new Wakeable(() => this.feed(), (err) => log.error({ edge: edge.name, err }, 'edge feed failed')); // prettier-ignore
    this.cdrs = new CdrIntake(edge, sink, log, async (batch, lines) => {
      metrics.cdrLines.inc({ edge: edge.name }, lines);
      metrics.cdrBatches.inc({ edge: edge.name });
      await say({ type: 'cdrs_stored', batch });
    });
  }

  /** Entries were written, or may have been: sends what the edge lacks. */
  wake(): void {
    this.pump.wake();
  }

  /** Starts nothing more, and waits for what is under way: a batch being stored is stored, and acknowledged. */
  async end(): Promise<void> {
    await this.pump.stop();
    await this.cdrs.idle();
  }

  async applied(version: number): Promise<void> {
    if (version > this.sent || version === this.acknowledged) return; // of another history, or known
    this.acknowledged = version;
    await this.services.reports.applied(this.edge.id, version);
    const now = performance.timeOrigin + performance.now();
    for (const { oldest } of this.unacknowledged.filter((u) => u.version <= version))
      this.services.metrics.propagation.observe({ edge: this.edge.name }, Math.max(0, now - oldest.getTime()) / 1000);
    this.unacknowledged = this.unacknowledged.filter((u) => u.version > version);
    await this.services.announce.execute().catch((err: unknown) => this.services.log.warn({ err }, 'what edges have was not told yet'));
  }

  /** Drift counts when two reports in a row show it, for one may be taken between two versions. */
  async status(status: EdgeStatus): Promise<void> {
    await this.applied(status.applied_version);
    const { log, metrics, reports } = this.services;
    const kinds = await reports.status(this.edge, this.contract, status);
    const confirmed = kinds.length > 0 && this.doubtfulVersion === status.applied_version;
    this.doubtfulVersion = kinds.length > 0 ? status.applied_version : -1;
    if (!confirmed || performance.now() - this.resyncedAtMs < RESYNC_EVERY_MS) return;
    log.error({ edge: this.edge.name, version: status.applied_version, kinds }, 'edge has drifted: it is sent everything');
    this.resyncedAtMs = performance.now();
    metrics.drifts.inc({ edge: this.edge.name });
    await reports.drifted(this.edge, kinds);
    this.pump.wake();
  }

  private async feed(): Promise<void> {
    const { cursor, resync } = await this.services.feed.stream(this.edge.id, this.cursor, (part) => this.sendPart(part));
    this.cursor = cursor;
    this.sent = Math.max(this.sent, cursor);
    if (!resync) return;
    await this.services.reports.resynced(this.edge.id, resync);
    this.services.metrics.resyncs.inc({ edge: this.edge.name });
  }

  private async sendPart({ oldest, entries: all, ...rest }: FeedPart): Promise<void> {
    const part = { ...rest, entries: entriesFor(this.contract, all) };
    if (part.last) this.sent = part.version; // before the answer can come
    if (oldest && !part.reset) this.unacknowledged.push({ version: part.version, oldest });
    await this.say({ type: 'entries', ...part });
    this.services.metrics.entriesSent.inc({ edge: this.edge.name }, part.entries.length);
  }
}
