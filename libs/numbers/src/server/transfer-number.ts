import { Injectable } from '@nestjs/common';
import { Clock, invalidField, newId, notFound } from '@trunkline/kernel';
import type { AboveContext, E164 } from '@trunkline/kernel';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';
import { closeRecurring, openRecurring } from '@trunkline/rating/server';
import { claimTransfer } from '@trunkline/tenancy/server';
import { transferNumber } from '../core/number.ts';
import type { TenantNumber } from '../core/number.ts';
import { insertNumber, lockHeld, updateNumberRow } from './numbers.sql.ts';

/** Which number goes to which tenant. */
export type NumberTransfer = { readonly e164: E164; readonly toTenantId: string };
export type TransferredNumber = { readonly fromTenantId: string; readonly toTenantId: string; readonly number: TenantNumber };

const DAY_MS = 86_400_000;
const tenant = sql<{ id: string }>('transfer-tenant', `SELECT id FROM tenant WHERE id = $1`);

/**
 * Moves a number from one tenant to another, by the operator or a reseller above both (or one of them itself), without a quarantine: whoever is
 * above answers for both. Who had it pays today, who gets it from tomorrow on, by its own plan and without a setup fee.
 */
@Injectable()
export class TransferNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError resource.not_found when no tenant within reach has it, request.invalid at /tenant_id, number.locked, number.asked_for, number.wrong_state,
   * plan.none_assigned, tenant.allotment_used_up, kyc.required
   */
  execute(ctx: AboveContext, { e164, toTenantId }: NumberTransfer): Promise<TransferredNumber> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const held = await lockHeld(tx, e164);
      if (!held) throw notFound();
      if ((await tx.query(tenant, toTenantId)).length === 0) throw invalidField('/tenant_id', 'unknown', 'No such tenant');
      if (toTenantId === held.tenantId) throw invalidField('/tenant_id', 'unchanged', 'The tenant has it already');
      const { from, to } = transferNumber(held.number, newId(), now);
      await claimTransfer(tx, ctx, held.tenantId, toTenantId, now);
      await updateNumberRow(tx, held.tenantId, from);
      await closeRecurring(tx, held.tenantId, from.id, now);
      await insertNumber(tx, toTenantId, to);
      const item = { tenantId: toTenantId, kind: 'number', resourceId: to.id, description: e164, quantity: 1 } as const;
      await openRecurring(tx, item, new Date(now.getTime() + DAY_MS));
      markDirty(tx, 'number', [e164]);
      audit(tx, ctx, 'number.transferred', to.id, { e164, fromTenantId: held.tenantId, toTenantId });
      publish(tx, { type: 'number.transferred_out', tenantId: held.tenantId, data: { numberId: from.id, e164 } });
      publish(tx, { type: 'number.transferred_in', tenantId: toTenantId, data: { numberId: to.id, e164 } });
      return { fromTenantId: held.tenantId, toTenantId, number: to };
    });
  }
}
