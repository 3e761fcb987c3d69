import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';

const width = 420;

/** The page in a narrow window, under a finger. */
export function narrow(served: { readonly url: string }, browser: Visit): void {
  const within = async (part: Locator): Promise<void> => {
    const box = (await part.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
  };
  const overflow = (page: Page): Promise<number> =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  describe('a narrow window', () => {
    it('has every button of the top bar in sight, whatever the time zone is called', async () => {
      const zone = 'America/Argentina/ComodRivadavia';
      const page = await browser.open(`${served.url}?v=1&time=all&tz=${zone}`, { phone: true });
      await new Screen(page).settled();
      const buttons = await page.locator('.top button:visible').all();
      expect(buttons.length).toBeGreaterThan(3);
      for (const button of buttons) await within(button);
    });

    it('is read by touch: drawers, menus, rows and records', async () => {
      const url = `${served.url}?v=1&time=all&f=action:REJECT&split=srcaddr&m=flows,bytes&tz=Etc/UTC`;
      const page = await browser.open(url, { phone: true });
      const screen = new Screen(page);
      await screen.settled();
      expect(await overflow(page)).toBe(0);
      expect(await page.locator('.panel-side').count()).toBe(0);
      for (const pill of await page.locator('.pill').all()) await within(pill);

      await page.getByLabel('Show the dimensions').tap();
      await within(page.locator('.panel-side'));
      await page.locator('.dim-name').getByText('Dest port', { exact: true }).tap();
      await page.getByRole('menuitem', { name: 'Split', exact: true }).tap();
      await screen.settled();
      // What was chosen is to be seen at once.
      expect(await page.locator('.panel-side').count()).toBe(0);
      const [port = ''] = (await screen.rows())[0] ?? [];
      await screen.row(port).tap({ position: { x: 40, y: 13 } });
      await within(page.locator('.bubble'));
      await page.locator('.bubble').getByText('Raw rows').tap();
      await screen.settled();
      await page.locator('.records .row').first().locator('[role=gridcell]').nth(2).tap();
      await within(page.locator('.bubble'));
      await page.locator('.bubble').getByText('Look up…').tap();
      await within(page.locator('.popup'));
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');

      await page.getByLabel('Show the pinboard').tap();
      await page.getByRole('complementary', { name: 'Pinboard' }).waitFor();
      await page.getByLabel('Close panel').tap({ position: { x: 20, y: 300 } });
      expect(await page.locator('.panel-side').count()).toBe(0);
      await page.locator('.pill-time .pill-main').first().tap();
      await within(page.locator('.popup'));
      expect(await overflow(page)).toBe(0);
    });
  });
}
