export { AcknowledgedWrites } from './acknowledged-writes.ts';
export type { WritesOptions } from './acknowledged-writes.ts';
export { LoadBalancer } from './load-balancer.ts';
export { startCrashingPostgres } from './crashing-postgres.ts';
export type { CrashingPostgres } from './crashing-postgres.ts';
export { startProgram } from './program.ts';
export type { Program } from './program.ts';
export { findInDatabase, findInFiles, findInRedis } from './find-secrets.ts';
export type { Hit, Secrets } from './find-secrets.ts';
