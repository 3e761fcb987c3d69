import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export interface Visit {
  /** Opens a page of a server in a browser profile that has nothing stored but by this test. */
  open(
    url: string,
    options?: {
      readonly dark?: boolean;
      /** The test makes requests fail, which the browser reports as errors of its own: they are expected. */
      readonly quiet?: boolean;
      readonly phone?: boolean;
      readonly size?: { readonly width: number; readonly height: number };
    },
  ): Promise<Page>;
}

let launched: Promise<Browser> | undefined;

/** The browser of all test files in this process; it ends with the process. */
function theBrowser(): Promise<Browser> {
  const executablePath = process.env['PEEPHOLE_CHROMIUM'] ?? '/usr/bin/chromium';
  launched ??= chromium.launch({ executablePath, args: flags.split(' ') });
  return launched;
}

/** A page, and what is expected of it. */
interface Tab {
  readonly page: Page;
  /** The only server that it may ask; null: any. */
  host: string | null;
  quiet: boolean;
}

/** A browser profile, and its page that tests use one after another; null: a test is using it, or there is none yet. */
interface Profile {
  readonly dark: boolean;
  readonly phone: boolean;
  readonly context: BrowserContext;
  idle: Tab | null;
}

const viewport = (phone: boolean) => (phone ? { width: 420, height: 800 } : { width: 1440, height: 900 });
const scheme = (dark: boolean) => (dark ? 'dark' : 'light');

/** Ends whatever a page still does and stores, in the same process. */
async function empty(page: Page): Promise<void> {
  const url = new URL('/empty', page.url()).href;
  // An icon of its own, so that none is asked for; isolated as the page is, or it would get another process.
  const body = '<link rel="icon" href="data:,">';
  const headers = { 'cross-origin-opener-policy': 'same-origin', 'origin-agent-cluster': '?1' };
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', headers, body }));
  await page.goto(url);
  await page.unroute(url);
  await page.evaluate('localStorage.clear(), sessionStorage.clear()');
}

/**
 * The browser for a test file, in profiles of the file's own. A new page costs a second of processor time (a window, a process, and the page's script
 * compiled anew), so the first of each profile is kept: the next test gets it with nothing stored, routed or emulated.
 * A test fails if any of its pages complained on the console (a refused style, say), threw, or asked any other server
 * for anything.
 */
export function browserForTests(): Visit {
  const profiles: Profile[] = [];
  let complaints: string[] = [];

  const profileOf = async (dark: boolean, phone: boolean): Promise<Profile> => {
    const kept = profiles.find((each) => each.dark === dark && each.phone === phone);
    if (kept !== undefined) return kept;
    const context = await (
      await theBrowser()
    ).newContext({
      viewport: viewport(phone),
      hasTouch: phone,
      isMobile: phone,
      colorScheme: scheme(dark),
      timezoneId: 'America/New_York',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const made = { dark, phone, context, idle: null };
    profiles.push(made);
    return made;
  };

  const newTab = async (context: BrowserContext): Promise<Tab> => {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const tab: Tab = { page, host: null, quiet: false };
    page.on('pageerror', (error) => complaints.push(`threw: ${error.message}`));
    page.on('console', (message) => {
      const expected = tab.quiet && /^Failed to load resource|can’t be loaded\./.test(message.text());
      if (message.type() === 'error' && !expected) complaints.push(`console: ${message.text()}`);
    });
    // What the console does not say of a failure.
    page.on('response', (response) => {
      if (tab.quiet || response.status() < 500) return;
      const of = `${response.status()} of ${response.request().method()} ${response.url()}`;
      const asked = response.request().postData() ?? '';
      complaints.push(of);
      void response.text().then(
        (text) => complaints.push(`${of}: ${text} (asked: ${asked})`),
        () => undefined,
      );
    });
    page.on('request', (request) => {
      const foreign = tab.host !== null && new URL(request.url()).host !== tab.host;
      if (foreign) complaints.push(`asked ${request.url()}`);
    });
    return tab;
  };

  /** Leaves a profile as a test expects it. */
  const tidy = async (profile: Profile, used: readonly Tab[]): Promise<void> => {
    const { context, dark, phone } = profile;
    const pages = context.pages();
    const tab = profile.idle ?? used.find(({ page }) => page === pages[0]) ?? null;
    for (const page of pages) if (page !== tab?.page) await page.close();
    if (tab === null || tab === profile.idle) return;
    const { page } = tab;
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    if (page.url().startsWith('http')) await empty(page);
    await page.mouse.move(0, 0);
    await page.emulateMedia({ colorScheme: scheme(dark) });
    await page.setViewportSize(viewport(phone));
    profile.idle = tab;
  };

  let used: Tab[] = [];
  afterEach(async () => {
    for (const profile of profiles) await tidy(profile, used);
    used = [];
    const said = complaints;
    complaints = [];
    expect(said).toEqual([]);
  });
  afterAll(async () => {
    for (const { context } of profiles) await context.close();
  });

  return {
    async open(url, options = {}) {
      const profile = await profileOf(options.dark === true, options.phone === true);
      const tab = profile.idle ?? (await newTab(profile.context));
      profile.idle = null;
      used.push(tab);
      tab.host = url === 'about:blank' ? null : new URL(url).host;
      tab.quiet = options.quiet === true;
      if (options.size !== undefined) await tab.page.setViewportSize(options.size);
      await tab.page.goto(url);
      return tab.page;
    },
  };
}
