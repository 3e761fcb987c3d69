import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export interface Visit {
  /** Opens a page of a server in a browser profile that has nothing stored but by this test. */
  open(
    url: string,
    options?: {
      readonly dark?: boolean;
      readonly quiet?: boolean;
      readonly phone?: boolean;
      readonly size?: { readonly width: number; readonly height: number };
    },
  ): Promise<Page>;
}

/**
 * A browser for a test file; its profiles are kept, so that the page's script is there at once. After each test its pages close, and the test fails if any of them complained on
 * the console (a refused style, say), threw, or asked any other server for anything.
 */
export function browserForTests(): Visit {
  let browser: Browser | undefined;
  const profiles = new Map<string, Promise<BrowserContext>>();
  let complaints: string[] = [];
  const profile = (dark: boolean, phone: boolean): Promise<BrowserContext> => {
    if (browser === undefined) throw new Error('The browser is not there yet.');
    const key = `${dark} ${phone}`;
    const kept = profiles.get(key);
    if (kept !== undefined) return kept;
    const made = browser.newContext({
      viewport: phone ? { width: 420, height: 800 } : { width: 1440, height: 900 },
      hasTouch: phone,
      isMobile: phone,
      colorScheme: dark ? 'dark' : 'light',
      timezoneId: 'America/New_York',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    profiles.set(key, made);
    return made;
  };
  beforeAll(async () => {
    const executablePath = process.env['PEEPHOLE_CHROMIUM'] ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: flags.split(' ') });
  });
  afterEach(async () => {
    const contexts = await Promise.all(profiles.values());
    for (const page of contexts.flatMap((context) => context.pages())) {
      // A page that never came about has nothing stored.
      if (page.url().startsWith('http')) await page.evaluate('localStorage.clear()');
      await page.close();
    }
    const said = complaints;
    complaints = [];
    expect(said).toEqual([]);
  });
  afterAll(() => browser?.close());

  return {
    async open(url, options = {}) {
      const context = await profile(options.dark === true, options.phone === true);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      if (options.size !== undefined) await page.setViewportSize(options.size);
      page.on('pageerror', (error) => complaints.push(`threw: ${error.message}`));
      page.on('console', (message) => {
        // `quiet`: the test makes requests fail, which the browser reports as an error of its own.
        const expected = options.quiet === true && message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !expected) complaints.push(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        const foreign = new URL(request.url()).host !== new URL(url).host;
        if (foreign && url !== 'about:blank') complaints.push(`asked ${request.url()}`);
      });
      await page.goto(url);
      return page;
    },
  };
}
