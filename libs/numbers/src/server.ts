export * from './server/import-numbers.ts';
export * from './server/inventory-queries.ts';
export * from './server/number-queries.ts';
export * from './server/numbers.module.ts';
export * from './server/order-number.ts';
export * from './server/release-number.ts';
export * from './server/sweep-quarantine.ts';
export * from './server/update-number.ts';
