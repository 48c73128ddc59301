import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { leaving, settled } from '../core/emergency-registration.ts';
import type { EmergencyRegistration } from '../core/emergency-registration.ts';
import { lockAddress } from './emergency-addresses.sql.ts';
import { EmergencyProvider } from './emergency-provider.ts';
import { anyNumber, deleteWaiver, lockRegistration, removeRegistration, saveRegistration } from './emergency-registrations.sql.ts';
import { REGISTRATION_CHANGED } from './emergency-registrations.ts';

const context = systemContext('register emergency address');
type Asked = { readonly registration: EmergencyRegistration; readonly e164: E164; readonly reference: string | null };

/** Makes a registration so at the provider. Reads what is wanted now, so it may run twice, late, or when all is done. */
@Injectable()
export class TellProvider {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly provider: EmergencyProvider,
  ) {}

  async execute(tenantId: string, numberId: string): Promise<void> {
    const asked = await this.db.tx(context, (tx) => this.wanted(tx, tenantId, numberId));
    if (!asked) return;
    const { registration, e164, reference } = asked;
    if (registration.state === 'deprovisioning') {
      await this.provider.unregister(e164);
      return this.settle(tenantId, asked, undefined);
    }
    const refusal = reference === null ? 'The address is gone' : await this.provider.register(e164, reference);
    await this.settle(tenantId, asked, settled(registration, refusal, this.clock.now()));
  }

  /** A number that was given back is nobody's place any more; a waiver for it is worth nothing. */
  async released(tenantId: string, numberId: string): Promise<void> {
    await this.db.tx(context, async (tx) => {
      await deleteWaiver(tx, tenantId, numberId);
      const before = await lockRegistration(tx, tenantId, numberId);
      if (!before) return;
      await saveRegistration(tx, tenantId, leaving(before, this.clock.now()));
      audit(tx, context, 'emergency_registration.removed', numberId, { tenantId, because: 'the number was released' });
    });
    await this.execute(tenantId, numberId);
  }

  private async wanted(tx: Tx, tenantId: string, numberId: string): Promise<Asked | undefined> {
    const registration = await lockRegistration(tx, tenantId, numberId);
    const e164 = await anyNumber(tx, tenantId, numberId);
    if (!registration || !e164 || registration.state === 'active' || registration.state === 'failed') return undefined;
    const address = await lockAddress(tx, tenantId, registration.nextAddressId ?? registration.addressId);
    return { registration, e164, reference: address?.providerReference ?? null };
  }

  /** Unless something else is wanted by now, which its own job sees to. */
  private settle(tenantId: string, { registration, e164 }: Asked, after: EmergencyRegistration | undefined): Promise<void> {
    return this.db.tx(context, async (tx) => {
      const { numberId } = registration;
      const now = await lockRegistration(tx, tenantId, numberId);
      if (now?.state !== registration.state || now.nextAddressId !== registration.nextAddressId) return;
      await (after ? saveRegistration(tx, tenantId, after) : removeRegistration(tx, tenantId, numberId));
      markDirty(tx, 'number', [e164]);
      const state = after?.state ?? 'none';
      audit(tx, context, 'emergency_registration.settled', numberId, { tenantId, state, reason: after?.reason ?? null });
      publish(tx, { type: REGISTRATION_CHANGED, tenantId, data: { numberId, state, reason: after?.reason ?? null } });
    });
  }
}
