export { tenantsListening } from './server/endpoints.sql.ts';
export * from './server/fan-out-event.ts';
export * from './server/prune-webhooks.ts';
export { isPublicAddress } from './server/public-address.ts';
export * from './server/send-webhooks.ts';
export { faultOfUrl } from './server/webhook-url.ts';
export type { PostOptions } from './server/webhook-post.ts';
export * from './server/webhooks.module.ts';
