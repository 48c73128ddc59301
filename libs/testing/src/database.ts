import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of its own for one test file, with the three ways in: as owner (no row-level security), as app, as system. */
export interface TestDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  /** Removes the database, cutting off whoever is still connected. */
  drop(): Promise<void>;
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is unset: this spec belongs to a Jest project that starts the database`);
  return value;
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: setting('TEST_ADMIN_URL') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function urlOf(database: string, login?: { username: string; password: string }): string {
  return Object.assign(new URL(setting('TEST_ADMIN_URL')), { pathname: `/${database}`, ...login }).href;
}

/** Clones the migrated template, in about 20 ms. Call it in `beforeAll`, and `drop()` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE template_trunkline STRATEGY ${setting('TEST_CLONE_STRATEGY')}`);
  return {
    ownerUrl: urlOf(name),
    appUrl: urlOf(name, { username: 'trunkline_app', password: setting('TEST_APP_PASSWORD') }),
    systemUrl: urlOf(name, { username: 'trunkline_system', password: setting('TEST_SYSTEM_PASSWORD') }),
    drop: () => asAdmin(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}
