import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';
import { serverOn } from './stores.ts';

const store = serverOn([
  'version srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  '2 203.0.113.9 10.0.0.1 40000 22 6 1 40 1529452800 1529452860 REJECT OK',
]);
const browser = browserForTests();

/** Holds back all answers to these paths until `go`. */
async function hold(page: Page, pattern: RegExp): Promise<{ readonly go: () => Promise<void> }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const path = (url: URL): boolean => pattern.test(url.pathname);
  await page.route(path, async (route) => {
    await released;
    await route.continue().catch(() => undefined);
  });
  return {
    go: async () => {
      release();
      await page.unroute(path);
    },
  };
}

/** What the page shows below its top bar. */
async function content(page: Page): Promise<string> {
  return (await page.locator('main').allInnerTexts()).join('\n').trim();
}

const places = [
  ['', 'Waiting for the database'],
  ['map', 'Waiting for the database'],
  ['knocks', 'Waiting for the database'],
  ['address/203.0.113.9', 'Waiting for the database'],
  ['embed?v=1&time=all', 'Waiting for the database'],
  ['embed/dashboards/overview/flows', 'Waiting for the database'],
  ['door', 'No visits yet'],
  ['sources', 'No source is followed'],
  ['alerts', 'Web flows'],
  ['dashboards', 'Ours'],
  ['dashboards/ours', 'Flows of ours'],
] as const;

describe('while the server has not answered', () => {
  beforeAll(async () => {
    const documents = {
      'alerts/web': {
        name: 'Web flows',
        enabled: true,
        condition: {
          kind: 'amount',
          measure: 'flows',
          filter: [],
          split: 'dstport',
          above: 5,
          below: null,
          window: 'PT15M',
        },
        for: null,
        note: null,
        channels: [],
      },
      'dashboards/ours': {
        name: 'Ours',
        description: 'What we look at',
        link: '?v=1&time=all',
        variables: [],
        tiles: [{ id: 'flows', title: 'Flows of ours', x: 0, y: 0, w: 3, h: 3, kind: 'figure', link: '?v=1&m=flows' }], // prettier-ignore
      },
    };
    for (const [path, body] of Object.entries(documents)) {
      const reply = await fetch(new URL(`/api/v1/${path}`, store.url), {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(`${reply.status} ${await reply.text()}`).toMatch(/^20/);
    }
  });

  it('each page says that it waits for the database, and shows what is kept beside it', async () => {
    const page = await browser.open('about:blank');
    for (const [path, shown] of places) {
      const held = await hold(page, /\/schema$/);
      await page.goto(store.url + path);
      await page.getByText('Waiting for the database').first().waitFor();
      await page.locator('main').getByText(shown).first().waitFor();
      expect(await page.locator('.top').count()).toBe(path.startsWith('embed') ? 0 : 1);
      if (path === 'alerts') {
        expect(await content(page)).toContain('for each dest port');
        expect(await page.getByRole('button', { name: 'New alert' }).count()).toBe(0);
        expect(await barriers(page)).toEqual([]);
      }
      await held.go();
      await page.getByText('Waiting for the database').first().waitFor({ state: 'detached' });
      expect(await content(page)).not.toBe('');
    }
  });

  it('an error of the database is shown beside what is kept, and stays while it is asked again', async () => {
    const page = await browser.open('about:blank', { quiet: true });
    const schema = (url: URL): boolean => url.pathname.endsWith('/schema');
    let asked = 0;
    for (const [path, shown] of [
      ['alerts', 'Web flows'],
      ['dashboards', 'Ours'],
    ] as const) {
      asked = 0;
      await page.route(schema, async (route) => {
        asked += 1;
        if (asked === 1) await route.abort('connectionrefused');
      });
      await page.goto(store.url + path);
      await page.getByRole('alert').getByText('Can’t reach the server').waitFor();
      await page.locator('main').getByText(shown).first().waitFor();
      await expect.poll(() => asked).toBe(2);
      expect(await page.getByRole('alert').count()).toBe(1);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
  });

  it('no page is blank while any of its own requests is not answered', async () => {
    const page = await browser.open('about:blank');
    const blank: string[] = [];
    for (const [path] of places) {
      const held = await hold(page, /^\/api\/(?!v1\/(schema|measures)$)/);
      await page.goto(store.url + path);
      await page.locator('main').first().waitFor();
      await page.getByText('Waiting for the database').waitFor({ state: 'detached' });
      await page.getByText('Loading the page').waitFor({ state: 'detached' });
      if ((await content(page)) === '') blank.push(path);
      await held.go();
    }
    expect(blank).toEqual([]);
    for (const [path, words] of [
      ['?v=1&time=all&split=dstport&m=flows', 'Counting …'],
      ['?v=1&time=all&show=records', 'Reading the flows …'],
      ['dashboards/ours', 'Counting …'],
    ] as const) {
      const held = await hold(page, /^\/api\/v1\/(query|records)$/);
      await page.goto(store.url + path);
      await page.locator('main').getByText(words).waitFor();
      await held.go();
      await page.locator('main').getByText(words).waitFor({ state: 'detached' });
    }
  });
});
