import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

interface KnocksPage {
  readonly open: (query?: string) => Promise<Page>;
  /** The rows of the table of sources, each as the texts of its cells. */
  readonly sources: (page: Page) => Promise<string[][]>;
}

const number = (text: string | null): number => Number((text ?? '').replaceAll(',', ''));
const param = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const detail = (page: Page) => page.getByRole('complementary', { name: 'Finding details' });

function knocksPage(served: Served, browser: Visit): KnocksPage {
  return {
    open: async (query = 'time=all') => {
      const page = await browser.open(`${served.url}knocks?v=1&${query}&tz=Etc/UTC`);
      await page.locator('.card').first().waitFor();
      return page;
    },
    sources: (page) =>
      page.evaluate<string[][]>(
        `[...document.querySelectorAll('.source-table tbody tr')].map((row) => [...row.children].map((cell) => cell.innerText))`,
      ),
  };
}

/** The knocks page: what was planted is found, and every number leads to its flows. */
export function knocks(served: Served, browser: Visit): void {
  const { open, sources } = knocksPage(served, browser);

  describe('the knocks page', () => {
    it('tells the planted strangers, each with its rate, and marks what is unknown', async () => {
      const { story, planted } = served.truth;
      const page = await open();
      const card = page.locator('.card').first();
      expect(await card.innerText()).toContain('Persistent strangers');
      expect(await card.innerText()).toContain(`port ${story.target.port}`);
      const rows = await sources(page);
      expect(new Map(rows.map(([address = '', attempts = '']) => [address, number(attempts)]))).toEqual(
        new Map(story.sources.map(({ address, attempts }) => [address, attempts])),
      );
      const rates = new Map(story.sources.map(({ address, per_hour: rate }) => [address, rate]));
      for (const [address = '', , perHour = ''] of rows) {
        const [min, , max] = perHour.split(' · ').map(number);
        expect([address, { min, max }]).toEqual([
          address,
          { min: rates.get(address)?.min, max: rates.get(address)?.max },
        ]);
      }
      // The hours without logs are hatched, and said.
      const { hours, unknown_hours: unknown } = story.coverage;
      expect(await detail(page).locator('.facts').innerText()).toMatch(
        new RegExp(`of ${hours} hours known\\s+${hours - unknown}`),
      );
      expect(await detail(page).locator('[data-gaps]').count()).toBeGreaterThan(0);
      expect(await card.innerText()).toContain(`${unknown} of ${hours} hours unknown`);
      // As many are hatched.
      const hatched = await card.locator('.gap-wash').evaluate((path) => {
        const strip = path.closest('svg')?.getAttribute('width') ?? '';
        const widths = [...(path.getAttribute('d') ?? '').matchAll(/M[\d.]+ 0h([\d.]+)/g)];
        return widths.reduce((sum, [, width]) => sum + Number(width), 0) / Number(strip);
      });
      expect(Math.round(hatched * hours)).toBe(unknown);
      // An interval is one number, in the table and in the sentence.
      const said = /about every (\d+) seconds/.exec(await card.innerText())?.[1];
      expect(rows.map((row) => row[3]?.replace('\u202f', ' '))).toContain(`${said} s`);
      // Whoever else was planted to keep knocking has a card.
      const all = (await page.locator('.card').allInnerTexts()).join('\n');
      for (const { kind, sources: from } of planted) {
        if (/stranger|brute_force/.test(kind)) expect(all).toContain(from[0]?.address);
      }
    });

    it('leads from every number to the flows that it counts, and back', async () => {
      const { story, totals } = served.truth;
      const page = await open();
      const screen = new Screen(page);
      const leads = async (name: string, place = page.locator('.card').first()): Promise<string> => {
        await place.getByRole('link', { name, exact: true }).first().click();
        return screen.total('Connections');
      };
      const attempts = story.attempts.toLocaleString('en-US');
      expect(await leads(attempts)).toBe(attempts);
      await page.goBack();
      const one = story.sources[3]!;
      const row = page.locator('.source-table tbody tr', { hasText: one.address });
      expect(await leads(one.attempts.toLocaleString('en-US'), row)).toBe(
        one.attempts.toLocaleString('en-US'),
      );
      await page.goBack();
      await detail(page)
        .getByRole('link', { name: /^Explore: Attempts of each source per hour/ })
        .click();
      const rows = await screen.rows();
      expect(rows.map(([address]) => address).sort()).toEqual(
        story.sources.map(({ address }) => address).sort(),
      );
      expect(await page.locator('.row [data-gaps]').count()).toBeGreaterThan(0);
      await page.goBack();
      await page.locator('.knocks-head').getByRole('link').nth(1).click();
      expect(await screen.total('Flows')).toBe(totals.rejected_flows.toLocaleString('en-US'));
      await page.goBack();
      // An hour of the strip is that hour of the explorer.
      await page
        .locator('.card [data-strip]')
        .first()
        .click({ position: { x: 3, y: 20 } });
      await screen.settled();
      expect([param(page, 'from'), param(page, 'to')]).toEqual(['2018-06-20T00:00Z', '2018-06-20T01:00Z']);
      expect((await screen.rows()).length).toBe(story.sources.length);
    });

    it('by keyboard: there and back, from card to card, by kind and time', async () => {
      const screen = new Screen(
        await browser.open(`${served.url}?v=1&time=all&split=dstport&m=flows&tz=Etc/UTC`),
      );
      const { page } = screen;
      await screen.settled();
      await page.keyboard.press('k');
      await page.locator('.card').first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/knocks');
      expect(param(page, 'time')).toBe('all');
      await page.locator('.card-title').first().focus();
      await page.keyboard.press('ArrowDown');
      const second = page.locator('.card').nth(1);
      expect(await second.locator('.card-title').getAttribute('aria-pressed')).toBe('true');
      expect(await detail(page).locator('h2').innerText()).toBe(await second.locator('h2').innerText());
      expect(param(page, 'finding')).not.toBeNull();
      await page.getByRole('group', { name: 'Kind' }).getByRole('button', { name: /^Scan/ }).press('Enter');
      expect(param(page, 'kind')).toBe('scan');
      const kinds = await page.locator('.card .card-kind').allInnerTexts();
      expect(kinds.length).toBeGreaterThan(0);
      expect(kinds.every((text) => text.startsWith('Scan'))).toBe(true);
      await page.keyboard.press('x');
      expect(param(page, 'kind')).toBeNull();
      await page.keyboard.press('?');
      await page.getByText('Switch between Knocks and the explorer').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('t');
      await page.getByRole('button', { name: 'Latest 6 hours' }).press('Enter');
      await page.locator('.app[aria-busy=false]').waitFor();
      expect(param(page, 'last')).toBe('PT6H');
      await page.keyboard.press('k');
      await screen.settled();
      expect([param(page, 'last'), param(page, 'split')]).toEqual(['PT6H', 'dstport~50']);
    });
  });
}

