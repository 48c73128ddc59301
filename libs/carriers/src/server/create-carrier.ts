import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation, markDirty, sql } from '@trunkline/platform';
import { carrierErrors } from '../core/errors.ts';
import type { Carrier } from '../core/gateway.ts';

export type NewCarrier = { readonly name: string; readonly enabled: boolean };

const insert = sql('carrier-insert', `INSERT INTO carrier (id, name, enabled, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)`);

@Injectable()
export class CreateCarrier {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError carrier.name_taken */
  execute(ctx: SystemContext, input: NewCarrier): Promise<Carrier> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const carrier: Carrier = { id: newId(), ...input, revision: 1, gateways: [], createdAt: now, updatedAt: now };
      await tx.query(insert, carrier.id, carrier.name, carrier.enabled, now).catch(nameTaken);
      markDirty(tx, 'carriers', ['all']);
      audit(tx, ctx, 'carrier.created', carrier.id, input);
      return carrier;
    });
  }
}

export const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'carrier_name_key')) throw error;
  throw new AppError(carrierErrors.nameTaken, undefined, {
    errors: [{ pointer: '/name', code: 'taken', detail: carrierErrors.nameTaken.title }],
  });
};
