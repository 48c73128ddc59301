import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { trunkErrors } from '../core/errors.ts';
import { countTestCalls, queueTestCall, readTestCall } from './test-calls.sql.ts';
import type { TestCall } from './test-calls.sql.ts';
import { lockTrunk } from './trunks.sql.ts';

export type TestCallOrder = { readonly to: E164 | null; readonly from: E164 | null; readonly talkSecs: number };

/** As many as somebody needs who sets a PBX up; each may cost what a call costs. */
const PER_HOUR_MAX = 20;
const HOUR_MS = 3_600_000;
// the reference from numbers to trunks is the schema's; one that points at the trunk first
const ownNumber = sql<{ e164: string; own: boolean }>(
  'test-call-number',
  `SELECT e164, trunk_id = $2 AS own FROM number_assignment WHERE tenant_id = $1 AND released_at IS NULL AND trunk_id IS NOT NULL
   ORDER BY trunk_id = $2 DESC, created_at, id LIMIT 1`,
);

/** Has an edge place a call for a trunk: decided, capped, routed, recorded and charged as any call of its own. What came of it is read from the resource. */
@Injectable()
export class CreateTestCall {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, test_call.too_many, test_call.no_number */
  execute(ctx: TenantContext, trunkId: string, order: TestCallOrder): Promise<TestCall> {
    return this.db.tx(ctx, async (tx) => {
      const trunk = await lockTrunk(tx, ctx.tenantId, trunkId);
      const now = this.clock.now();
      if ((await countTestCalls(tx, ctx.tenantId, new Date(now.getTime() - HOUR_MS))) >= PER_HOUR_MAX)
        throw new AppError(trunkErrors.tooManyTestCalls);
      const call = { id: newId(), trunkId, talkSecs: order.talkSecs, createdAt: now, ...(await this.partiesOf(tx, ctx, trunk, order)) };
      await queueTestCall(tx, ctx.tenantId, call);
      audit(tx, ctx, 'test_call.created', call.id, { trunkId, to: call.toNumber });
      publish(tx, { type: 'test_call.created', tenantId: ctx.tenantId, data: { testCallId: call.id, trunkId } });
      return readTestCall(tx, ctx.tenantId, call.id);
    });
  }

  /** Without a number to call, the PBX is called, by one of the numbers that point at the trunk. */
  private async partiesOf(tx: Tx, ctx: TenantContext, trunk: { id: string; defaultCallerId: string | null }, { to, from }: TestCallOrder) {
    const [number] = await tx.query(ownNumber, ctx.tenantId, trunk.id);
    if (to !== null) return { target: 'number', toNumber: to, fromNumber: from ?? trunk.defaultCallerId ?? number?.e164 ?? null } as const;
    if (!number?.own) throw new AppError(trunkErrors.noTestNumber);
    return { target: 'pbx', toNumber: number.e164, fromNumber: from } as const;
  }
}