/** What else can be done with findings. */
export function handlingFindings(served: Served, browser: Visit): void {
  const { open, sources } = knocksPage(served, browser);

  describe('the knocks page', () => {
    it('sorts, copies the command, saves the report; axe finds nothing, light and dark', async () => {
      const { story } = served.truth;
      const page = await open();
      await page.getByRole('columnheader', { name: 'Attempts' }).getByRole('button').click();
      const counts = (await sources(page)).map((row) => number(row[1] ?? ''));
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      await page.getByRole('button', { name: /^Copy peephole listen/ }).click();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
        `peephole listen --port ${story.target.port} --host 0.0.0.0 ::`,
      );
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Save as HTML' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^knocks-2018-06-20-to-.*\.html$/);
      expect(await readFile(await download.path(), 'utf8')).toContain(story.sources[0]?.address);
      expect(await barriers(page)).toEqual([]);
      await page.setViewportSize({ width: 1024, height: 768 });
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await barriers(page)).toEqual([]);
    });

    it('a finding is set aside with a note, shown as text, collapsed with its count, and reopened', async () => {
      const page = await open('time=all&kind=scan');
      const cards = page.locator('.card');
      const all = await cards.count();
      const id = await cards.last().locator('.card-title').getAttribute('data-finding');
      const card = page.locator('.card', { has: page.locator(`[data-finding="${id}"]`) });
      const states = page.locator('.bar').getByRole('group', { name: 'State' });
      expect(await card.getByText('New', { exact: true }).count()).toBe(1);
      const note = `ours <img src=x onerror="document.title='hacked'"> \u202e`;
      await card.getByRole('button', { name: 'Acknowledge…' }).click();
      expect(await card.getByRole('button', { name: 'Acknowledge', exact: true }).isDisabled()).toBe(true);
      await page.getByLabel('Why is it expected?').fill(note);
      await card.getByRole('button', { name: 'Acknowledge', exact: true }).click();
      const fold = page.getByRole('button', { name: 'Set aside: 1 acknowledged' });
      await fold.waitFor();
      expect([await fold.getAttribute('aria-expanded'), await cards.count()]).toEqual(['false', all - 1]);
      await fold.click();
      // What reorders text is written out.
      expect(await card.locator('.state-note').textContent()).toBe(note.replace('\u202e', '\\u202e'));
      expect(await page.title()).toBe('Knocks · Peephole');
      expect(await barriers(page)).toEqual([]);
      // By its state alone, also after the page is opened anew.
      await states.getByRole('button', { name: 'Acknowledged 1' }).click();
      expect([param(page, 'state'), await cards.count()]).toEqual(['acknowledged', 1]);
      await page.reload();
      await card.waitFor();
      expect([await cards.count(), await fold.count()]).toEqual([1, 0]);
      await states.getByRole('button', { name: /^All/ }).click();
      await fold.click();
      await card.getByRole('button', { name: 'Mute…' }).click();
      const until = card.getByLabel(/^Until/);
      await until.fill('2001-01-01 00:00');
      await card.getByText('This time is in the past.').waitFor();
      expect(await card.getByRole('button', { name: 'Mute', exact: true }).isDisabled()).toBe(true);
      await until.fill('2999-01-01 12:00');
      await until.press('Enter');
      await card.getByText('until 2999-01-01 12:00').waitFor();
      await card.getByRole('button', { name: 'Mute…' }).waitFor({ state: 'detached' });
      await card.getByRole('button', { name: 'Solved…' }).click();
      await card.getByRole('button', { name: 'Mark as solved' }).click();
      await page.getByRole('button', { name: 'Set aside: 1 solved' }).waitFor();
      await card.getByRole('button', { name: 'Reopen' }).click();
      await page.locator('.aside').waitFor({ state: 'detached' });
      expect(await card.getByText('Known', { exact: true }).count()).toBe(1);
      expect(await cards.count()).toBe(all);
      // All others of the kind are seen at once.
      // It is said for some seconds, which may be over before a click has returned.
      const told = page.getByText(`Marked ${all - 1} as known`).waitFor();
      await Promise.all([told, page.getByRole('button', { name: /^Mark .* known$/ }).click()]);
      await states.getByRole('button', { name: `Known ${all}` }).waitFor();
      expect(await page.getByRole('button', { name: /^Mark .* known$/ }).count()).toBe(0);
    });

    it('is read in a narrow window without a scroll sideways', async () => {
      const page = await browser.open(`${served.url}knocks?v=1&time=all&tz=Etc/UTC`, { phone: true });
      await page.locator('.card').first().waitFor();
      const overflow = (selector: string): Promise<number> =>
        page.evaluate<number>(
          `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('${selector}'))`,
        );
      for (const part of ['html', '.knocks', '.foot'])
        expect([part, await overflow(part)]).toEqual([part, 0]);
    });
  });
}
