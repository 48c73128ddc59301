import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound, pageOf, positionOf, systemContext } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import { judged, openAddress } from '../core/emergency-address.ts';
import type { CivicAddress, EmergencyAddress } from '../core/emergency-address.ts';
import { emergencyErrors } from '../core/errors.ts';
import {
  insertAddress,
  isAddressUsed,
  listAddresses,
  lockAddress,
  readAddress,
  removeAddress,
  saveVerdict,
} from './emergency-addresses.sql.ts';
import { EmergencyProvider } from './emergency-provider.ts';

const context = systemContext('validate emergency address');
export const ADDRESS_CREATED = 'emergency_address.created';
/** Where help may be sent. Addresses do not change: another place, or a better spelling, is another address. */
@Injectable()
export class EmergencyAddresses {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid */
  create(ctx: TenantContext, civic: CivicAddress): Promise<EmergencyAddress> {
    return this.db.tx(ctx, async (tx) => {
      const address = openAddress(newId(), civic, this.clock.now());
      await insertAddress(tx, ctx.tenantId, address);
      audit(tx, ctx, 'emergency_address.created', address.id, { country: civic.country });
      publish(tx, { type: ADDRESS_CREATED, tenantId: ctx.tenantId, data: { emergencyAddressId: address.id } });
      return address;
    });
  }

  /** Newest first. */
  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<EmergencyAddress>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listAddresses(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<EmergencyAddress> {
    return this.db.read(ctx, (tx) => readAddress(tx, ctx.tenantId, id));
  }

  /** @throws AppError resource.not_found, emergency_address.in_use */
  async delete(ctx: TenantContext, id: string): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      if (!(await lockAddress(tx, ctx.tenantId, id))) throw notFound();
      if (await isAddressUsed(tx, ctx.tenantId, id)) throw new AppError(emergencyErrors.addressInUse);
      await removeAddress(tx, ctx.tenantId, id, this.clock.now());
      audit(tx, ctx, 'emergency_address.deleted', id);
      publish(tx, { type: 'emergency_address.deleted', tenantId: ctx.tenantId, data: { emergencyAddressId: id } });
    });
  }
}

/** Asks the provider whether an address is one. Nothing is open while it thinks. */
@Injectable()
export class ValidateAddress {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: EmergencyProvider,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const asked = await this.db.tx(context, (tx) => lockAddress(tx, tenantId, id));
    if (asked?.state !== 'validating') return;
    const verdict = await this.provider.validate(asked);
    await this.db.tx(context, async (tx) => {
      const before = await lockAddress(tx, tenantId, id);
      if (before?.state !== 'validating') return;
      const address = judged(before, verdict, this.clock.now());
      await saveVerdict(tx, tenantId, address);
      audit(tx, context, 'emergency_address.validated', id, { tenantId, state: address.state, reason: address.reason });
      const data = { emergencyAddressId: id, state: address.state, reason: address.reason };
      publish(tx, { type: 'emergency_address.validated', tenantId, data });
    });
  }
}
