import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

/** Every chart and every menu, as axe sees it. */
export function withoutBarriers(served: Served, browser: Visit): void {
  const open = async (query: string, dark = false): Promise<Screen> => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&tz=Etc/UTC`, { dark }));
    await screen.settled();
    return screen;
  };

  describe('axe finds nothing serious', () => {
    it('in any chart, light and dark', async () => {
      const views = [
        'time=all&m=flows',
        'last=PT12H&compare=previous&f=action:REJECT&split=srcaddr~20&split=time&m=flows,bytes',
        'last=PT12H&compare=previous&split=action&split=time&show=lines&m=flows',
        'time=all&split=dstport&split=action&show=bars&m=flows',
        'time=all&split=srcaddr~20&split=time&show=heat&m=flows',
        'time=all&show=sankey&m=flows',
        'time=all&show=records&m=flows',
      ];
      const { page } = await open('time=all&m=flows');
      for (const [at, query] of views.entries()) {
        await page.emulateMedia({ colorScheme: at % 2 === 0 ? 'light' : 'dark' });
        await page.goto(`${served.url}?v=1&${query}&tz=Etc/UTC`);
        await new Screen(page).settled();
        expect([query, await barriers(page)]).toEqual([query, []]);
      }
    });

    it('crosses of pills are large enough to hit', async () => {
      const { page } = await open('time=all&f=action:REJECT&split=dstport&m=flows,bytes');
      const sizes = await page.evaluate<number[]>(
        `[...document.querySelectorAll('.pill-x')].flatMap((cross) => [cross.offsetWidth, cross.offsetHeight])`,
      );
      expect(sizes.length).toBeGreaterThan(5);
      // WCAG 2.2, 2.5.8.
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
    });

    it('in menus and dialogs', async () => {
      const screen = await open('last=PT12H&f=action:REJECT&split=dstport&split=time&m=flows', true);
      const { page } = screen;
      for (const openIt of [
        () => page.keyboard.press('t'),
        () => page.locator('.pill-filter .pill-main').click(),
        () => page.locator('.pill-split .pill-main').first().click(),
        () => page.locator('.dim-name').first().click(),
        () => screen.row('http').click({ position: { x: 40, y: 13 } }),
        () => page.keyboard.press('e'),
      ]) {
        await openIt();
        // The page below is looked at with every chart.
        expect(await barriers(page, '.popup, .menu, .bubble, dialog')).toEqual([]);
        await page.keyboard.press('Escape');
      }
    });
  });
}
