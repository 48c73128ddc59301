import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';

/** Named secrets to look for. */
export type Secrets = Readonly<Record<string, string>>;
/** What was found where: the name of the secret, never the secret. */
export type Hit = { readonly secret: string; readonly place: string };

/** All ways in which a text may lie in a file or a dump: as it is, in hex (as Postgres writes bytes) and in both kinds of base64. */
const spellings = (secret: string): Buffer[] => {
  const bytes = Buffer.from(secret);
  const unpadded = (text: string) => text.replace(/=+$/, '').slice(0, -1); // what follows changes the last digit
  const texts = [
    secret,
    bytes.toString('hex'),
    unpadded(bytes.toString('base64')),
    unpadded(bytes.toString('base64url')),
    encodeURIComponent(secret),
  ];
  return [...new Set(texts)].map((text) => Buffer.from(text));
};

const search = (secrets: Secrets, place: string, content: Buffer): Hit[] =>
  Object.entries(secrets).flatMap(([secret, value]) => (spellings(value).some((s) => content.includes(s)) ? [{ secret, place }] : []));

/** Every file below a folder: logs, databases with their journals, whatever is there. */
export const findInFiles = (secrets: Secrets, folder: string): Hit[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) => search(secrets, relative(folder, file), readFileSync(file)));

/** Every row of every table, the queues' too, as text. */
export const findInDatabase = async (secrets: Secrets, ownerUrl: string): Promise<Hit[]> => {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const { rows: tables } = await owner.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const hits: Hit[] = [];
    for (const { name } of tables) {
      const { rows } = await owner.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      hits.push(...search(secrets, name, Buffer.from(rows.map((r) => r.row).join('\n'))));
    }
    return hits;
  } finally {
    await owner.end();
  }
};

/** Every key of a Redis database, as it is dumped. */
export const findInRedis = async (secrets: Secrets, url: string): Promise<Hit[]> => {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    const hits: Hit[] = [];
    for (const key of keys) hits.push(...search(secrets, `redis ${key}`, Buffer.concat([Buffer.from(key), await readKey(redis, key)])));
    return hits;
  } finally {
    redis.disconnect();
  }
};

// not DUMP: that may compress
const readKey = async (redis: Redis, key: string): Promise<Buffer> => {
  const readers: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, 0, '-1'),
    stream: () => redis.xrange(key, '-', '+'),
  };
  const value = await readers[await redis.type(key)]?.();
  return Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
};
