export * from './core/chart-of-accounts.ts';
export * from './core/errors.ts';
export * from './core/posting.ts';
