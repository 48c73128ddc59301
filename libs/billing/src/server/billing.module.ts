import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DEFAULT_DUNNING } from '../core/dunning.ts';
import { DUNNING } from './billing-config.ts';
import type { BillingConfig } from './billing-config.ts';
import {
  BalanceProcessor,
  CardsProcessor,
  CloseProcessor,
  CollectProcessor,
  CreditNotesProcessor,
  PaymentsProcessor,
  ReconcileProcessor,
  SweepProcessor,
} from './billing.jobs.ts';
import { ApplyCardPayment } from './apply-card-payment.ts';
import { ApplyCreditNote } from './apply-credit-note.ts';
import { ApplyDispute } from './apply-dispute.ts';
import { ApplyNews } from './apply-news.ts';
import { ApplyPayment } from './apply-payment.ts';
import { BillingModeController, BillingSettingsController } from './billing-settings.http.ts';
import { ChangeBillingSettings } from './change-billing-settings.ts';
import { ChangePaymentMethod } from './change-payment-method.ts';
import { ChargeTopUp } from './charge-top-up.ts';
import { CloseMonth } from './close-month.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { CreditNoteQueries } from './credit-note-queries.ts';
import { CreditNotesController } from './credit-notes.http.ts';
import { ExpireTopUp } from './expire-top-up.ts';
import { HandOverCreditNotes } from './hand-over-credit-notes.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { InvoiceRunsController } from './invoice-runs.http.ts';
import { InvoicesController } from './invoices.http.ts';
import { IssueCreditNote } from './issue-credit-note.ts';
import { PayInvoice } from './pay-invoice.ts';
import { PaymentAccounts } from './payment-accounts.ts';
import { PaymentMethodController } from './payment-method.http.ts';
import { PaymentProvider } from './payment-provider.ts';
import { ProcessPaymentEvent } from './process-payment-event.ts';
import { ReceiveWebhook } from './receive-webhook.ts';
import { Reconcile } from './reconcile.ts';
import { ReconciliationQueries } from './reconciliation-queries.ts';
import { ReconciliationsController } from './reconciliations.http.ts';
import { RefundQueries } from './refund-queries.ts';
import { DisputesController, InvoiceRefundsController, RefundsController } from './refunds.http.ts';
import { RequestRefund } from './request-refund.ts';
import { RequestTopUp } from './request-top-up.ts';
import { ResumeCollection } from './resume-collection.ts';
import { ReviewBalance } from './review-balance.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';
import { RunInvoices } from './run-invoices.ts';
import { SendRefund } from './send-refund.ts';
import { StripeProvider } from './stripe-provider.ts';
import { StripeWebhooksController } from './stripe-webhooks.http.ts';
import { SweepBilling } from './sweep-billing.ts';
import { TopUpQueries } from './top-up-queries.ts';
import { TopUpsController } from './top-ups.http.ts';
import { UpcomingInvoice } from './upcoming-invoice.ts';

/** Where a cardholder lands when nothing else was configured: a page that is there. */
const RETURN_URL = 'https://stripe.com';

const useCases = [
  ApplyCardPayment,
  ApplyCreditNote,
  ApplyDispute,
  ApplyNews,
  ApplyPayment,
  ChangeBillingSettings,
  ChangePaymentMethod,
  ChargeTopUp,
  CloseMonth,
  CollectInvoice,
  CreditNoteQueries,
  ExpireTopUp,
  HandOverCreditNotes,
  InvoiceQueries,
  IssueCreditNote,
  PayInvoice,
  PaymentAccounts,
  ProcessPaymentEvent,
  ReceiveWebhook,
  Reconcile,
  ReconciliationQueries,
  RefundQueries,
  RequestRefund,
  RequestTopUp,
  ResumeCollection,
  ReviewBalance,
  ReviewBillingHold,
  RunInvoices,
  SendRefund,
  SweepBilling,
  TopUpQueries,
  UpcomingInvoice,
];
const controllers = [
  InvoicesController,
  InvoiceRunsController,
  PaymentMethodController,
  StripeWebhooksController,
  BillingModeController,
  BillingSettingsController,
  CreditNotesController,
  DisputesController,
  InvoiceRefundsController,
  ReconciliationsController,
  RefundsController,
  TopUpsController,
];
const processors = [
  BalanceProcessor,
  CardsProcessor,
  CloseProcessor,
  CollectProcessor,
  CreditNotesProcessor,
  PaymentsProcessor,
  ReconcileProcessor,
  SweepProcessor,
];

const stripe = ({ apiKey, webhookSecret, apiUrl, returnUrl = RETURN_URL }: BillingConfig): StripeProvider => {
  if (apiUrl === undefined) return new StripeProvider({ apiKey, webhookSecret, returnUrl });
  const { protocol, hostname: host, port } = new URL(apiUrl);
  const secure = protocol === 'https:';
  return new StripeProvider({
    apiKey,
    webhookSecret,
    returnUrl,
    host,
    port: Number(port || (secure ? 443 : 80)),
    protocol: secure ? 'https' : 'http',
  });
};

/** Invoices and their collection. Needs the tenancy module. Where jobs are worked, invoices are collected and payment events acted upon. */
@Module({})
export class BillingModule {
  static of(config: BillingConfig): DynamicModule {
    const provider = { provide: PaymentProvider, useFactory: () => stripe(config) };
    const dunning = { provide: DUNNING, useValue: config.dunning ?? DEFAULT_DUNNING };
    return {
      module: BillingModule,
      controllers,
      providers: [provider, dunning, ...processors, ...useCases],
      exports: [provider, dunning, ...useCases],
    };
  }
}
