import { Injectable } from '@nestjs/common';
import type { Context } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { TenantQueries } from '@trunkline/tenancy/server';
import { PaymentProvider } from './payment-provider.ts';

const find = sql<{ customerId: string }>(
  'payment-account',
  `SELECT provider_customer_id AS "customerId" FROM payment_account WHERE tenant_id = $1`,
);
// two requests may ask the provider at once: it answers both with the same customer
const insert = sql(
  'payment-account-insert',
  `INSERT INTO payment_account (tenant_id, provider_customer_id) VALUES ($1, $2) ON CONFLICT (tenant_id) DO NOTHING`,
);

/** Tenants as the payment provider knows them. */
@Injectable()
export class PaymentAccounts {
  constructor(
    private readonly db: Database,
    private readonly provider: PaymentProvider,
    private readonly tenants: TenantQueries,
  ) {}

  /** The tenant's customer id at the provider, made when there is none. Asks the provider outside any transaction. */
  async customerOf(ctx: Context, tenantId: string): Promise<string> {
    const [account] = await this.db.read(ctx, (tx) => tx.query(find, tenantId));
    if (account) return account.customerId;
    const { name } = await this.tenants.byId(ctx, tenantId);
    const customerId = await this.provider.ensureCustomer({ tenantId, name });
    await this.db.tx(ctx, (tx) => tx.query(insert, tenantId, customerId));
    return customerId;
  }
}
