import { Injectable } from '@nestjs/common';
import { compile } from '@trunkline/edge-core';
import { Clock } from '@trunkline/kernel';
import { Database, Log, PLATFORM_TENANT_ID, Sealer, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { diffEntries } from '../core/diff-entries.ts';
import type { EntryChange, WantedEntry } from '../core/diff-entries.ts';
import { sameSums, sumsOf } from '../core/entry-sums.ts';
import { removalBrake } from '../core/removal-brake.ts';
import type { Brake, Removals } from '../core/removal-brake.ts';
import { groupResources, resourceOfEntry } from '../core/resources.ts';
import { assignHomeEdges } from './assign-home-edges.ts';
import { CompileEdges } from './compile-edges.ts';
import { openToCompare } from './entry-seal.ts';
import { trunksOfNetworks, trunksOfUsernames } from './intent.sql.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';
import { MAIN_SCOPE, edgeContext, lockScope, readScope, repeatableRead } from './scope.ts';
import type { Scope } from './scope.ts';

const TOMBSTONES_KEPT = '7 days';
const stored = sql<WantedEntry>(
  'edge-entries-live',
  `SELECT kind, key, value FROM edge_entry WHERE scope = '${MAIN_SCOPE}' AND value IS NOT NULL`,
);
const setSums = sql('edge-scope-sums', `UPDATE edge_scope SET checksums = $1 WHERE scope = '${MAIN_SCOPE}'`);
// a release that came after this sweep had looked is for the next one
const swept = sql(
  'edge-scope-swept',
  `UPDATE edge_scope SET swept_at = $1, sweep_blocked = $2, sweep_blocked_removals = $3, sweep_repaired = $4,
     sweep_released_removals = nullif(sweep_released_removals, $5::jsonb) WHERE scope = '${MAIN_SCOPE}'`,
);
const prune = sql(
  'edge-tombstones-prune',
  `WITH gone AS (DELETE FROM edge_entry WHERE scope = '${MAIN_SCOPE}' AND value IS NULL AND updated_at < clock_timestamp() - interval '${TOMBSTONES_KEPT}' RETURNING version)
   UPDATE edge_scope SET floor = greatest(floor, (SELECT max(version) FROM gone)) WHERE scope = '${MAIN_SCOPE}' AND EXISTS (SELECT FROM gone)`,
);

type Findings = {
  readonly fresh: boolean;
  readonly changes: readonly EntryChange[];
  readonly sumsWrong: boolean;
  readonly brake: Brake | undefined;
  readonly released: Removals | null;
};

/** Compares all entries with the whole intent and repairs what differs: the net under every lost wake-up and every damaged row. */
@Injectable()
export class SweepEdges {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly compileEdges: CompileEdges,
    private readonly readIntent: ReadIntent,
    private readonly sealer: Sealer,
    private readonly recompute: Recompute,
  ) {}

  /** @returns how many entries were repaired, and why nothing was, if the sweep stopped itself */
  async execute(): Promise<{ readonly repaired: number; readonly blocked: string | undefined }> {
    await this.compileEdges.execute(); // what is known to have changed is no drift
    const findings = await this.compare();
    const blocked = findings.brake?.reason;
    if (blocked) this.log.error({ blocked }, 'edge sweep stopped itself: too many entries would go');
    const repaired = await this.db.tx(edgeContext, (tx) => this.settle(tx, findings));
    if (repaired > 0 && findings.fresh) this.log.info({ entries: repaired }, 'first configuration of the edges computed');
    else if (repaired > 0) this.log.warn({ repaired }, 'edge sweep repaired entries');
    return { repaired, blocked };
  }

  private async settle(tx: Tx, findings: Findings): Promise<number> {
    const { brake, released } = findings;
    const scope = await lockScope(tx);
    const repaired = brake ? 0 : await this.repair(tx, scope, findings);
    const asJson = (removals: Removals | null | undefined) => (removals ? JSON.stringify(removals) : null);
    await tx.query(swept, this.clock.now(), brake?.reason ?? null, asJson(brake?.removals), repaired, asJson(released));
    if (brake && scope.blocked === null)
      publish(tx, { type: 'edge.sweep_blocked', tenantId: PLATFORM_TENANT_ID, data: { scope: MAIN_SCOPE, ...brake } });
    return repaired;
  }

  /** Reads without the lock, in one snapshot, so that changes are not held up however much there is. */
  private compare(): Promise<Findings> {
    return this.db.read(edgeContext, async (tx) => {
      await tx.query(repeatableRead);
      const { sums, version, released } = await readScope(tx);
      const { intent, unreadable } = await this.readIntent.whole(tx);
      const present = openToCompare(this.sealer, await tx.query(stored));
      const spared = new Set(unreadable);
      const changes = diffEntries(present, compile(intent)).filter((c) => c.kind !== 'credential' || !spared.has(c.key));
      return {
        fresh: version === 0,
        changes,
        sumsWrong: !sameSums(sums, sumsOf(present)),
        brake: removalBrake(countByKind(present), changes, released ?? {}),
        released,
      };
    });
  }

  /** Under the lock: looks again at what differed, since it may have been set right meanwhile. */
  private async repair(tx: Tx, scope: Scope, { changes, sumsWrong }: Findings): Promise<number> {
    const settled = sumsWrong ? await this.recount(tx, scope) : scope;
    const homed = await assignHomeEdges(tx);
    const keysOf = (kind: string) => changes.filter((c) => c.kind === kind).map((c) => c.key);
    const trunks = [...(await tx.query(trunksOfUsernames, keysOf('credential'))), ...(await tx.query(trunksOfNetworks, keysOf('pbx')))];
    const fromKeys = changes.flatMap((c) => resourceOfEntry(c) ?? []);
    const refs = [...fromKeys, ...trunks.map((t) => ({ type: 'trunk', id: t.trunkId })), ...homed.map((id) => ({ type: 'tenant', id }))];
    const repaired =
      refs.length > 0 || changes.length > 0
        ? await this.recompute.execute(tx, settled, groupResources(refs.filter(isReadable)), changes)
        : 0;
    await tx.query(prune);
    return repaired;
  }

  private async recount(tx: Tx, scope: Scope): Promise<Scope> {
    const sums = sumsOf(openToCompare(this.sealer, await tx.query(stored)));
    await tx.query(setSums, JSON.stringify(sums));
    return { ...scope, sums };
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// a stray entry's key may be anything; one that names no resource is removed all the same
const isReadable = ({ type, id }: { readonly type: string; readonly id: string }): boolean =>
  type === 'tenant' || type === 'trunk' ? UUID.test(id) : true;

const countByKind = (entries: readonly WantedEntry[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { kind } of entries) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
};
