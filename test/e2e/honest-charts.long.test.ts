import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserForTests } from './browser.ts';
import { Screen } from './screen.ts';
import { serverOn } from './stores.ts';

/** The night in which clocks in Vienna go back at 03:00, 28 October 2018: seven hours from 00:00 there. */
const MIDNIGHT = Date.UTC(2018, 9, 27, 22) / 1000;
const header = 'version srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const flow = (source: string, port: number, at: number, bytes = 100, to = '10.0.0.1'): string =>
  `2 ${source} ${to} 40000 ${port} 6 1 ${bytes} ${MIDNIGHT + at} ${MIDNIGHT + at + 30} ACCEPT OK`;

/** One that comes every five minutes, another that comes once with a million times as much, and a crowd behind them. */
const lines = [
  header,
  ...Array.from({ length: 84 }, (_, at) => flow('9.9.9.9', 80, at * 300 + 60)),
  ...Array.from({ length: 40 }, (_, at) => flow(`8.8.0.${at}`, 1000 + (at % 20), at * 500, 120 + at)),
  flow('7.7.7.7', 443, 2 * 3600 + 10, 100_000_000),
  // Few flows of each source, but together the third port of all.
  ...Array.from({ length: 30 }, (_, at) => flow(`6.6.6.${at}`, 53, at * 600, 100, '10.0.0.2')),
];
const served = serverOn(lines);
const browser = browserForTests();
const open = async (query: string, dark = false): Promise<Screen> => {
  const screen = new Screen(await browser.open(`${served.url}?v=1&${query}`, { dark }));
  await screen.settled();
  return screen;
};

const sankeyHeads = async (page: Page): Promise<string[]> => {
  const heads = await page.locator('.sankey-heads > span').allInnerTexts();
  return heads.map((text) => text.replace(/\s+/g, ' '));
};

