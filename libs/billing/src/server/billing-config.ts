import { z } from 'zod';
import { DEFAULT_DUNNING } from '../core/dunning.ts';
import type { DunningPolicy } from '../core/dunning.ts';

/** The policy of retries and holds, for injection. */
export const DUNNING = Symbol('DunningPolicy');

const DAYS_MAX = 90;
const attemptDays = z
  .string()
  .regex(/^\d{1,2}(,\d{1,2}){0,19}$/, 'must be days, e.g. 0,1,3,5,7')
  .transform((text) => text.split(',').map(Number))
  .refine((days) => days[0] === 0 && days.every((day, i) => i === 0 || day > (days[i - 1] ?? 0)), 'must begin with 0 and rise');

/** Settings of billing in the environment of whatever process has it. */
export const billingEnv = {
  STRIPE_API_KEY: z.string().min(1),
  STRIPE_API_URL: z.url().optional().describe('Only for the emulator'),
  STRIPE_WEBHOOK_SECRET: z.string().min(8),
  PAYMENT_RETURN_URL: z.url().optional().describe('Where a cardholder lands who has confirmed a payment'),
  DUNNING_ATTEMPT_DAYS: attemptDays.optional().describe('Days on which an unpaid invoice is tried; by default 0,1,3,5,7'),
  DUNNING_GRACE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(DAYS_MAX)
    .optional()
    .describe('Days from the first refusal to the billing hold; by default 0'),
  DUNNING_RESTRICTED_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(DAYS_MAX)
    .optional()
    .describe('Days for which the hold of an unpaid invoice stops only what the tenant places, before it stops all; by default 7'),
};
type BillingEnv = {
  readonly STRIPE_API_KEY: string;
  readonly STRIPE_API_URL?: string | undefined;
  readonly STRIPE_WEBHOOK_SECRET: string;
  readonly PAYMENT_RETURN_URL?: string | undefined;
  readonly DUNNING_ATTEMPT_DAYS?: readonly number[] | undefined;
  readonly DUNNING_GRACE_DAYS?: number | undefined;
  readonly DUNNING_RESTRICTED_DAYS?: number | undefined;
};

/** `apiUrl` points at the Stripe emulator; absent, it is Stripe itself. */
export type BillingConfig = {
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly apiUrl?: string | undefined;
  /** Where a cardholder lands who has confirmed a payment. */
  readonly returnUrl?: string | undefined;
  readonly dunning?: DunningPolicy;
};

export const billingConfig = (env: BillingEnv): BillingConfig => ({
  apiKey: env.STRIPE_API_KEY,
  apiUrl: env.STRIPE_API_URL,
  webhookSecret: env.STRIPE_WEBHOOK_SECRET,
  returnUrl: env.PAYMENT_RETURN_URL,
  dunning: {
    attemptDays: env.DUNNING_ATTEMPT_DAYS ?? DEFAULT_DUNNING.attemptDays,
    graceDays: env.DUNNING_GRACE_DAYS ?? DEFAULT_DUNNING.graceDays,
    restrictedDays: env.DUNNING_RESTRICTED_DAYS ?? DEFAULT_DUNNING.restrictedDays,
  },
});
