// A million numbers: imported from a sheet by the job that the API hands it to, then searched. Yardstick of the import: the same rows inserted into a
// table with nothing but a primary key. Of a search that is answered with 50 numbers: 50 rows by their key. `import` or `search` measures one alone.
import 'reflect-metadata';
import { SystemClock, systemContext } from '@trunkline/kernel';
import { Database, Log } from '@trunkline/platform';
import pg from 'pg';
import { searchInventory, searchRuns } from '../../libs/numbers/src/server/inventory-search.sql.ts';
import type { InventoryFilters } from '../../libs/numbers/src/server/inventory-search.sql.ts';
import { ImportNumbers } from '../../libs/numbers/src/server/import-numbers.ts';
import { NumberImportQueries } from '../../libs/numbers/src/server/number-import-queries.ts';
import { RunNumberImport } from '../../libs/numbers/src/server/run-number-import.ts';
import { startBenchDatabase } from './bench-database.mjs';
import { machine, quantile, report, say } from './report.mjs';

const [COUNT = 1_000_000, SEARCHES = 60] = process.argv.slice(2, 4).map(Number);
const [, , , , part = 'both'] = process.argv;
const CASES_OF_PARTS = { import: [true, false], search: [false, true], both: [true, true] };
const [imported, searched] = CASES_OF_PARTS[part as keyof typeof CASES_OF_PARTS] ?? CASES_OF_PARTS.both;
const SOLD = 0.6; // of the numbers, in runs and one by one
const PAGE = 50;
const system = systemContext('bench');

let seed = 7;
/** Mulberry32: the same numbers in every run. */
const random = (below: number): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
};

/** Half in whole blocks of a thousand, half scattered over 200 area codes, in no order. */
const makeNumbers = (): string[] => {
  const areas = Array.from({ length: 200 }, (_, i) => 201 + i * 3);
  const numbers = new Set<number>();
  while (numbers.size < COUNT / 2) {
    const block = (areas[random(200)] ?? 201) * 10_000_000 + (200 + random(800)) * 10_000 + random(10) * 1_000;
    for (let n = block; n < block + 1_000; n += 1) numbers.add(n);
  }
  while (numbers.size < COUNT) numbers.add((areas[random(200)] ?? 201) * 10_000_000 + (200 + random(800)) * 10_000 + random(10_000));
  const list = [...numbers].map((n) => `+1${n}`);
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = random(i + 1);
    [list[i], list[j]] = [list[j] ?? '', list[i] ?? ''];
  }
  return list;
};
const CITIES = ['Springfield', 'Franklin', 'Clinton', 'Madison', 'Georgetown', 'Salem', 'Bristol', 'Fairview'];
const sheetOf = (numbers: readonly string[]): string =>
  `number,country,area_code,locality,type\n${numbers.map((n) => `${n},US,${n.slice(2, 5)},${CITIES[Number(n.slice(3, 5)) % 8] ?? ''},local`).join('\n')}\n`;

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const searches = (numbers: readonly string[]): Record<string, () => InventoryFilters & { consecutive?: number }> => {
  const any = () => numbers[random(numbers.length)] ?? '';
  return {
    area: () => ({ country: 'US', areaCode: any().slice(2, 5) }),
    'area and city': () => {
      const n = any();
      return { country: 'US', areaCode: n.slice(2, 5), locality: CITIES[Number(n.slice(3, 5)) % 8] };
    },
    'prefix of 6': () => ({ startsWith: any().slice(0, 8) }),
    'suffix of 4': () => ({ endsWith: any().slice(-4) }),
    'suffix of 2': () => ({ endsWith: any().slice(-2) }),
    '3 digits': () => ({ contains: any().slice(4, 7) }),
    '5 digits': () => ({ contains: any().slice(4, 9) }),
    '7 digits': () => ({ contains: any().slice(3, 10) }),
    '7 digits, none': () => ({ contains: `${random(10)}000${random(1000)}00` }),
    '4 digits in an area': () => ({ country: 'US', areaCode: any().slice(2, 5), contains: any().slice(6, 10) }),
    '3 in a row': () => ({ country: 'US', consecutive: 3 }),
    '10 in a row in an area': () => ({ country: 'US', areaCode: any().slice(2, 5), consecutive: 10 }),
    '50 in a row': () => ({ consecutive: 50 }),
    '2 in a row in a city': () => ({ country: 'US', locality: CITIES[random(8)], consecutive: 2 }),
  };
};

const database = await startBenchDatabase();
const db = new Database({ appUrl: database.appUrl, systemUrl: database.systemUrl, poolMax: 4 });
const owner = new pg.Client({ connectionString: database.ownerUrl });
await owner.connect();
const tenantId = '01900000-0000-7000-8000-000000000001';
const clock = new SystemClock();
const asTenant = { kind: 'tenant', tenantId, actor: { type: 'system', id: 'bench' }, requestId: 'bench' } as const;