describe('charts that don’t mislead', () => {
  it('tell the hour that clocks repeat by its offset, wherever it stands', async () => {
    const screen = await open('time=all&split=time~PT1H&show=table&m=flows&tz=Europe/Vienna');
    const { page } = screen;
    expect((await screen.rows()).map(([name]) => name)).toEqual([
      'Sun 28 Oct 00:00',
      'Sun 28 Oct 01:00',
      'Sun 28 Oct 02:00 UTC+2',
      'Sun 28 Oct 02:00 UTC+1',
      'Sun 28 Oct 03:00',
      'Sun 28 Oct 04:00',
      'Sun 28 Oct 05:00',
    ]);
    // The second one leads to its own flows.
    await screen.select('02:00 UTC+1', 'Only');
    expect(new URL(page.url()).searchParams.get('from')).toBe('2018-10-28T01:00Z');
    expect(await page.locator('.pill-time').innerText()).toContain('02:00 UTC+1–03:00');
    // Its own time, taken from the menu as it is written there, is the same time.
    await page.locator('.pill-time .pill-main').click();
    await page.getByLabel('To', { exact: true }).press('Enter');
    await screen.settled();
    expect(new URL(page.url()).searchParams.get('from')).toBe('2018-10-28T01:00Z');
    await page.goto(`${served.url}?v=1&time=all&split=time~PT1H&show=lines&m=flows&tz=Europe/Vienna`);
    await screen.settled();
    const ticks = await page.locator('.chart text').allTextContents();
    expect(ticks.filter((text) => text.startsWith('02:00'))).toEqual(['02:00 +2', '02:00 +1']);
  });

  it('draw times that the range cuts as known in part, and leave them out of least, most and interval', async () => {
    const range = 'from=2018-10-27T22:50Z&to=2018-10-28T03:10Z';
    const screen = await open(`${range}&split=time~PT1H&show=table&m=flows&tz=Etc/UTC`);
    const { page } = screen;
    const names = (await screen.rows()).map(([name]) => name);
    expect([names[0], names.at(-1)]).toEqual(['Sat 27 Oct 22:00in part', 'Sun 28 Oct 03:00in part']);
    expect(names.slice(1, -1).join()).not.toContain('part');
    for (const show of ['bars', 'area']) {
      await page.goto(`${served.url}?v=1&${range}&split=time~PT1H&show=${show}&m=flows&tz=Etc/UTC`);
      await screen.settled();
      const parts = await page.locator('.chart path[data-part]').first().getAttribute('d');
      expect([show, (parts ?? '').split('M').length - 1]).toEqual([show, 2]);
    }
    await page.goto(`${served.url}?v=1&${range}&split=time~PT1H&show=lines&m=flows&tz=Etc/UTC`);
    await screen.settled();
    expect(
      ((await page.locator('.chart-line-part').first().getAttribute('d')) ?? '').split('M'),
    ).toHaveLength(3);
    // Twelve in every whole hour, two in what is left of the first and of the last.
    await page.goto(
      `${served.url}?v=1&${range}&f=srcaddr:9.9.9.9&split=srcaddr&split=time~PT1H&m=connections&tz=Etc/UTC`,
    );
    const [row = []] = await screen.rows();
    expect(row.slice(0, 4)).toEqual(['9.9.9.9', '52', '12', '5 min']);
  });

  it('mark the end of the logs within a time that reaches beyond them', async () => {
    const screen = await open(
      'from=2018-10-28T03:00Z&to=2018-10-28T07:00Z&split=time~PT1H&show=lines&m=flows&tz=Etc/UTC',
    );
    // The newest flow starts at 04:56: that hour counts as whole, and two are without logs.
    expect(await screen.footer()).toContain('2 hours without logs, shaded');
    expect(await screen.page.locator('.chart [data-gap]').count()).toBe(1);
  });

  it('a heat map shows small amounts beside a cell that outshines them all, and says so', async () => {
    const screen = await open('time=all&split=srcaddr~50&split=time~PT1H&show=heat&m=bytes&tz=Etc/UTC');
    const { page } = screen;
    const legend = (await page.locator('.heat-scale').innerText()).replaceAll('\u202f', ' ');
    expect(legend).toMatch(/1\.2 kB/);
    expect(legend).toContain('1 cell with more, notched: up to 100 MB');
    // Every cell that holds something is seen: its ink differs from the paper's.
    const faint = await page.evaluate<number>(`(() => {
      const canvas = document.querySelector('.heat-canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let least = 255;
      for (let at = 3; at < data.length; at += 4) if (data[at] > 8 && data[at] < least) least = data[at];
      return least;
    })()`);
    // Without it, 19: what the paper of an empty cell nearly is.
    expect(faint).toBeGreaterThan(30);
  });

  it('a heat map has all of its rows, those out of sight a moment later', async () => {
    const screen = await open('time=all&split=srcaddr~50&split=time~PT1H&show=heat&m=flows&tz=Etc/UTC');
    const { page } = screen;
    await expect.poll(() => page.locator('.heat-name').count()).toBe(50);
    const rows = await page.evaluate<readonly number[]>(`
      [...document.querySelectorAll('.heat-canvas')].flatMap((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const from = Math.round(parseFloat(canvas.style.top) / 22);
        return Array.from({ length: canvas.height / 22 }, (_, row) =>
          data.slice(row * 22 * canvas.width * 4, (row + 1) * 22 * canvas.width * 4).some(Boolean) ? from + row : -1);
      })`);
    expect(rows).toEqual(Array.from({ length: 50 }, (_, row) => row));
  });

  it('a sankey names the top of all flows in every column, whatever stands before it', async () => {
    const screen = await open(
      'time=all&split=srcaddr~2&split=dstport~3&split=dstaddr~5&show=sankey&m=flows&tz=Etc/UTC',
    );
    const { page } = screen;
    await page.locator('.sankey-name').first().waitFor();
    await screen.settled();
    expect(await sankeyHeads(page)).toEqual([
      'Source address 2 of 72',
      'Dest port 3 of 23',
      'Dest address 2',
    ]);
    const names = await page.locator('button.sankey-name').allInnerTexts();
    // Port 53 is third of all, though none of the two sources ever came to it.
    expect(names.filter((name) => /^(80|53) /.test(name))).toEqual(['80 http', '53 dns']);
    const titles = await page.locator('.sankey-name').evaluateAll((all) => all.map((each) => each.title));
    const amounts = titles.map((title) => Number(title.split(' ')[0]?.replaceAll(',', '')));
    expect(amounts.reduce((sum, each) => sum + each, 0)).toBe(3 * 155);
  });

  it('a sankey has as many nodes as its split says', async () => {
    const screen = await open(
      'time=all&split=srcaddr~20&split=dstport~20&show=sankey&m=flows&tz=Etc/UTC',
      true,
    );
    await screen.page.locator('.sankey-name').first().waitFor();
    await screen.settled();
    expect(await sankeyHeads(screen.page)).toEqual(['Source address 20 of 72', 'Dest port 20 of 23']);
    expect(await screen.page.locator('button.sankey-name').count()).toBe(40);
  });
});
