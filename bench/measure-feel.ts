import type { Browser, BrowserContext, Page } from 'playwright-core';
import { median } from './measure-ingest.ts';

/** What one does to the page, and how long it takes until one sees what came of it. */
interface Gesture {
  readonly kind: 'table' | 'lines' | 'totals' | 'time' | 'other pictures';
  readonly name: string;
  /** The view that it begins in, as the explorer's query string. */
  readonly from: string;
  /** Brings what is clicked into sight: opens a menu, say. */
  readonly before?: (page: Page) => Promise<void>;
  readonly act: (page: Page) => Promise<void>;
}

/** Milliseconds from the event of the click to the frame in which the new picture was painted. */
export interface GestureTimes {
  readonly kind: Gesture['kind'];
  readonly name: string;
  readonly p50: number;
  readonly max: number;
  readonly each: readonly number[];
}

/** How long the page is left alone before a gesture, so that it is at what it does when nobody asks: counting values. */
const REST_MS = 1_000;

const view = (query: string): string => `?v=1&${query}&tz=Etc/UTC`;
const radio = (name: string) => async (page: Page) => {
  await page.getByRole('radio', { name, exact: true }).click();
};
const splitBy = (label: string) => async (page: Page) => {
  const row = page.locator('.dim', { has: page.getByText(label, { exact: true }) });
  await row.getByLabel(`Split by ${label}`, { exact: true }).click();
};
const overDimension = (label: string) => async (page: Page) => {
  const row = page.locator('.dim', { has: page.getByText(label, { exact: true }) });
  await row.scrollIntoViewIfNeeded();
  await row.hover();
};
const openTime = async (page: Page): Promise<void> => {
  await page.locator('.pill-time .pill-main').first().click();
};
const time = (label: string) => async (page: Page) => {
  await page.locator('.popup').getByText(label, { exact: true }).click();
};
const pinned = (dimension: string, at: number) => async (page: Page) => {
  const list = page.getByRole('complementary', { name: 'Pinboard' }).getByRole('region', { name: dimension });
  await list.locator('.top-item').nth(at).click();
};
const firstRow = async (page: Page): Promise<void> => {
  await page
    .locator('[role=treegrid] .row')
    .first()
    .click({ position: { x: 40, y: 13 } });
};
const bubble = (action: string) => async (page: Page) => {
  await page.locator('.bubble').getByText(action, { exact: true }).click();
};

/** What people do all day; each is asked anew, as if nobody had asked it before. */
const gestures: readonly Gesture[] = [
  {
    kind: 'table',
    name: 'split by another dimension',
    from: 'last=P7D&split=dstport~50&m=flows',
    before: overDimension('Source address'),
    act: splitBy('Source address'),
  },
  {
    kind: 'table',
    name: 'only the first row',
    from: 'last=P7D&split=dstport~50&m=flows,bytes',
    before: firstRow,
    act: bubble('Only'),
  },
  {
    kind: 'table',
    name: 'split the first row by source',
    from: 'last=P7D&f=action:REJECT&split=dstaddr~50&m=flows',
    before: async (page) => {
      await firstRow(page);
      await bubble('Split by…')(page);
      await page.locator('.popup').getByRole('combobox').fill('source address');
    },
    act: async (page) => page.locator('.popup').getByRole('option').first().click(),
  },
  {
    kind: 'table',
    name: 'sort by bytes',
    from: 'last=P7D&split=srcaddr~50&m=flows,bytes',
    act: async (page) => page.locator('.table-sort', { hasText: 'Bytes' }).click(),
  },
  {
    kind: 'table',
    name: 'a pinned value, over time series',
    from: 'last=P7D&f=action:REJECT&split=srcaddr~50&split=time~PT1H&m=flows',
    act: pinned('Dest address', 0),
  },
  {
    kind: 'table',
    name: 'without the filter',
    from: 'last=P7D&f=action:REJECT&split=dstaddr~50&m=flows,bytes',
    act: async (page) => page.locator('.pill-filter .pill-x').first().click(),
  },
  {
    kind: 'lines',
    name: 'from the table',
    from: 'last=P7D&split=dstaddr~8&m=flows',
    act: radio('Lines'),
  },
  {
    kind: 'lines',
    name: 'a pinned value',
    from: 'last=P7D&split=time~PT1H&m=flows,bytes',
    act: pinned('Dest address', 1),
  },
  {
    kind: 'lines',
    name: 'a pinned port, by action',
    from: 'last=P7D&split=action&split=time~PT1H&show=lines&m=flows',
    act: pinned('Dest port', 1),
  },
  {
    kind: 'totals',
    name: 'from the table',
    from: 'last=P7D&f=action:REJECT&split=dstport~50&m=flows,bytes',
    act: radio('Totals'),
  },
  {
    kind: 'totals',
    name: 'only what was rejected',
    from: 'last=P7D&m=flows,bytes',
    act: async (page) =>
      page.locator('.glance').getByRole('region', { name: 'Action' }).locator('.top-item').first().click(),
  },
  {
    kind: 'totals',
    name: 'a pinned value',
    from: 'last=P7D&m=flows',
    act: pinned('Dest address', 0),
  },
  {
    kind: 'time',
    name: 'one day, table',
    from: 'last=P7D&split=srcaddr~50&m=flows',
    before: openTime,
    act: time('Latest 1 day'),
  },
  {
    kind: 'time',
    name: 'seven days, time series',
    from: 'last=P1D&f=action:REJECT&split=srcaddr~50&split=time~PT1H&m=flows',
    before: openTime,
    act: time('Latest 7 days'),
  },
  {
    kind: 'time',
    name: 'six hours, lines',
    from: 'last=P7D&split=time&m=flows',
    before: openTime,
    act: time('Latest 6 hours'),
  },
  {
    kind: 'time',
    name: 'all time, totals',
    from: 'last=P1D&m=flows,bytes',
    before: openTime,
    act: time('All time'),
  },
  {
    kind: 'other pictures',
    name: 'heat map by the hour',
    from: 'last=P7D&f=action:REJECT&split=srcaddr~50&split=time~PT1H&m=flows,bytes&show=lines',
    act: radio('Heat map'),
  },
  {
    kind: 'other pictures',
    name: 'a pinned value, over a heat map',
    from: 'last=P7D&split=srcaddr~50&split=time~PT1H&m=flows&show=heat',
    act: pinned('Dest address', 1),
  },
  {
    kind: 'other pictures',
    name: 'bars',
    from: 'last=P7D&split=dstaddr~50&m=flows',
    act: radio('Bars'),
  },
  {
    kind: 'other pictures',
    name: 'sankey',
    from: 'last=P7D&f=action:REJECT&split=srcaddr~12&split=dstport~6&m=flows',
    act: radio('Sankey'),
  },
];

