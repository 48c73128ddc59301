import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, sql } from '@trunkline/platform';
import type { Carrier } from '../core/gateway.ts';
import { CarrierQueries } from './carrier-queries.ts';
import { nameTaken } from './create-carrier.ts';

export type CarrierChange = { readonly name?: string | undefined; readonly enabled?: boolean | undefined };

const lock = sql<{ name: string; enabled: boolean; revision: number }>(
  'carrier-lock',
  `SELECT name, enabled, revision FROM carrier WHERE id = $1 FOR UPDATE`,
);
const update = sql('carrier-update', `UPDATE carrier SET name = $2, enabled = $3, revision = revision + 1, updated_at = $4 WHERE id = $1`);

@Injectable()
export class UpdateCarrier {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly carriers: CarrierQueries,
  ) {}

  /** @throws AppError resource.not_found, carrier.name_taken */
  execute(ctx: SystemContext, id: string, change: CarrierChange): Promise<Carrier> {
    return this.db.tx(ctx, async (tx) => {
      const [locked] = await tx.query(lock, id);
      if (!locked) throw notFound();
      const { revision, ...before } = locked;
      expectRevision(ctx, revision);
      const after = { name: change.name ?? before.name, enabled: change.enabled ?? before.enabled };
      await tx.query(update, id, after.name, after.enabled, this.clock.now()).catch(nameTaken);
      markDirty(tx, 'carriers', ['all']);
      audit(tx, ctx, 'carrier.updated', id, changed(before, after));
      return this.carriers.byId(ctx, id);
    });
  }
}
