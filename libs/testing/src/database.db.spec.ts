import pg from 'pg';
import { createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';

const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
};

describe('a test database', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('is migrated', async () => {
    const rows = await query(db.ownerUrl, 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL');
    expect(rows.length).toBeGreaterThan(0);
  });

  it('lets both roles in, neither of them as superuser', async () => {
    const who = 'SELECT current_user AS name, rolsuper FROM pg_roles WHERE rolname = current_user';
    expect(await query(db.appUrl, who)).toEqual([{ name: 'trunkline_app', rolsuper: false }]);
    expect(await query(db.systemUrl, who)).toEqual([{ name: 'trunkline_system', rolsuper: false }]);
  });

  it('gives the queue to the system role alone', async () => {
    expect(await query(db.systemUrl, 'SELECT count(*)::int > 0 AS migrated FROM bullmq.migration')).toEqual([{ migrated: true }]);
    await expect(query(db.appUrl, 'SELECT 1 FROM bullmq.migration')).rejects.toThrow('permission denied for schema bullmq');
  });

  it('is not the database of another file', async () => {
    const other = await createTestDatabase();
    await query(other.ownerUrl, 'CREATE TABLE mine (id int)');
    await expect(query(db.ownerUrl, 'SELECT 1 FROM mine')).rejects.toThrow('does not exist');
    await other.drop();
  });
});
