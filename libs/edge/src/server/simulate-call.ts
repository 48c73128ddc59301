import { Injectable } from '@nestjs/common';
import { decideFrom, explainRefusal, readTenant, traceOf } from '@trunkline/edge-core';
import type { CallInput, Decision, Explanation, TraceStep } from '@trunkline/edge-core';
import { Clock, invalidField } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { MAIN_SCOPE, edgeContext, readScope, repeatableRead } from './scope.ts';
import { ANY_CARRIER, entriesFor } from './simulated-entries.ts';

/** A call as somebody imagines it. */
export type ImaginedCall = {
  readonly direction: 'outbound' | 'inbound';
  readonly from: string;
  readonly to: string;
  readonly assertedIdentity: string | null;
  readonly trunkId: string | null; //       outbound: as one that has given its password
  readonly sourceAddress: string | null;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly withheld?: boolean; //           the caller withholds its number, whatever `from` is
  readonly draw: number;
  readonly at: Date | null; //               null: now
  readonly edge: string | null; //          null: the one that carries the tenant's calls
};
export type SimulatedEdge = { readonly name: string; readonly appliedVersion: number | null };
export type Simulation = {
  readonly input: CallInput;
  readonly decision: Decision;
  readonly explanation: Explanation | null; // null: the call is carried
  readonly trace: readonly TraceStep[];
  readonly edge: SimulatedEdge;
  readonly version: number; //               of the entries that decided
};

type EdgeRow = { name: string; appliedVersion: bigint; down: string[] | null };
const edgeNamed = sql<EdgeRow>(
  'simulated-edge',
  `SELECT name, applied_version AS "appliedVersion", ARRAY(SELECT jsonb_array_elements_text(coalesce(status -> 'targets' -> 'down', '[]'))) AS down
   FROM edge WHERE deleted_at IS NULL AND name = $1`,
);
const homeOf = sql<{ value: string }>(
  'simulated-home',
  `SELECT value FROM edge_entry WHERE scope = '${MAIN_SCOPE}' AND kind = 'tenant' AND key = $1 AND value IS NOT NULL`,
);
const ownTrunk = sql<{ id: string }>('simulated-trunk', `SELECT id FROM trunk WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL`);

/** Decides on a call as an edge would now, over the very entries that the edges are sent. Nothing is stored, counted or charged. */
@Injectable()
export class SimulateCall {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param everything an operator asks, who sees carriers and other tenants, too
   * @throws AppError request.invalid
   */
  async execute(ctx: TenantContext, call: ImaginedCall, everything: boolean): Promise<Simulation> {
    if (call.trunkId !== null) {
      const trunks = await this.db.ask(ctx, ownTrunk, ctx.tenantId, call.trunkId);
      if (trunks.length === 0) throw invalidField('/trunk_id', 'unknown', 'No such trunk');
    }
    return this.decide(ctx, call, everything);
  }

  /** The same for a call that was: its trunk may be gone. */
  decide(ctx: TenantContext, call: ImaginedCall, everything: boolean): Promise<Simulation> {
    return this.db.read(edgeContext, async (tx) => {
      await tx.query(repeatableRead);
      const { version } = await readScope(tx);
      const { down, ...edge } = await this.edgeFor(tx, ctx.tenantId, call.edge);
      const input = inputOf(call, edge.name, call.at ?? this.clock.now());
      const sight = { tenantId: everything ? null : ctx.tenantId, version, down };
      const { decision, reads } = await decideFrom(input, (questions) => entriesFor(tx, sight, questions));
      const explanation = decision.action === 'route' ? null : explainRefusal(decision, input, reads);
      return { input, decision, explanation, trace: traceOf(input, reads), edge, version };
    });
  }

  private async edgeFor(tx: Tx, tenantId: string, named: string | null): Promise<SimulatedEdge & { readonly down: string[] }> {
    const [tenant] = named === null ? await tx.query(homeOf, tenantId) : [];
    const home = tenant ? readTenant(tenant.value).home : null;
    const name = named ?? home?.name ?? '';
    const [edge] = await tx.query(edgeNamed, name);
    if (edge) return { name, appliedVersion: Number(edge.appliedVersion), down: edge.down ?? [] };
    if (named !== null) throw invalidField('/edge', 'unknown', 'No such edge');
    return { name, appliedVersion: null, down: [] };
  }
}

const inputOf = (call: ImaginedCall, edge: string, at: Date): CallInput => ({
  edge,
  sourceAddress: call.sourceAddress ?? (call.direction === 'inbound' ? ANY_CARRIER : ''),
  provenTrunkId: call.direction === 'inbound' ? null : call.trunkId,
  requestUser: call.to,
  fromUser: call.from,
  assertedUser: call.assertedIdentity,
  withheld: call.withheld ?? false,
  transport: call.transport,
  draw: call.draw,
  nowSecs: Math.floor(at.getTime() / 1000),
});
