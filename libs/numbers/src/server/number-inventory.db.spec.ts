import type { INestApplicationContext } from '@nestjs/common';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { exampleNumbers } from '../../test-support/example-numbers.ts';
import { AT_ONCE_BYTES, ImportNumbers } from './import-numbers.ts';
import { InventoryQueries } from './inventory-queries.ts';
import type { AvailableSearch } from './inventory-queries.ts';
import { NumberImportQueries } from './number-import-queries.ts';
import { ReserveNumbers } from './reserve-numbers.ts';
import { RunNumberImport } from './run-number-import.ts';

class UseCasesModule {}
const providers = [ImportNumbers, InventoryQueries, NumberImportQueries, ReserveNumbers, RunNumberImport];
const system = systemContext('test');

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
let buyer: TenantContext;

beforeAll(async () => {
  database = await createTestDatabase();
  const clock = new FakeClock('2026-11-23T10:00:00Z');
  context = await createTestContext(database, [TenancyModule, RatingModule, { module: UseCasesModule, providers }], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const deck = await context.get(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: 0n, channelSetupNanos: 0n, numberMonthlyNanos: 0n, numberSetupNanos: 0n };
  const plan = { name: 'Plan', currency: 'USD', ...fees, outboundDeckId: deck.id, inboundDeckId: null };
  const { id: planId } = await context.get(CreatePlan).execute(system, plan);
  const input = { name: 'A', country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
  const { id: tenantId } = await context.get(CreateTenant).execute(system, input);
  await context.get(AssignPlan).execute(system, { tenantId, planId });
  buyer = tenantContext(tenantId, { type: 'api_key', id: newId() }, 'req_test');
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await database?.drop();
});

const importing = async (csv: string, dryRun = false) => context.get(ImportNumbers).execute(system, csv, dryRun);
const imported = (id: string) => context.get(NumberImportQueries).byId(system, id);
const count = async (text: string, ...values: unknown[]) =>
  Number((await owner.query(`SELECT count(*) AS n FROM ${text}`, values)).rows[0].n);

it('stores every example number of libphonenumber, and gives it back as it was', async () => {
  const numbers = [...new Set(exampleNumbers)];
  expect(await importing(`number\n${numbers.join('\n')}\n`)).toMatchObject({ imported: numbers.length, refused: 0, errors: [] });
  const { rows } = await owner.query('SELECT e164 FROM number_inventory WHERE e164 = ANY ($1)', [numbers]);
  expect(rows.map((r) => r.e164).sort()).toEqual(numbers.sort());
  await owner.query('TRUNCATE number_inventory, number_block CASCADE');
});

describe('a sheet too large to wait for', () => {
  const LINES = 45_000;
  const line = (i: number) => `+1303${2_000_000 + i},,US,303,local,Denver`;
  const sheet = ['number,last_number,country,area_code,type,locality', ...Array.from({ length: LINES }, (_, i) => line(i))];
  sheet[12_346] = 'nonsense,,US,303,local,Denver';
  sheet[30_000] = line(7); // was there before
  const csv = `${[...sheet, '+13039990000,+13039990999,US,303,local,Denver'].join('\n')}\n`;

  it('with a dry run is counted, and nothing of it is stored', async () => {
    expect(csv.length).toBeGreaterThan(AT_ONCE_BYTES);
    const { id, state } = await importing(csv, true);
    expect(state).toBe('pending');
    await context.get(RunNumberImport).execute(id);
    expect(await imported(id)).toMatchObject({ state: 'completed', dryRun: true, imported: LINES - 2 + 1_000, unchanged: 0, refused: 2 });
    expect(await count(`number_inventory WHERE area_code = '303'`)).toBe(0);
  });

  it('goes on where it was cut off, and counts as if it never had been', async () => {
    const { id } = await importing(csv);
    const progress = async () => (await owner.query('SELECT state, lines_done FROM number_import WHERE id = $1', [id])).rows[0];
    let cuts = 0;
    for (let run = 0; run < 10 && (await progress()).state !== 'completed'; run += 1) {
      const before = (await progress()).lines_done;
      let over = false;
      const ended = context
        .get(RunNumberImport)
        .execute(id, false)
        .catch(() => {})
        .finally(() => (over = true));
      while (cuts < 2 && !over && (await progress()).lines_done === before) await new Promise(setImmediate);
      if (cuts < 2 && !over) {
        const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'trunkline_system' AND datname = current_database()`;
        await owner.query(kill);
        cuts += 1;
      }
      await ended;
    }
    const done = await imported(id);
    expect(done).toMatchObject({ state: 'completed', linesDone: LINES + 1, imported: LINES - 2 + 1_000, unchanged: 0, refused: 2 });
    expect(done.errors).toMatchObject([
      { line: 12_347, column: 'number', code: 'malformed' },
      { line: 30_001, column: 'number', code: 'duplicate', detail: '+13032000007 is already on line 9' },
    ]);
    expect([cuts, done.run > 1]).toEqual([2, true]);
    expect(await count(`number_inventory WHERE area_code = '303'`)).toBe(LINES - 2 + 1_000);
    expect(await count('number_import_chunk WHERE import_id = $1', id)).toBe(0);
    expect(await count(`number_block WHERE prefix = '+13039990' AND numbers = 1000 AND run_max = 1000`)).toBe(1);
    await context.get(RunNumberImport).execute(id); // a job that comes twice
    expect(await imported(id)).toEqual(done);
  });

  it('fails at the line from which it is no sheet, and says so', async () => {
    const { id } = await importing(`${csv}"never closed\n`);
    await context.get(RunNumberImport).execute(id);
    expect(await imported(id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining(`Line ${LINES + 3}`),
      imported: 0,
    });
  });

  it('with a strange header is refused at once', () => expect(importing(csv.replace('number,', 'nummer,'))).rejects.toThrow('nummer'));
});

describe('a search', () => {
  const search = async (query: Partial<AvailableSearch>) => {
    const { data, exact } = await context.get(InventoryQueries).available(buyer, { limit: 50, ...query });
    return { found: data.map((n) => n.e164), exact };
  };
  beforeAll(async () => {
    await importing(
      [
        'number,last_number,country,area_code,region,locality,type,features,rate_center,lata',
        '+12123569377,,US,212,NY,New York,local,voice|sms,NWYRCYZN01,132',
        '+12125550010,+12125550019,US,212,NY,New York,local,voice,NWYRCYZN03,132',
        '+12125550021,+12125550023,US,212,NY,Albany,local,voice,Albany,134',
        '+18005550100,,US,800,,,toll_free,voice|fax,,',
        '+493012345678,,DE,30,Berlin,Berlin,local,voice,,',
        '+4930123456789,,DE,30,Berlin,Berlin,local,voice,,',
      ].join('\n'),
    );
    await context.get(ReserveNumbers).reserve(buyer, ['+12125550014' as E164]);
  });

  it.each<[string, Partial<AvailableSearch>, string[]]>([
    ['type', { country: 'US', type: 'toll_free' }, ['+18005550100']],
    ['features, all of them', { features: ['sms', 'voice'] }, ['+12123569377']],
    ['area', { country: 'DE', areaCode: '30' }, ['+493012345678', '+4930123456789']],
    ['region and city, in any case', { country: 'US', region: 'ny', locality: 'ALBANY' }, ['+12125550021', '+12125550022', '+12125550023']],
    ['rate center, in any case', { region: 'NY', rateCenter: 'nwyrcyzn01' }, ['+12123569377']],
    ['LATA', { lata: '134' }, ['+12125550021', '+12125550022', '+12125550023']],
    ['LATA and end', { lata: '132', endsWith: '19' }, ['+12125550019']],
    ['beginning', { startsWith: '+1212356' }, ['+12123569377']],
    ['end', { areaCode: '212', endsWith: '0019' }, ['+12125550019']],
    ['digits anywhere', { contains: '12345678' }, ['+493012345678', '+4930123456789']],
    ['digits with any in between', { contains: '356*377' }, ['+12123569377']],
    ['nothing', { country: 'FR' }, []],
  ])('by %s', async (_, query, numbers) => expect(await search(query)).toEqual({ found: numbers, exact: true }));

  it('for rows without a gap tells whole rows: what somebody reserved is a gap', async () => {
    const four = Array.from({ length: 4 }, (_, i) => `+1212555001${i}`);
    expect((await search({ areaCode: '212', consecutive: 4 })).found).toEqual([
      ...four,
      '+12125550015',
      '+12125550016',
      '+12125550017',
      '+12125550018',
    ]);
    expect((await search({ areaCode: '212', consecutive: 6 })).found).toEqual([]);
    expect((await search({ startsWith: '+1212555001', consecutive: 5 })).found).toEqual(
      Array.from({ length: 5 }, (_, i) => `+1212555001${5 + i}`),
    );
  });

  it('pages through rows as one page would tell them', async () => {
    const queries = context.get(InventoryQueries);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await queries.available(buyer, { limit: 5, cursor, areaCode: '212', consecutive: 2 });
      seen.push(...page.data.map((n) => n.e164));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual((await search({ areaCode: '212', consecutive: 2 })).found);
    expect(seen).toHaveLength(10);
  });

  it('that finds nothing may tell what is nearest, and says so', async () => {
    expect(await search({ areaCode: '212', endsWith: '990012' })).toEqual({ found: [], exact: true });
    expect(await search({ areaCode: '212', endsWith: '990012', bestEffort: true })).toEqual({ found: ['+12125550012'], exact: false });
    expect((await search({ country: 'DE', consecutive: 50, bestEffort: true })).found).toEqual(['+493012345678', '+4930123456789']);
    expect(await search({ startsWith: '+4930999', bestEffort: true })).toMatchObject({
      found: ['+493012345678', '+4930123456789'],
      exact: false,
    });
  });
});
