import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ApplyPayment } from './apply-payment.ts';
import { CloseProcessor, CollectProcessor, PaymentsProcessor, SweepProcessor } from './billing.jobs.ts';
import { ChangePaymentMethod } from './change-payment-method.ts';
import { CloseMonth } from './close-month.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { InvoiceRunsController } from './invoice-runs.http.ts';
import { InvoicesController } from './invoices.http.ts';
import { PayInvoice } from './pay-invoice.ts';
import { PaymentAccounts } from './payment-accounts.ts';
import { PaymentMethodController } from './payment-method.http.ts';
import { PaymentProvider } from './payment-provider.ts';
import { ProcessPaymentEvent } from './process-payment-event.ts';
import { ReceiveWebhook } from './receive-webhook.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';
import { RunInvoices } from './run-invoices.ts';
import { StripeProvider } from './stripe-provider.ts';
import { StripeWebhooksController } from './stripe-webhooks.http.ts';
import { SweepBilling } from './sweep-billing.ts';
import { UpcomingInvoice } from './upcoming-invoice.ts';

/** `apiUrl` points at the Stripe emulator; absent, it is Stripe itself. */
export type BillingConfig = { readonly apiKey: string; readonly webhookSecret: string; readonly apiUrl?: string | undefined };

const useCases = [
  ApplyPayment,
  ChangePaymentMethod,
  CloseMonth,
  CollectInvoice,
  InvoiceQueries,
  PayInvoice,
  PaymentAccounts,
  ProcessPaymentEvent,
  ReceiveWebhook,
  ReviewBillingHold,
  RunInvoices,
  SweepBilling,
  UpcomingInvoice,
];
const controllers = [InvoicesController, InvoiceRunsController, PaymentMethodController, StripeWebhooksController];

const stripe = ({ apiKey, webhookSecret, apiUrl }: BillingConfig): StripeProvider => {
  if (apiUrl === undefined) return new StripeProvider({ apiKey, webhookSecret });
  const { protocol, hostname: host, port } = new URL(apiUrl);
  const secure = protocol === 'https:';
  return new StripeProvider({
    apiKey,
    webhookSecret,
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
    return {
      module: BillingModule,
      controllers,
      providers: [provider, CloseProcessor, CollectProcessor, PaymentsProcessor, SweepProcessor, ...useCases],
      exports: [provider, ...useCases],
    };
  }
}
