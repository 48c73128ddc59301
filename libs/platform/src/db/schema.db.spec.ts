import { createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';

// Conventions of the schema, asked of the catalogue; each is also shown to bite by a table that breaks it.
const RULES = {
  'a table with a tenant forces row-level security, with a policy for each role': `
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND (SELECT count(*) FROM pg_policy p
        WHERE p.polrelid = c.oid AND p.polroles IN (ARRAY['trunkline_app'::regrole::oid], ARRAY['trunkline_system'::regrole::oid])) = 2)`,
  'a policy is for one role, and for one that serves requests': `
    SELECT p.polrelid::regclass::text || '.' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT (cardinality(p.polroles) = 1
      AND p.polroles[1]::regrole::text IN ('trunkline_app', 'trunkline_system', 'trunkline_subtree'))`,
  'what a subtree’s role may reach is bounded by its tenants': `
    SELECT tablename || '.' || policyname FROM pg_policies
    WHERE roles = '{trunkline_subtree}' AND concat(qual, with_check) !~ '(tenants_within|tenants_below|current_tenant)\\(\\)'`,
  'a request of one tenant has nothing of a subtree’s role': `
    SELECT 'inherits' WHERE pg_has_role('trunkline_app', 'trunkline_subtree', 'USAGE')`,
  'a table with a tenant has it first in its primary key': `
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indkey[0] = a.attnum)`,
  'a foreign key between tenants’ tables carries the tenant': `
    SELECT k.conrelid::regclass::text || '.' || k.conname FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = 'tenant_id' JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attname = 'tenant_id'
    WHERE k.contype = 'f' AND NOT (a.attnum = ANY (k.conkey) AND b.attnum = ANY (k.confkey))`,
  'no column is a float': `
    SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type IN ('real', 'double precision', 'money')`,
  'money is bigint nanos or minor units': `
    SELECT table_name || '.' || column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name ~ '(amount|price|fee|nanos|minor)' AND (data_type <> 'bigint' OR column_name !~ '(nanos|minor)$')`,
  'the roles that serve requests own nothing and cannot bypass': `
    SELECT rolname FROM pg_roles r WHERE rolname IN ('trunkline_app', 'trunkline_system', 'trunkline_subtree')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid))`,
} as const;

const PLANTED: Record<keyof typeof RULES, string> = {
  'a table with a tenant forces row-level security, with a policy for each role':
    'CREATE TABLE planted (tenant_id uuid PRIMARY KEY); ALTER TABLE planted ENABLE ROW LEVEL SECURITY',
  'a policy is for one role, and for one that serves requests':
    'CREATE TABLE planted (id uuid); CREATE POLICY everybody ON planted USING (true)',
  'what a subtree’s role may reach is bounded by its tenants':
    'CREATE TABLE planted (id uuid); CREATE POLICY all_of_it ON planted TO trunkline_subtree USING (true)',
  'a request of one tenant has nothing of a subtree’s role': 'GRANT trunkline_subtree TO trunkline_app WITH INHERIT TRUE',
  'a table with a tenant has it first in its primary key': 'CREATE TABLE planted (id uuid, tenant_id uuid, PRIMARY KEY (id, tenant_id))',
  'a foreign key between tenants’ tables carries the tenant':
    'CREATE TABLE planted_to (tenant_id uuid, id uuid UNIQUE); CREATE TABLE planted (tenant_id uuid, other uuid REFERENCES planted_to (id))',
  'no column is a float': 'CREATE TABLE planted (share double precision)',
  'money is bigint nanos or minor units': 'CREATE TABLE planted (fee numeric)',
  'the roles that serve requests own nothing and cannot bypass': 'CREATE TABLE planted (); ALTER TABLE planted OWNER TO trunkline_app',
};

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

describe.each(Object.entries(RULES))('%s', (name, query) => {
  it('holds', async () => expect((await owner.query(query)).rows).toEqual([]));
  it('bites', async () => {
    await owner.query('BEGIN');
    await owner.query(PLANTED[name as keyof typeof RULES]);
    expect((await owner.query(query)).rows).not.toEqual([]);
    await owner.query('ROLLBACK');
  });
});

it('makes room for the months that it can, though calls of one wait in the default partition', async () => {
  await owner.query(`INSERT INTO cdr (tenant_id, started_at, id, edge_id, direction, outcome, "from", "to", call_id, source_address, ended_at, sip_code, content_hash, stored_at, rating_state, billed_seconds)
    VALUES (gen_random_uuid(), '2031-02-03', gen_random_uuid(), gen_random_uuid(), 'inbound', 'failed', '', '', '', '', '2031-02-03', 486, '', now(), 'free', 0)`);
  await owner.query(`SELECT ensure_cdr_partitions('2031-01-01', 3)`);
  const { rows } = await owner.query(`SELECT relname FROM pg_class WHERE relname LIKE 'cdr_2031%' AND relkind = 'r' ORDER BY 1`);
  expect(rows.map((r: { relname: string }) => r.relname)).toEqual(['cdr_2031_01', 'cdr_2031_03']);
});
