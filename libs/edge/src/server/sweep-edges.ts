import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import { Database, Log, PLATFORM_TENANT_ID, Sealer, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { EntryChange, WantedEntry } from '../core/diff-entries.ts';
import { sameSums, sumsOf } from '../core/entry-sums.ts';
import { removalBrake } from '../core/removal-brake.ts';
import type { Brake, Removals } from '../core/removal-brake.ts';
import { groupResources, resourceOfEntry } from '../core/resources.ts';
import { assignHomeEdges } from './assign-home-edges.ts';
import { CompareEntries } from './compare-entries.ts';
import { CompileEdges } from './compile-edges.ts';
import { openToCompare } from './entry-seal.ts';
import { trunksOfNetworks, trunksOfUsernames } from './intent.sql.ts';
import { Recompute } from './recompute.ts';
import { MAIN_SCOPE, edgeContext, lockScope, readScope, repeatableRead } from './scope.ts';
import type { Scope } from './scope.ts';

/** Entries repaired in one transaction. */
const PIECE = 5_000;
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
    private readonly compareEntries: CompareEntries,
    private readonly sealer: Sealer,
    private readonly recompute: Recompute,
  ) {}

  /** @returns how many entries were repaired, and why nothing was, if the sweep stopped itself */
  async execute(): Promise<{ readonly repaired: number; readonly blocked: string | undefined }> {
    await this.compileEdges.execute(); // what is known to have changed is no drift
    const findings = await this.compare();
    const blocked = findings.brake?.reason;
    if (blocked) this.log.error({ blocked }, 'edge sweep stopped itself: too many entries would go');
    const repaired = findings.brake ? 0 : await this.repair(findings);
    await this.db.tx(edgeContext, (tx) => this.settle(tx, findings, repaired));
    if (repaired > 0 && findings.fresh) this.log.info({ entries: repaired }, 'first configuration of the edges computed');
    else if (repaired > 0) this.log.warn({ repaired }, 'edge sweep repaired entries');
    return { repaired, blocked };
  }

  private async settle(tx: Tx, { brake, released }: Findings, repaired: number): Promise<void> {
    const scope = await lockScope(tx);
    const asJson = (removals: Removals | null | undefined) => (removals ? JSON.stringify(removals) : null);
    await tx.query(swept, this.clock.now(), brake?.reason ?? null, asJson(brake?.removals), repaired, asJson(released));
    if (!brake) await tx.query(prune);
    else if (scope.blocked === null)
      publish(tx, { type: 'edge.sweep_blocked', tenantId: PLATFORM_TENANT_ID, data: { scope: MAIN_SCOPE, ...brake } });
  }

  /** Reads without the lock, in one snapshot, so that changes are not held up however much there is. */
  private compare(): Promise<Findings> {
    return this.db.read(edgeContext, async (tx) => {
      await tx.query(repeatableRead);
      const { sums, version, released } = await readScope(tx);
      const { changes, present, sums: counted } = await this.compareEntries.execute(tx);
      return {
        fresh: version === 0,
        changes,
        sumsWrong: !sameSums(sums, counted),
        brake: removalBrake(present, changes, released ?? {}),
        released,
      };
    });
  }

  /** A piece at a time, so that nobody waits long for the lock. */
  private async repair({ changes, sumsWrong }: Findings): Promise<number> {
    let repaired = await this.db.tx(edgeContext, (tx) => this.rehome(tx, sumsWrong));
    for (let at = 0; at < changes.length; at += PIECE)
      repaired += await this.db.tx(edgeContext, (tx) => this.repairPiece(tx, changes.slice(at, at + PIECE)));
    return repaired;
  }

  private async rehome(tx: Tx, sumsWrong: boolean): Promise<number> {
    const scope = await lockScope(tx);
    const settled = sumsWrong ? await this.recount(tx, scope) : scope;
    const tenants = await assignHomeEdges(tx);
    return tenants.length > 0 ? this.recompute.execute(tx, settled, groupResources(tenants.map((id) => ({ type: 'tenant', id })))) : 0;
  }

  /** Under the lock: looks again at what differed, since it may have been set right meanwhile. */
  private async repairPiece(tx: Tx, changes: readonly EntryChange[]): Promise<number> {
    const scope = await lockScope(tx);
    const keysOf = (kind: string) => changes.filter((c) => c.kind === kind).map((c) => c.key);
    const trunks = [...(await tx.query(trunksOfUsernames, keysOf('credential'))), ...(await tx.query(trunksOfNetworks, keysOf('pbx')))];
    const refs = [...changes.flatMap((c) => resourceOfEntry(c) ?? []), ...trunks.map((t) => ({ type: 'trunk', id: t.trunkId }))];
    return this.recompute.execute(tx, scope, groupResources(refs.filter(isReadable)), changes);
  }

  private async recount(tx: Tx, scope: Scope): Promise<Scope> {
    const sums = sumsOf(openToCompare(this.sealer, await tx.query(stored)));
    await tx.query(setSums, JSON.stringify(sums));
    return { ...scope, sums };
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const VERIFIED = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+$/;
// a stray entry's key may be anything; one that names no resource is removed all the same
const isReadable = ({ type, id }: { readonly type: string; readonly id: string }): boolean =>
  ['tenant', 'trunk', 'inbound_group', 'inbound_schedule'].includes(type) ? UUID.test(id) : type === 'verified' ? VERIFIED.test(id) : true;
