import type { INestApplicationContext } from '@nestjs/common';
import { fromMinor, newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { charge } from '@trunkline/ledger';
import { LedgerModule, LedgerQueries, post } from '@trunkline/ledger/server';
import { Database } from '@trunkline/platform';
import { effectiveState } from '@trunkline/tenancy';
import type { TenantState } from '@trunkline/tenancy';
import { CreateTenant, TenancyModule, TenantQueries } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase, startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator, StripeEmulatorOptions, TestDatabase } from '@trunkline/testing';
import Stripe from 'stripe';
import { monthNamed } from '../src/core/billing-month.ts';
import type { BillingConfig } from '../src/server/billing-config.ts';
import { BillingModule } from '../src/server/billing.module.ts';
import { ChangePaymentMethod } from '../src/server/change-payment-method.ts';
import { CloseMonth } from '../src/server/close-month.ts';
import { InvoiceQueries } from '../src/server/invoice-queries.ts';
import { ProcessPaymentEvent } from '../src/server/process-payment-event.ts';
import { ReceiveWebhook } from '../src/server/receive-webhook.ts';

export const ctx = systemContext('test');
const SECRET = 'whsec_test';

/** Billing on a real database, with a clock of the test's and the Stripe emulator, whose messages the test delivers itself. */
export class BillingWorld {
  readonly clock = new FakeClock('2026-11-20T10:00:00Z');
  private delivered = 0;
  readonly stripe: Stripe;

  private constructor(
    readonly app: INestApplicationContext,
    readonly emulator: StripeEmulator,
    private readonly database: TestDatabase,
  ) {
    const { host, port } = emulator;
    this.stripe = new Stripe('sk_test_1', { host, port, protocol: 'http', telemetry: false });
  }

  static async start(options: StripeEmulatorOptions, config: Partial<BillingConfig> = {}): Promise<BillingWorld> {
    const database = await createTestDatabase();
    const emulator = await startStripeEmulator(options);
    const billing = BillingModule.of({ apiKey: 'sk_test_1', webhookSecret: SECRET, apiUrl: emulator.url, ...config });
    const clock = new FakeClock('2026-11-20T10:00:00Z');
    const app = await createTestContext(database, [TenancyModule, LedgerModule, billing], clock);
    return Object.assign(new BillingWorld(app, emulator, database), { clock });
  }

  get db(): Database {
    return this.app.get(Database);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.emulator.stop();
    await this.database.drop();
  }

  async tenant(card?: string): Promise<{ id: string; own: TenantContext }> {
    const input = { name: 'T', country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
    const { id } = await this.app.get(CreateTenant).execute(ctx, input);
    const own = tenantContext(id, { type: 'system', id: 'test' }, 'req');
    if (card) await this.app.get(ChangePaymentMethod).execute(own, card);
    return { id, own };
  }

  /** The tenant's customer at the emulator. */
  async customer(tenantId: string): Promise<string> {
    const rows = await this.query<{ id: string }>(`SELECT provider_customer_id AS id FROM payment_account WHERE tenant_id = $1`, tenantId);
    return rows[0]?.id ?? '';
  }

  /** Charges the tenant for calls of a month. */
  async calls(tenantId: string, minor: bigint, day = this.clock.now()): Promise<void> {
    const head = { tenantId, currency: 'USD', month: day, postedAt: day, reference: newId() };
    await this.db.tx(ctx, (tx) => post(tx, [charge('usage_outbound', head, fromMinor(minor, 'USD'), { count: 1, seconds: 60 })]));
  }

  /** Charges for calls and closes their month, without waiting for its end. @returns the invoice's id */
  async invoice(tenantId: string, minor: bigint, month = '2026-11'): Promise<string> {
    await this.calls(tenantId, minor, new Date(`${month}-15T00:00:00Z`));
    const invoice = await this.app.get(CloseMonth).execute(ctx, tenantId, monthNamed(month));
    return invoice?.id ?? '';
  }

  invoiceOf(tenantId: string, id: string) {
    return this.app.get(InvoiceQueries).byId(ctx, tenantId, id);
  }

  async holds(tenantId: string): Promise<readonly string[]> {
    return (await this.app.get(TenantQueries).byId(ctx, tenantId)).holds.map(({ kind }) => kind);
  }

  async stateOf(tenantId: string): Promise<TenantState> {
    return effectiveState((await this.app.get(TenantQueries).byId(ctx, tenantId)).holds);
  }

  /** What the tenant owes, in minor units; a fraction is an error. */
  async owedMinor(own: TenantContext): Promise<number> {
    return Number((await this.app.get(LedgerQueries).balance(own)).owedNanos) / 10_000_000;
  }

  query<R extends object>(text: string, ...values: unknown[]): Promise<R[]> {
    return this.db.read(ctx, (tx) => tx.query<R>({ name: '', text }, ...values));
  }

  /** Messages that were not delivered yet, as the provider would send them. */
  newEvents(): { id: string; payload: string }[] {
    const { events } = this.emulator.state();
    const fresh = events.slice(this.delivered).map((event) => ({ id: event.id, payload: JSON.stringify(event) }));
    this.delivered = events.length;
    return fresh;
  }

  /** Receives a message and acts upon it, as often as it comes. */
  async deliver({ id, payload }: { id: string; payload: string }): Promise<void> {
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
    await this.app.get(ReceiveWebhook).execute(Buffer.from(payload), signature, 'req');
    await this.app.get(ProcessPaymentEvent).execute(id);
  }

  async deliverAll(): Promise<void> {
    for (const event of this.newEvents()) await this.deliver(event);
  }
}
