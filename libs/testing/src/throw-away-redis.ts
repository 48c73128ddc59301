// @ts-expect-error: plain JavaScript without declarations
// eslint-disable-next-line @nx/enforce-module-boundaries -- the one that Jest's set-up starts, too
import { startThrowAwayRedis as start } from '../../../tools/redis.mjs';

/** A Redis of a test's own, to be killed or misconfigured. `kill` is as a crash would be: it keeps nothing. */
export type ThrowAwayRedis = { readonly url: string; readonly port: number; kill(): Promise<void>; stop(): Promise<void> };

/** @param options port: to come back where it was; flags: as on redis-server's command line */
export const startThrowAwayRedis = (options?: { port?: number; flags?: readonly string[] }): Promise<ThrowAwayRedis> =>
  (start as (o?: object) => Promise<ThrowAwayRedis>)(options);
