import { Injectable } from '@nestjs/common';
import { EmergencyRegistrations } from '@trunkline/emergency/server';
import { isNamedIn } from '@trunkline/identity';
import { CallerNames } from '@trunkline/identity/server';
import { AppError, Clock } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { portingContext } from './porting-context.ts';
import { lockPort } from './ports.sql.ts';
import { recordPort } from './record-port.ts';

type Settling = {
  readonly orderId: string;
  readonly e164: string;
  readonly country: string | null;
  readonly emergencyAddressId: string | null;
  readonly callerName: string | null;
};

const find = sql<Settling>(
  'port-number-settling',
  `SELECT n.order_id AS "orderId", n.e164, o.country, p.emergency_address_id AS "emergencyAddressId", p.caller_name AS "callerName"
   FROM port_number n JOIN port_order o ON o.tenant_id = n.tenant_id AND o.id = n.order_id
   JOIN port_project p ON p.tenant_id = o.tenant_id AND p.id = o.project_id WHERE n.tenant_id = $1 AND n.id = $2`,
);

/** A number that came has its place for emergency calls and its name from now on: its losing carrier takes away what it had there. May run twice. */
@Injectable()
export class SettlePortedNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly registrations: EmergencyRegistrations,
    private readonly names: CallerNames,
  ) {}

  async execute(tenantId: string, numberId: string): Promise<void> {
    const ctx = portingContext(tenantId);
    const [number] = await this.db.read(ctx, (tx) => tx.query(find, tenantId, numberId));
    if (!number) return; // it came by itself
    const { emergencyAddressId: address, callerName: name, country } = number;
    await this.attempt(tenantId, number, async () => {
      if (address === null || (await this.registrations.of(ctx, numberId)).registration) return; // somebody chose another since
      await this.registrations.register(ctx, numberId, address);
    });
    await this.attempt(tenantId, number, async () => {
      if (name === null || !isNamedIn(country ?? '') || (await this.names.of(ctx, numberId))) return;
      await this.names.request(ctx, numberId, name);
    });
  }

  /** What is refused stays undone, and its tenant is told: nobody else can mend it. */
  private async attempt(tenantId: string, { orderId, e164 }: Settling, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const ctx = portingContext(tenantId);
      const data = { reason: error.message };
      await this.db.tx(ctx, async (tx) => {
        const port = await lockPort(tx, tenantId, orderId);
        await recordPort(tx, ctx, port, [{ event: 'left_undone', numbers: [e164], data }], this.clock.now());
      });
    }
  }
}
