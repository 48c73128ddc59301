import { newId, toPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let operator: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  operator = api.operator;
});
afterAll(() => api?.stop());

const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map((e) => e.pointer).sort();
let decks = 0;
const newDeck = async (currency = 'USD'): Promise<string> =>
  (await operator('POST', '/v1/decks', { name: `Deck ${(decks += 1)}`, currency })).body.id;

describe('POST /v1/decks', () => {
  it('201: creates a deck without rates', async () => {
    const { status, body } = await operator('POST', '/v1/decks', { name: 'Retail', currency: 'USD' });
    expect([status, body]).toMatchObject([201, { object: 'deck', name: 'Retail', currency: 'USD' }]);
    expect((await operator('GET', `/v1/decks/${body.id}`)).body.versions).toEqual([]);
    expect((await operator('GET', '/v1/decks')).body.data.map((d: { id: string }) => d.id)).toContain(body.id);
  });
  it('400: names the faulty fields', async () => {
    const { status, body } = await operator('POST', '/v1/decks', { name: '', currency: 'dollars', rates: [] });
    expect([status, pointers(body)]).toEqual([400, ['/currency', '/name', '/rates']]);
  });
  it('409: the name is taken', async () => {
    const { status, body } = await operator('POST', '/v1/decks', { name: 'Retail', currency: 'USD' });
    expect([status, body.code, pointers(body)]).toEqual([409, 'rating.deck_name_taken', ['/name']]);
  });
  it('replays an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'deck-1' };
    const first = await operator('POST', '/v1/decks', { name: 'Once', currency: 'USD' }, headers);
    expect((await operator('POST', '/v1/decks', { name: 'Once', currency: 'USD' }, headers)).body).toEqual(first.body);
  });
});

describe('POST /v1/decks/{id}/versions', () => {
  const sheet = 'prefix,rate\n1,0.01\n44,0.02\n';

  it('201: publishes version after version, none of which changes', async () => {
    const id = await newDeck();
    const first = await operator('POST', `/v1/decks/${id}/versions`, sheet);
    expect([first.status, first.body]).toMatchObject([201, { object: 'deck_version', deck_id: id, version: 1, rates_count: 2 }]);
    const from = new Date(api.clock.now().getTime() + 86_400_000).toISOString();
    const second = await operator('POST', `/v1/decks/${id}/versions?effective_from=${from}`, sheet);
    expect(second.body).toMatchObject({ version: 2, effective_from: from });
    expect((await operator('GET', `/v1/decks/${id}`)).body.versions).toEqual([second.body, first.body]);
  });
  it('400: lists every fault with its line and column, and writes nothing', async () => {
    const id = await newDeck();
    const { status, body } = await operator('POST', `/v1/decks/${id}/versions`, 'prefix,rate\n1,0.01\n44,-1\n49,"0,02"\n1,0.5\n');
    expect([status, body.code]).toEqual([400, 'rating.deck_invalid']);
    expect(body.errors.map((e: { pointer: string; code: string }) => [e.pointer, e.code])).toEqual([
      ['/csv/3/rate', 'negative'],
      ['/csv/4/rate', 'comma_decimal'],
      ['/csv/5/prefix', 'duplicate'],
    ]);
    expect((await operator('GET', `/v1/decks/${id}`)).body.versions).toEqual([]);
  });
  it('400: an unbalanced quote says its line', async () => {
    const { status, body } = await operator('POST', `/v1/decks/${await newDeck()}/versions`, 'prefix,destination,rate\n1,"North,0.01\n');
    expect([status, body.errors[0].pointer]).toEqual([400, expect.stringMatching(/^\/csv\/\d/)]);
  });
  it('400: refuses a body that is no CSV, and the past', async () => {
    const id = await newDeck();
    const json = await operator('POST', `/v1/decks/${id}/versions`, { prefix: '1', rate: '0.01' });
    expect([json.status, json.body.errors[0].detail]).toEqual([400, expect.stringContaining('text/csv')]);
    const past = await operator('POST', `/v1/decks/${id}/versions?effective_from=2020-01-01T00:00:00Z`, sheet);
    expect([past.status, pointers(past.body)]).toEqual([400, ['/query/effective_from']]);
    const odd = await operator('POST', `/v1/decks/${id}/versions?effective_from=tomorrow`, sheet);
    expect([odd.status, pointers(odd.body)]).toEqual([400, ['/query/effective_from']]);
  });
  it('404: no such deck', async () => {
    expect((await operator('POST', `/v1/decks/${toPublicId('deck', newId())}/versions`, sheet)).status).toBe(404);
    expect((await operator('GET', `/v1/decks/${toPublicId('deck', newId())}`)).status).toBe(404);
  });
});