/** Seconds until the sheet is imported, and until the same rows are in a bare table. */
const measureImport = async (numbers: readonly string[]): Promise<{ figure: number; yardstick: number }> => {
  const csv = sheetOf(numbers);
  const imports = new ImportNumbers(db, clock);
  const job = new RunNumberImport(db, clock, new Log('bench', 'silent'));
  const handed: { id: string }[] = [];
  const handing = await secondsOf(async () => handed.push(await imports.execute(system, csv)));
  const working = await secondsOf(() => job.execute(handed[0]?.id ?? ''));
  const done = await new NumberImportQueries(db).byId(system, handed[0]?.id ?? '');
  if (done.imported !== numbers.length) throw new Error(`${done.imported} imported, ${done.state}: ${done.error}`);
  say(`handed over in ${handing.toFixed(1)} s (${Math.round(csv.length / 1e6)} MB), imported in ${working.toFixed(1)} s`);

  await owner.query(
    'CREATE TABLE plain (e164 TEXT PRIMARY KEY, country CHAR(2) NOT NULL, area_code TEXT NOT NULL, locality TEXT, type TEXT NOT NULL)',
  );
  const yardstick = await secondsOf(async () => {
    for (let i = 0; i < numbers.length; i += 10_000) {
      const some = numbers.slice(i, i + 10_000);
      await owner.query(
        `INSERT INTO plain SELECT n, 'US', substr(n, 3, 3), 'Springfield', 'local' FROM unnest($1::text[]) AS n ON CONFLICT DO NOTHING`,
        [some],
      );
    }
  });
  say(`the same rows into a bare table in ${yardstick.toFixed(1)} s`);
  return { figure: handing + working, yardstick };
};

/** The inventory as an import leaves it, in the order of the sheet, by SQL. */
const fill = async (numbers: readonly string[]): Promise<void> => {
  await owner.query(
    `INSERT INTO number_inventory (e164, country, area_code, locality, type, features, state, created_at)
     SELECT n, 'US', substr(n, 3, 3), ($2::text[])[1 + substr(n, 4, 2)::int % 8], 'local', '{voice}', 'available', now() FROM unnest($1::text[]) AS n`,
    [numbers, CITIES],
  );
  await owner.query('SELECT count_number_blocks(ARRAY(SELECT DISTINCT left(e164, -3) FROM number_inventory))');
};

type Searched = { readonly p50: number; readonly p99: number; readonly by_key_p50: number };

/** Milliseconds of searches of every kind together, and of looking 50 rows up. */
const measureSearches = async (numbers: readonly string[]): Promise<Searched> => {
  await owner.query(`UPDATE number_inventory SET state = 'assigned' WHERE hashtext(e164) % 100 BETWEEN -${SOLD * 50} AND ${SOLD * 50}`);
  await owner.query('VACUUM ANALYZE number_inventory, number_block');
  const all: number[] = [];
  const byKey: number[] = [];
  for (const [name, make] of Object.entries(searches(numbers))) {
    const times: number[] = [];
    let found = 0;
    for (let i = 0; i < SEARCHES; i += 1) {
      const { consecutive, ...filters } = make();
      const wanted = { ...filters, state: 'available' as const };
      const start = performance.now();
      const rows = await db.read(asTenant, async (tx) =>
        consecutive === undefined
          ? searchInventory(tx, wanted, clock.now(), '+', PAGE)
          : (await searchRuns(tx, wanted, consecutive, clock.now(), '+', Math.max(1, Math.floor(PAGE / consecutive)) * consecutive)).rows,
      );
      times.push(performance.now() - start);
      found += rows.length;
      const keys = Array.from({ length: PAGE }, () => numbers[random(numbers.length)]);
      const keyed = performance.now();
      await db.read(asTenant, (tx) =>
        tx.query({ name: 'bench-by-key', text: 'SELECT * FROM number_inventory WHERE e164 = ANY ($1)' }, keys),
      );
      byKey.push(performance.now() - keyed);
    }
    all.push(...times);
    say(
      `${name.padEnd(24)} p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms, ${(found / SEARCHES).toFixed(0)} found`,
    );
  }
  const ms = (samples: number[], share: number) => Number(quantile(samples, share).toPrecision(4));
  return { p50: ms(all, 0.5), p99: ms(all, 0.99), by_key_p50: ms(byKey, 0.5) };
};

try {
  say(`${machine()}; ${COUNT} numbers`);
  const numbers = makeNumbers();
  const importing = imported ? await measureImport(numbers) : await fill(numbers);
  const search = searched ? await measureSearches(numbers) : undefined;
  if (importing)
    report({
      name: 'numbers',
      ...importing,
      unit: `s to import ${COUNT} numbers from a sheet`,
      yardstick_name: 's to insert the same rows into a table with a primary key alone',
      ...search,
    });
  else if (search)
    report({
      name: 'numbers',
      figure: search.p99,
      yardstick: search.by_key_p50,
      unit: `ms, p99 of a search among ${COUNT} numbers`,
      yardstick_name: 'ms, median of 50 rows by their numbers',
      ...search,
    });
} finally {
  await db.onApplicationShutdown();
  await owner.end();
  await database.stop();
}
