import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, PLATFORM_TENANT_ID, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { ProviderInvoice, ProviderNews, ProviderPayment } from '../core/provider-news.ts';
import { differences, healed } from '../core/reconciliation.ts';
import type { Facts } from '../core/reconciliation.ts';
import { ApplyNews } from './apply-news.ts';
import { PaymentProvider } from './payment-provider.ts';
import {
  closeGone,
  ourInvoice,
  ourProviderIds,
  ourRefund,
  ourTopUp,
  saveMadeUp,
  saveOpen,
  theirInvoice,
  theirRefund,
  theirTopUp,
} from './reconciliation.sql.ts';
import type { ReconciledObject } from './reconciliation.sql.ts';

/** How a run ended, in differences. */
export type ReconciliationRun = { readonly compared: number; readonly healed: number; readonly open: number };
/** One object: what the provider says of it, how we look at our side, and the news to take over. */
type Comparison = {
  readonly object: ReconciledObject;
  readonly theirs: Facts | undefined;
  readonly ours: (tx: Tx) => Promise<Facts | undefined>;
  readonly news?: ProviderNews;
};

/** How far back everything is compared; what is not settled is, whatever its age. */
export const RECONCILE_DAYS = 7;
const ctx = systemContext('reconcile payments');

/**
 * Compares what the payment provider has with what we have. What is only a lost message is made up for; what still differs then is kept for the operator
 * to look at.
 */
@Injectable()
export class Reconcile {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly provider: PaymentProvider,
    private readonly apply: ApplyNews,
  ) {}

  /** @throws AppError billing.provider_unavailable; what was compared until then is kept */
  async execute(): Promise<ReconciliationRun> {
    const at = this.clock.now();
    const since = new Date(at.getTime() - RECONCILE_DAYS * 86_400_000);
    const ids = await this.db.read(ctx, (tx) => ourProviderIds(tx, since));
    const invoices = await withMissing(await this.provider.invoicesSince(since), 'providerInvoiceId', ids.invoices, (id) =>
      this.provider.fetchInvoice(id),
    );
    const payments = await withMissing(await this.provider.paymentsSince(since), 'providerPaymentId', ids.payments, (id) =>
      this.provider.fetchPayment(id),
    );
    const all = [
      ...invoices.found.map(ofInvoice),
      ...payments.found.flatMap(ofPayment),
      ...invoices.gone.map(gone('invoice')),
      ...payments.gone.map(gone('payment')),
    ];
    const run = { compared: all.length, healed: 0, open: 0 };
    for (const comparison of all) {
      const result = await this.compare(comparison, at);
      run.healed += result.healed;
      run.open += result.open;
    }
    await this.db.tx(ctx, (tx) => closeGone(tx, at));
    return run;
  }

  private async compare({ object, theirs, ours, news }: Comparison, at: Date): Promise<{ healed: number; open: number }> {
    const look = async () => differences(await this.db.read(ctx, ours), theirs);
    const before = await look();
    if (news) await this.apply.execute(ctx, news).catch((err: unknown) => this.log.error({ ...object, err }, 'news not taken over'));
    const after = news ? await look() : before;
    const madeUp = healed(before, after);
    if (madeUp.length + after.length === 0) return { healed: 0, open: 0 };
    await this.db.tx(ctx, async (tx) => {
      for (const difference of madeUp) await saveMadeUp(tx, object, difference, at);
      for (const difference of after) {
        const data = { object_type: object.type, object_id: object.id, ...difference };
        if (await saveOpen(tx, object, difference, at))
          publish(tx, { type: 'reconciliation.difference_found', tenantId: PLATFORM_TENANT_ID, data });
      }
    });
    return { healed: madeUp.length, open: after.length };
  }
}

/** Adds what we know and the list does not have; `gone` are those that the provider does not know. */
const withMissing = async <K extends string, T extends { readonly [key in K]: string }>(
  listed: readonly T[],
  key: K,
  wanted: readonly string[],
  fetch: (id: string) => Promise<T | undefined>,
): Promise<{ found: T[]; gone: string[] }> => {
  const found = [...listed];
  const known = new Set<string>(listed.map((item) => item[key]));
  const gone: string[] = [];
  for (const id of wanted.filter((id) => !known.has(id))) {
    const item = await fetch(id);
    if (item) found.push(item);
    else gone.push(id);
  }
  return { found, gone };
};

const gone =
  (type: ReconciledObject['type']) =>
  (id: string): Comparison => ({ object: { type, id }, theirs: undefined, ours: async () => ({ provider_id: id }) });

const ofInvoice = (invoice: ProviderInvoice): Comparison => ({
  object: { type: 'invoice', id: invoice.providerInvoiceId },
  theirs: theirInvoice(invoice),
  ours: (tx) => ourInvoice(tx, invoice),
  news: { kind: 'invoice', invoice },
});

/** The payment of an invoice is looked at with its invoice; its refunds are looked at here. A payment of nobody's that failed is nothing. */
const ofPayment = (payment: ProviderPayment): Comparison[] => {
  const { paidFor, refunds } = payment;
  const news = { kind: 'payment', payment } as const;
  if (!paidFor && payment.receivedMinor === 0n) return [];
  const itself: Comparison = {
    object: { type: 'payment', id: payment.providerPaymentId },
    theirs: theirTopUp(payment),
    ours: async (tx) => (paidFor ? ourTopUp(tx, paidFor) : undefined),
    news,
  };
  const given = refunds.map((refund): Comparison => ({
    object: { type: 'refund', id: refund.providerRefundId },
    theirs: theirRefund(refund),
    ours: async (tx) => (paidFor ? ourRefund(tx, paidFor.tenantId, refund) : undefined),
    news,
  }));
  // refunds first: taking over the payment takes over all of them
  return paidFor?.kind === 'invoice' ? given : [...given, itself];
};
