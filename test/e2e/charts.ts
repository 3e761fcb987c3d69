import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

/** Every visualization, and comparing. */
export function charts(served: Served, browser: Visit): void {
  const open = async (query: string, dark = false): Promise<Screen> => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&tz=Etc/UTC`, { dark }));
    await screen.settled();
    return screen;
  };
  const count = (text: string | null | undefined): number => Number((text ?? '').replaceAll(/[,\s]/g, ''));
  const shown = (page: Page): Promise<string> =>
    page.getByRole('radiogroup', { name: 'Visualization' }).locator('[aria-checked=true]').innerText();

  describe('visualizations', () => {
    it('the best fit is shown until the user chooses', async () => {
      const screen = await open('time=all&m=flows');
      const { page } = screen;
      expect(await shown(page)).toBe('Totals');
      await screen.splitBy('Time');
      expect(await shown(page)).toBe('Lines');
      await screen.splitBy('Dest port');
      expect(await shown(page)).toBe('Table');
      await page.getByRole('radio', { name: 'Bars' }).click();
      await screen.splitBy('Source port');
      expect(await shown(page)).toBe('Bars');
    });

    it('bars: whole, with what the limit cut in sight', async () => {
      const screen = await open('time=all&split=dstport~10&split=action&show=bars&m=flows');
      const bars = screen.page.locator('.bar-line');
      const amounts = await bars.locator('.bar-amount').allInnerTexts();
      expect(amounts).toHaveLength(11);
      expect(amounts.reduce((sum, text) => sum + count(text), 0)).toBe(served.truth.totals.flows);
      // Each is drawn as long as it is, what the limit cut as well.
      const lengths = await screen.page.evaluate<number[]>(
        `[...document.querySelectorAll('.bar-track')].map((track) =>
          [...track.querySelectorAll('.bar-part')].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0))`,
      );
      const [most, longest] = [Math.max(...amounts.map(count)), Math.max(...lengths)];
      for (const [at, text] of amounts.entries())
        expect(Math.abs((lengths[at] ?? 0) / longest - count(text) / most)).toBeLessThan(0.02);
      await bars.first().locator('.bar-part').first().click();
      await screen.page.locator('.bubble').getByText('Only').click();
      await screen.settled();
      expect((await screen.pills('filter')).map((text) => text.split(' is ')[0])).toEqual([
        'Dest port',
        'Action',
      ]);
    });

    it('one measure at a time: the one that is chosen is drawn, sorts, and is in the link', async () => {
      const screen = await open('time=all&split=dstport~5&split=action&show=bars&m=flows,bytes');
      const { page } = screen;
      const measure = page.getByLabel('Chart measure');
      const names = (): Promise<string[]> => page.locator('.bar-name').allInnerTexts();
      const byFlows = await names();
      await measure.selectOption('bytes');
      await screen.settled();
      expect(await page.locator('.bars-view h3').innerText()).toBe('Bytes');
      expect(await page.locator('.bar-amount').first().innerText()).toMatch(/B/);
      expect(await screen.pills('split')).toContain('Dest port top 5 by bytes');
      expect(await names()).not.toEqual(byFlows);
      await page.keyboard.press('6');
      await screen.settled();
      expect(await page.locator('.heat h3').innerText()).toContain('Bytes');
      // One that is not among the measures joins them.
      await measure.selectOption('packets');
      await screen.settled();
      const { searchParams } = new URL(page.url());
      expect([searchParams.get('m'), searchParams.get('of')]).toEqual(['flows,bytes,packets', 'packets']);
      await page.reload();
      await screen.settled();
      expect(await page.locator('.heat h3').innerText()).toContain('Packets');
      await page.keyboard.press('2');
      await screen.settled();
      expect(await measure.count()).toBe(0);
      expect(await screen.pills('split')).toContain('Dest port top 5 by flows');
    });

    it('lines can be hidden, by mouse and key, and the scale fits what is shown', async () => {
      const screen = await open('time=all&split=dstport~5&split=time~PT1H&show=lines&m=flows');
      const { page } = screen;
      const group = page.getByRole('group', { name: 'Legend' });
      const legend = group.getByRole('button', { name: /^Show / });
      const drawn = page.locator('.chart-plot:not(.chart-over) .chart-line');
      const top = async (): Promise<number> =>
        Math.max(...(await page.locator('.chart text').allTextContents()).map(count).filter(Number.isFinite));
      await group.getByRole('button', { name: 'Show all others' }).waitFor();
      const [lines, most] = [await legend.count(), await top()];
      await legend.last().click();
      await legend.first().focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('.legend-hidden').count()).toBe(2);
      expect(await top()).toBeLessThan(most);
      await legend.nth(1).click({ modifiers: ['Shift'] });
      expect(await page.locator('.legend-hidden').count()).toBe(lines - 1);
      expect(await drawn.count()).toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Show all', exact: true }).click();
      expect(await top()).toBe(most);
      // Its name is a mark like any other.
      await group.getByRole('button', { name: /^80 / }).click();
      await page.locator('.bubble').getByText('Exclude').waitFor();
      expect(await page.locator('.legend-hidden').count()).toBe(0);
    });

    it('heat map: walked by keyboard, chosen by Enter; hours without logs say so', async () => {
      const screen = await open(
        'time=all&f=action:REJECT&split=srcaddr~20&split=time~PT1H&show=heat&m=flows',
      );
      const { page } = screen;
      const map = page.locator('.heat-over');
      await map.focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('.heat .tip').innerText()).toMatch(/01:00\s+\d+/);
      await page.keyboard.press('Enter');
      await page.locator('.bubble').getByText('Only').click();
      await screen.settled();
      expect(new URL(page.url()).searchParams.get('from')).toMatch(/T01:00Z$/);
      await page.goBack();
      await screen.settled();
      const [outage] = served.truth.gaps.outages;
      if (outage === undefined) throw new Error('The simulation has no outage.');
      const box = (await map.boundingBox())!;
      const [from, to] = [Date.parse(served.truth.range.from), Date.parse(served.truth.range.to)];
      const x = box.x + ((Date.parse(outage.from) + 60_000 - from) / (to - from)) * box.width;
      await page.mouse.move(x, box.y + 5);
      expect(await page.locator('.heat .tip').innerText()).toMatch(/no logs|logged in part/);
    });

    it('sankey: source to port to destination without a split; a name is a way in', async () => {
      const { target } = served.truth.story;
      const screen = await open('time=all&f=action:REJECT&show=sankey&m=flows');
      const { page } = screen;
      await page.locator('.sankey-name', { hasText: target.address }).click();
      await page.locator('.bubble').getByText('Only').click();
      await screen.settled();
      expect(await screen.pills('filter')).toEqual([
        'Action is Rejected',
        `Dest address is ${target.address} ${target.name}`,
      ]);
    });

    it('lines and areas: a mark is a time and a value', async () => {
      const screen = await open('time=all&split=action&split=time~PT1H&show=area&m=flows');
      const { page } = screen;
      await page.locator('.chart-over').first().focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowDown');
      expect(await page.locator('.chart .tip').innerText()).toContain('all');
      await page.keyboard.press('Enter');
      await page.locator('.bubble').getByText('Only').click();
      await screen.settled();
      expect(await screen.pills('filter')).toEqual(['Action is Accepted']);
      expect(new URL(page.url()).searchParams.get('from')).not.toBeNull();
    });
  });

  describe('compare', () => {
    it('says nothing of a change where most of the other period has no logs: that is unknown, not nothing', async () => {
      // Eighteen hours, of which the logs hold six of the eighteen before.
      const query = 'last=PT18H&compare=previous&m=flows,rejected_share&tz=Etc/UTC';
      const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&split=action`));
      const { page } = screen;
      for (const row of await screen.rows()) expect(row.slice(2, 3)).toEqual(['–']);
      const totals = await page.locator('.total-change').allInnerTexts();
      expect(totals[0]).toBe('change unknown');
      // A share is one of what there is.
      expect(totals[1]).toMatch(/pts|±0/);
      expect(await screen.footer()).toMatch(/1[2-4] hours( \d+ minutes)? of the other period without logs/);
      await page.goto(`${served.url}?v=1&${query}&split=dstport~5&show=bars`);
      await page.locator('.bar-amount').first().waitFor();
      // Once for all bars, which differ in nothing there.
      expect(await page.locator('.bars-view .lines-title').innerText()).toMatch(/change unknown$/);
      expect((await page.locator('.bar-amount').allInnerTexts()).join()).not.toMatch(/[–%]/);
      expect(await page.locator('.bar-before').count()).toBe(0);
      await page.goto(`${served.url}?v=1&${query}&split=time~PT3H&show=table`);
      const times = await screen.rows();
      expect(times[0]?.[2]).toBe('–');
      expect(times.some((row) => /%$|new$/.test(row[2] ?? ''))).toBe(true);
      expect(times.map((row) => row[2]).join(' ')).not.toContain('new');
    });

    it('with the period before: totals, table and line say by how much', async () => {
      const screen = await open('last=PT12H&m=flows');
      const { page } = screen;
      const now = count(await screen.total('Flows'));
      await page.keyboard.press('c');
      await screen.settled();
      expect(await page.locator('.pill-time').nth(1).innerText()).toContain('against');
      const all = served.truth.totals.flows;
      const before = all - now;
      expect(await page.locator('.total-change').getAttribute('title')).toBe(
        `${before.toLocaleString('en-US')} before`,
      );
      await screen.splitBy('Action');
      const rows = await screen.rows();
      expect(rows[0]?.[2]).toMatch(/[+−±]/);
      await screen.splitBy('Time');
      await page.locator('.chart-over').hover();
      expect(await page.locator('.chart .tip').innerText()).toContain('before');
      await page.getByLabel('Remove Compare with').click();
      await screen.settled();
      expect(new URL(page.url()).searchParams.get('compare')).toBeNull();
    });
  });

  describe('rows by measure', () => {
    it('only those with enough of it', async () => {
      const screen = await open('time=all&split=dstport~50&m=flows');
      const { page } = screen;
      const all = await screen.rows();
      const most = all.map((row) => count(row[1]));
      const limit = most[2] ?? 0;
      await page.keyboard.press('f');
      await page.getByPlaceholder('Find a dimension or measure').fill('flows');
      await page.keyboard.press('Enter');
      await page.getByLabel('Flows, at least').fill(String(limit));
      await page.keyboard.press('Enter');
      await screen.settled();
      const rows = await screen.rows();
      expect(rows.slice(0, -1).map((row) => row[0])).toEqual(all.slice(0, 3).map((row) => row[0]));
      // What it hid is a row, so that all add up to the whole.
      const flows = served.truth.totals.flows - most.slice(0, 3).reduce((sum, each) => sum + each, 0);
      const [name = '', amount = ''] = rows.at(-1) ?? [];
      expect(name).toMatch(new RegExp(`^[0-9,]+ rows hidden, ${flows.toLocaleString('en-US')} flows`));
      expect(count(amount)).toBe(flows);
      expect(await screen.footer()).toContain('hidden by the filter on measures');
      expect(await screen.pills('filter')).toEqual([
        `Flows of a row ${limit.toLocaleString('en-US')} or more`,
      ]);
      // By the hour a row keeps its hours, however few flows one of them has.
      const before = rows.slice(0, 3).map((row) => row[1]);
      await page.goto(`${page.url()}&split=time~PT1H`);
      expect((await screen.rows()).slice(0, 3).map((row) => row[1])).toEqual(before);
      await page.goBack();
      await screen.settled();
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      expect(await screen.rows()).toEqual(all);
    });
  });
}
