import type { INestApplicationContext } from '@nestjs/common';
import { newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import type pg from 'pg';
import { profileOf } from '../src/core/order-faults.ts';
import { portRequirements } from '../src/core/port-requirements.ts';
import { hashNumbers } from '../src/server/hash-numbers.ts';
import { PortQueries } from '../src/server/port-queries.ts';
import { UpdatePortOrder } from '../src/server/update-port-order.ts';

/** Tells what an order still lacks, by the examples of its requirements, and shows its papers as rows without bytes: the order is ready then. */
export const completePort = async (
  app: INestApplicationContext,
  owner: pg.Client,
  ctx: TenantContext,
  orderId: string,
  now: Date,
): Promise<void> => {
  const { papers, faults, numbers, ...order } = await app.get(PortQueries).order(ctx, orderId);
  const e164s = numbers.map((n) => n.e164);
  const numbersHash = hashNumbers(e164s);
  const { fields, documents } = portRequirements(profileOf({ ...order, numbers: e164s, numbersHash, papers })!)!;
  for (const { kind } of documents)
    await owner.query(
      `INSERT INTO port_document (tenant_id, id, order_id, kind, file_name, media_type, byte_count, content_hash, dated_at, numbers_hash, scanned_by, created_at)
       VALUES ($1, $2, $3, $4, $4, 'application/pdf', 0, '', $5, $6, 'test', $5)`,
      [ctx.tenantId, newId(), orderId, kind, now, kind === 'bill' ? null : numbersHash],
    );
  const lacks = new Set(faults.map((f) => f.pointer));
  const told = fields.filter((f) => lacks.has(`/fields/${f.name}`)).map((f) => [f.name, f.example]);
  await app.get(UpdatePortOrder).execute(ctx, orderId, { fields: Object.fromEntries(told) as Record<string, string> });
};
