import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { peepholeJson } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { browserForTests } from './browser.ts';
import { Screen } from './screen.ts';
import { growingServer } from './stores.ts';

const MOST_SCRIPT_BYTES = 350_000;

/** Flows of a hundred sources over a hundred minutes: ten thousand marks. */
const header = 'version srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const lines = Array.from({ length: 100 }, (_, minute) =>
  Array.from({ length: 100 }, (_, source) => {
    const start = 1_529_452_800 + minute * 60;
    return `2 10.0.0.${source + 1} 10.1.0.1 40000 443 6 1 ${100 + source} ${start} ${start + 30} ACCEPT OK`;
  }),
).flat();

const served = growingServer([header, ...lines]);
const folder = useTempFolder();
const browser = browserForTests();
const open = async (query: string): Promise<Screen> => {
  const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&m=flows&tz=Etc/UTC`));
  await screen.settled();
  return screen;
};

/** What a question is for: the chart, a list beside it, or the numbers of dimensions' values; and its first split, or these dimensions. */
function kindOf(body: string): string {
  const { splits = [], measures = [] } = JSON.parse(body) as {
    splits?: { field: string; limit: number }[];
    measures?: string[];
  };
  const counted = measures.flatMap((measure) => /^distinct\((.*)\)$/.exec(measure)?.[1] ?? []);
  const [first] = splits;
  if (counted.length > 0) return `count ${counted.join(' ')}`;
  return `${first?.limit === 50 ? 'chart' : 'list'} ${first?.field ?? ''}`;
}

/** The dimensions whose values questions of some kinds count. */
function countedIn(kinds: Iterable<string>): string[] {
  return [...kinds].flatMap((kind) => (kind.startsWith('count ') ? kind.slice(6).split(' ') : []));
}

describe('quick under the hand', () => {
  it('the script is small enough to be there at once', async () => {
    const assets = join(import.meta.dirname, '../../dist/web/assets');
    const page = await browser.open('about:blank');
    const scripts = new Set<string>();
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith('.js')) scripts.add(basename(pathname));
    });
    await page.goto(served.url);
    await new Screen(page).settled();
    expect(scripts.size).toBeGreaterThan(0);
    const sizes = await Promise.all(
      [...scripts].map(async (name) => gzipSync(await readFile(join(assets, name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_SCRIPT_BYTES);
  });

  it('the same question is asked once', async () => {
    const bodies: string[] = [];
    const page = await browser.open('about:blank');
    // Counts give way to what is waited for, and are then made again.
    page.on('requestfinished', (request) => {
      if (request.url().endsWith('/api/v1/query')) bodies.push(request.postData() ?? '');
    });
    await page.goto(`${served.url}?v=1&time=all&pin=action,dstport&m=flows&tz=Etc/UTC`);
    await new Screen(page).settled();
    // The chart, two lists, and counts, which come when these are there.
    await expect.poll(() => bodies.length, { timeout: 20_000 }).toBeGreaterThan(4);
    expect(bodies.filter((body, at) => bodies.indexOf(body) < at)).toEqual([]);
  });

  it('a click asks for its chart at once and alone; lists come when it is there, counts when they are', async () => {
    const { page } = await open('time=all&split=dstaddr&pin=srcaddr,dstport');
    const asked: string[] = [];
    const urgencies = new Set<string>();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/query', async (route) => {
      const kind = kindOf(route.request().postData() ?? '{}');
      asked.push(kind);
      urgencies.add(`${kind.split(' ')[0]}: ${route.request().headers()['peephole-urgency']}`);
      if (kind.startsWith('chart')) await held;
      await route.continue();
    });
    await page.locator('.side-group').getByRole('button', { name: 'Source' }).click();
    await page.locator('.pins .top-item').first().click();
    await page.locator('.chart-body.stale').waitFor();
    // Whatever the change made the page ask is on its way by the second frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    // Values of the view before may have been counted until then, on busy processors.
    asked.splice(0, asked.indexOf('chart dstaddr'));
    expect(asked).toEqual(['chart dstaddr']);
    // How many frames have shown the new chart when anything else is asked.
    await page.evaluate(`
      window.shown = 0;
      window.shownWhenAsked = null;
      const look = () => {
        if (document.querySelector('.chart-body.stale') === null) window.shown++;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      const ask = window.fetch;
      window.fetch = (...what) => {
        if (String(what[0]).endsWith('/api/v1/query')) window.shownWhenAsked ??= window.shown;
        return ask(...what);
      };`);
    release();
    await expect.poll(() => asked, { timeout: 10_000 }).toContain('count dstport');
    // It is on the screen before the engine takes the processors again.
    expect(await page.evaluate('window.shownWhenAsked')).toBeGreaterThanOrEqual(2);
    // The list that was clicked in shows all its values as before: it asks nothing.
    expect(asked.slice(0, 2)).toEqual(['chart dstaddr', 'list dstport']);
    expect(asked.slice(2).every((each) => each.startsWith('count'))).toBe(true);
    // What is folded away is not counted.
    await page.locator('.dim', { hasText: 'Dest port' }).locator('.dim-count').waitFor();
    expect(countedIn(asked).filter((field) => field.startsWith('src'))).toEqual([]);
    // The server knows it too, for the sake of other viewers.
    expect([...urgencies].toSorted()).toEqual(['chart: chart', 'count: count', 'list: list']);
  });

  it('counts only the values of dimensions in sight', async () => {
    const { page } = await open('time=all&split=dstaddr&pin=action');
    await page.setViewportSize({ width: 1440, height: 520 });
    const [asked, answered]: [string[], string[]] = [[], []];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/v1/query')) asked.push(kindOf(request.postData() ?? '{}'));
    });
    page.on('requestfinished', (request) => {
      if (request.url().endsWith('/api/v1/query')) answered.push(kindOf(request.postData() ?? '{}'));
    });
    const inSight = (): Promise<string[]> =>
      page.evaluate(`(() => {
        const box = document.querySelector('.side-list').getBoundingClientRect();
        return [...document.querySelectorAll('.dim[data-field]')].filter((row) => {
          const { top, bottom } = row.getBoundingClientRect();
          return bottom > box.top && top < Math.min(box.bottom, innerHeight);
        }).map((row) => row.dataset.field);
      })()`);
    // Under another filter all of them are to be counted anew.
    await page.locator('.dim-count').first().waitFor();
    await page.locator('.pins .top-item').first().click();
    await page.locator('.dim-count').first().waitFor({ state: 'detached' });
    answered.length = 0;
    const above = await inSight();
    expect(above).toContain('protocol');
    await expect.poll(() => countedIn(answered), { timeout: 20_000 }).toContain('protocol');
    // Those that hourly totals keep are counted in one question.
    expect(countedIn(answered.filter((kind) => kind.startsWith('count')).slice(0, 1)).length).toBeGreaterThan(
      2,
    );
    const last = page.locator('.dim[data-field]').last();
    await last.scrollIntoViewIfNeeded();
    await last.locator('.dim-count').waitFor();
    const seen = new Set([...above, ...(await inSight())]);
    const counted = countedIn(asked);
    expect(counted).toContain(await last.getAttribute('data-field'));
    // Those between were never in sight: in the order of the list their turn was before the last one.
    expect(counted.filter((field) => !seen.has(field))).toEqual([]);
    expect(await page.locator('.dim[data-field]').count()).toBeGreaterThan(seen.size);
    // What had been counted was not asked for again when others came in sight.
    const twice = countedIn(answered).filter((field, i, all) => all.indexOf(field) < i);
    expect(twice).toEqual([]);
  });

  it.each([
    ['Totals', [[], ['time']]],
    ['Sankey', [['srcaddr'], ['dstaddr'], ['dstport']]],
  ])('%s: what needs no other answer is asked at once, and once', async (name, splits) => {
    const { page } = await open('time=all&split=srcaddr~5&split=dstaddr~5&split=dstport~5&pin=action');
    const asked: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/query', async (route) => {
      const body = route.request().postData() ?? '';
      // Numbers of values may still be on their way from before.
      if (!kindOf(body).startsWith('count')) asked.push(body);
      await held;
      await route.continue();
    });
    await page.getByRole('radio', { name, exact: true }).click();
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const fields = asked.map((body) => {
      const { splits = [] } = JSON.parse(body) as { splits?: { field: string }[] };
      return splits.map(({ field }) => field);
    });
    // Nothing is answered yet.
    expect(fields).toEqual(splits);
    release();
    // A flat line has no height, which passes for hidden.
    const mark = page.locator(name === 'Totals' ? '.overview .chart-line' : '.sankey-band').first();
    await mark.waitFor({ state: 'attached' });
    await new Screen(page).settled();
    expect(asked.filter((body, at) => asked.indexOf(body) < at)).toEqual([]);
  });

  it.each([
    ['ten thousand cells', 'heat', '.heat-over', '.heat canvas'],
    ['six thousand bars', 'bars', '.chart-over', '.chart-plot:not(.chart-over)'],
  ])('hovering over %s draws none of them anew', async (_, show, over, drawn) => {
    const splits = show === 'heat' ? 'split=srcaddr~100&split=time~PT1M' : 'split=time~PT1S';
    const { page } = await open(`time=all&${splits}&show=${show}`);
    await page.evaluate(`
      window.changes = 0;
      new MutationObserver((all) => (window.changes += all.length)).observe(document.querySelector('${drawn}'), {
        subtree: true, childList: true, attributes: true,
      });
      if ('${show}' === 'heat') {
        const fill = CanvasRenderingContext2D.prototype.fillRect;
        CanvasRenderingContext2D.prototype.fillRect = function (...box) { window.changes++; return fill.apply(this, box); };
      }`);
    const box = (await page.locator(over).boundingBox())!;
    for (let step = 0; step < 40; step++)
      await page.mouse.move(box.x + 80 + step * 12, box.y + 10 + step * 4);
    expect(await page.locator('.tip').first().innerText()).toMatch(/\d/);
    expect(await page.evaluate('window.changes')).toBe(0);
  });
});

describe('live', () => {
  it('“latest” follows the data, without dimming; off, it waits until asked', async () => {
    const screen = await open('last=PT30M&split=time~PT1M');
    const { page } = screen;
    await page.getByRole('button', { name: 'live' }).click();
    await page.getByRole('menuitemradio', { name: 'Every 3 seconds' }).click();
    const before = await page.locator('.pill-time').innerText();
    const more = async (minute: number): Promise<void> => {
      const start = 1_529_452_800 + minute * 60;
      const file = join(folder.path, `${minute}.log`);
      await writeFile(
        file,
        `${header}\n2 10.0.0.1 10.1.0.1 40000 443 6 1 100 ${start} ${start + 30} ACCEPT OK\n`,
      );
      await peepholeJson(['ingest', file, '--store', served.store, '--quiet', '--json']);
    };
    await more(130);
    await page.locator('.pill-time', { hasText: '02:11' }).waitFor();
    await screen.settled();
    expect(await page.locator('.pill-time').innerText()).not.toBe(before);
    await page.getByRole('button', { name: 'live' }).click();
    await page.getByRole('menuitemradio', { name: 'Off' }).click();
    await more(190);
    await page.getByRole('button', { name: 'paused' }).click();
    await page.getByRole('menuitem', { name: 'Look now' }).click();
    await page.locator('.pill-time', { hasText: '03:11' }).waitFor();
  });
});
