import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { systemContext, tenantContext } from '@trunkline/kernel';
import { charge } from '@trunkline/ledger';
import { post } from '@trunkline/ledger/server';
import { Database } from '@trunkline/platform';
import { CreateTenant, TenancyModule, TenantQueries } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase, startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator, TestDatabase } from '@trunkline/testing';
import { monthNamed } from '../core/billing-month.ts';
import { BillingModule } from './billing.module.ts';
import { ChangePaymentMethod } from './change-payment-method.ts';
import { CloseMonth } from './close-month.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { SweepBilling } from './sweep-billing.ts';

const folder = mkdtempSync(join(tmpdir(), 'sweep-billing-'));
const ADDRESS = { host: '127.0.60.4', port: 31_061, stateFile: join(folder, 'stripe.json') };
const ctx = systemContext('test');
const clock = new FakeClock('2026-11-20T10:00:00Z');
let database: TestDatabase;
let app: INestApplicationContext;
let emulator: StripeEmulator;
let tenantId: string;
let invoiceId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  emulator = await startStripeEmulator(ADDRESS);
  app = await createTestContext(
    database,
    [TenancyModule, BillingModule.of({ apiKey: 'sk_test_1', webhookSecret: 'whsec_test', apiUrl: emulator.url })],
    clock,
  );
});
afterAll(async () => {
  await app?.close();
  await emulator?.stop();
  await database?.drop();
  rmSync(folder, { recursive: true });
});

const stateOf = async () => (await app.get(InvoiceQueries).byId(ctx, tenantId, invoiceId)).state;
const holds = async () => (await app.get(TenantQueries).byId(ctx, tenantId)).holds.map(({ kind }) => kind);
const sweep = () => app.get(SweepBilling).execute();

describe('SweepBilling', () => {
  it('leaves an invoice alone that its job is still working at', async () => {
    const tenant = await app
      .get(CreateTenant)
      .execute(ctx, { name: 'T', country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null });
    tenantId = tenant.id;
    await app.get(ChangePaymentMethod).execute(tenantContext(tenantId, ctx.actor, 'req'), 'pm_card_visa');
    const head = { tenantId, currency: 'USD', month: clock.now(), postedAt: clock.now(), reference: 'calls' };
    await app.get(Database).tx(ctx, (tx) => post(tx, [charge('usage_outbound', head, 5_000_000_000n, { count: 1, seconds: 60 })]));
    clock.set('2026-12-01T00:00:00Z');
    invoiceId = (await app.get(CloseMonth).execute(ctx, tenantId, monthNamed('2026-11')))?.id ?? '';
    await sweep();
    expect(await stateOf()).toBe('open');
  });

  it('suspends a tenant whose invoice is overdue though the provider never answered', async () => {
    await emulator.stop();
    await expect(app.get(CollectInvoice).execute(tenantId, invoiceId, 0)).rejects.toMatchObject({ code: 'billing.provider_unavailable' });
    clock.set('2026-12-14T23:59:59Z');
    await sweep();
    expect([await stateOf(), await holds()]).toEqual(['open', []]);
    clock.set('2026-12-15T00:00:00Z');
    await sweep();
    expect([await stateOf(), await holds()]).toEqual(['open', ['billing']]);
  });

  it('hands the invoice over when the provider is back, and lifts the hold', async () => {
    emulator = await startStripeEmulator(ADDRESS);
    await sweep();
    expect([await stateOf(), await holds()]).toEqual(['paid', []]);
  });
});
