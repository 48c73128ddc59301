// Applies prisma/migrations under the advisory lock that `prisma migrate` takes and keeps its ledger (the same table and
// checksums), so that both tools can take turns on one database.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runMigrations } from 'bullmq';
import pg from 'pg';

const PRISMA_LOCK = 72707369;
const LEDGER = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** The migrations of a folder in order: `{name, sql, checksum}` (hex SHA-256 of the file, as Prisma keeps it). */
export function readMigrations(dir) {
  const names = readdirSync(dir).filter((name) => existsSync(join(dir, name, 'migration.sql')));
  return names.sort().map((name) => {
    const sql = readFileSync(join(dir, name, 'migration.sql'));
    return { name, sql: sql.toString('utf8'), checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * Which of the folder's migrations are still to run, given the ledger's rows `{migration_name, checksum, finished_at}`.
 * @throws when the two disagree: a migration that failed, was edited after it ran, or is not in the folder
 */
export function pendingMigrations(migrations, ledger) {
  const known = new Map(migrations.map((m) => [m.name, m]));
  for (const row of ledger) {
    const name = row.migration_name;
    if (!known.has(name)) throw new Error(`migration ${name} is in the database but not in the folder: is this an older checkout?`);
    if (!row.finished_at) throw new Error(`migration ${name} failed earlier: repair it, then mark it rolled back`);
    if (row.checksum !== known.get(name).checksum) throw new Error(`migration ${name} was edited after it was applied`);
  }
  const done = new Set(ledger.map((row) => row.migration_name));
  return migrations.filter((m) => !done.has(m.name));
}

async function apply(db, { name, sql, checksum }) {
  const id = randomUUID();
  await db.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [id, checksum, name]);
  try {
    await db.query(sql); // one simple query is one implicit transaction
  } catch (e) {
    await db.query('ROLLBACK');
    await db.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, String(e.stack)]);
    throw new Error(`migration ${name}: ${e.message}`, { cause: e });
  }
  await db.query('UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1', [id]);
}

/** The queue's own tables, in the schema `bullmq`; only the system role works with jobs. */
async function migrateQueues(db) {
  await runMigrations(db);
  await db.query(`GRANT USAGE ON SCHEMA bullmq TO trunkline_system;
    GRANT ALL ON ALL TABLES IN SCHEMA bullmq TO trunkline_system;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA bullmq TO trunkline_system;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bullmq TO trunkline_system`);
}

/**
 * Brings the database at `url` (its owner's) up to date. Of several at once exactly one applies each migration.
 * @returns the names it applied
 */
export async function migrate(url, dir) {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    await db.query(`SET client_min_messages = warning; SELECT pg_advisory_lock(${PRISMA_LOCK})`); // ends with the connection
    await db.query(LEDGER);
    const { rows } = await db.query('SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL');
    const pending = pendingMigrations(readMigrations(dir), rows);
    for (const migration of pending) await apply(db, migration);
    await migrateQueues(db);
    return pending.map((m) => m.name);
  } finally {
    await db.end();
  }
}
