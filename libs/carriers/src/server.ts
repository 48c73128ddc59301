export * from './server/carrier-queries.ts';
export * from './server/carriers.graphql.ts';
export * from './server/carriers.module.ts';
export * from './server/carriers.sql.ts';
export * from './server/number-supplier.ts';
export * from './server/number-supply.module.ts';
export * from './server/target-health-view.ts';
export { TelnyxSupplier } from './server/telnyx/telnyx-supplier.ts';
