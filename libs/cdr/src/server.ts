export * from './server/cdr.graphql.ts';
export * from './server/cdr-intake.module.ts';
export * from './server/cdr.module.ts';
export * from './server/deck-cache.ts';
export * from './server/enforce-retention.ts';
export * from './server/rate-unrated.ts';
export * from './server/run-call-export.ts';
export * from './server/store-cdrs.ts';