/** Does each gesture `rounds` times, each in a page that was left alone for a while. */
export async function measureFeel(
  browser: Browser,
  url: string,
  rounds: number,
): Promise<readonly GestureTimes[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(watch);
  const times = new Map<Gesture, number[]>();
  // By turns, so that what else the machine does meets all of them.
  for (let round = 0; round < rounds; round++)
    for (const gesture of gestures) {
      const took = await timeOf(context, url, gesture);
      times.set(gesture, [...(times.get(gesture) ?? []), took]);
    }
  await context.close();
  return [...times].map(([{ kind, name }, each]) => ({
    kind,
    name,
    p50: median(each),
    max: Math.max(...each),
    each,
  }));
}

async function timeOf(context: BrowserContext, url: string, gesture: Gesture): Promise<number> {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  try {
    await page.goto(url + view(gesture.from));
    await page.locator('.total b').first().filter({ hasText: /\S/ }).waitFor();
    await page.locator('.app[aria-busy=false]').waitFor();
    await gesture.before?.(page);
    await page.waitForTimeout(REST_MS);
    await page.evaluate('window.watchNext()');
    await gesture.act(page);
    return await page.evaluate<number>('window.painted');
  } finally {
    await page.close();
  }
}

/**
 * Runs in the page. From `watchNext` on the server works out every answer, as if nobody had asked for it before; what else
 * the browser has in its cache stays there, as for people. `painted` is then a promise of the milliseconds from the next
 * click's event to the frame that shows its chart. Every frame looks whether the address is another, nothing of the old chart is left, and a
 * canvas was drawn since the click (it says when: `data-drawn`); the frame after that comes when that one was painted.
 */
const watch = `
window.watchNext = () => {
  const { fetch } = window;
  window.fetch = (url, init) =>
    fetch(url, { ...init, headers: { ...init?.headers, 'cache-control': 'no-cache' } });
  const before = location.search;
  const old = '.chart-body.stale, .overview .stale, .totals.stale';
  const marks = '.row, .chart-line, .chart-band, .bar-line, .sankey-band, .heat-canvas';
  window.painted = new Promise((resolve) => {
    addEventListener('click', ({ timeStamp }) => {
      window.clickedAt = timeStamp;
      let shown = false;
      const look = () => {
        if (shown) return resolve(performance.now() - timeStamp);
        const chart = document.querySelector('.chart-body');
        const canvas = document.querySelector('.chart-body canvas');
        shown = location.search !== before && document.querySelector(old) === null &&
          chart !== null && chart.querySelector(marks) !== null &&
          !(canvas !== null && Number(canvas.dataset.drawn) < timeStamp);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
};`;
