import { describe, expect, it } from 'vitest';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

/** What the explorer can do, held against the truth about the logs. */
export function explorer(served: Served, browser: Visit): void {
  const count = (text: string | undefined): number => Number(text?.replaceAll(',', ''));

  describe('the explorer', () => {
    it('zooms by brushing, in whole buckets', async () => {
      const screen = new Screen(
        await browser.open(`${served.url}?v=1&time=all&split=time~PT1H&m=flows&tz=Etc/UTC`),
      );
      await screen.settled();
      const plot = screen.page.locator('.chart-plot').first();
      const box = (await plot.boundingBox())!;
      await screen.page.mouse.move(box.x + box.width * 0.4, box.y + 60);
      await screen.page.mouse.down();
      await screen.page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
      await screen.page.mouse.up();
      await screen.settled();
      const { searchParams } = new URL(screen.page.url());
      expect(searchParams.get('from')).toMatch(/T\d\d:00Z$/);
      expect(searchParams.get('to')).toMatch(/T\d\d:00Z$/);
      await screen.page.locator('.chart-over').first().hover();
      expect(await screen.page.locator('.tip').innerText()).toMatch(/(Wed|Thu) \d+ Jun \d\d:00/);
    });

    it('filters by menu: search, Enter, exclude, CIDR, range; Escape leaves things as they were', async () => {
      const { target } = served.truth.story;
      const screen = new Screen(await browser.open(served.url));
      const { page } = screen;
      await screen.settled();
      await screen.dimension('Dest address', 'Filter…');
      await page.getByPlaceholder('Find, type or paste values').waitFor();
      await page.keyboard.type(target.address);
      await page.keyboard.press('Enter');
      await screen.settled();
      const picked = [`Dest address is ${target.address} ${target.name}`];
      expect(await screen.pills('filter')).toEqual(picked);

      await page.locator('.pill-filter .pill-main').click();
      await page.getByRole('radio', { name: 'CIDR' }).click();
      await page.getByLabel('CIDR blocks').fill('10.0.0.0/8');
      await page.keyboard.press('Escape');
      expect(await screen.pills('filter')).toEqual(picked);

      await page.locator('.pill-filter .pill-main').click();
      await page.getByRole('radio', { name: 'CIDR' }).click();
      await page.getByLabel('CIDR blocks').fill('10.0.0.0/8');
      await page.getByRole('radio', { name: 'Exclude' }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await screen.settled();
      expect(await screen.pills('filter')).toEqual(['Dest address is not in 10.0.0.0/8']);

      await page.getByLabel('Add a filter').click();
      await page.getByRole('combobox').fill('dest port');
      await page.keyboard.press('Enter');
      await page.getByRole('radio', { name: 'Range' }).click();
      await page.getByLabel('From').fill('1');
      await page.getByLabel('To', { exact: true }).fill('1023');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(await screen.pills('filter')).toEqual([
        'Dest address is not in 10.0.0.0/8',
        'Dest port is 1–1023',
      ]);
      await page.getByText('Clear', { exact: true }).click();
      expect(await screen.pills('filter')).toEqual([]);
    });

    it('takes a pasted list, and says what a limit cut', async () => {
      const [first, second] = served.truth.story.sources;
      const screen = new Screen(
        await browser.open(`${served.url}?v=1&time=all&split=dstport~5&m=flows&tz=Etc/UTC`),
      );
      const { page } = screen;
      expect(await screen.footer()).toMatch(/first 5 of [\d,]+: cut by the limit/);
      const rows = await screen.rows();
      expect(rows.at(-1)?.[0]).toMatch(/^[\d,]+ others$/);
      const sum = rows.reduce((total, row) => total + count(row[1]), 0);
      expect(sum).toBe(served.truth.totals.flows);

      await screen.dimension('Source address', 'Filter…');
      await page.evaluate(`navigator.clipboard.writeText('${first?.address}\\n${second?.address}')`);
      await page.getByPlaceholder('Find, type or paste values').press('Control+V');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(await screen.pills('filter')).toEqual([
        `Source address is ${first?.address}, ${second?.address}`,
      ]);
      expect(await screen.total('Flows')).toBe(
        ((first?.attempts ?? 0) + (second?.attempts ?? 0)).toLocaleString('en-US'),
      );
    });

    it('works from the keyboard', async () => {
      const screen = new Screen(
        await browser.open(`${served.url}?v=1&time=all&split=dstport~5&split=dstaddr~3&m=flows&tz=Etc/UTC`),
      );
      const { page } = screen;
      const before = await screen.rows();
      const grid = page.getByRole('treegrid');
      await grid.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowLeft');
      expect((await screen.rows()).length).toBeLessThan(before.length);
      await page.keyboard.press('ArrowRight');
      expect(await screen.rows()).toEqual(before);
      await page.keyboard.press('Enter');
      await page.locator('.bubble').waitFor();
      await page.keyboard.press('Escape');
      expect(await page.locator('.bubble').count()).toBe(0);
      await grid.focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(await screen.pills('filter')).toEqual([`Dest port is not ${before[0]?.[0]}`]);
    });

    it('aborts what is superseded, and dims the old chart meanwhile', async () => {
      const screen = new Screen(
        await browser.open(`${served.url}?v=1&time=all&split=dstport~5&m=flows&tz=Etc/UTC`),
      );
      const { page } = screen;
      await screen.settled();
      const aborted: string[] = [];
      page.on('requestfailed', (request) => {
        // Counts of values may be cancelled at any time.
        if (request.postData()?.includes('"subtotals":true'))
          aborted.push(request.failure()?.errorText ?? '');
      });
      await page.route('**/api/v1/query', async (route) => {
        if (route.request().postData()?.includes('"srcaddr"')) return; // Never answered.
        await route.continue();
      });
      await page.locator('.dim', { hasText: 'Source address' }).hover();
      await page.getByLabel('Split by Source address').click();
      await page.locator('.chart-body.stale').waitFor();
      await page.locator('.dim', { hasText: 'Dest address' }).hover();
      await page.getByLabel('Split by Dest address').click();
      await screen.settled();
      expect(aborted).toEqual(['net::ERR_ABORTED']);
      expect(await screen.pills('split')).toEqual(['Dest address top 50 by flows']);
    });

    it('shows the query as something to run elsewhere, and copies the link', async () => {
      const screen = new Screen(
        await browser.open(`${served.url}?v=1&last=PT6H&f=action:REJECT&split=dstport~5&m=flows&tz=Etc/UTC`),
      );
      const { page } = screen;
      await screen.settled();
      await page.getByText('Show query').click();
      const texts = await page.locator('dialog pre').allInnerTexts();
      expect(texts.some((text) => text.startsWith(`peephole query '{"time":{"last":"PT6H"}`))).toBe(true);
      await page.keyboard.press('Escape');
      await page.getByText('Copy link').click();
      await page.locator('.toast').waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(page.url());
    });

    it('keeps the theme, and the time zone in sight', async () => {
      const screen = new Screen(await browser.open(served.url, { dark: true }));
      const { page } = screen;
      await screen.settled();
      const paper = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(await paper()).toBe('rgb(15, 17, 19)');
      await page.getByLabel('Turn light').click();
      expect(await paper()).toBe('rgb(246, 246, 243)');
      await page.reload();
      await screen.settled();
      expect(await paper()).toBe('rgb(246, 246, 243)');

      await page.locator('.chip', { hasText: 'UTC' }).click();
      await page.getByPlaceholder('Find a time zone').fill('kolkata');
      await page.getByRole('option', { name: /Kolkata/ }).waitFor();
      await page.getByPlaceholder('Find a time zone').fill('utc+2');
      await page.getByRole('option', { name: /^UTC\+2/ }).waitFor();
      await page.getByPlaceholder('Find a time zone').fill('vienna');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(new URL(page.url()).searchParams.get('tz')).toBe('Europe/Vienna');
      expect(await page.locator('.pill-time').innerText()).toContain('02:00');
    });
  });
}
