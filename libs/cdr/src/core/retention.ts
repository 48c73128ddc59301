/** How long a tenant's calls are kept, and their numbers whole, when it does not say: 90 days is what a bill may take to be disputed and paid. */
export const MASKED_AFTER_DAYS = 90;
const DAY_MS = 86_400_000;

/** What is decided about one tenant's calls; null: as the platform does. */
export type CallSettings = { readonly maskedAfterDays: number | null; readonly retentionDays: number | null };

export const daysBefore = (at: Date, days: number): Date => new Date(at.getTime() - days * DAY_MS);

/** The first instant of the oldest month that is kept, when `months` whole ones are beside the running one. */
export const keptSince = (now: Date, months: number): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