describe('POST /v1/plans', () => {
  const fees = { channel_monthly: '1.00', channel_setup: '0', number_monthly: '2', number_setup: '0.25' };

  it('201: creates a plan', async () => {
    const deck = await newDeck();
    const { status, body } = await operator('POST', '/v1/plans', { name: 'Basic', currency: 'USD', ...fees, outbound_deck_id: deck });
    expect([status, body]).toMatchObject([
      201,
      { object: 'plan', outbound_deck_id: deck, inbound_deck_id: null, number_setup: { amount: '0.25', currency: 'USD' } },
    ]);
    expect((await operator('GET', '/v1/plans')).body.data).toContainEqual(body);
  });
  it('400: a negative price, an unknown deck, a deck of another currency', async () => {
    const deck = await newDeck();
    const plan = { name: 'Bad', currency: 'USD', ...fees, outbound_deck_id: deck };
    const negative = await operator('POST', '/v1/plans', { ...plan, channel_monthly: '-1.00' });
    expect([negative.status, pointers(negative.body)]).toEqual([400, ['/channel_monthly']]);
    const unknown = toPublicId('deck', newId());
    const missing = await operator('POST', '/v1/plans', { ...plan, outbound_deck_id: unknown, inbound_deck_id: unknown });
    expect([missing.status, pointers(missing.body)]).toEqual([400, ['/inbound_deck_id', '/outbound_deck_id']]);
    const foreign = await operator('POST', '/v1/plans', { ...plan, inbound_deck_id: await newDeck('EUR') });
    expect([foreign.status, pointers(foreign.body)]).toEqual([400, ['/inbound_deck_id']]);
  });
  it('409: the name is taken', async () => {
    const { status, body } = await operator('POST', '/v1/plans', {
      name: 'Basic',
      currency: 'USD',
      ...fees,
      outbound_deck_id: await newDeck(),
    });
    expect([status, body.code]).toEqual([409, 'rating.plan_name_taken']);
  });
});

describe('POST /v1/plan-assignments', () => {
  it('201: gives a tenant its prices', async () => {
    const tenant = await api.tenant('Assigned', undefined, { plan: false });
    const trunk = { name: 'A', country: 'US', channels_max: 2 };
    expect((await tenant.call('POST', '/v1/trunks', trunk)).body.code).toBe('plan.none_assigned');
    const { planId } = await api.prices();
    const { status, body } = await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: planId });
    expect([status, body]).toMatchObject([201, { tenant_id: tenant.id, plan_id: planId, from: api.clock.now().toISOString() }]);
    expect((await tenant.call('POST', '/v1/trunks', trunk)).status).toBe(201);
    expect((await operator('GET', `/v1/plan-assignments?tenant_id=${tenant.id}`)).body.data).toEqual([body]);
  });
  it('400: unknown tenant or plan, another currency, the past of a tenant that has a plan', async () => {
    const { planId } = await api.prices();
    const tenant = await api.tenant('Second');
    const past = '2020-01-01T00:00:00Z';
    const unknownTenant = await operator('POST', '/v1/plan-assignments', { tenant_id: toPublicId('tenant', newId()), plan_id: planId });
    expect([unknownTenant.status, pointers(unknownTenant.body)]).toEqual([400, ['/tenant_id']]);
    const unknownPlan = await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: toPublicId('plan', newId()) });
    expect([unknownPlan.status, pointers(unknownPlan.body)]).toEqual([400, ['/plan_id']]);
    const late = await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: planId, from: past });
    expect([late.status, pointers(late.body)]).toEqual([400, ['/from']]);
    const { body: european } = await operator('POST', '/v1/tenants', { name: 'Euro', country: 'DE', currency: 'EUR' });
    const euro = await operator('POST', '/v1/plan-assignments', { tenant_id: european.id, plan_id: planId });
    expect([euro.status, pointers(euro.body)]).toEqual([400, ['/plan_id']]);
  });
  it('201: the first plan of a tenant may begin in the past', async () => {
    const tenant = await api.tenant('First', undefined, { plan: false });
    const { planId } = await api.prices();
    expect(
      (await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: planId, from: '2020-01-01T00:00:00Z' })).status,
    ).toBe(201);
  });
  it('409: another plan from the same instant', async () => {
    const tenant = await api.tenant('Twice');
    const { planId } = await api.prices();
    const { status, body } = await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: planId });
    expect([status, body.code]).toEqual([409, 'rating.already_assigned']);
  });
});
