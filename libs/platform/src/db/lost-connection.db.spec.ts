import { systemContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Database, sql } from './database.ts';

const system = systemContext('test');
const myPid = sql<{ pid: number }>('test-pid', 'SELECT pg_backend_pid() AS pid');

describe('a connection that the server cuts', () => {
  it('fails its transaction, not the process, and the next one works', async () => {
    const database = await createTestDatabase();
    const context = await createTestContext(database, []);
    const db = context.get(Database);
    const admin = new pg.Client({ connectionString: database.ownerUrl });
    await admin.connect();
    const cut = db.tx(system, async (tx) => {
      const [row] = await tx.query(myPid);
      await admin.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 200)); // as while another server is asked
      return tx.query(myPid);
    });
    await expect(cut).rejects.toThrow();
    expect(await db.tx(system, (tx) => tx.query(myPid))).toHaveLength(1);
    await admin.end();
    await context.close();
    await database.drop();
  });
});
