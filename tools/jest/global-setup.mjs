// One throw-away PostgreSQL for the whole run and one migrated template in it, which each test file clones (@trunkline/testing); and one
// throw-away Redis for the specs that run on both kinds of queue.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../migrate.mjs';
import { startThrowAwayPostgres } from '../postgres.mjs';
import { startThrowAwayRedis } from '../redis.mjs';
import { ensureRoles } from '../roles.mjs';

const TEMPLATE = 'template_trunkline';

/** @returns `{adminUrl, appPassword, systemPassword, strategy, stop()}` */
async function preparePostgres() {
  const server = await startThrowAwayPostgres();
  try {
    const admin = new pg.Client({ connectionString: server.url('postgres') });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await admin.end();
    await migrate(server.url(TEMPLATE), 'prisma/migrations');
    const password = () => randomBytes(18).toString('base64url');
    const passwords = { appPassword: password(), systemPassword: password() };
    await ensureRoles(server.url(TEMPLATE), passwords);
    // measured: copying files wins in memory (19 ms to 29), writing through the log wins on disk (72 ms to 155)
    return { ...passwords, adminUrl: server.url('postgres'), strategy: server.inMemory ? 'FILE_COPY' : 'WAL_LOG', stop: server.stop };
  } catch (e) {
    await server.stop();
    throw e;
  }
}

/** Where there is no Redis the specs that need one fail, each by itself, and the others run. */
async function prepare() {
  const [postgres, redis] = await Promise.all([preparePostgres(), startThrowAwayRedis().catch(() => undefined)]);
  const stop = async () => {
    await redis?.stop();
    await postgres.stop();
  };
  return { ...postgres, redisUrl: redis?.url, stop };
}

/** Jest calls this once per project that names it; all of them share the servers. */
export default async function globalSetup() {
  globalThis.testDatabaseServer ??= await prepare();
  const { adminUrl, appPassword, systemPassword, strategy, redisUrl } = globalThis.testDatabaseServer;
  process.env.TEST_ADMIN_URL = adminUrl;
  process.env.TEST_APP_PASSWORD = appPassword;
  process.env.TEST_SYSTEM_PASSWORD = systemPassword;
  process.env.TEST_CLONE_STRATEGY = strategy;
  if (redisUrl) process.env.TEST_REDIS_URL = redisUrl;
}
