import { Injectable } from '@nestjs/common';
import { Clock, invalidField, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { leaving, registeredAt } from '../core/emergency-registration.ts';
import type { EmergencyRegistration } from '../core/emergency-registration.ts';
import { lockAddress } from './emergency-addresses.sql.ts';
import {
  deleteWaiver,
  heldNumber,
  keptNumber,
  lockRegistration,
  readRegistration,
  readWaiver,
  saveRegistration,
  saveWaiver,
} from './emergency-registrations.sql.ts';
import type { EmergencyWaiver } from './emergency-registrations.sql.ts';

export const REGISTRATION_CHANGED = 'emergency_registration.changed';

/** What is known of where a number calls for help from. */
export type NumberEmergency = {
  readonly numberId: string;
  readonly registration: EmergencyRegistration | undefined;
  readonly waiver: EmergencyWaiver | undefined;
};

/** Which address a number calls for help from, or that it has none and the tenant knows. */
@Injectable()
export class EmergencyRegistrations {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found */
  of(ctx: TenantContext, numberId: string): Promise<NumberEmergency> {
    return this.db.read(ctx, async (tx) => {
      await heldNumber(tx, ctx.tenantId, numberId);
      return this.read(tx, ctx, numberId);
    });
  }

  /** Registers the number at an address, in place of the one it has. @throws AppError resource.not_found, request.invalid at /address_id, emergency_address.not_valid, emergency_registration.busy */
  register(ctx: TenantContext, numberId: string, addressId: string): Promise<NumberEmergency> {
    return this.db.tx(ctx, async (tx) => {
      await keptNumber(tx, ctx.tenantId, numberId);
      const address = await lockAddress(tx, ctx.tenantId, addressId);
      if (!address) throw invalidField('/address_id', 'unknown', 'No such address');
      const before = await lockRegistration(tx, ctx.tenantId, numberId);
      const registration = registeredAt(before, numberId, address, this.clock.now());
      if (registration !== before) {
        await this.change(tx, ctx, registration);
        audit(tx, ctx, 'emergency_registration.requested', numberId, { addressId, state: registration.state });
      }
      return this.read(tx, ctx, numberId);
    });
  }

  /** @throws AppError resource.not_found */
  async deregister(ctx: TenantContext, numberId: string): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      const e164 = await keptNumber(tx, ctx.tenantId, numberId);
      const before = await lockRegistration(tx, ctx.tenantId, numberId);
      if (!before) return; // done already
      const registration = leaving(before, this.clock.now());
      if (registration === before) return;
      await this.change(tx, ctx, registration);
      audit(tx, ctx, 'emergency_registration.removed', numberId, { from: before.state });
      markDirty(tx, 'number', [e164]);
    });
  }

  /** The tenant's word that it knows: its calls are let through without an address. @throws AppError resource.not_found */
  waive(ctx: TenantContext, numberId: string, signed: Omit<EmergencyWaiver, 'signedAt'>): Promise<NumberEmergency> {
    return this.db.tx(ctx, async (tx) => {
      const e164 = await keptNumber(tx, ctx.tenantId, numberId);
      await saveWaiver(tx, ctx.tenantId, numberId, { ...signed, signedAt: this.clock.now() });
      markDirty(tx, 'number', [e164]);
      audit(tx, ctx, 'emergency_waiver.signed', numberId, signed);
      publish(tx, { type: 'emergency_waiver.signed', tenantId: ctx.tenantId, data: { numberId } });
      return this.read(tx, ctx, numberId);
    });
  }

  /** @throws AppError resource.not_found */
  async withdrawWaiver(ctx: TenantContext, numberId: string): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      const e164 = await keptNumber(tx, ctx.tenantId, numberId);
      if (!(await deleteWaiver(tx, ctx.tenantId, numberId))) throw notFound();
      markDirty(tx, 'number', [e164]);
      audit(tx, ctx, 'emergency_waiver.withdrawn', numberId);
      publish(tx, { type: 'emergency_waiver.withdrawn', tenantId: ctx.tenantId, data: { numberId } });
    });
  }

  private async read(tx: Tx, { tenantId }: TenantContext, numberId: string): Promise<NumberEmergency> {
    return {
      numberId,
      registration: await readRegistration(tx, tenantId, numberId),
      waiver: await readWaiver(tx, tenantId, numberId),
    };
  }

  private async change(tx: Tx, ctx: TenantContext, registration: EmergencyRegistration): Promise<void> {
    const { numberId, state } = registration;
    await saveRegistration(tx, ctx.tenantId, registration);
    publish(tx, { type: REGISTRATION_CHANGED, tenantId: ctx.tenantId, data: { numberId, state, reason: null } });
  }
}
