import { TrunklineError } from './error.ts';
import { resilientFetch, retryAfterMs } from './transport.ts';
import { Trunkline, allOf } from './trunkline.ts';

type Answer = Response | Error | 'never';
const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const problem = (status: number, code: string, headers?: Record<string, string>) =>
  json(
    status,
    { type: '', title: '', status, code, detail: 'words', errors: [{ pointer: '/name', code: 'x', detail: 'y' }], request_id: 'req_1' },
    headers,
  );

/** A server that gives these answers in turn, and a clock that only notes how long one would have slept. */
const server = (...answers: Answer[]) => {
  const requests: Request[] = [];
  const slept: number[] = [];
  const fetch = (request: Request): Promise<Response> => {
    requests.push(request);
    const answer = answers.shift() ?? new Error('nothing more was expected');
    if (answer === 'never')
      return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const options = { timeoutMs: 5_000, retriesMax: 3, fetch, sleep: async (ms: number) => void slept.push(ms) };
  return { requests, slept, options, client: new Trunkline({ baseUrl: 'http://api.test/', apiKey: 'tl_live_secret', ...options }) };
};
const failure = (promise: Promise<unknown>): Promise<TrunklineError> => promise.then(() => Promise.reject(new Error('it did not fail')), (e) => e); // prettier-ignore
const trunk = { id: 'trk_1', name: 'A' };

describe('a request', () => {
  it('carries the key, and the tenant an operator acts for', async () => {
    const { requests, options } = server(json(200, trunk));
    await new Trunkline({ baseUrl: 'http://api.test', apiKey: 'tl_live_op', tenantId: 'tnt_1', ...options }).getTrunk({
      path: { id: 'trk_1' },
    });
    expect(requests[0]?.url).toBe('http://api.test/v1/trunks/trk_1');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer tl_live_op');
    expect(requests[0]?.headers.get('trunkline-tenant')).toBe('tnt_1');
  });

  it('refuses to follow a redirect', async () => {
    const { requests, client } = server(json(200, trunk));
    await client.getTrunk({ path: { id: 'trk_1' } });
    expect(requests[0]?.redirect).toBe('error');
  });

  it.each([429, 503])('is sent again after a %s, when the server says', async (status) => {
    const { slept, client } = server(problem(status, 'x.y', { 'retry-after': '2' }), json(200, trunk));
    expect((await client.getTrunk({ path: { id: 'trk_1' } })).name).toBe('A');
    expect(slept).toEqual([2_000]);
  });

  it('that is a POST has one Idempotency-Key for all its attempts', async () => {
    const { requests, client } = server(
      new TypeError('fetch failed'),
      problem(503, 'x.y'),
      json(409, { code: 'idempotency.in_flight' }),
      json(201, trunk),
    );
    await client.createTrunk({ body: { name: 'A', country: 'US', channels_max: 1 } });
    const keys = requests.map((request) => request.headers.get('idempotency-key'));
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await requests[3]?.json()).toEqual({ name: 'A', country: 'US', channels_max: 1 });
  });

  it('keeps the Idempotency-Key of its caller', async () => {
    const { requests, client } = server(json(201, trunk));
    await client.createTrunk({ body: { name: 'A', country: 'US', channels_max: 1 }, headers: { 'Idempotency-Key': 'mine' } });
    expect(requests[0]?.headers.get('idempotency-key')).toBe('mine');
  });

  it('waits longer each time, at most 8 s', async () => {
    const { slept, options } = server(...Array.from({ length: 8 }, () => new TypeError('fetch failed')));
    const fetching = resilientFetch({ ...options, retriesMax: 7 })(new Request('http://api.test/'));
    await expect(fetching).rejects.toThrow('fetch failed');
    expect(slept.every((ms, i) => ms >= Math.min(125 * 2 ** i, 4_000) && ms <= Math.min(250 * 2 ** i, 8_000))).toBe(true);
  });

  it('is not repeated after any other refusal, nor when the server asks for more than a minute', async () => {
    for (const answer of [
      problem(400, 'request.invalid'),
      problem(409, 'trunk.name_taken'),
      problem(503, 'x.y', { 'retry-after': '3600' }),
    ]) {
      const { requests, client } = server(answer);
      await failure(client.getTrunk({ path: { id: 'trk_1' } }));
      expect(requests).toHaveLength(1);
    }
  });

  it('that is not answered in time fails as such', async () => {
    const { options } = server('never');
    const client = new Trunkline({ baseUrl: 'http://api.test', apiKey: 'k', ...options, timeoutMs: 1, retriesMax: 0 });
    expect((await failure(client.getBalance())).code).toBe('client.timeout');
  });
});

describe('a failure', () => {
  it('is an error with the code, the status and the fields of the problem', async () => {
    const { client } = server(problem(400, 'request.invalid'));
    const error = await failure(client.createTrunk({ body: { name: '', country: 'US', channels_max: 1 } }));
    expect(error).toBeInstanceOf(TrunklineError);
    expect(error).toMatchObject({ code: 'request.invalid', status: 400, requestId: 'req_1', errors: [{ pointer: '/name' }] });
  });

  it('tells nothing of the key or of what was sent', async () => {
    for (const answer of [problem(401, 'auth.invalid_key'), new TypeError('fetch failed'), new Response('<html>', { status: 502 })]) {
      const { options } = server(answer);
      const client = new Trunkline({ baseUrl: 'http://api.test', apiKey: 'tl_live_secret', ...options, retriesMax: 0 });
      const error = await failure(client.createTrunk({ body: { name: 'hidden', country: 'US', channels_max: 1 } }));
      expect(`${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toMatch(/tl_live_secret|hidden/);
    }
  });

  it.each([
    [new TypeError('fetch failed'), 'client.unreachable'],
    [new Response('<html>', { status: 502 }), 'client.unexpected_answer'],
  ])('without a problem has a code of ours', async (answer, code) => {
    const { options } = server(answer);
    expect((await failure(new Trunkline({ baseUrl: 'http://api.test', apiKey: 'k', ...options, retriesMax: 0 }).getBalance())).code).toBe(
      code,
    );
  });
});

it('walks through all pages of a list', async () => {
  const { requests, client } = server(
    json(200, { data: [{ id: 1 }], next_cursor: 'c1' }),
    json(200, { data: [{ id: 2 }, { id: 3 }], next_cursor: null }),
  );
  const ids: unknown[] = [];
  for await (const { id } of allOf((page) => client.listTrunks({ query: page }), 2)) ids.push(id);
  expect(ids).toEqual([1, 2, 3]);
  expect(requests.map((request) => new URL(request.url).search)).toEqual(['?limit=2', '?limit=2&cursor=c1']);
});

it.each([
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['7', 7_000],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 9_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('reads Retry-After %s as %s', (header, ms) => {
  expect(retryAfterMs(header, 1_000)).toBe(ms);
});
