import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Sealer } from '@trunkline/platform';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Rows } from '../../test-support/rows.ts';
import { CompareEntries } from './compare-entries.ts';
import { CompileEdges } from './compile-edges.ts';
import { EdgeScopeQueries } from './edge-scope-queries.ts';
import { openValue } from './entry-seal.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';
import { ReleaseSweep } from './release-sweep.ts';
import { SweepEdges } from './sweep-edges.ts';

@Module({ providers: [CompareEntries, CompileEdges, EdgeScopeQueries, ReadIntent, Recompute, ReleaseSweep, SweepEdges] })
class CompilingModule {}

const operator = systemContext('test');
let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let rows: Rows;
const compile = () => app.get(CompileEdges).execute();

beforeEach(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [CompilingModule]);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  rows = new Rows(owner, app);
});
afterEach(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

type EntryRow = { kind: string; key: string; value: string | null; version: string };
const entries = async (kind: string): Promise<EntryRow[]> =>
  (await owner.query<EntryRow>(`SELECT * FROM edge_entry WHERE kind = $1 ORDER BY key`, [kind])).rows;
/** The one credential, as edges get it. */
const credential = async () => {
  const [entry] = await entries('credential');
  expect(entry?.value).toMatch(/^sealed:/);
  return JSON.parse(openValue(app.get(Sealer), entry!) ?? '');
};
const one = async <T>(sql: string, ...values: unknown[]): Promise<T> => (await owner.query(sql, values)).rows[0] as T;
const scope = () => one<{ version: string; sweep_blocked: string | null; checksums: object }>(`SELECT * FROM edge_scope`);

describe('compiling', () => {
  it('writes a trunk with its credentials and emergency numbers, and says at which version', async () => {
    const tenant = await rows.tenant();
    const trunk = await rows.trunk(tenant, 'DE');
    await rows.credential(tenant, trunk, 'alice');
    await rows.numbers(tenant, trunk, 1);
    await compile();
    expect((await entries('tenant')).map((e) => e.key)).toEqual([tenant]);
    expect(JSON.parse((await entries('trunk'))[0]?.value ?? '')).toMatchObject({
      tenantId: tenant,
      maxCallSecs: 600,
      maxRingSecs: 20,
      rerouteCodes: [404, 503],
      disasterRecoveryUri: 'sip:192.0.2.9',
      passVerified: true,
      localPresence: true,
      rejectAnonymous: true,
      channelCaps: { inbound: 1, outbound: null },
    });
    expect(JSON.parse((await entries('presence'))[0]?.value ?? '')).toEqual({ numbers: ['12025550001'] });
    expect(await credential()).toEqual({ trunkId: trunk, ha1: ['a'.repeat(32)] });
    expect((await entries('number')).map((e) => e.key)).toEqual(['12020000001']);
    expect((await entries('emergency')).map((e) => e.key)).toContain('DE:112');
    const resource = await one<{ revision: number; version: string }>(`SELECT * FROM edge_resource WHERE resource_id = $1`, trunk);
    expect([resource.revision, resource.version]).toEqual([1, (await scope()).version]);
    expect(await one(`SELECT count(*)::int AS left FROM edge_dirty`)).toEqual({ left: 0 });
  });

  it('tells where a trunk registers, sealed; what cannot be opened stays, and a sweep finds nothing to repair', async () => {
    const tenant = await rows.tenant();
    const trunk = await rows.trunk(tenant);
    await rows.registrar(tenant, trunk);
    await compile();
    const registrar = { uri: 'sip:192.0.2.10', username: 'us', realm: 'pbx', ha1Md5: 'b'.repeat(32), expiresSecs: 600 };
    expect((await entries('credential')).map((e) => e.key)).toEqual([`registrar:${trunk}`]);
    expect(await credential()).toEqual({ trunkId: trunk, tenantId: tenant, ...registrar });
    await app.get(SweepEdges).execute(); // the first writes what comes from the program
    expect((await app.get(SweepEdges).execute()).repaired).toBe(0);
    await owner.query(`UPDATE trunk_registrar SET ha1_md5_sealed = 'garbage', username = 'other'`);
    await rows.mark('trunk', trunk);
    await compile();
    expect(await credential()).toMatchObject(registrar);
    await rows.deleteTrunk(trunk);
    await owner.query(`DELETE FROM trunk_registrar`);
    await compile();
    expect((await entries('credential')).map((e) => e.value)).toEqual([null]);
  });

  it('tells of callers whom the operator knows, and of the numbers that they verified, as long as that holds', async () => {
    const tenant = await rows.tenant();
    await rows.verified(tenant, '+13105550000');
    await rows.verified(tenant, '+13105550001', '-1 second');
    await compile();
    const tenantValue = async () => JSON.parse((await entries('tenant'))[0]?.value ?? '');
    expect((await tenantValue()).verified).toBe(false);
    expect((await entries('verified')).map(({ key, value }) => [key, value])).toEqual([[`${tenant}:13105550000`, '{"right":"verified"}']]);
    await owner.query(`UPDATE tenant_node SET verified_until = now() + interval '1 hour' WHERE id = $1`, [tenant]);
    await owner.query(`UPDATE verified_number SET state = 'revoked'`);
    await rows.mark('tenant', tenant);
    await rows.mark('verified', `${tenant}:13105550000`);
    await compile();
    expect((await tenantValue()).verified).toBe(true);
    expect((await entries('verified')).map(({ value }) => value)).toEqual([null]);
  });

  it('says of a number that it lacks the emergency address which its country requires, until it has one or a waiver', async () => {
    const tenant = await rows.tenant();
    await rows.numbers(tenant, await rows.trunk(tenant), 2);
    const missing = async () => (await entries('number')).map(({ value }) => JSON.parse(value ?? '{}').emergencyMissing ?? false);
    const requires = (countries: string) => owner.query(`UPDATE emergency_policy SET required_countries = $1`, [countries]);
    await compile();
    expect(await missing()).toEqual([false, false]);
    for (const [countries, expected] of [
      ['{DE}', false],
      ['{DE,US}', true],
    ] as const) {
      // prettier-ignore
      await requires(countries);
      await owner.query(
        `INSERT INTO edge_dirty (resource_type, resource_id, created_at) SELECT 'number', e164, now() FROM number_assignment`,
      );
      await compile();
      expect(await missing()).toEqual([expected, expected]);
    }
    const [first, second] = (await owner.query(`SELECT id, e164 FROM number_assignment ORDER BY e164`)).rows;
    const address = randomUUID();
    await owner.query(
      `INSERT INTO emergency_address (tenant_id, id, name, house_number, street, city, region, postal_code, country, state, created_at, updated_at)
       VALUES ($1, $2, '', '', '', '', '', '', 'US', 'valid', now(), now())`,
      [tenant, address],
    );
    await owner.query(
      `INSERT INTO emergency_registration (tenant_id, number_id, address_id, state, created_at, updated_at) VALUES ($1, $2, $3, 'active', now(), now())`,
      [tenant, first.id, address],
    );
    await owner.query(
      `INSERT INTO emergency_waiver (tenant_id, number_id, signed_by, statement, signed_at) VALUES ($1, $2, '', '', now())`,
      [tenant, second.id],
    );
    await rows.mark('number', first.e164);
    await rows.mark('number', second.e164);
    await compile();
    expect(await missing()).toEqual([false, false]);
    await app.get(SweepEdges).execute(); // reads numbers in pieces, by the other statement
    expect(await missing()).toEqual([false, false]);
  });

  it('writes nothing for a change that edges do not see, and still moves the revision', async () => {
    const trunk = await rows.trunk(await rows.tenant());
    await compile();
    const { version } = await scope();
    await owner.query(`UPDATE trunk SET name = 'other', revision = 2 WHERE id = $1`, [trunk]);
    await rows.mark('trunk', trunk);
    await compile();
    expect((await scope()).version).toBe(version);
    expect(await one(`SELECT revision, version FROM edge_resource WHERE resource_id = $1`, trunk)).toEqual({ revision: 2, version });
  });

  it('tells a trunk’s rate, caller ID policy, tech prefix and transport', async () => {
    const trunk = await rows.trunk(await rows.tenant());
    await compile();
    const value = async () => JSON.parse((await entries('trunk'))[0]?.value ?? '');
    expect(await value()).toMatchObject({ callsPerSecondMax: 10, callerIdPolicy: 'reject', techPrefix: null, tlsRequired: false });
    const change = `calls_per_second_max = 7, caller_id_policy = 'replace', default_caller_id = '+12025550199', tech_prefix = '9*', tls_required = true`;
    await owner.query(`UPDATE trunk SET ${change}, revision = 2 WHERE id = $1`, [trunk]);
    await rows.mark('trunk', trunk);
    await compile();
    expect(await value()).toMatchObject({ callsPerSecondMax: 7, callerIdPolicy: 'replace', techPrefix: '9*', tlsRequired: true });
  });

  it('tells both passwords of a credential that is rotated, the newer last', async () => {
    const tenant = await rows.tenant();
    const trunk = await rows.trunk(tenant);
    await rows.credential(tenant, trunk, 'alice');
    await rows.rotated(trunk, 'alice');
    await compile();
    expect((await credential()).ha1).toEqual(['0'.repeat(32), 'a'.repeat(32)]);
  });

  it('tells who calls from where; an address that trunks share is told of all of them, whichever changed', async () => {
    const [one, other] = [await rows.tenant(), await rows.tenant()];
    const [first, second] = [await rows.trunk(one), await rows.trunk(other)];
    await rows.address(one, first, '10.0.0.1', '99');
    await rows.address(one, first, '10.0.1.0/24');
    await compile();
    await rows.address(other, second, '10.0.0.1', '88');
    await compile();
    const told = async () =>
      (await entries('pbx')).map((e) => [e.key, e.value && JSON.parse(e.value).trunks.map((t: { trunkId: string }) => t.trunkId)]);
    expect(await told()).toEqual([['10.0.0.1', [second, first]], ['10.0.1.0/24', [first]]]); // prettier-ignore
    await rows.releaseAddresses(first);
    await compile();
    expect(await told()).toEqual([['10.0.0.1', [second]], ['10.0.1.0/24', null]]); // prettier-ignore
    await owner.query(`UPDATE edge_entry SET value = '{}' WHERE kind = 'pbx' AND key = '10.0.0.1'`);
    await owner.query(
      `INSERT INTO edge_entry (scope, kind, key, value, version, updated_at) VALUES ('main', 'pbx', 'no network', '{}', 1, now())`,
    );
    await app.get(SweepEdges).execute();
    expect(await told()).toEqual([['10.0.0.1', [second]], ['10.0.1.0/24', null], ['no network', null]]); // prettier-ignore
  });

  it('tells the allow-list as one, and that it is empty', async () => {
    await owner.query(
      `INSERT INTO edge_allow_entry (id, network, created_at) VALUES (gen_random_uuid(), '10.9.0.0/16', now()), (gen_random_uuid(), '10.8.0.1', now())`,
    );
    await rows.mark('allow_list', 'all');
    await compile();
    expect((await entries('allow_list')).map((e) => [e.key, e.value])).toEqual([['*', '{"networks":"10.8.0.1/32,10.9.0.0/16"}']]);
    await owner.query(`DELETE FROM edge_allow_entry`);
    await app.get(SweepEdges).execute();
    expect((await entries('allow_list'))[0]?.value).toBeNull();
  });

  it('leaves tombstones of what is gone', async () => {
    const tenant = await rows.tenant();
    const trunk = await rows.trunk(tenant);
    await rows.credential(tenant, trunk, 'alice');
    await rows.numbers(tenant, trunk, 2);
    await compile();
    const { version } = await scope();
    await owner.query(`UPDATE number_assignment SET released_at = now(), revision = 2 WHERE e164 = '+12020000001'`);
    await rows.mark('number', '+12020000001');
    await rows.deleteTrunk(trunk);
    await compile();
    const gone = [...(await entries('trunk')), ...(await entries('credential')), (await entries('number'))[0]];
    expect(gone.map((e) => e?.value)).toEqual([null, null, null]);
    expect(gone.every((e) => Number(e?.version) > Number(version))).toBe(true);
    expect((await entries('number'))[1]?.value).not.toBeNull();
    expect((await one<{ revision: number }>(`SELECT revision FROM edge_resource WHERE resource_id = '+12020000001'`)).revision).toBe(2);
  });

  it('follows holds and carriers', async () => {
    const tenant = await rows.tenant();
    await rows.trunk(tenant, 'US');
    await owner.query(`INSERT INTO carrier (id, name, created_at, updated_at) VALUES (gen_random_uuid(), 'c', now(), now())`);
    await owner.query(
      `INSERT INTO carrier_gateway (id, carrier_id, uri, source_addresses, created_at) SELECT gen_random_uuid(), id, 'sip:192.0.2.1', '{192.0.2.1}', now() FROM carrier`,
    );
    await owner.query(
      `INSERT INTO carrier_route (id, kind, prefix, gateway_id, priority, weight, created_at) SELECT gen_random_uuid(), 'pstn', '1', id, 1, 30, now() FROM carrier_gateway`,
    );
    await owner.query(
      `INSERT INTO carrier_route (id, kind, country, gateway_id, priority, created_at) SELECT gen_random_uuid(), 'emergency', 'US', id, 1, now() FROM carrier_gateway`,
    );
    await rows.mark('carriers', 'all');
    await owner.query(`INSERT INTO hold (tenant_id, id, kind, reason, placed_at) VALUES ($1, gen_random_uuid(), 'billing', 'x', now())`, [
      tenant,
    ]);
    await compile();
    expect(JSON.parse((await entries('tenant'))[0]?.value ?? '').holds).toEqual(['billing']);
    expect((await entries('route')).map((e) => e.key)).toEqual(['1']);
    expect(JSON.parse((await entries('route'))[0]?.value ?? '')).toMatchObject({
      targets: [{ uri: 'sip:192.0.2.1', priority: 1, weight: 30 }],
    });
    expect((await entries('source')).map((e) => e.key)).toEqual(['192.0.2.1']);
    expect((await entries('emergency')).map((e) => e.key)).toEqual(expect.arrayContaining(['*:911', 'US:911']));
    await owner.query(`UPDATE carrier SET enabled = false`);
    await rows.mark('carriers', 'all');
    await compile();
    expect([...(await entries('route')), ...(await entries('source'))].map((e) => e.value)).toEqual([null, null]);
    expect(JSON.parse((await entries('emergency')).find((e) => e.key === 'US:911')?.value ?? '')).toEqual({ targets: [] });
  });

  it('spreads tenants over the enrolled edges, and leaves them without a home while there is none', async () => {
    const first = await rows.tenant();
    await compile();
    expect(JSON.parse((await entries('tenant'))[0]?.value ?? '').home).toBeNull();
    const edges = [await rows.enrolledEdge('a'), await rows.enrolledEdge('b')];
    await rows.mark('tenant', first);
    for (let i = 0; i < 3; i++) await rows.tenant();
    await compile();
    const { rows: homes } = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM tenant GROUP BY home_edge_id`);
    expect([homes.map((h) => h.n), edges.length]).toEqual([[2, 2], 2]);
  });

  it('does not lose the mark of a transaction that commits after a later one', async () => {
    const tenant = await rows.tenant();
    const slow = new pg.Client({ connectionString: database.ownerUrl });
    await slow.connect();
    await slow.query('BEGIN');
    const early = new Rows(slow, app);
    const trunk = await early.trunk(tenant); // takes the lower number
    const other = await rows.trunk(tenant);
    await compile();
    expect((await entries('trunk')).map((e) => e.key)).toEqual([other]);
    await slow.query('COMMIT');
    await slow.end();
    await compile();
    expect((await entries('trunk')).map((e) => e.key).sort()).toEqual([trunk, other].sort());
  });

  it('gives versions in the order of commits: who follows them misses nothing, however many compile at once', async () => {
    const tenant = await rows.tenant();
    const trunks = [];
    for (let i = 0; i < 10; i++) trunks.push(await rows.trunk(tenant));
    const reader = new pg.Client({ connectionString: database.ownerUrl });
    await reader.connect();
    const mirror = new Map<string, string | null>();
    let cursor = 0;
    const follow = async () => {
      const { rows: seen } = await reader.query<EntryRow>(`SELECT * FROM edge_entry WHERE version > $1`, [cursor]);
      for (const { kind, key, value, version } of seen) {
        mirror.set(`${kind} ${key}`, value);
        cursor = Math.max(cursor, Number(version));
      }
    };
    let writing = true;
    const following = (async () => {
      while (writing) await follow();
      await follow();
    })();
    for (let round = 0; round < 8; round++) {
      const changing = (async () => {
        for (const id of trunks) await rows.changeTrunk(id);
      })();
      await Promise.all([changing, compile(), compile(), compile()]);
    }
    await compile();
    writing = false;
    await following;
    await reader.end();
    const { rows: all } = await owner.query<EntryRow>(`SELECT * FROM edge_entry`);
    expect(new Set(all.map((e) => e.version)).size).toBe(all.length);
    expect([...mirror].sort()).toEqual(all.map((e) => [`${e.kind} ${e.key}`, e.value]).sort());
    expect((await entries('trunk')).every((e) => JSON.parse(e.value ?? '').channelsMax === 10)).toBe(true);
  });

  it('keeps what the edges have of a credential that cannot be opened', async () => {
    const tenant = await rows.tenant();
    const trunk = await rows.trunk(tenant);
    await rows.credential(tenant, trunk, 'alice');
    await compile();
    const before = await entries('credential');
    await owner.query(`UPDATE trunk_credential SET ha1_md5_sealed = '\\x01'`);
    await rows.changeTrunk(trunk);
    await compile();
    await app.get(SweepEdges).execute();
    expect(await entries('credential')).toEqual(before);
  });

  it('compiles 20,000 numbers in a few batches', async () => {
    const tenant = await rows.tenant();
    await rows.numbers(tenant, await rows.trunk(tenant), 20_000);
    await compile();
    expect(await one(`SELECT count(*)::int AS n FROM edge_entry WHERE kind = 'number'`)).toEqual({ n: 20_000 });
  });

  it('repairs numbers wherever in their order they are damaged, and nothing else', async () => {
    const tenant = await rows.tenant();
    await rows.numbers(tenant, await rows.trunk(tenant), 10_000); // 12020000001 to 12020010000: twenty pieces
    await compile();
    await app.get(SweepEdges).execute();
    const good = await entries('number');
    const damaged = ['12020000001', '12020002000', '12020002001', '12020009999'];
    await owner.query(`UPDATE edge_entry SET value = '{}' WHERE kind = 'number' AND key = ANY ($1)`, [damaged]);
    await owner.query(`DELETE FROM edge_entry WHERE kind = 'number' AND key = '12020004000'`);
    for (const stray of ['0', '12020003999x', '999'])
      await owner.query(
        `INSERT INTO edge_entry (scope, kind, key, value, version, updated_at) SELECT scope, 'number', $1, '{}', 0, now() FROM edge_scope`,
        [stray],
      );
    expect(await app.get(SweepEdges).execute()).toMatchObject({ repaired: damaged.length + 4, blocked: undefined });
    const live = (await entries('number')).filter((e) => e.value !== null);
    expect(live.map((e) => [e.key, e.value])).toEqual(good.map((e) => [e.key, e.value]));
    expect(await app.get(SweepEdges).execute()).toMatchObject({ repaired: 0 });
  });
});

describe('sweeping', () => {
  const sweep = () => app.get(SweepEdges).execute();

  it('writes the countries of a fresh platform, then finds nothing to do', async () => {
    expect((await sweep()).repaired).toBeGreaterThan(200);
    expect(await sweep()).toEqual({ repaired: 0, blocked: undefined });
  });

  it('repairs damaged, missing and stray entries, and counts its checksums anew', async () => {
    const tenant = await rows.tenant();
    const trunk = await rows.trunk(tenant);
    await rows.credential(tenant, trunk, 'alice');
    await rows.numbers(tenant, trunk, 3);
    await sweep();
    const all = `SELECT kind, key, CASE WHEN kind <> 'credential' THEN value END AS value FROM edge_entry WHERE value IS NOT NULL ORDER BY kind, key`;
    const good = { rows: (await owner.query(all)).rows, credential: await credential() };
    const { checksums, version } = await scope();
    await owner.query(`UPDATE edge_entry SET value = '{}' WHERE kind IN ('number', 'trunk', 'credential', 'tenant')`);
    await owner.query(`DELETE FROM edge_entry WHERE key = '12020000001'`);
    await owner.query(`UPDATE edge_entry SET value = NULL WHERE key IN ('44', 'US:911')`);
    await owner.query(
      `INSERT INTO edge_entry SELECT 'main', kind, key, '{}', 1, now() FROM (VALUES ('number', '999'), ('credential', 'mallory'), ('trunk', 'x'), ('source', '192.0.2.9')) AS s (kind, key)`,
    );
    expect(await sweep()).toEqual({ repaired: 12, blocked: undefined });
    expect({ rows: (await owner.query(all)).rows, credential: await credential() }).toEqual(good);
    expect((await scope()).checksums).toEqual({ ...checksums, source: 0 });
    expect(Number((await scope()).version)).toBe(Number(version) + 12);
  });

  it('seals a credential that lies open, without a word to anybody', async () => {
    const tenant = await rows.tenant();
    await rows.credential(tenant, await rows.trunk(tenant), 'alice');
    await sweep();
    const { checksums } = await scope();
    const plain = JSON.stringify(await credential());
    await owner.query(`UPDATE edge_entry SET value = $1 WHERE kind = 'credential'`, [plain]);
    expect(await sweep()).toEqual({ repaired: 1, blocked: undefined });
    expect(JSON.stringify(await credential())).toBe(plain);
    expect((await scope()).checksums).toEqual(checksums);
  });

  it('stops itself before it removes much, and says so', async () => {
    const tenant = await rows.tenant();
    await rows.numbers(tenant, await rows.trunk(tenant), 100);
    await sweep();
    const { version } = await scope();
    await owner.query(`UPDATE number_assignment SET released_at = now() WHERE e164 <= '+12020000021'`);
    expect((await sweep()).blocked).toBe('would remove 21 of 100 entries of kind number');
    expect(await scope()).toMatchObject({ version, sweep_blocked: 'would remove 21 of 100 entries of kind number' });
    await owner.query(`UPDATE number_assignment SET released_at = NULL WHERE e164 = '+12020000021'`);
    expect(await sweep()).toEqual({ repaired: 20, blocked: undefined });
    expect((await scope()).sweep_blocked).toBeNull();
  });

  it('goes ahead with what an operator let go, once, and with no more than that', async () => {
    const tenant = await rows.tenant();
    await rows.numbers(tenant, await rows.trunk(tenant), 100);
    await sweep();
    await owner.query(`UPDATE number_assignment SET released_at = now() WHERE e164 <= '+12020000025'`);
    await sweep();
    await sweep();
    expect((await owner.query(`SELECT payload FROM outbox WHERE type = 'edge.sweep_blocked'`)).rows).toEqual([
      { payload: { scope: 'main', reason: 'would remove 25 of 100 entries of kind number', removals: { number: 25 } } },
    ]);
    const release = (number: number) => app.get(ReleaseSweep).execute(operator, 'main', { number });
    await expect(release(24)).rejects.toMatchObject({ code: 'edge.sweep_differs' });
    expect((await release(25)).sweepReleasedRemovals).toEqual({ number: 25 });
    await owner.query(`UPDATE number_assignment SET released_at = now() WHERE e164 <= '+12020000026'`);
    expect((await sweep()).blocked).toBe('would remove 26 of 100 entries of kind number');
    await release(26);
    expect(await sweep()).toEqual({ repaired: 26, blocked: undefined });
    expect(await scope()).toMatchObject({
      sweep_blocked: null,
      sweep_blocked_removals: null,
      sweep_released_removals: null,
      sweep_repaired: 26,
    });
    expect((await owner.query(`SELECT data FROM audit_entry WHERE action = 'edge.sweep_released'`)).rows).toHaveLength(2);
  });

  it('forgets old tombstones, and raises the floor over them', async () => {
    const trunk = await rows.trunk(await rows.tenant());
    await compile();
    await rows.deleteTrunk(trunk);
    await sweep();
    const [tombstone] = await entries('trunk');
    await owner.query(`UPDATE edge_entry SET updated_at = now() - interval '8 days' WHERE value IS NULL`);
    await sweep();
    expect(await entries('trunk')).toEqual([]);
    expect(Number((await one<{ floor: string }>(`SELECT floor FROM edge_scope`)).floor)).toBeGreaterThanOrEqual(Number(tombstone?.version));
  });
});
