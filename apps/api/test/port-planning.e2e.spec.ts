import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let acme: Call;

beforeAll(async () => {
  api = await ApiHarness.start();
  acme = (await api.tenant('Planner')).call;
});
afterAll(() => api?.stop());

const fault = (body: { errors?: readonly { pointer: string; code: string }[] }) => body.errors?.map((e) => `${e.pointer} ${e.code}`);

describe('what a port has to tell', () => {
  it('200: fields with patterns and help, documents with their age', async () => {
    const { status, body } = await acme('GET', '/v1/port-requirements?country=FR&customer=business');
    expect(status).toBe(200);
    expect(body.fields.find((f: { name: string }) => f.name === 'pin')).toMatchObject({
      required: true,
      help: expect.stringContaining('RIO'),
    });
    expect(body.documents).toEqual([{ kind: 'letter_of_authority', max_age_days: 30 }]);
  });

  it('400: a country that nobody ports in, or numbers that such a customer has none of', async () => {
    expect((await acme('GET', '/v1/port-requirements?country=JP')).status).toBe(400);
    const { body } = await acme('GET', '/v1/port-requirements?country=US&type=toll_free&customer=residential');
    expect(fault(body)).toEqual(['/query/type not_portable']);
  });
});

describe('the earliest date', () => {
  it('200: a working day in the zone of the number', async () => {
    const { status, body } = await acme('GET', '/v1/port-dates?number=%2B442079460123&country=GB&installation=ddi&lines=31');
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: 'port_date', time_zone: 'Europe/London', negotiated: false });
  });

  it('400: a number of another country, or a country without a rule', async () => {
    expect(fault((await acme('GET', '/v1/port-dates?number=%2B442079460123&country=US')).body)).toEqual(['/query/number mismatch']);
    expect(fault((await acme('GET', '/v1/port-dates?number=%2B61291234567&country=AU')).body)).toEqual(['/query/country unknown']);
  });
});

describe('a pasted list', () => {
  it('200: groups, and what could not be read', async () => {
    const { status, body } = await acme('POST', '/v1/port-number-lists', { text: '(212) 555-0123, 800 555 0199\nhello' });
    expect(status).toBe(200);
    expect(body.groups).toEqual([
      { country: 'US', type: 'local', numbers: ['+12125550123'] },
      { country: 'US', type: 'toll_free', numbers: ['+18005550199'] },
    ]);
    expect(body.faults).toEqual([expect.objectContaining({ line: 2, text: 'hello', code: 'malformed' })]);
  });

  it('400: no text', async () => {
    expect(fault((await acme('POST', '/v1/port-number-lists', {})).body)).toEqual(['/text invalid_type']);
  });

  it('403: a key without the scope', async () => {
    const { body } = await acme('POST', '/v1/api-keys', { name: 'narrow', scopes: ['calls:read'] });
    expect((await api.as(body.secret)('GET', '/v1/port-requirements?country=US')).status).toBe(403);
  });
});
