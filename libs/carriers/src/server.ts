export * from './server/carrier-queries.ts';
export * from './server/carriers.module.ts';
