import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { probeTargetOf, type EntryKind } from '@trunkline/edge-core';
import type { EntryStore } from './entry-store.ts';
import type { KamailioRpc } from './kamailio-rpc.ts';
import { log, reasonOf } from './log.ts';
import type { SipOptions } from './sip-options.ts';
import { TargetHealth, type HealthReport } from './target-health.ts';

const KINDS = ['route', 'emergency', 'trunk'] as const satisfies readonly EntryKind[];
const PAGE_ROWS = 500;
const MIN_GAP_MS = 5; // 200 questions a second at most, however many targets there are

/**
 * Asks every target of the configuration in turn whether it answers, and tells Kamailio of those that do not. Kamailio forgets what it is not
 * told again (see `health` in modules.cfg), so an agent that died leaves nothing behind, and a Kamailio that started anew soon knows.
 */
export class TargetProber {
  private readonly health = new TargetHealth();
  private readonly ending = new AbortController();
  private configured = false; // there was a configuration to take targets from

  constructor(
    private readonly store: EntryStore,
    private readonly rpc: KamailioRpc,
    private readonly options: SipOptions,
    private readonly intervalMs: number,
  ) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.ending.abort();
    this.options.close();
  }

  report(): HealthReport {
    const report = this.health.report();
    return { ...report, complete: report.complete && this.configured };
  }

  private async run(): Promise<void> {
    while (!this.ended()) {
      await this.round().catch(async (error: unknown) => {
        log('error', 'targets not asked', { reason: reasonOf(error) });
        await this.pause(this.intervalMs);
      });
    }
  }

  /** Every target once, spread over the interval. */
  private async round(): Promise<void> {
    const targets = await this.targets();
    this.health.watch(targets);
    this.configured ||= this.store.cursor() > 0;
    const gapMs = Math.max(MIN_GAP_MS, this.intervalMs / Math.max(1, targets.size));
    if (targets.size === 0) await this.pause(gapMs);
    for (const target of targets) {
      if (this.ended()) return;
      void this.probe(target);
      await this.pause(gapMs);
    }
  }

  private ended(): boolean {
    return this.ending.signal.aborted;
  }

  private pause(ms: number): Promise<unknown> {
    return sleep(ms, undefined, { ref: false, signal: this.ending.signal }).catch(() => undefined);
  }

  private async probe(target: string): Promise<void> {
    const verdict = this.health.record(target, await this.options.isAnswering(target));
    if (this.ended()) return;
    if (verdict === 'fell') log('warn', 'target does not answer', { target });
    if (verdict === 'rose') log('info', 'target answers again', { target });
    // a Kamailio that is away now is told at the next question
    if (verdict === 'fell' || verdict === 'stays down') await this.rpc.call('htable.sets', 'health', target, 'down').catch(() => undefined);
    if (verdict === 'rose') await this.rpc.call('htable.delete', 'health', target).catch(() => undefined);
  }

  /** Page by page, so that a change that has just come need not wait for all trunks to be read. */
  private async targets(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const kind of KINDS) {
      for (let after: string | undefined = ''; after !== undefined && !this.ended(); await breathe()) {
        const rows = this.store.page(kind, after, PAGE_ROWS);
        for (const { value } of rows) for (const uri of urisIn(value)) add(found, uri);
        after = rows.at(-1)?.key;
      }
    }
    return found;
  }
}

const add = (found: Set<string>, uri: string): void => {
  const target = probeTargetOf(uri);
  if (target !== null) found.add(target);
};

/** The targets that an entry names. One that cannot be read names none: the decision complains about it when it is asked. */
const urisIn = (value: string): readonly string[] => {
  try {
    const { targets = [], inboundRoutes = [], disasterRecoveryUri } = JSON.parse(value) as NamesTargets;
    return [...targets.map((t) => t.uri), ...inboundRoutes, ...(disasterRecoveryUri ? [disasterRecoveryUri] : [])];
  } catch {
    return [];
  }
};
type NamesTargets = {
  readonly targets?: readonly { readonly uri: string }[];
  readonly inboundRoutes?: readonly string[];
  readonly disasterRecoveryUri?: string | null;
};
