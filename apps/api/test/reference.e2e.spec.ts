import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { ApiHarness } from './harness.ts';

let api: ApiHarness;
let browser: Browser;
let base: string;

beforeAll(async () => {
  api = await ApiHarness.start();
  await api.app.listen(0, '127.0.0.1');
  base = await api.app.getUrl();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await api?.stop();
});

/** A page on a screen of this width, with everything that a reader would not see go wrong. */
const open = async (width: number, path: string): Promise<{ page: Page; faults: string[] }> => {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => /^(data:|blob:)/.test(request.url()) || request.url().startsWith(base) || faults.push(request.url()));
  await page.goto(base + path);
  return { page, faults };
};
const shot = (page: Page, name: string) => page.screenshot({ path: `/tmp/cl/${name}.png` });

it.each([390, 1280])('shots %s', async (width) => {
  const { page, faults } = await open(width, '/reference');
  await page.getByText('Create a trunk', {exact: true}).waitFor({ state: 'attached' }).catch(() => {});
  await page.waitForSelector('.opblock-tag');
  await shot(page, `ref-${width}`);
  console.log(await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]));
  await page.locator('#operations-tag-Trunks button.expand-operation, #operations-tag-Trunks').first().click();
  await page.waitForTimeout(800);
  await page.locator('#operations-Trunks-createTrunk button.opblock-summary-control').click();
  await page.waitForTimeout(1500);
  await page.locator('#operations-Trunks-createTrunk').scrollIntoViewIfNeeded();
  await page.evaluate(() => document.querySelector('#operations-Trunks-createTrunk')!.scrollIntoView());
  await shot(page, `op-${width}`);
  await page.evaluate(() => scrollBy(0, 850));
  await shot(page, `op2-${width}`);
  await page.evaluate(() => scrollBy(0, 1700));
  await shot(page, `op3-${width}`);
  console.log(await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]));
  for (const p of ['errors', 'errors/trunk.name_taken', 'errors/nope']) { await page.goto(base + '/' + p); await shot(page, `${p.replace('/', '_')}-${width}`); console.log(p, await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])); }
  console.log(faults);
});
