import { Injectable } from '@nestjs/common';
import type { SignedMessage } from '@trunkline/carriers/server';
import { Clock, notFound, systemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, publish } from '@trunkline/platform';
import { wakeAskedItem } from './number-orders.sql.ts';
import { NumberSuppliers } from './number-suppliers.ts';

export const SUPPLIER_HEARD = 'number_supplier.heard';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A supplier says that there is news of an order: it is asked for them now, not when its turn would come. What follows is what a look finds, either way. */
@Injectable()
export class ReceiveSupplierEvent {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly suppliers: NumberSuppliers,
  ) {}

  /** @throws AppError resource.not_found when there is no such supplier, carrier.bad_signature; nothing is written then */
  async execute(name: string, message: SignedMessage, requestId: string): Promise<void> {
    const now = this.clock.now();
    const supplier = this.suppliers.byName(name);
    if (!supplier) throw notFound();
    const reference = supplier.heard(message, now);
    if (reference === null || !UUID.test(reference)) return;
    await this.db.tx(systemContext('number supplier webhook', requestId), async (tx) => {
      if (await wakeAskedItem(tx, name, reference, now))
        publish(tx, { type: SUPPLIER_HEARD, tenantId: PLATFORM_TENANT_ID, data: { supplierReference: reference } });
    });
  }
}
