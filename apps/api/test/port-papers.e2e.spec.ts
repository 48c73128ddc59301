import { SendPort } from '@trunkline/porting/server';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let owner: pg.Client;
let tenant: { id: string; call: Call };
let trunk: string;
const PDF = Buffer.from('%PDF-1.7 a bill');
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const FIELDS = { subscriber_name: 'Łukasz Żak', signer_name: 'Jane Doe', account_number: '4471', postal_code: '10118' };

beforeAll(async () => {
  api = await ApiHarness.start();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  tenant = await api.tenant('Papers');
  trunk = (await tenant.call('POST', '/v1/trunks', { name: 'in', country: 'US', channels_max: 2 })).body.id;
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

const day = (daysAgo: number) => new Date(api.clock.now().getTime() - daysAgo * 86_400_000).toISOString().slice(0, 10);
const bill = (order: string, daysAgo = 3) => `/v1/port-orders/${order}/documents?kind=bill&file_name=bill.pdf&dated_on=${day(daysAgo)}`;
/** An order that the carrier looked at. */
const checked = async (numbers: readonly string[], fields: object = FIELDS) => {
  const { body: project } = await tenant.call('POST', '/v1/port-projects', { numbers, trunk_id: trunk, fields });
  await tenant.call('POST', `/v1/port-projects/${project.id}/check`);
  const { rows } = await owner.query(`SELECT tenant_id, id FROM port_order WHERE state = 'validating'`);
  for (const { tenant_id: tenantId, id } of rows) await api.app.get(SendPort).execute(tenantId, id);
  return { project: project.id as string, order: (await order(undefined, project.id)).id as string };
};
const order = async (id: string | undefined, project?: string) =>
  id
    ? (await tenant.call('GET', `/v1/port-orders/${id}`)).body
    : (await tenant.call('GET', `/v1/port-orders?project_id=${project}`)).body.data[0];
const faultsOf = async (id: string) => (await order(id)).faults.map((f: { pointer: string; code: string }) => `${f.pointer} ${f.code}`);
const letterOf = async (id: string) => (await tenant.call('GET', `/v1/port-orders/${id}/letter`)).body;
const sign = async (id: string, over: object = {}) => {
  const { numbers_sha256 } = await letterOf(id);
  return tenant.call('POST', `/v1/port-orders/${id}/letter/sign`, { signer_name: 'Jane Doe', numbers_sha256, ...over });
};

describe('what an order says of its account', () => {
  it('400: a field that no carrier asks for, or a PIN among the fields, where it would not be sealed', async () => {
    for (const name of ['acount_number', 'pin']) {
      const { status, body } = await tenant.call('POST', '/v1/port-projects', { numbers: ['+12125559000'], fields: { [name]: '4711' } });
      expect([status, body.errors[0].pointer]).toEqual([400, `/fields/${name}`]);
    }
  });

  it('200: what is missing is named, with the help of its country', async () => {
    const { order: id } = await checked(['+33155559001'], { subscriber_name: 'Jane Doe' });
    const { faults, state } = await order(id);
    expect(state).toBe('incomplete');
    expect(faults).toContainEqual({ pointer: '/fields/pin', code: 'missing', detail: expect.stringContaining('RIO') });
    await tenant.call('PATCH', `/v1/port-orders/${id}`, { pin: '01E1234567AB', customer: 'residential' });
    expect(await faultsOf(id)).not.toContain('/fields/pin missing');
    expect((await order(id)).customer).toBe('residential');
  });

  it('200: mismatches with the losing carrier’s record stand side by side', async () => {
    const { order: id } = await checked(['+12125560001']);
    expect((await order(id)).customer_record.lines).toEqual([
      { field: 'subscriber_name', ours: 'Łukasz Żak', theirs: 'Emulated Subscriber Ltd', same: false },
    ]);
  });
});

describe('documents', () => {
  it('201, 200, 204: are kept sealed, come back as they were, audited, and are gone', async () => {
    const { order: id } = await checked(['+12125559010', '+12125559011']);
    const { status, body } = await tenant.call('POST', bill(id), PDF);
    expect([status, body.kind, body.media_type, body.scanned_by]).toEqual([201, 'bill', 'application/pdf', 'emulated']);
    const content = await tenant.call('GET', `/v1/port-documents/${body.id}/content`);
    expect([content.status, content.body, content.headers['cache-control']]).toEqual([200, PDF.toString(), 'no-store']);
    const { rows } = await owner.query(`SELECT action FROM audit_entry WHERE action LIKE 'port_document.%' ORDER BY at, sequence`);
    expect(rows.map((r) => r.action)).toEqual(['port_document.added', 'port_document.read']);
    expect((await tenant.call('DELETE', `/v1/port-documents/${body.id}`)).status).toBe(204);
    expect((await tenant.call('GET', `/v1/port-documents/${body.id}/content`)).status).toBe(404);
  });

  it('400: what is not what it says, a virus, tomorrow’s bill; 415: another type', async () => {
    const { order: id } = await checked(['+12125559012']);
    const attempts = [
      [Buffer.from('<script>'), {}, bill(id)],
      [PDF, { 'content-type': 'image/tiff' }, bill(id)],
      [Buffer.from(`%PDF-${EICAR}`), {}, bill(id)],
      [PDF, {}, bill(id, -2)],
      [PDF, { 'content-type': 'text/html' }, bill(id)],
    ] as const;
    const codes = [];
    for (const [bytes, headers, url] of attempts) codes.push((await tenant.call('POST', url, bytes, headers)).body.code);
    expect(codes).toEqual(['document.type', 'document.type', 'document.infected', 'request.invalid', 'request.unsupported_media_type']);
    expect((await order(id)).documents).toEqual([]);
  });

  it('200: an old bill is named as such', async () => {
    const { order: id } = await checked(['+12125559013', '+12125559014']);
    await tenant.call('POST', bill(id, 40), PDF);
    expect(await faultsOf(id)).toContain('/documents/bill too_old');
  });
});

describe('the letter of authority', () => {
  it('201: is signed with evidence, and makes the order ready to be submitted', async () => {
    const { project, order: id } = await checked(['+12125559020']);
    expect((await tenant.call('POST', `/v1/port-projects/${project}/submit`, {})).body.code).toBe('port_order.incomplete');
    const { status, body } = await sign(id, { signer_name: 'jane doe', signer_title: 'CFO' });
    expect(status).toBe(201);
    const { numbers_sha256 } = await letterOf(id);
    expect(body.signature).toMatchObject({ signer_name: 'jane doe', signer_title: 'CFO', address: '127.0.0.1', numbers_sha256 });
    expect((await tenant.call('GET', `/v1/port-documents/${body.id}/content`)).body).toMatch(/^%PDF-/);
    expect((await order(id)).state).toBe('ready');
    expect((await tenant.call('POST', `/v1/port-projects/${project}/submit`, {})).status).toBe(202);
  });

  it('400: by somebody else; 409: for another list than was shown, or of an account that is not told whole', async () => {
    const { order: id } = await checked(['+12125559021']);
    expect((await sign(id, { signer_name: 'John Doe' })).body.errors[0].code).toBe('other_signer');
    expect((await sign(id, { numbers_sha256: '0'.repeat(64) })).body.code).toBe('port_order.list_changed');
    const { order: unfinished } = await checked(['+12125559022'], { subscriber_name: 'Jane' });
    expect((await tenant.call('GET', `/v1/port-orders/${unfinished}/letter`)).body.code).toBe('port_order.incomplete');
  });
});

describe('a share link', () => {
  const visitor = () => api.as(undefined);
  const shared = async (id: string, body: object = {}) => {
    const { body: link } = await tenant.call('POST', `/v1/port-orders/${id}/share-links`, body);
    return { id: link.id as string, path: `/v1/shared-ports/${link.url.split('/').pop()}`, page: new URL(link.url).pathname };
  };
  // two a second from one address
  const patiently = async (ask: () => ReturnType<Call>): ReturnType<Call> => {
    for (;;) {
      const answer = await ask();
      if (answer.status !== 429) return answer;
    }
  };
  const visit = (...[method, url, body]: Parameters<Call>) => patiently(() => visitor()(method, url, body));

  it('lets somebody without an account add and sign, for that order alone', async () => {
    const { order: id } = await checked(['+12125559030', '+12125559031'], { ...FIELDS, ...{ service_address: '350 Fifth Avenue', city: 'New York' }, state: 'NY', billing_number: '+12125559030', remaining_numbers: 'none' }); // prettier-ignore
    const link = await shared(id);
    const { body: seen } = await visit('GET', link.path);
    expect(seen.documents.map((d: { kind: string }) => d.kind)).toEqual(['letter_of_authority', 'bill']);
    expect(seen.letter.numbers).toEqual(['+12125559030', '+12125559031']);
    const added = await visit('POST', `${link.path}/documents?kind=bill&file_name=b.pdf&dated_on=${day(1)}`, PDF);
    const signed = await visit('POST', `${link.path}/sign`, { signer_name: 'Jane Doe', numbers_sha256: seen.letter.numbers_sha256 });
    expect([added.status, signed.status]).toEqual([201, 201]);
    const { state, documents } = await order(id);
    expect([state, documents.map((d: { share_link_id: string }) => d.share_link_id)]).toEqual(['ready', [link.id, link.id]]);
    const { rows } = await owner.query(`SELECT token_hash FROM port_share_link`);
    expect(rows[0].token_hash.length).toBe(32);
    expect(JSON.stringify((await tenant.call('GET', `/v1/port-orders/${id}/share-links`)).body)).not.toContain(link.path.slice(17));
  });

  it('404: unknown, for something else, revoked or expired: one answer', async () => {
    const { order: id } = await checked(['+12125559032']);
    const link = await shared(id, { allows: ['upload'], expires_in_hours: 2 });
    const gone = async (url: string, body?: object) => {
      const { status, body: problem } = await visit(body ? 'POST' : 'GET', url, body);
      return `${status} ${problem.code}`;
    };
    const body = { signer_name: 'Jane Doe', numbers_sha256: '0'.repeat(64) };
    const answers = [await gone(`/v1/shared-ports/${'A'.repeat(43)}`), await gone(`${link.path}/sign`, body)];
    await tenant.call('POST', `/v1/port-share-links/${(await shared(id)).id}/revoke`);
    const revoked = await shared(id);
    await tenant.call('POST', `/v1/port-share-links/${revoked.id}/revoke`);
    answers.push(await gone(revoked.path));
    expect((await visit('GET', link.path)).body.letter).toBeNull(); // it may not sign: it does not see the account
    api.clock.advance({ hours: 2 });
    answers.push(await gone(link.path));
    expect(new Set(answers)).toEqual(new Set(['404 resource.not_found']));
  });

  it('429: who tries many of them waits', async () => {
    const tries = await Promise.all(Array.from({ length: 30 }, () => visitor()('GET', `/v1/shared-ports/${'B'.repeat(43)}`)));
    const statuses = new Set(tries.map((t) => t.status));
    expect(statuses).toContain(429);
    expect([...statuses].filter((s) => s !== 404 && s !== 429)).toEqual([]);
    expect(tries.find((t) => t.status === 429)?.headers['retry-after']).toBe('1');
  });

  it('leads to a page that needs nothing from elsewhere and shows what was written as text', async () => {
    const { order: id } = await checked(['+12125559033'], { ...FIELDS, subscriber_name: '<img src=x onerror=alert(1)>' });
    const link = await shared(id);
    const { status, body, headers } = await visit('GET', link.page);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body).toContain('&lt;img src=x');
    expect(body).not.toContain('<img');
    expect((await visit('GET', `/shared-ports/${'C'.repeat(43)}`)).body).toContain('This link is closed');
  });
});
