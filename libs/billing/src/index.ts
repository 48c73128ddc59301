export * from './core/billing-month.ts';
export * from './core/billing-hold.ts';
export * from './core/charges.ts';
export * from './core/errors.ts';
export * from './core/invoice-state.ts';
export * from './core/invoice.ts';
