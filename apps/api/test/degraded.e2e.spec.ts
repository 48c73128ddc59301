import { proof } from '@trunkline/testing';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

const trunk = (name: string) => ({ name, country: 'US', channels_max: 1 });
const { report } = proof(26, { short: {}, full: {} });
let api: ApiHarness;
let tenant: { id: string; call: Call };
let owner: pg.Client;
let locking: pg.Client; // another connection: within a transaction pg_stat_activity stands still
beforeAll(async () => {
  api = await ApiHarness.start({ DATABASE_POOL_MAX: 2 });
  tenant = await api.tenant();
  [owner, locking] = [
    new pg.Client({ connectionString: api.database.ownerUrl }),
    new pg.Client({ connectionString: api.database.ownerUrl }),
  ];
  locking.on('error', () => {}); // cut off with the others
  await owner.connect();
  await locking.connect();
  await tenant.call('POST', '/v1/trunks', trunk('first'));
});
afterAll(async () => {
  await owner?.end();
  await locking?.end();
  await api?.stop();
});

const ready = async () => {
  api.clock.set(new Date());
  const { status, body } = await api.as(undefined)('GET', '/health/ready');
  return status === 200 ? 'ready' : [status, body.detail];
};
const unavailable = { status: 503, body: { code: 'platform.unavailable' }, headers: { 'retry-after': '1' } };
/** So that everybody gets a connection with the settings of now. */
const CUT_OFF = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
const eventually = async (ask: () => Promise<boolean>) => {
  while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('every connection to the database in use', () => {
  it('answers 503 soon, says why, and goes on when there is one again', async () => {
    await locking.query('BEGIN; SELECT FROM balance FOR UPDATE'); // two changes get no further
    const stuck = ['a', 'b'].map((name) => tenant.call('POST', '/v1/trunks', trunk(name)));
    await eventually(
      async () =>
        (await owner.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).rowCount === 2,
    );
    const [third, health] = await Promise.all([tenant.call('POST', '/v1/trunks', trunk('c')), ready()]);
    expect(third).toMatchObject(unavailable);
    expect(health).toEqual([503, 'Every connection to the database is in use']);
    await locking.query('COMMIT');
    expect((await Promise.all(stuck)).map((a) => a.status)).toEqual([201, 201]);
    expect(await ready()).toBe('ready');
    expect((await tenant.call('POST', '/v1/trunks', trunk('c'))).status).toBe(201);
    report(
      'both connections of the pool held',
      'the next change 503 with Retry-After, readiness says why; the held ones and the next go on after',
    );
  });
});

describe('a database that takes no changes', () => {
  const set = async (readOnly: 'on' | 'off') => {
    const { rows } = await owner.query<{ name: string }>('SELECT current_database() AS name');
    await owner.query('SET default_transaction_read_only = off');
    await owner.query(`ALTER DATABASE "${rows[0]!.name}" SET default_transaction_read_only = ${readOnly}`);
    await owner.query(CUT_OFF);
  };
  it('answers changes with 503 and questions as ever, says why, and goes on when it takes them again', async () => {
    await set('on');
    await eventually(async () => (await tenant.call('GET', '/v1/trunks')).status === 200);
    expect(await tenant.call('POST', '/v1/trunks', trunk('d'))).toMatchObject(unavailable);
    expect(await ready()).toEqual([503, 'The database takes no changes: it is read-only']);
    await set('off');
    await eventually(async () => (await tenant.call('POST', '/v1/trunks', trunk('d'))).status === 201);
    expect(await ready()).toBe('ready');
    report('a database that became read-only', 'changes 503, questions answered, readiness says why; changes go on after');
  });
});

describe('a clock that does not agree with the database’s', () => {
  it.each([
    ['behind', -1],
    ['ahead', 1],
  ])('more than a second %s: is not ready', async (_, sign) => {
    api.clock.set(new Date(Date.now() + sign * 5_000));
    const { status, body } = await api.as(undefined)('GET', '/health/ready');
    expect([status, body.detail]).toEqual([503, expect.stringMatching(/^The clock is \d+ ms off the database's$/)]);
    expect(await ready()).toBe('ready');
  });
});

it('a change that waits too long for another is answered 503', async () => {
  await owner.query(
    `ALTER ROLE trunkline_app IN DATABASE ${(await owner.query<{ n: string }>('SELECT quote_ident(current_database()) AS n')).rows[0]!.n} SET lock_timeout = '200ms'`,
  );
  await owner.query(CUT_OFF);
  await eventually(async () => (await tenant.call('GET', '/v1/trunks')).status === 200);
  await owner.query('BEGIN; SELECT FROM balance FOR UPDATE');
  expect(await tenant.call('POST', '/v1/trunks', trunk('e'))).toMatchObject(unavailable);
  await owner.query('COMMIT');
});
