import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';

/** The menus of the question. */
export function menus(served: { readonly url: string }, browser: Visit): void {
  const open = async (query: string): Promise<Screen> => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&tz=Etc/UTC`));
    await screen.settled();
    return screen;
  };
  const param = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);

  describe('the menus of the question', () => {
    it('time: latest, a calendar day, any length, from–to to the minute', async () => {
      const screen = await open('time=all&split=time&m=flows');
      const { page } = screen;
      const menu = async (): Promise<void> => page.locator('.pill-time .pill-main').first().click();
      await menu();
      await page.getByRole('button', { name: 'Latest 1 hour' }).click();
      await screen.settled();
      expect(param(page, 'last')).toBe('PT1H');
      expect(await screen.pills('split')).toEqual(['Time by minute']);
      await menu();
      await page.getByRole('button', { name: 'The newest day', exact: true }).click();
      await screen.settled();
      expect([param(page, 'from'), param(page, 'to')]).toEqual(['2018-06-20T00:00Z', '2018-06-21T00:00Z']);
      expect(await screen.pills('split')).toEqual(['Time by hour']);
      // Most of that day has no logs, and says so.
      expect(await screen.footer()).toContain('22 hours without logs, shaded');
      await menu();
      await page.getByLabel('Latest', { exact: true }).fill('pt90m');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(param(page, 'last')).toBe('PT90M');
      await menu();
      await page.getByLabel('From').fill('2018-06-20 00:15');
      await page.getByLabel('To', { exact: true }).fill('2018-06-20 00:45');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect([param(page, 'from'), param(page, 'to')]).toEqual(['2018-06-20T00:15Z', '2018-06-20T00:45Z']);
      await menu();
      await page.getByLabel('To', { exact: true }).fill('2018-06-19 00:45');
      expect(await page.getByText('From must be before to.').count()).toBe(1);
    });

    it('numbers: a written list with ranges and names; all rows fold at once', async () => {
      const screen = await open('time=all&split=dstport&split=action&m=flows');
      const { page } = screen;
      await screen.dimension('Dest port', 'Filter…');
      const input = page.getByPlaceholder('Find, type or paste values');
      await input.fill('22, telnet, 8440-8443, nonsense');
      expect(await page.locator('.values-take').innerText()).toContain('Not understood: nonsense');
      await page.keyboard.press('Enter');
      expect(param(page, 'f')).toBeNull();
      await input.fill('22, telnet, 8440-8443');
      await page.getByRole('button', { name: 'Take 6 values' }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await screen.settled();
      expect(param(page, 'f')).toBe('dstport:22,23,8440..8443');
      expect(await screen.pills('filter')).toEqual(['Dest port is 22 ssh, 23 telnet, 8440–8443']);
      const rows = await screen.rows();
      expect(rows.map((row) => row[0])).toContain('8443 https-alt');
      await page.getByRole('button', { name: 'Collapse all' }).click();
      expect((await screen.rows()).map((row) => row[0])).toEqual(['22 ssh', '8443 https-alt']);
      await page.getByRole('treegrid').focus();
      await page.keyboard.press('Shift+ArrowRight');
      expect(await screen.rows()).toEqual(rows);
      await page.keyboard.press('Shift+ArrowLeft');
      expect(await screen.rows()).toHaveLength(2);
    });

    it('compare: any period, by keyboard; all time has nothing before it', async () => {
      const screen = await open('last=PT30M&m=flows');
      const { page } = screen;
      await page.getByRole('button', { name: 'compare' }).focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('Earlier by, as an ISO 8601 duration').fill('PT1H');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(param(page, 'compare')).toBe('PT1H');
      expect(await page.locator('.total-change').first().innerText()).toMatch(/^[+−±]/);
      await page.keyboard.press('t');
      await page.getByRole('button', { name: 'All time' }).click();
      await screen.settled();
      expect(await page.locator('.total-change').count()).toBe(0);
      expect(await page.getByRole('button', { name: 'compare' }).isDisabled()).toBe(true);
    });

    it('split: limit, order, granularity, steps of numbers', async () => {
      const screen = await open('time=all&split=dstport&m=flows,bytes');
      const { page } = screen;
      const menu = async (): Promise<void> => page.locator('.pill-split .pill-main').first().click();
      await menu();
      await page.getByRole('radio', { name: '5', exact: true }).click();
      await page.getByLabel('Sort by').selectOption('bytes');
      await page.getByRole('radio', { name: 'Up' }).click();
      await page.keyboard.press('Escape');
      await screen.settled();
      expect(param(page, 'split')).toBe('dstport~5~bytes.asc');
      expect(await screen.pills('split')).toEqual(['Dest port first 5 by bytes']);
      const rows = await screen.rows();
      expect(rows).toHaveLength(6);
      await menu();
      await page.getByRole('radio', { name: '1024' }).click();
      await page.keyboard.press('Escape');
      await screen.settled();
      expect((await screen.rows())[0]?.[0]).toMatch(/^\d+–\d+$/);
      await screen.splitBy('Time');
      await menu();
      await page.getByRole('radio', { name: '1 min', exact: true }).click();
      await page.keyboard.press('Escape');
      await screen.settled();
      expect(param(page, 'split')).toBe('time~PT1M');
    });

    it('measures: put first, added and taken away in the list', async () => {
      const screen = await open('time=all&split=dstport&m=flows,bytes');
      const { page } = screen;
      await page.locator('.pill-measure .pill-main', { hasText: 'Bytes' }).click();
      await page.getByRole('button', { name: 'Put first, sort by it' }).click();
      await screen.settled();
      expect(param(page, 'm')).toBe('bytes,flows');
      await page.keyboard.press('/');
      await page.keyboard.type('unique');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(param(page, 'm')).toBe('bytes,flows,unique_sources');
      expect(await screen.total('Sources')).toBe('12');
      await page.getByLabel('Find a dimension or measure').fill('');
      await page.getByRole('button', { name: 'Flows', pressed: true }).click();
      await screen.settled();
      expect(param(page, 'm')).toBe('bytes,unique_sources');
    });

    it('addresses: internal and external', async () => {
      const screen = await open('time=all&m=flows');
      const { page } = screen;
      await screen.dimension('Source address', 'Filter…');
      await page.getByRole('radio', { name: 'CIDR' }).click();
      await page.getByRole('button', { name: 'External' }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await screen.settled();
      expect(await screen.total('Flows')).toBe('3,000');
      await page.locator('.pill-filter .pill-main').click();
      await page.getByRole('button', { name: 'Internal' }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await screen.settled();
      expect(await screen.total('Flows')).toBe('0');
    });
  });
}
