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
      await page.getByRole('button', { name: 'Newest day', exact: true }).click();
      await screen.settled();
      expect([param(page, 'from'), param(page, 'to')]).toEqual(['2018-06-20T00:00Z', '2018-06-21T00:00Z']);
      expect(await screen.pills('split')).toEqual(['Time by hour']);
      // Most of that day has no logs, and says so.
      expect(await screen.footer()).toContain('22 hours without logs, shaded');
      await menu();
      const latest = page.getByLabel('Latest', { exact: true });
      await latest.fill('soon');
      await page.getByText('“soon” is not a duration.').waitFor();
      await latest.fill('90 min');
      await page.getByText(/^Latest 90 minutes: 20 Jun 2018 00:\d\d–0[12]:\d\d$/).waitFor();
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
      const told = page.locator('.filter-preview');
      expect(await told.innerText()).toContain('“nonsense” is not a number');
      expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
      await page.keyboard.press('Enter');
      expect(param(page, 'f')).toBeNull();
      await input.fill('22, telnet, 8440-8443');
      await told.filter({ hasText: 'Dest port is 22 ssh, 23 telnet and 8440–8443: 2 of them' }).waitFor();
      await page.keyboard.press('Enter');
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
      // Another time is another table: nothing in it is collapsed.
      await page.keyboard.press('t');
      await page.locator('.popup').getByRole('button', { name: 'Latest 30 days', exact: true }).click();
      await screen.settled();
      expect(await screen.rows()).toEqual(rows);
    });

    it('compare: any period, by keyboard; all time has nothing before it', async () => {
      const screen = await open('last=PT30M&m=flows');
      const { page } = screen;
      await page.getByRole('button', { name: 'compare' }).focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('Earlier by').fill('1 hour');
      await page.getByText(/^1 hour earlier: 20 Jun 2018 00:\d\d–0[01]:\d\d$/).waitFor();
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(param(page, 'compare')).toBe('PT1H');
      expect(await page.locator('.total-change').first().innerText()).toMatch(/^[+−±]/);
      await page.keyboard.press('t');
      await page.locator('.popup').getByRole('button', { name: 'All time' }).click();
      await screen.settled();
      expect(await page.locator('.total-change').count()).toBe(0);
      // Where it can't be, it says why and what to do.
      await page.getByRole('button', { name: 'compare' }).click();
      await page.getByText('There is no period before all time.').waitFor();
      await page.getByRole('button', { name: 'Latest 1 hour, and those before' }).click();
      await screen.settled();
      expect([param(page, 'last'), param(page, 'compare')]).toEqual(['PT1H', 'previous']);
    });

    it('split: limit, order, granularity, steps of numbers', async () => {
      const screen = await open('time=all&split=dstport&m=flows,bytes');
      const { page } = screen;
      const menu = async (): Promise<void> => page.locator('.pill-split .pill-main').first().click();
      await menu();
      await page.getByRole('radio', { name: '5', exact: true }).click();
      await page.getByLabel('Sort by').selectOption('bytes');
      await page.getByRole('radio', { name: 'Asc' }).click();
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
      await page.getByRole('button', { name: 'Sort splits by it' }).click();
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

    it('amounts open on a range, and take it as people write it', async () => {
      const screen = await open('time=all&split=dstport&m=flows');
      const { page } = screen;
      const told = page.locator('.filter-preview');
      await page.locator('.dim-name').getByText('Bytes', { exact: true }).first().click();
      await page.getByRole('menuitem', { name: 'Filter…' }).click();
      expect(await page.getByRole('radio', { name: 'Range' }).getAttribute('aria-checked')).toBe('true');
      await page.getByLabel('From').fill('1k-2k');
      await told.filter({ hasText: /^Bytes: 1,000 to 2,000; 1,001 flows in this view$/ }).waitFor();
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(param(page, 'f')).toBe('bytes.between:1000..2000');
      expect(await screen.total('Flows')).toBe('1,001');
      // Its values can be typed too; there are too many to list.
      await page.locator('.pill-filter .pill-main').click();
      await page.getByRole('radio', { name: 'Values' }).click();
      await page.getByPlaceholder('Find, type or paste values').fill('> 3000');
      await told.filter({ hasText: 'Bytes: 3,001 or more; 59 flows in this view' }).waitFor();
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(await screen.total('Flows')).toBe('59');
    });

    it('addresses: what is typed is understood, or can’t be applied and says why', async () => {
      const screen = await open('time=all&split=dstport&m=flows');
      const { page } = screen;
      const failed: number[] = [];
      page.on('response', (response) => response.status() >= 400 && failed.push(response.status()));
      await screen.dimension('Dest address', 'Filter…');
      const [input, told] = [
        page.getByPlaceholder('Find, type or paste values'),
        page.locator('.filter-preview'),
      ];
      const apply = page.getByRole('button', { name: 'Apply' });
      const lines: readonly (readonly [string, string])[] = [
        ['10.0.0.0/30', '4 addresses in 10.0.0.0/30'],
        ['10.0.0.4-10.0.0.9', '6 addresses from 10.0.0.4 to 10.0.0.9'],
        ['10.0.0.4-9', '6 addresses from 10.0.0.4 to 10.0.0.9'],
        ['10.0.0.1, 10.0.0.8/31 ::1', 'A list of 2 addresses and 1 block: 3 addresses in this view'],
        ['10.0.', 'Contains “10.0.”: 11 addresses'],
        ['internal', 'Internal: 11 addresses in your network'],
        ['external', 'External: No address in this view outside your network'],
        ['2001:db8::/32', 'No address in this view in 2001:db8::/32'],
      ];
      for (const [text, line] of lines) {
        await input.fill(text);
        await told.filter({ hasText: line }).waitFor();
        expect(await apply.isEnabled()).toBe(true);
      }
      for (const [text, why] of [
        [
          '10.0.0.0/99',
          '“10.0.0.0/99” is not a CIDR block: the number after the slash must be from 0 to 32.',
        ],
        ['collector', '“collector” is not an address, and no address has such a name.'],
        ['10.0.0.9-10.0.0.4', '“10.0.0.9-10.0.0.4” is reversed: enter the lower address first.'],
      ] as const) {
        await input.fill(text);
        expect(await told.innerText()).toBe(why);
        expect(await apply.isDisabled()).toBe(true);
        await page.keyboard.press('Enter');
        expect(param(page, 'f')).toBeNull();
      }
      // What is typed shows what it holds, and one of that can be chosen instead.
      await input.fill('10.0.0.8/30');
      await told.filter({ hasText: '3 addresses in 10.0.0.8/30' }).waitFor();
      await page.getByRole('option', { name: '10.0.0.9' }).click();
      expect(await told.innerText()).toBe('The address 10.0.0.9');
      await input.fill('10.0.0.8/ 30');
      await input.fill('10.0.0.8/30');
      await told.filter({ hasText: 'A list of 1 address and 1 block' }).waitFor();
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(param(page, 'f')).toBe('dstaddr.cidr:10.0.0.9,10.0.0.8/30');
      expect(await screen.pills('filter')).toEqual(['Dest address is in 10.0.0.9, 10.0.0.8/30']);
      expect(await screen.rows()).not.toEqual([]);
      expect(failed).toEqual([]);
    });

    it('a pasted column of addresses is a list', async () => {
      const screen = await open('time=all&split=dstport&m=flows');
      const { page } = screen;
      await screen.dimension('Dest address', 'Filter…');
      const input = page.getByPlaceholder('Find, type or paste values');
      await page.evaluate(`navigator.clipboard.writeText('10.0.0.1\\n10.0.0.2\\r\\n10.0.0.4/31\\n')`);
      await input.focus();
      await page.keyboard.press('Control+V');
      await page
        .locator('.filter-preview', { hasText: 'A list of 2 addresses and 1 block: 4 addresses' })
        .waitFor();
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(param(page, 'f')).toBe('dstaddr.cidr:10.0.0.1,10.0.0.2,10.0.0.4/31');
    });

    it('addresses: internal and external', async () => {
      const screen = await open('time=all&m=flows');
      const { page } = screen;
      await screen.dimension('Source address', 'Filter…');
      await page.getByRole('radio', { name: 'CIDR' }).click();
      await page.getByRole('button', { name: 'External' }).click();
      await page
        .locator('.filter-preview', { hasText: 'External: 12 addresses outside your network' })
        .waitFor();
      await page.getByRole('button', { name: 'Apply' }).click();
      await screen.settled();
      expect(await screen.pills('filter')).toEqual(['Source side is external']);
      expect(await screen.total('Flows')).toBe('3,000');
      await page.getByLabel('Remove Filter: Source side').click();
      await screen.dimension('Source address', 'Filter…');
      await page.getByPlaceholder('Find, type or paste values').fill('internal');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(await screen.total('Flows')).toBe('0');
    });

    it('a regular expression is judged before it is applied', async () => {
      const screen = await open('time=all&split=dstport&m=flows');
      const { page } = screen;
      const failed: number[] = [];
      page.on('response', (response) => response.status() >= 400 && failed.push(response.status()));
      await screen.dimension('Dest address', 'Filter…');
      await page.getByRole('radio', { name: 'Regex' }).click();
      const [input, told] = [page.getByLabel('Regular expression'), page.locator('.filter-preview')];
      await input.fill('[');
      await told.filter({ hasText: '“[” is not a regular expression: missing closing ]' }).waitFor();
      await page.keyboard.press('Enter');
      expect(param(page, 'f')).toBeNull();
      await input.fill('[.][12]$');
      await page.keyboard.press('Enter');
      await screen.settled();
      // Once the expression is judged.
      await expect.poll(() => screen.pills('filter')).toEqual(['Dest address matches [.][12]$']);
      expect(failed).toEqual([]);
    });
  });
}
