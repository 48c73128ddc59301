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
  refunds_given: { class: 'revenue', holds: 'Given back of what was earned, without a credit note' },
  stripe_clearing: { class: 'asset', holds: 'Collected by Stripe, not yet paid out to us' },
  disputes: { class: 'asset', holds: 'Withdrawn by Stripe while a dispute is open' },
  rounding: { class: 'rounding', holds: 'Between exact charges and the whole minor units of invoices' },
} as const satisfies Record<string, { class: AccountClass; holds: string }>;

export type Account = keyof typeof CHART_OF_ACCOUNTS;

/** What a tenant is charged for, and the account that earns it. An invoice has one line for each. */
export const CHARGES = {
  usage_outbound: 'usage_revenue',
  usage_inbound: 'usage_revenue',
  usage_metered: 'usage_revenue',
  recurring_channel: 'recurring_revenue',
  recurring_number: 'recurring_revenue',
  setup_channel: 'setup_revenue',
  setup_number: 'setup_revenue',
} as const satisfies Record<string, Account>;

export type ChargeKind = keyof typeof CHARGES;
export const CHARGE_KINDS = Object.keys(CHARGES) as ChargeKind[];
