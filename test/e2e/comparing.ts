import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import { sampleLines } from './stores.ts';

/** Measures that a question defines, what changed most, lines apart from each other, and the view that other pages frame. */
export function comparing(served: { readonly url: string }, browser: Visit): void {
  const open = async (path: string, more: object = {}): Promise<Screen> => {
    const screen = new Screen(await browser.open(new URL(`${path}&tz=Etc/UTC`, served.url).href, more));
    await screen.settled();
    return screen;
  };

  describe('questions that say more', () => {
    it('a percentile is found by its name, and rows are in the order of their change', async () => {
      const screen = await open('?v=1&last=PT1H&compare=PT1H&split=dstport~5&m=flows');
      const { page } = screen;
      await page.getByRole('button', { name: 'Add a measure' }).click();
      await page.keyboard.type('p95');
      await page.getByRole('option', { name: 'p95 of packets' }).click();
      await screen.settled();
      expect(await screen.total('p95 of packets')).toBe('5');
      expect(new URL(page.url()).searchParams.get('m')).toBe('flows,p95(packets)');
      // Named for everybody: the pill and the column are called so, and the link is as before.
      await page.locator('.pill-measure .pill-main', { hasText: 'p95 of packets' }).click();
      await page.getByLabel('Name of the measure').fill('Long flows');
      await page.keyboard.press('Enter');
      await page.locator('.pill-measure .pill-main', { hasText: 'Long flows' }).waitFor();
      expect(new URL(page.url()).searchParams.get('m')).toBe('flows,p95(packets)');
      const byFlows = await screen.rows();
      await page.getByRole('columnheader').getByRole('button', { name: 'Change' }).first().click();
      await screen.settled();
      expect(await screen.pills('split')).toEqual(['Dest port top 5 by change of flows']);
      const changes = (await screen.rows()).slice(0, 5).map(([port, now]) => [port, now]);
      expect(changes).not.toEqual(byFlows.slice(0, 5).map(([port, now]) => [port, now]));
      expect(await barriers(page)).toEqual([]);
    });

    it('each line has a chart of its own, on one logarithmic scale', async () => {
      const screen = await open('?v=1&time=all&split=dstport~3&split=time~PT10M&m=flows&show=lines');
      const { page } = screen;
      await page.getByLabel('Draw lines').selectOption('multiples-log');
      await expect.poll(() => page.locator('.multiple').count()).toBe(4);
      const labels = await page.locator('.multiple').first().locator('.chart-frame text').allTextContents();
      expect(labels).toContain('0');
      expect(labels).toContain('100');
      expect(new URL(page.url()).searchParams.get('lines')).toBe('multiples-log');
    });

    it('several ranges of time are one filter', async () => {
      const screen = await open('?v=1&time=all&m=flows');
      const { page } = screen;
      await page.keyboard.press('f');
      await page.keyboard.type('several ranges');
      await page.keyboard.press('Enter');
      await page
        .getByLabel('Ranges of time')
        .fill('2018-06-20 00:00 to 2018-06-20 00:10\n2018-06-20 01:00 to 2018-06-20 01:10');
      await page.getByRole('button', { name: 'Apply' }).click();
      await screen.settled();
      expect(await screen.pills('filter')).toEqual(['Time is in 20 Jun 2018 00:00–00:10, 1 more']);
      const minutes = sampleLines().flatMap((line) => {
        const start = Number(line.split(' ')[8]);
        return Number.isNaN(start) ? [] : [Math.floor((start - Date.parse('2018-06-20T00:00Z') / 1000) / 60)];
      });
      const within = minutes.filter((minute) => minute % 60 < 10);
      expect(Number(await screen.total('Flows'))).toBe(within.length);
    });

    it('a view alone, for a frame of another page', async () => {
      const screen = await open('/embed?v=1&time=all&f=action:REJECT&split=dstport~3&m=flows', {
        dark: true,
      });
      const { page } = screen;
      expect(await page.locator('.bar, .panel-side, nav').count()).toBe(0);
      expect((await page.locator('.embed-clause').innerText()).split(/\s+/)).toEqual([
        'Action',
        'is',
        'Rejected',
      ]);
      const link = page.getByRole('link', { name: 'Open in Peephole' });
      expect(new URL((await link.getAttribute('href')) ?? '').pathname).toBe('/');
      await page.getByLabel('Visualization').first().getByText('Bars').click();
      await screen.settled();
      expect(new URL(page.url()).pathname).toBe('/embed');
      expect(await barriers(page)).toEqual([]);
    });
  });
}
