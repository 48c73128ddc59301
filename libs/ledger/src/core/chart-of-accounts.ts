/** Where an account stands in the books: what we own or are owed (`asset`), what we earned (`revenue`), what rounding gave or took (`rounding`). */
export type AccountClass = 'asset' | 'revenue' | 'rounding';

/**
 * The chart of accounts. Every account exists per tenant and currency, and only `customer` has a materialised balance: one row of
 * operator revenue would be written by every posting of every tenant, the hottest row of the system.
 */
export const CHART_OF_ACCOUNTS = {
  customer: { class: 'asset', holds: 'What the tenant owes us; a credit balance is what we owe the tenant' },
  usage_revenue: { class: 'revenue', holds: 'Earned with calls' },
  recurring_revenue: { class: 'revenue', holds: 'Earned with channels and numbers, by the month' },
  setup_revenue: { class: 'revenue', holds: 'Earned when a channel or number is ordered' },
  stripe_clearing: { class: 'asset', holds: 'Collected by Stripe, not yet paid out to us' },
  rounding: { class: 'rounding', holds: 'Between exact charges and the whole minor units of invoices' },
} as const satisfies Record<string, { class: AccountClass; holds: string }>;

export type Account = keyof typeof CHART_OF_ACCOUNTS;

/** The revenue account of each category of charge. */
export const REVENUE_ACCOUNT = {
  usage: 'usage_revenue',
  recurring: 'recurring_revenue',
  setup: 'setup_revenue',
} as const satisfies Record<string, Account>;

export type ChargeCategory = keyof typeof REVENUE_ACCOUNT;
