import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import { Database, DocumentVault, DocumentsModule } from '@trunkline/platform';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { ErasePortDocuments } from './erase-port-documents.ts';
import { ownerOf } from './keep-document.ts';
import { listPapers } from './port-documents.sql.ts';
import { PortPapersJobsModule } from './port-papers.module.ts';
import type { PortInState } from '../core/port-in-machine.ts';

let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
const dir = mkdtempSync(join(tmpdir(), 'port-documents-'));
const clock = new FakeClock('2026-11-26T10:00:00Z');
const [ann, bob] = [newId(), newId()];

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [DocumentsModule.of({ DOCUMENTS_DIR: dir }), PortPapersJobsModule], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  for (const id of [ann, bob])
    await owner.query(
      `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, 'T', 'US', 'USD', now(), now())`,
      [id],
    );
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
  rmSync(dir, { recursive: true, force: true });
});

/** A document of an order that came to a state when it did. */
const document = async (tenantId: string, state: PortInState, since: string): Promise<string> => {
  const [project, order, id] = [newId(), newId(), newId()];
  await owner.query(`INSERT INTO port_project (tenant_id, id, created_by, created_at) VALUES ($1, $2, 'test', now())`, [tenantId, project]);
  await owner.query(
    `INSERT INTO port_order (tenant_id, id, project_id, state, state_since, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5, $5)`,
    [tenantId, order, project, state, since],
  );
  const { contentHash } = await app.get(DocumentVault).examine(Buffer.from(`%PDF-${id}`), 'application/pdf');
  await app.get(DocumentVault).put(ownerOf(tenantId, id), id, Buffer.from(`%PDF-${id}`));
  await owner.query(
    `INSERT INTO port_document (tenant_id, id, order_id, kind, file_name, media_type, byte_count, content_hash, dated_at, scanned_by, created_at)
     VALUES ($1, $2, $3, 'bill', 'b.pdf', 'application/pdf', 9, $4, $5, 'test', $5)`,
    [tenantId, id, order, contentHash, since],
  );
  return id;
};

it('erases bytes a year after the end of their order, and what a removal left behind; the rows stay', async () => {
  const old = await document(ann, 'completed', '2025-11-26T09:59:00Z');
  const removed = await document(ann, 'ready', '2026-11-20T10:00:00Z');
  await owner.query(`UPDATE port_document SET removed_at = now() WHERE id = $1`, [removed]);
  const kept = [
    await document(ann, 'completed', '2025-11-26T10:01:00Z'),
    await document(ann, 'exception', '2020-01-01T00:00:00Z'), // not at its end
    await document(bob, 'cancelled', '2026-11-01T00:00:00Z'),
  ];
  expect(await app.get(ErasePortDocuments).execute()).toBe(2);
  expect(readdirSync(dir).sort()).toEqual([...kept].sort());
  const { rows } = await owner.query(`SELECT id FROM port_document WHERE erased_at IS NOT NULL ORDER BY id`);
  expect(rows.map((r) => r.id)).toEqual([old, removed].sort());
  expect(await app.get(ErasePortDocuments).execute()).toBe(0);
});

it('goes on where it was killed: bytes that are gone already are no fault', async () => {
  const id = await document(bob, 'expired', '2024-01-01T00:00:00Z');
  rmSync(join(dir, id));
  expect(await app.get(ErasePortDocuments).execute()).toBe(1);
});

it('shows a tenant no document of another, and binds bytes to their row', async () => {
  const id = await document(ann, 'ready', '2026-11-20T10:00:00Z');
  const { rows } = await owner.query(`SELECT order_id, content_hash FROM port_document WHERE id = $1`, [id]);
  const as = tenantContext(bob, { type: 'api_key', id: newId() }, 'req_test');
  expect(await app.get(Database).read(as, (tx) => listPapers(tx, ann, [rows[0].order_id]))).toEqual([]);
  expect(await app.get(Database).read(systemContext('test'), (tx) => listPapers(tx, ann, [rows[0].order_id]))).toHaveLength(1);
  const vault = app.get(DocumentVault);
  await expect(vault.get(ownerOf(bob, id), id, rows[0].content_hash)).rejects.toThrow();
  expect((await vault.get(ownerOf(ann, id), id, rows[0].content_hash)).toString()).toBe(`%PDF-${id}`);
});
