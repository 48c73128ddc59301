import { randomInt } from 'node:crypto';

/** The queue that a spec's jobs run on: of the Jest project `redis` a Redis, of the others the spec's own database. */
export type QueueUnderTest = {
  readonly kind: 'postgres' | 'redis';
  readonly redisUrl: string | undefined;
  /** The third part of an address 127.0.x.y or of a port, so that a spec does not meet itself when both run at once. */
  net(number: number): number;
};

const FIRST = 1; // database 0 is left alone: whoever forgets to choose gets an empty one
const DATABASES = 10_000;

/** Call it once in a spec file. In Redis it is a database by number of the run's server, emptied by nobody else. */
export const queueUnderTest = (): QueueUnderTest => {
  if (process.env['TEST_QUEUE'] !== 'redis') return { kind: 'postgres', redisUrl: undefined, net: (number) => number };
  const server = process.env['TEST_REDIS_URL'];
  if (server === undefined) throw new Error('there is no redis-server here, which this spec is to run on');
  return { kind: 'redis', redisUrl: `${server}/${randomInt(FIRST, DATABASES)}`, net: (number) => number + 100 };
};
