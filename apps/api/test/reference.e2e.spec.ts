import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { documentedCodes } from '../src/error-codes.ts';
import { ApiHarness } from './harness.ts';

/** How wide the page is, and the screen: in the browser, so as text. */
const WIDTHS = '[document.documentElement.scrollWidth, window.innerWidth]';
const PATIENCE_MS = 150_000; // Swagger UI renders the whole document; a busy machine takes its time

let api: ApiHarness;
let browser: Browser;
let base: string;

beforeAll(async () => {
  api = await ApiHarness.start();
  await api.app.listen(0, '127.0.0.1');
  base = await api.app.getUrl();
  browser = await chromium.launch({
    executablePath: existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : '/usr/bin/chromium-browser',
    args: ['--no-sandbox'],
    timeout: PATIENCE_MS,
  });
}, PATIENCE_MS);
afterAll(async () => {
  await browser?.close();
  await api?.stop();
});

/** A page on a screen of this width, with all that goes wrong unseen: errors, refusals of its policy, requests to other hosts. */
const open = async (width: number, path: string, headers = {}): Promise<{ page: Page; faults: string[] }> => {
  const page = await browser.newPage({ viewport: { width, height: 900 }, extraHTTPHeaders: headers });
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
  page.on('pageerror', (error) => void faults.push(error.message));
  page.on('request', (request) => {
    if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(base)) faults.push(request.url());
  });
  await page.goto(base + path, { timeout: PATIENCE_MS });
  return { page, faults };
};

it.each([390, 1280])(
  'shows the reference %s px wide: all of it from this server, nothing cut off',
  async (width) => {
    const { page, faults } = await open(width, '/reference');
    await page.locator('#operations-tag-Trunks').click();
    await page.locator('#operations-Trunks-createTrunk button.opblock-summary-control').click();
    const operation = page.locator('#operations-Trunks-createTrunk');
    await operation.getByText('trunk.name_taken').first().waitFor();
    await operation.getByText('Berlin office').first().waitFor();
    const [wide = 0, screen] = await page.evaluate<number[]>(WIDTHS);
    expect(wide).toBeLessThanOrEqual(screen ?? 0);
    expect(faults).toEqual([]);
    await page.close();
  },
  PATIENCE_MS,
);

it(
  'shows a page for each error code',
  async () => {
    const { page, faults } = await open(390, '/errors');
    const links = await page.locator('td a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    const { api: answers, edge } = documentedCodes();
    expect(links).toEqual([...answers, ...edge].map(({ code }) => `/errors/${code}`));
    await page.locator('a[href="/errors/trunk.name_taken"]').click();
    expect(await page.locator('h1').textContent()).toBe('trunk.name_taken');
    const [wide = 0, screen] = await page.evaluate<number[]>(WIDTHS);
    expect(wide).toBeLessThanOrEqual(screen ?? 0);
    expect(faults).toEqual([]);
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
    const { page, faults } = await open(390, '/dev/mail', operator);
    expect(await page.locator('article').count()).toBe(1);
    const [wide = 0, screen] = await page.evaluate<number[]>(WIDTHS);
    expect([screen, wide]).toEqual([390, 390]);
    expect(faults).toEqual([]);
    await page.close();
  },
  PATIENCE_MS,
);

it('has a page for every code, and none for another', async () => {
  const { api: answers, edge } = documentedCodes();
  for (const { code, title } of [...answers, ...edge]) {
    const { status, body, headers } = await api.as(undefined)('GET', `/errors/${code}`);
    expect([code, status]).toEqual([code, 200]);
    expect(body).toContain(title.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
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
