export * from './server/ledger-queries.ts';
export * from './server/ledger.graphql.ts';
export * from './server/ledger.module.ts';
export * from './server/post.ts';
export * from './server/verify-balances.ts';
