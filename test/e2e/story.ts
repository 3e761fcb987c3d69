import { describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

/** The most clicks that the story may take, from the start page to the time series of who knocks. */
const MOST_CLICKS = 9;

/** The story, from the first page to who knocks. */
export function story(served: Served, browser: Visit): void {
  const count = (text: string | undefined): number => Number(text?.replaceAll(',', ''));

  describe('the story, clicked through', () => {
    it('finds who knocks, and how steadily, in nine clicks', async () => {
      const { url, truth } = served;
      const { target, sources } = truth.story;
      const screen = new Screen(await browser.open(url));
      const { page } = screen;
      // Presses, so that a menu that acts on those alone counts too.
      await page.evaluate(`window.presses = 0;
        addEventListener('pointerdown', () => window.presses++, true)`);

      // 1. The share: it is on the first screen.
      expect(await screen.total('Flows')).toBe(truth.totals.flows.toLocaleString('en-US'));
      expect(await screen.total('Rejected share')).toBe(
        `${(truth.totals.rejected_share * 100).toFixed(1)} %`,
      );

      // 2. The target: the rejected flows, by destination address.
      await page
        .getByRole('button', { name: 'Rejected', exact: false })
        .filter({ hasText: '%' })
        .first()
        .click();
      await screen.splitBy('Dest address');
      expect(await screen.pills('filter')).toEqual(['Action is Rejected']);
      expect(await screen.total('Flows')).toBe(truth.totals.rejected_flows.toLocaleString('en-US'));
      const targets = await screen.rows();
      // 4. Who is that: its name stands beside it.
      const who = `${target.address} ${target.name}`;
      expect(targets[0]?.[0]).toBe(who);
      expect(count(targets[0]?.[1])).toBeGreaterThan(3 * count(targets[1]?.[1]));

      // 3. The port: before the address in the split.
      await screen.dimension('Dest port', 'Split before Dest address');
      const ports = await screen.rows();
      expect(ports.slice(0, 2).map((row) => row[0])).toEqual([`${target.port} http`, who]);
      expect(count(ports[1]?.[1])).toBe(truth.story.attempts);

      // 5. Who is knocking: that address and port, by source.
      await screen.row(target.address).click({ position: { x: 40, y: 13 } });
      await page.locator('.bubble').getByText('Split by…').click();
      await screen.pick('Source address');
      expect(await screen.pills('filter')).toEqual([
        'Action is Rejected',
        `Dest port is ${target.port} http`,
        `Dest address is ${who}`,
      ]);
      const knocking = await screen.rows();
      expect(new Map(knocking.map((row) => [row[0], count(row[1])]))).toEqual(
        new Map(sources.map((source) => [source.address, source.attempts])),
      );
      expect(knocking).toHaveLength(sources.length);
      expect(await screen.footer()).toContain(`${sources.length} rows, complete`);

      // 6. Over time: each source, hour by hour.
      await screen.dimension('Time', 'Add split');
      const rows = await screen.rows();
      // So far it took no address typed, and no more than this.
      expect(await page.evaluate('window.presses')).toBeLessThanOrEqual(MOST_CLICKS);
      expect(await screen.pills('split')).toEqual(['Source address top 50 by flows', 'Time by hour']);
      expect(rows).toHaveLength(sources.length);
      const planted = new Map(sources.map((source) => [source.address, source.per_hour]));
      const found = await page.evaluate<[string, number][]>(
        `fetch('/api/v1/knocks').then((answer) => answer.json()).then(({ findings }) =>
          findings[0].sources.map((source) => [source.address, source.interval_seconds]))`,
      );
      const intervals = new Map(found);
      for (const [address = '', , , , perHour = '', every = ''] of rows) {
        const [low = 0, high = 0] = perHour.split('–').map(count);
        // Hours in which AWS lost records of the target are left out of it.
        expect(low).toBeGreaterThanOrEqual(planted.get(address)?.min ?? Infinity);
        expect(high).toBeLessThanOrEqual(planted.get(address)?.max ?? 0);
        expect(high).toBeGreaterThan(170);
        // One interval, one number: as the investigation says it.
        expect(every).toBe(`${intervals.get(address)} s`);
        expect(every).toMatch(/^(19|20) s$/);
      }
      // The gaps in the logs are there to see, and said.
      const marked = (name: string): Promise<number[]> =>
        page.evaluate<number[]>(
          `[...document.querySelectorAll('.row [data-${name}]')].map((each) => Number(each.dataset.${name}))`,
        );
      expect(await marked('gaps')).toEqual(sources.map(() => truth.gaps.outages.length));
      expect(await screen.footer()).toMatch(/\d+ hours? without logs, shaded/);
      // So are those of which AWS says that it lost records.
      expect(truth.gaps.skipdata.length).toBeGreaterThan(0);
      const lossy = hoursOf(truth.gaps.skipdata);
      expect(await marked('lossy')).toEqual(
        sources.map(() => lossy.filter((hour) => !lossy.includes(hour - 1)).length),
      );
      expect(await screen.footer()).toContain(
        `${lossy.length} hour${lossy.length === 1 ? '' : 's'} with lost records, dotted`,
      );

      // A beat of a time series is that hour of that source.
      const strip = screen.row(sources[0]?.address ?? '').locator('[data-strip]');
      await strip.click({ position: { x: 40, y: 8 } });
      expect(await page.locator('.bubble-what').innerText()).toMatch(/\d\d:00/);
      await page.keyboard.press('Escape');

      // 8. The raw rows: nothing more in them.
      await screen.select(sources[0]?.address ?? '', 'Raw rows');
      await screen.settled();
      await page.locator('[role=grid] .row').first().waitFor();
      const record = await page
        .locator('[role=grid] .row')
        .first()
        .locator('[role=gridcell]')
        .allInnerTexts();
      expect(record[1]).toBe('Rejected');
      expect(record[2]?.split(' ')[0]).toBe(sources[0]?.address);
      expect(await screen.total('Flows')).toBe(sources[0]?.attempts.toLocaleString('en-US'));

      // Each step was a history entry, and its URL is the whole of it.
      await page.goBack();
      expect(await screen.rows()).toEqual(rows);
      await page.goBack();
      expect(await screen.rows()).toEqual(knocking);
      await page.goForward();
      expect(await screen.rows()).toEqual(rows);
      await page.reload();
      expect(await screen.rows()).toEqual(rows);
      const again = new Screen(await browser.open(page.url()));
      expect(await again.rows()).toEqual(rows);
    });
  });

  describe('the story, by nothing but what the page suggests', () => {
    it('goes from the first page to who knocks, how often, from where, since when, and what Knocks says of it', async () => {
      const { url, truth } = served;
      const { target, sources } = truth.story;
      const screen = new Screen(await browser.open(url));
      const { page } = screen;
      const click = async (where: Locator): Promise<void> => {
        await where.click();
        await screen.settled();
      };
      const offer = (text: string): Locator => page.locator('.bar-offer', { hasText: text });
      const truthOf = new Map(sources.map((source) => [source.address, source]));

      // The rejected flows, and the port and address that most of them try: values in the lists on the first page.
      await click(page.locator('.glance .top-item', { hasText: 'Rejected' }));
      await click(page.locator('.pins .top-item', { hasText: `${target.port} http` }).first());
      await click(page.locator('.pins .top-item', { hasText: target.address }).first());
      expect(await screen.pills('filter')).toEqual([
        'Action is Rejected',
        `Dest port is ${target.port} http`,
        `Dest address is ${target.address} ${target.name}`,
      ]);
      // Who they are: the split that is offered, and what stands beside each address.
      await click(offer('by source address'));
      const knocking = await screen.rows();
      expect(new Set(knocking.map((row) => row[0]))).toEqual(new Set(truthOf.keys()));
      const known = await page.evaluate<[string, string | null, string | null][]>(
        `fetch('/api/v1/knocks').then((answer) => answer.json()).then(({ findings }) =>
          findings[0].sources.map((source) => [source.address, source.country, source.as_name]))`,
      );
      expect(known).toHaveLength(sources.length);
      for (const [address, country, operator] of known) {
        expect(country ?? operator).not.toBeNull();
        const place = screen.row(address).locator('.place');
        const text = [country, operator].filter((part) => part !== null).join(' ');
        expect(text.startsWith((await place.innerText()).trim().replace('…', ''))).toBe(true);
      }
      // How often: over time, as is offered next.
      await click(offer('over time'));
      const rows = await screen.rows();
      expect(rows).toHaveLength(sources.length);
      for (const row of rows) expect(row.at(-2)).toMatch(/^(19|20) s$/);
      expect(await page.locator('.bar-offer').count()).toBe(0);

      // Closer: one hour of one of them, minute by minute.
      const [first] = rows;
      const strip = screen.row(first?.[0] ?? '').locator('[data-strip]');
      await strip.click({ position: { x: 60, y: 8 } });
      await click(page.locator('.bubble').getByText('Only', { exact: true }));
      expect(await screen.pills('split')).toContain('Time by minute');
      const [minutes] = await screen.rows();
      expect(minutes?.at(-3)).toMatch(/^[234]–[234]$/);
      expect(minutes?.at(-2)).toMatch(/^(19|20|21) s$/);

      // Since when: as long as there are logs.
      await click(page.getByRole('button', { name: 'all time' }));
      expect(await page.locator('.pill-time').innerText()).toContain('All time');
      expect(await page.getByRole('button', { name: 'all time', exact: true }).count()).toBe(0);
      const [ever] = await screen.rows();
      expect(ever?.[0]).toBe(first?.[0]);
      expect(count(ever?.[1])).toBe(truthOf.get(first?.[0] ?? '')?.attempts);

      // The others again: each as long.
      await click(page.locator('.pill-filter', { hasText: 'Source address' }).locator('.pill-x'));
      expect(new Map((await screen.rows()).map((row) => [row[0], count(row[1])]))).toEqual(
        new Map(sources.map((source) => [source.address, source.attempts])),
      );

      // What tells one of them from the others; and what the investigation makes of it.
      await screen.row(first?.[0] ?? '').click({ position: { x: 40, y: 13 } });
      await page.locator('.bubble').getByText('Explain', { exact: true }).click();
      await page.locator('dialog', { hasText: 'Dimensions compared:' }).waitFor();
      await page.locator('dialog').getByRole('button', { name: 'Close' }).click();
      await page.getByRole('link', { name: 'Knocks' }).click();
      await page.locator('.detail h2', { hasText: `${target.name}, port ${target.port} http` }).waitFor();
      const table = page.locator('.source-table tbody tr');
      expect(await table.count()).toBe(sources.length);
      expect(await page.locator('.detail').innerText()).toMatch(/first seen/);
      // And back to the flows that it counted.
      const link = `Explore: ${sources.length} sources, by connections`;
      await page.getByRole('link', { name: link, exact: true }).click();
      expect(new Set((await screen.rows()).map((row) => row[0]))).toEqual(new Set(truthOf.keys()));
    });
  });
}

/** The hours since 1970 UTC that the spans touch, in order. */
function hoursOf(spans: readonly { readonly from: string; readonly to: string }[]): number[] {
  const hours = new Set<number>();
  for (const { from, to } of spans) {
    for (let hour = Math.floor(Date.parse(from) / 3_600_000); hour * 3_600_000 < Date.parse(to); hour++)
      hours.add(hour);
  }
  return [...hours].sort((a, b) => a - b);
}
