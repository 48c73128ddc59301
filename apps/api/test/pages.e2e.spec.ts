import { SendPort } from '@trunkline/porting/server';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { documentedCodes } from '../src/error-codes.ts';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { browserOf, logIn, outbox } from './people.ts';
import { PATIENCE_MS, Screen, openBrowser } from './screen.ts';

let api: ApiHarness;
let browser: Browser;
let owner: pg.Client;
let base: string;

beforeAll(async () => {
  api = await ApiHarness.start();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  await api.app.listen(0, '127.0.0.1');
  base = await api.app.getUrl();
  browser = await openBrowser();
}, PATIENCE_MS);
afterAll(async () => {
  await browser?.close();
  await owner?.end();
  await api?.stop();
});

const open = (width: number, path: string, headers = {}): Promise<Screen> => Screen.open(browser, width, base + path, headers);

it.each([390, 1280])(
  'shows the reference %s px wide: all of it from this server, nothing cut off',
  async (width) => {
    const screen = await open(width, '/');
    const { page } = screen;
    await page.locator('#operations-tag-Trunks').click();
    await page.locator('#operations-Trunks-createTrunk button.opblock-summary-control').click();
    const operation = page.locator('#operations-Trunks-createTrunk');
    await operation.getByText('trunk.name_taken').first().waitFor();
    await operation.getByText('Berlin office').first().waitFor();
    expect([screen.faults, await screen.overflowPx()]).toEqual([[], 0]);
    if (width === 1280) expect(await screen.barriers(['color-contrast'])).toEqual([]); // what else there is, is Swagger UI's own
    await page.close();
  },
  PATIENCE_MS,
);

