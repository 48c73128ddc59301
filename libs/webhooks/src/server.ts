export { tenantsListening } from './server/endpoints.sql.ts';
export * from './server/fan-out-event.ts';
export * from './server/prune-webhooks.ts';
export * from './server/send-webhooks.ts';
export type { PostOptions } from './server/webhook-post.ts';
export * from './server/webhook-changes.graphql.ts';
export * from './server/webhooks.graphql.ts';
export * from './server/webhooks.module.ts';
