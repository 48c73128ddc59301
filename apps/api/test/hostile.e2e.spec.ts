import { ApiHarness } from './harness.ts';

let api: ApiHarness;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;
beforeAll(async () => {
  api = await ApiHarness.start();
  tenant = await api.tenant();
});
afterAll(() => api?.stop());

const trunk = (name: string) => ({ name, country: 'US', channels_max: 1 });
const cursor = (at: string) => Buffer.from(`${at}|01930000-0000-7000-8000-000000000000`).toString('base64url');

describe('what cannot be stored is refused', () => {
  it.each(['+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', '0000-01-01T00:00:00Z'])('a cursor of %s', async (at) => {
    for (const list of ['/v1/trunks', '/v1/numbers', '/v1/api-keys', '/v1/calls', '/v1/invoices', '/v1/audit-entries'])
      expect([list, await tenant.call('GET', `${list}?cursor=${cursor(at)}`)]).toMatchObject([
        list,
        { status: 400, body: { code: 'request.bad_cursor' } },
      ]);
  });
  it('half a surrogate pair', async () => {
    const answer = await tenant.call('POST', '/v1/trunks', { ...trunk('x'), name: 'half \ud83d' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/name' }] } });
  });
  it.each(['9999999999', '999999999999'])('a fee of %s', async (fee) => {
    const { deckId } = await api.prices();
    const fees = { channel_monthly: fee, channel_setup: '0', number_monthly: '0', number_setup: '0' };
    const answer = await api.operator('POST', '/v1/plans', { name: `Dear ${fee}`, currency: 'USD', ...fees, outbound_deck_id: deckId });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/channel_monthly' }] } });
  });
  it('a price a minute beyond all books', async () => {
    const { deckId } = await api.prices();
    const answer = await api.operator('POST', `/v1/decks/${deckId}/versions`, 'prefix,rate\n44,999999999999\n');
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/csv/2/rate' }] } });
  });
});

describe('what is too much is refused cheaply', () => {
  it('a body nested without end', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'deep' };
    expect((await tenant.call('POST', '/v1/trunks', `{"name":${deep}}`, headers)).status).toBe(400);
  });
  it('100,000 faults in one body', async () => {
    const body = Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`x${i}`, 1]));
    const answer = await tenant.call('POST', '/v1/trunks', { ...trunk('x'), ...body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.length).toBeLessThanOrEqual(100);
  });
  it('100,000 bad items in one list', async () => {
    const answer = await tenant.call('POST', '/v1/trunks', {
      ...trunk('x'),
      allowed_countries: Array.from({ length: 150_000 }, () => 'x'),
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.length).toBeLessThanOrEqual(100);
  });
  it.each(['number-imports', 'decks'])('a sheet of a million columns (%s)', async (where) => {
    const { deckId } = await api.prices();
    const url = where === 'decks' ? `/v1/decks/${deckId}/versions` : '/v1/number-imports';
    expect(await api.operator('POST', url, ','.repeat(1_000_000))).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'line_too_long' }] },
    });
  });
  it.each(['number-imports', 'decks'])('a row over a hundred thousand lines (%s)', async (where) => {
    const { deckId } = await api.prices();
    const url = where === 'decks' ? `/v1/decks/${deckId}/versions` : '/v1/number-imports';
    const answer = await api.operator('POST', url, `number\n${'"\n",'.repeat(100_000)}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.length).toBeLessThan(10);
  });
});

describe('a key', () => {
  it('cannot make another that may do more', async () => {
    const { body: weak } = await tenant.call('POST', '/v1/api-keys', { name: 'weak', scopes: ['api_keys:write'] });
    const answer = await api.as(weak.secret)('POST', '/v1/api-keys', { name: 'strong', scopes: ['api_keys:write', 'billing:write'] });
    expect(answer).toMatchObject({ status: 403 });
  });
  it('cannot fill the edges with credentials', async () => {
    const { body } = await tenant.call('POST', '/v1/trunks', trunk('Crowded'));
    const url = `/v1/trunks/${body.id}/credentials`;
    for (let n = 1; n <= 49; n += 1) expect((await tenant.call('POST', url)).status).toBe(201);
    const last = await Promise.all([tenant.call('POST', url), tenant.call('POST', url), tenant.call('POST', url)]);
    expect(last.map((a) => a.status).sort()).toEqual([201, 409, 409]);
  });
});

describe('two changes at once', () => {
  it('of different fields of a tenant both stay', async () => {
    const { id } = await api.tenant('Before');
    for (let n = 1; n <= 10; n += 1) {
      await Promise.all([
        api.operator('PATCH', `/v1/tenants/${id}`, { name: `After ${n}` }),
        api.operator('PATCH', `/v1/tenants/${id}`, { channels_max: n }),
      ]);
      expect((await api.operator('GET', `/v1/tenants/${id}`)).body).toMatchObject({ name: `After ${n}`, channels_max: n });
    }
  });
});

describe('fifty requests on two connections', () => {
  it('are all answered, with and without a key of their own', async () => {
    const small = await ApiHarness.start({ DATABASE_POOL_MAX: 2 });
    try {
      const { id, call } = await small.tenant();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i): Promise<{ status: number }> => {
          const header: Record<string, string> = i % 2 ? { 'idempotency-key': `k${i}` } : {};
          if (i % 5 === 0) return small.operator('POST', `/v1/tenants/${id}/place-hold`, { kind: 'fraud', reason: 'test' }, header);
          return i % 5 === 1 ? call('GET', '/v1/trunks') : call('POST', '/v1/trunks', trunk(`Trunk ${i}`), header);
        }),
      );
      expect(answers.map((a) => a.status).filter((status) => status >= 300)).toEqual([]);
    } finally {
      await small.stop();
    }
  });
});
