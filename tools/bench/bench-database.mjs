// A PostgreSQL for a benchmark: thrown away after it, but durable while it runs, since that is what an installation pays for.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { migrate } from '../migrate.mjs';
import { startPostgres } from '../postgres.mjs';
import { ensureRoles } from '../roles.mjs';

const BASE = '/var/tmp'; // a disk: /tmp may be memory

/**
 * Starts a server with fsync, synchronous commits and full page writes as they are by default, and a migrated database in it.
 * @returns `{ownerUrl, appUrl, systemUrl, stop()}`
 */
export async function startBenchDatabase({ flags = [] } = {}) {
  const dir = mkdtempSync(join(BASE, 'trunkline-bench-'));
  chmodSync(dir, 0o755); // the service user must be able to enter
  const server = await startPostgres({ dir, flags: ['max_wal_size=4GB', ...flags] });
  const stop = async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
    if (!server.home.startsWith(dir)) rmSync(dirname(server.home), { recursive: true, force: true });
  };
  try {
    await run(server.url('postgres'), 'CREATE DATABASE bench');
    const ownerUrl = server.url('bench');
    await migrate(ownerUrl, 'prisma/migrations');
    return { ownerUrl, ...(await ensureRoles(ownerUrl, { appPassword: 'bench', systemPassword: 'bench' })), stop };
  } catch (e) {
    await stop();
    throw e;
  }
}

async function run(url, text) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
