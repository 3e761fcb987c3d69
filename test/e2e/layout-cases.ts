import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;
const [large, , phone] = sizes;

/** Where things stand, at the sizes that people have. */
export function layout(served: Served, browser: Visit): void {
  const open = async (query: string, size: (typeof sizes)[number]): Promise<Screen> => {
    const options = { size, phone: size.width < 600 };
    const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&tz=Etc/UTC`, options));
    await screen.settled();
    return screen;
  };
  /** The texts of what is cut short though it should not be. */
  const cut = (page: Page, selector: string): Promise<string[]> =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll(${JSON.stringify(selector)})]
        .filter((each) => each.scrollWidth > each.clientWidth)
        .map((each) => each.textContent)`,
    );

  describe('layout', () => {
    it.each(sizes)('the switcher stays where it is, whatever comes and goes ($width)', async (size) => {
      const screen = await open('last=PT6H&split=dstaddr&m=flows', size);
      const { page } = screen;
      const place = async (): Promise<unknown> => {
        await screen.settled();
        const name = 'Visualization';
        const switcher =
          size.width < 600 ? page.getByRole('combobox', { name }) : page.getByRole('radiogroup', { name });
        const box = (await switcher.boundingBox())!;
        const { y: top } = (await page.locator('.head').boundingBox())!;
        return [Math.round(box.x), Math.round(box.y - top), Math.round(box.width)];
      };
      const before = await place();
      for (const query of [
        'last=PT6H&split=dstaddr&split=dstport&m=flows',
        'last=PT6H&split=dstaddr&split=dstport&m=flows&percent=parent',
        'last=PT6H&split=dstaddr&m=flows,bytes,packets,rejected_share,unique_sources',
        'last=PT6H&split=dstaddr&m=flows,bytes&compare=previous',
        'last=PT6H&split=dstaddr&split=dstport&m=flows&show=heat',
        'last=PT6H&m=flows',
      ]) {
        await page.goto(`${served.url}?v=1&${query}&tz=Etc/UTC`);
        expect(await place()).toEqual(before);
      }
    });

    it('bars stand behind whole digits, and only where rows differ', async () => {
      const { page } = await open('time=all&f=action:REJECT&split=dstport~8&m=flows,rejected_share', large);
      const bars = await page.evaluate<{ column: number; height: number }[]>(
        `[...document.querySelectorAll('.row .cell-bar')].map((cell) => ({
          column: [...cell.parentElement.children].indexOf(cell),
          height: parseFloat(getComputedStyle(cell, '::before').height),
        }))`,
      );
      // The shares are all 100 %: a column of full bars would tell nothing.
      expect(new Set(bars.map(({ column }) => column))).toEqual(new Set([1]));
      for (const { height } of bars) expect(height).toBeGreaterThanOrEqual(17);
    });

    it('the times above strips are whole', async () => {
      const day = 86_400_000;
      const first = Date.parse(`${served.truth.range.from.slice(0, 10)}T00:00Z`);
      // Its name is the longest.
      const wednesday = first + ((10 - new Date(first).getUTCDay()) % 7) * day;
      for (const hours of [4.5, 5, 5.5, 6, 6.5]) {
        const [from, to] = [wednesday - 3 * day, wednesday + (hours / 24) * day].map((at) =>
          new Date(at).toISOString(),
        );
        const { page } = await open(`from=${from}&to=${to}&split=dstport~5&split=time&m=flows`, large);
        await page.locator('.strip-axis text').nth(3).waitFor({ state: 'attached' });
        const beyond = await page.evaluate<string[]>(
          `[...document.querySelectorAll('.strip-axis text')]
            .filter((text) => text.getBoundingClientRect().right > text.ownerSVGElement.getBoundingClientRect().right)
            .map((text) => text.textContent)`,
        );
        expect(beyond).toEqual([]);
      }
    });

    it.each(sizes)('names are whole where there is room ($width)', async (size) => {
      const { page } = await open('time=all&split=dstaddr~30&m=flows', size);
      expect(await cut(page, '.row-name .ellipsis')).toEqual([]);
      await page.goto(`${served.url}?v=1&time=all&split=dstaddr~20&m=flows&show=bars&tz=Etc/UTC`);
      await page.locator('.bar-name').first().waitFor();
      if (size.width > 600) expect(await cut(page, '.bar-name')).toEqual([]);
      await page.goto(
        `${served.url}?v=1&time=all&split=dst_name~20&split=dstport~8&show=heat&m=flows&tz=Etc/UTC`,
      );
      await page.locator('.heat-name').first().waitFor();
      if (size.width > 600) expect(await cut(page, '.heat-name, .heat-head')).toEqual([]);
      await page.goto(`${served.url}?v=1&time=all&show=sankey&m=flows&tz=Etc/UTC`);
      await page.locator('.sankey-name').first().waitFor();
      if (size.width > 600) expect(await cut(page, '.sankey-name')).toEqual([]);
      // On a phone there is no room for names of hosts, but for whole addresses, and for what each column is.
      const whole = (await cut(page, '.sankey-name')).filter((name) => !/ \S/.test(name));
      expect([...whole, ...(await cut(page, '.sankey-heads > span'))]).toEqual([]);
    });

    it('names in the pinboard are whole, and a time series beside three measures has room too', async () => {
      const query = 'last=P7D&f=action:REJECT&split=srcaddr~20&split=time&m=flows,bytes,rejected_share';
      const { page } = await open(query, large);
      const list = '.pins .top-list[aria-label="Dest address"]';
      await page.locator(`${list} .top-item`).first().waitFor();
      expect(await cut(page, `${list} .ellipsis`)).toEqual([]);
      await page.locator('.row .place').first().waitFor();
      const fits = await page.evaluate(
        `[...document.querySelectorAll('[role=treegrid]')].map((table) => table.scrollWidth <= table.clientWidth)`,
      );
      expect(fits).toEqual([true]);
    });

    it.each(sizes)('actions never cover what says what the columns are ($width)', async (size) => {
      const screen = await open('time=all&f=action:REJECT&split=srcaddr~20&split=time~PT1H&m=flows', size);
      const { page } = screen;
      await page
        .locator('[role=treegrid] .row')
        .first()
        .click({ position: { x: 50, y: 13 } });
      const bubble = (await page.locator('.bubble').boundingBox())!;
      const head = (await page.locator('.table-head').boundingBox())!;
      expect(bubble.y).toBeGreaterThanOrEqual(head.y + head.height);
      expect(bubble.y + bubble.height).toBeLessThanOrEqual(size.height);
    });

    it('the totals fill the page', async () => {
      const { page } = await open('time=all&m=flows', large);
      await page.locator('.glance .top-item').first().waitFor();
      const center = (await page.locator('main.center').boundingBox())!;
      const lists = (await page.locator('.glance').boundingBox())!;
      expect(lists.y + lists.height).toBeGreaterThan(center.y + center.height - 30);
      expect(lists.y + lists.height).toBeLessThanOrEqual(center.y + center.height);
      const chart = (await page.locator('.overview .chart').boundingBox())!;
      expect(chart.height).toBeGreaterThan(center.height * 0.45);
    });

    it('on a phone every part of the question can be scrolled to', async () => {
      const pills =
        'f=action:REJECT&f=dstport:80&f=protocol:6&split=srcaddr~9&split=dstaddr~9&split=dstport~9';
      const { page } = await open(`time=all&${pills}&m=flows,bytes,packets,rejected_share`, phone);
      const lost = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.bar-row')].flatMap((row) => {
          const from = row.getBoundingClientRect().left - row.scrollLeft;
          return [...row.children]
            .filter((each) => {
              const { left, right } = each.getBoundingClientRect();
              return right > left && (left < from - 1 || right - from > row.scrollWidth + 1);
            })
            .map((each) => each.textContent);
        })`,
      );
      expect(lost).toEqual([]);
    });

    it('on a phone the chart has most of the screen, and all of a sankey is on it', async () => {
      const story = 'time=all&f=action:REJECT&f=dstport:80&split=srcaddr~20&split=time~PT1H&m=flows';
      const { page } = await open(story, phone);
      const table = (await page.locator('.table').boundingBox())!;
      expect(table.y).toBeLessThan(phone.height * 0.3);
      const strip = (await page.locator('[data-strip]').first().boundingBox())!;
      expect(strip.x + strip.width).toBeLessThanOrEqual(phone.width);

      await page.goto(`${served.url}?v=1&time=all&show=sankey&m=flows&tz=Etc/UTC`);
      await page.locator('.sankey-name').first().waitFor();
      for (const part of await page.locator('.sankey-name, .sankey-heads span, .sankey-node').all()) {
        const box = (await part.boundingBox())!;
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(phone.width);
      }
    });
  });
}
