import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

export const PATIENCE_MS = 150_000; // Swagger UI renders the whole document; a busy machine takes its time
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** How wide the page is, and the screen: in the browser, so as text. */
const WIDTHS = '[document.documentElement.scrollWidth, window.innerWidth]';
/** What each rule found, with the first element that it is about. */
const violations = (rules: readonly string[] | undefined): string =>
  `axe.run({ resultTypes: ['violations']${rules ? `, runOnly: ${JSON.stringify(rules)}` : ''} }).then(({ violations }) => violations.map(({ id, nodes: [node] }) => id + ': ' + node.html))`;
/** The field or button that has the focus, by its id or text, and whether one sees that it has. */
const FOCUSED = `(() => { const at = document.activeElement; return [at.id || at.textContent, getComputedStyle(at).outlineStyle !== 'none']; })()`;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : '/usr/bin/chromium-browser',
    args: ['--no-sandbox'],
    timeout: PATIENCE_MS,
  });

/** A page on a screen, with all that goes wrong unseen: errors, refusals of its policy, requests to other hosts. */
export class Screen {
  readonly faults: string[] = [];
  private constructor(readonly page: Page) {}

  static async open(browser: Browser, width: number, url: string, headers = {}): Promise<Screen> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, extraHTTPHeaders: headers });
    page.setDefaultTimeout(PATIENCE_MS);
    const screen = new Screen(page);
    page.on('console', (message) => void (message.type() === 'error' && screen.faults.push(message.text())));
    page.on('pageerror', (error) => void screen.faults.push(error.message));
    page.on('request', (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(new URL(url).origin)) screen.faults.push(request.url());
    });
    await page.goto(url, { timeout: PATIENCE_MS });
    return screen;
  }

  /** How far the page is wider than the screen. */
  async overflowPx(): Promise<number> {
    const [wide = 0, screen = 0] = await this.page.evaluate<number[]>(WIDTHS);
    return Math.max(0, wide - screen);
  }

  /** What is in the way of people who do not see, or not well, or use no mouse. */
  async barriers(rules?: readonly string[]): Promise<string[]> {
    await this.page.evaluate(AXE);
    return this.page.evaluate<string[]>(violations(rules));
  }

  /** Where the focus is after so many Tabs; a focus that nobody sees is a fault. */
  async tab(times = 1): Promise<string> {
    for (let i = 0; i < times; i++) await this.page.keyboard.press('Tab');
    const [name, isSeen] = await this.page.evaluate<[string, boolean]>(FOCUSED);
    if (!isSeen) this.faults.push(`the focus at ${name} is not seen`);
    return name;
  }
}