it(
  'shows a page for each error code',
  async () => {
    const screen = await open(390, '/errors');
    const { page } = screen;
    expect(await screen.barriers()).toEqual([]);
    const links = await page.locator('td a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    const { api: answers, edge } = documentedCodes();
    expect(links).toEqual([...answers, ...edge].map(({ code }) => `/errors/${code}`));
    await page.locator('a[href="/errors/trunk.name_taken"]').click();
    expect(await page.locator('h1').textContent()).toBe('trunk.name_taken');
    expect(await screen.barriers()).toEqual([]);
    expect([screen.faults, await screen.overflowPx()]).toEqual([[], 0]);
    await page.close();
  },
  PATIENCE_MS,
);

it(
  'shows the mails that nothing sends on a phone, and that there are none',
  async () => {
    const operator = { authorization: `Bearer ${api.operatorKey}` };
    const { page: empty } = await open(390, '/dev/mail', operator);
    expect(await empty.locator('p').textContent()).toContain('There are none');
    await empty.close();
    const { id } = await api.tenant('Mailed');
    const email = `${'a'.repeat(60)}@${'long-'.repeat(10)}name.example.com`;
    const invited = await api.operator('POST', '/v1/invitations', { email, role: 'noc' }, { 'trunkline-tenant': id });
    expect(invited.status).toBe(201);
    const screen = await open(390, '/dev/mail', operator);
    const { page } = screen;
    expect(await page.locator('article').count()).toBe(1);
    expect([screen.faults, await screen.overflowPx(), await screen.barriers()]).toEqual([[], 0, []]);
    await page.close();
  },
  PATIENCE_MS,
);

describe('where the links of mails lead', () => {
  const EMAIL = 'ann@example.com';
  const PASSWORD = 'nine trunks of oak';
  /** The path and token of the newest link to somebody. */
  const linkTo = async (email: string): Promise<string> => {
    const mail = (await outbox(api)).find(({ to, token }) => to === email && token !== '');
    return /\/[a-z-]+#[\w-]+/.exec(mail?.body ?? '')?.[0] ?? '';
  };
  const told = (screen: Screen, words: string) => screen.page.getByRole('status').getByText(words).waitFor();

  it(
    'takes an invitation by the keyboard alone, and says why not a second time',
    async () => {
      const { id } = await api.tenant('Inviting');
      await api.operator('POST', '/v1/invitations', { email: EMAIL, role: 'noc' }, { 'trunkline-tenant': id });
      const link = await linkTo(EMAIL);
      const screen = await open(390, link);
      expect([await screen.barriers(), await screen.overflowPx()]).toEqual([[], 0]);
      expect(await screen.tab()).toBe('name');
      await screen.page.keyboard.type('Ann');
      expect(await screen.tab()).toBe('password');
      await screen.page.keyboard.type('aaaaaaaaaaaa');
      await screen.page.keyboard.press('Enter');
      await told(screen, 'too few different characters');
      expect(await screen.page.locator('#password').getAttribute('aria-invalid')).toBe('true');
      await screen.page.keyboard.press('Control+A');
      await screen.page.keyboard.type(PASSWORD);
      await screen.page.keyboard.press('Enter');
      await told(screen, 'You are in.');
      expect((await logIn(browserOf(api), EMAIL, { password: PASSWORD })).status).toBe(201);
      await screen.page.reload();
      await screen.page.getByRole('button').click();
      await told(screen, 'The link is unknown, expired or was used');
      await screen.page.close();
    },
    PATIENCE_MS,
  );

  it(
    'opens an account that asked for itself, and changes a forgotten password; a link that was cut says so',
    async () => {
      const email = 'bea@example.com';
      await api.as(undefined)('POST', '/v1/sign-ups', { email, tenant_name: 'Bea', country: 'US', currency: 'USD' });
      const signUp = await open(1280, await linkTo(email));
      await signUp.page.getByLabel('Your name').fill('Bea');
      await signUp.page.getByLabel('A password').fill(PASSWORD);
      await signUp.page.getByRole('button').click();
      await told(signUp, 'Calls wait until the operator has approved it.');
      await api.as(undefined)('POST', '/v1/password-resets', { email });
      await signUp.page.goto(base + (await linkTo(email)));
      expect(await signUp.barriers()).toEqual([]);
      await signUp.page.getByLabel('The new password').fill('ten trunks of elm');
      await signUp.page.getByRole('button').click();
      await told(signUp, 'Your password is changed.');
      expect((await logIn(browserOf(api), email, { password: 'ten trunks of elm' })).status).toBe(201);
      await signUp.page.goto(`${base}/accept-invitation`);
      await told(signUp, 'This link is not whole');
      expect(await signUp.page.getByRole('button').isDisabled()).toBe(true);
      expect(signUp.faults).toEqual([]);
      await signUp.page.close();
    },
    PATIENCE_MS,
  );
});

describe('the page of a share link', () => {
  const FIELDS = {
    ...{ subscriber_name: 'Łukasz Żak', signer_name: 'Jane Doe', account_number: '4471', postal_code: '10118', city: 'New York' },
    ...{ service_address: '350 Fifth Avenue', state: 'NY', billing_number: '+12125559030', remaining_numbers: 'none' },
  };
  const NUMBERS = Array.from({ length: 40 }, (_, i) => `+121255590${30 + i}`);
  let tenant: { call: Call };
  let order: string;

  beforeAll(async () => {
    tenant = await api.tenant('Sharing');
    const { body: trunk } = await tenant.call('POST', '/v1/trunks', { name: 'in', country: 'US', channels_max: 2 });
    const { body: project } = await tenant.call('POST', '/v1/port-projects', { numbers: NUMBERS, trunk_id: trunk.id, fields: FIELDS });
    await tenant.call('POST', `/v1/port-projects/${project.id}/check`);
    const { rows } = await owner.query(`SELECT tenant_id, id FROM port_order WHERE state = 'validating'`);
    for (const { tenant_id: tenantId, id } of rows) await api.app.get(SendPort).execute(tenantId, id);
    order = (await tenant.call('GET', `/v1/port-orders?project_id=${project.id}`)).body.data[0].id;
  });
  const share = async () => {
    const { body: link } = await tenant.call('POST', `/v1/port-orders/${order}/share-links`, {});
    return { id: link.id as string, path: new URL(link.url).pathname };
  };
  /** Two visits a second are let in. */
  const visit = async (width: number, path: string): Promise<Screen> => {
    for (;;) {
      const screen = await open(width, path);
      if (!(await screen.page.title()).startsWith('Too many')) return screen;
      await screen.page.close();
    }
  };

  it(
    'shows all that is signed, on a phone and on a desk',
    async () => {
      const { path } = await share();
      for (const width of [390, 1280]) {
        const screen = await visit(width, path);
        const list = screen.page.getByRole('list', { name: 'Numbers' });
        expect(await list.getByRole('listitem').allTextContents()).toEqual(NUMBERS);
        expect(await list.evaluate((ul) => ul.scrollWidth - ul.clientWidth)).toBe(0); // it goes on downwards alone
        expect([screen.faults, await screen.overflowPx(), await screen.barriers()]).toEqual([[], 0, []]);
        await screen.page.close();
      }
    },
    PATIENCE_MS,
  );

  it(
    'is signed by the keyboard alone, takes a bill, and is closed when it is taken back',
    async () => {
      const { id, path } = await share();
      const screen = await visit(390, path);
      const { page } = screen;
      const status = page.getByRole('status');
      expect(await screen.tab(2)).toBe('signer-name'); // the list of numbers can be scrolled by keys, and comes first
      await page.keyboard.type('John Doe');
      expect(await screen.tab()).toBe('signer-title');
      await screen.tab();
      await page.keyboard.press('Space');
      expect(await screen.tab()).toBe('Sign');
      await page.keyboard.press('Enter');
      await status.first().getByText('names somebody else').waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('signer-name');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('Jane Doe');
      await page.keyboard.press('Enter');
      await status.first().getByText('Signed, thank you.').waitFor();
      expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('status');

      const bill = (bytes: number) => ({ name: 'bill.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(bytes)]) }); // prettier-ignore
      await page.getByLabel('The date on it').fill(api.clock.now().toISOString().slice(0, 10));
      await page.getByLabel('File').setInputFiles(bill(5 * 1024 * 1024));
      await page.getByRole('button', { name: 'Send' }).click();
      await status.last().getByText('larger than 5 MiB').waitFor();
      await page.getByLabel('File').setInputFiles(bill(10));
      await page.getByRole('button', { name: 'Send' }).click();
      await status.last().getByText('Received, thank you.').waitFor();
      expect((await tenant.call('GET', `/v1/port-orders/${order}`)).body.state).toBe('ready');
      await page.close();

      await tenant.call('POST', `/v1/port-share-links/${id}/revoke`);
      const closed = await visit(390, path);
      expect(await closed.page.locator('h1').textContent()).toBe('This link is closed');
      expect(await closed.barriers()).toEqual([]);
      await closed.page.close();
    },
    PATIENCE_MS,
  );
});

it('has a page for every code, and none for another', async () => {
  const { api: answers, edge } = documentedCodes();
  for (const { code, title } of [...answers, ...edge]) {
    const { status, body, headers } = await api.as(undefined)('GET', `/errors/${code}`);
    expect([code, status]).toEqual([code, 200]);
    expect(body).toContain(title.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
    expect(body).not.toContain('<dd></dd>'); // each answer has something that can be done about it
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  }
  const { status, body } = await api.as(undefined)('GET', '/errors/%3Cscript%3E');
  expect(status).toBe(404);
  expect(body).not.toContain('<script>');
});

it.each(['/reference', '/reference/reference.js', '/openapi.json'])('lets no foreign script into %s', async (path) => {
  const { headers } = await api.as(undefined)('GET', path);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*script-src 'self';/);
  expect(headers['x-content-type-options']).toBe('nosniff');
});
