export * from './server/bootstrap-operator.ts';
export * from './server/create-api-key.ts';
export * from './server/create-tenant.ts';
export * from './server/lift-hold.ts';
export * from './server/place-hold.ts';
export * from './server/tenancy.graphql.ts';
export * from './server/tenancy.module.ts';
export * from './server/tenant-queries.ts';
