import type { INestApplicationContext } from '@nestjs/common';
import { encodeCdrLine } from '@trunkline/edge-core';
import { tenantContext } from '@trunkline/kernel';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { EDGE_ID, seedTenants, tenantId } from '../test-support/seed-tenants.ts';
import { sentCall } from '../test-support/sent-call.ts';
import { CallQueries } from './call-queries.ts';
import { CdrIntakeModule } from './cdr-intake.module.ts';
import { CdrJobsModule } from './cdr.module.ts';
import { StoreCdrs } from './store-cdrs.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const ctx = tenantContext(tenantId(1), { type: 'system', id: 'test' }, 'req');

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await seedTenants(database.ownerUrl, 2);
  context = await createTestContext(database, [CdrIntakeModule, CdrJobsModule.of({ keptMonths: 13 })], new FakeClock(new Date(NOW)));
  const hours = Array.from({ length: 72 }, (_, n) => sentCall(`h${n}`, { startedAtMs: NOW - n * 3_600_000 }));
  const other = sentCall('other', { tenantId: tenantId(2), startedAtMs: NOW });
  await context.get(StoreCdrs).execute({ id: EDGE_ID }, [...hours, other].map(encodeCdrLine));
});
afterAll(async () => {
  await context?.close();
  await owner?.end();
  await database?.drop();
});

it('reads an export piece by piece, newest first, each call of the tenant once', async () => {
  const starts: number[] = [];
  for await (const piece of context.get(CallQueries).pieces(ctx, {}, 7)) {
    expect(piece.length).toBeLessThanOrEqual(7);
    starts.push(...piece.map((call) => call.startedAt.getTime()));
  }
  expect(starts).toEqual(Array.from({ length: 72 }, (_, n) => NOW - n * 3_600_000));
});

it('holds no transaction while nobody asks for the next piece', async () => {
  const pieces = context.get(CallQueries).pieces(ctx, {}, 7);
  await pieces.next();
  const { rows } = await owner.query(`SELECT state FROM pg_stat_activity WHERE usename = 'trunkline_app' AND datname = current_database()`);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row: { state: string }) => row.state !== 'idle')).toEqual([]);
  expect((await pieces.next()).value).toHaveLength(4); // the rest of the day: 11 calls from midnight to 10:00
  await pieces.return(undefined);
});
