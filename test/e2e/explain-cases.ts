import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

/** Explain: what was planted is what makes the difference. */
export function explaining(served: Served, browser: Visit): void {
  const open = async (query: string): Promise<Screen> => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&m=flows&tz=Etc/UTC`));
    await screen.settled();
    return screen;
  };
  const rows = (screen: Screen) => screen.page.getByRole('list', { name: 'Results' }).locator('li');

  describe('explain', () => {
    it('from a row by keyboard: the planted cause, and Only is the way to its flows', async () => {
      const { target } = served.truth.story;
      const screen = await open('time=all&split=action');
      const { page } = screen;
      await page.getByRole('treegrid').focus();
      const current = page.locator('.row-current');
      for (let step = 0; step < 3; step++) {
        await page.keyboard.press('ArrowDown');
        if ((await current.innerText()).includes('Rejected')) break;
      }
      await page.keyboard.press('Enter');
      const explain = page.locator('.bubble').getByRole('button', { name: 'Explain' });
      await explain.waitFor();
      for (let step = 0; step < 6; step++) {
        if (await explain.evaluate((button) => button.matches(':focus'))) break;
        await page.keyboard.press('ArrowRight');
      }
      await page.keyboard.press('Enter');
      await rows(screen).first().waitFor();
      const first = await rows(screen).first().innerText();
      expect(first).toContain(`${target.port}`);
      expect(first).toMatch(/times as common|only among/i);
      expect(first).toMatch(new RegExp(`${target.address}|${target.interface_id}`));
      expect(await barriers(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('radio', { name: 'Bytes' }).click();
      await page.locator('.explain .hint', { hasText: 'No confidence bound' }).waitFor();
      expect(await page.locator('.explain-lead').innerText()).toMatch(
        /[\d.]+\s[kMG]?B against [\d.]+\s[kMG]B/,
      );
      expect(await page.locator('.explain').innerText()).not.toContain('% confidence');
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('radio', { name: 'Flows' }).click();
      await page.locator('.explain-lead', { hasText: 'flows' }).waitFor();
      await rows(screen).first().getByRole('button', { name: /^Only/ }).press('Enter');
      await screen.settled();
      const pills = await screen.pills('filter');
      expect(pills[0]).toBe('Action is Rejected');
      expect(pills).toContain(`Dest port is ${target.port} http`);
      const inside = /([\d.]+).% of (?:the selected flows|them)/.exec(first)?.[1];
      const flows = Number((await screen.total('Flows')).replaceAll(',', ''));
      expect(Math.round((flows / served.truth.totals.rejected_flows) * 1000) / 10).toBe(Number(inside));
    });

    it('of a brushed time against the rest, and of now against then', async () => {
      const screen = await open('time=all&split=time~PT1H');
      const { page } = screen;
      const chart = (await page.locator('.chart-over').boundingBox())!;
      await page.mouse.move(chart.x + chart.width * 0.4, chart.y + 60);
      await page.mouse.down();
      await page.mouse.move(chart.x + chart.width * 0.6, chart.y + 60, { steps: 4 });
      await page.mouse.up();
      await screen.settled();
      const zoomed = await screen.total('Flows');
      await page.getByRole('group', { name: 'Selected time' }).getByText('Explain').click();
      const lead = page.locator('.explain-lead');
      await lead.waitFor();
      const rest = served.truth.totals.flows - Number(zoomed.replaceAll(',', ''));
      expect(await lead.innerText()).toContain(
        `${zoomed} flows against ${rest.toLocaleString('en-US')} flows (the rest of the view)`,
      );
      await page.keyboard.press('Escape');
      await page.goto(`${served.url}?v=1&last=PT6H&compare=previous&split=action&m=flows&tz=Etc/UTC`);
      await screen.settled();
      await screen.select('Rejected', 'Explain');
      await page.getByRole('radio', { name: 'Compared with the other period' }).click();
      await page.locator('.explain-lead', { hasText: /flows of 20 Jun.* 12:00/ }).waitFor();
    });
  });
}
