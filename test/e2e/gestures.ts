import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';

/** What the hand can do, with the mouse and with the keyboard. */
export function gestures(served: { readonly url: string }, browser: Visit): void {
  const open = async (query: string): Promise<Screen> => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&time=all&${query}&m=flows&tz=Etc/UTC`));
    await screen.settled();
    return screen;
  };
  const fields = (page: Page, name: string): string[] =>
    new URL(page.url()).searchParams.getAll(name).map((value) => value.split(/[~:]/)[0] ?? '');

  describe('dragging', () => {
    it('a dimension onto the splits: a pill is replaced, a gap takes it in, the end too', async () => {
      const screen = await open('split=dstaddr&split=dstport');
      const { page } = screen;
      await screen.drag(screen.dim('Source address'), screen.pill('Split: Dest address'));
      expect(fields(page, 'split')).toEqual(['srcaddr', 'dstport']);
      await screen.drag(screen.dim('Protocol'), screen.pill('Split: Dest port'), { x: 2, y: 14 });
      expect(fields(page, 'split')).toEqual(['srcaddr', 'protocol', 'dstport']);
      await screen.drag(screen.dim('Action'), page.locator('.bar-row.drop-row').nth(1), { x: 700, y: 14 });
      expect(fields(page, 'split')).toEqual(['srcaddr', 'protocol', 'dstport', 'action']);
      await screen.drag(screen.pill('Split: Action'), screen.pill('Split: Source address'), { x: 2, y: 14 });
      expect(fields(page, 'split')).toEqual(['action', 'srcaddr', 'protocol', 'dstport']);
    });

    it('a dimension onto the filters opens its menu, and nothing applies by itself', async () => {
      const screen = await open('split=dstport');
      const { page } = screen;
      await screen.drag(screen.dim('Action'), page.locator('.bar-row.drop-row').first());
      await page.getByRole('option', { name: /Rejected/ }).click();
      expect(fields(page, 'f')).toEqual([]);
      await page.keyboard.press('Escape');
      expect(fields(page, 'f')).toEqual([]);
      await screen.drag(screen.dim('Action'), page.locator('.bar-row.drop-row').first());
      await page.getByRole('option', { name: /Rejected/ }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      expect(await screen.pills('filter')).toEqual(['Action is Rejected']);
    });

    it('onto the chart, onto the pinboard, and between the rows', async () => {
      const screen = await open('f=action:REJECT&f=protocol:6&split=dstport');
      const { page } = screen;
      await screen.drag(screen.dim('Source address'), page.locator('main.center'));
      expect(fields(page, 'split')).toEqual(['srcaddr']);
      const pins = page.getByRole('complementary', { name: 'Pinboard' });
      await screen.drag(screen.dim('Protocol'), pins, { x: 80, y: 4 });
      expect(new URL(page.url()).searchParams.get('pin')).toBe('protocol,dstport,dstaddr,srcaddr');
      await screen.drag(screen.pill('Filter: Protocol'), screen.pill('Filter: Action'), { x: 2, y: 14 });
      expect(fields(page, 'f')).toEqual(['protocol', 'action']);
      await screen.drag(screen.pill('Filter: Protocol'), screen.pill('Split: Source address'), {
        x: 2,
        y: 14,
      });
      // The filter stays: one dimension in two uses, and both say so.
      expect(fields(page, 'f')).toEqual(['protocol', 'action']);
      expect(fields(page, 'split')).toEqual(['protocol', 'srcaddr']);
      await screen.pill('Filter: Protocol').getByTitle('Protocol is also a split').waitFor();
      await screen.pill('Split: Protocol').getByTitle('Protocol is also a filter').waitFor();
      // Every step was one history entry.
      await page.goBack();
      expect(fields(page, 'split')).toEqual(['srcaddr']);
    });
  });

  describe('the same by keyboard', () => {
    it('on a dimension and on pills', async () => {
      const screen = await open('split=dstport');
      const { page } = screen;
      await page.keyboard.press('/');
      await page.keyboard.type('source a');
      await page.locator('.dim').first().filter({ hasText: 'Source address' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('a');
      await expect.poll(() => fields(page, 'split')).toEqual(['dstport', 'srcaddr']);
      await page.getByRole('button', { name: /^Source address top/ }).focus();
      await page.keyboard.press('Alt+ArrowLeft');
      expect(fields(page, 'split')).toEqual(['srcaddr', 'dstport']);
      await page.getByRole('button', { name: /^Source address top/ }).focus();
      await page.keyboard.press('Alt+ArrowUp');
      await page.getByPlaceholder('Find, type or paste values').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(fields(page, 'f')).toEqual(['srcaddr']);
      expect(fields(page, 'split')).toEqual(['dstport']);
      await page.locator('.pill-filter .pill-main').focus();
      await page.keyboard.press('Alt+ArrowDown');
      expect(fields(page, 'split')).toEqual(['dstport', 'srcaddr']);
      expect(fields(page, 'f')).toEqual(['srcaddr']);
      await page.locator('.pill-split .pill-main').first().focus();
      await page.keyboard.press('Delete');
      expect(fields(page, 'split')).toEqual(['srcaddr']);
      const focused = await page.evaluate('document.activeElement.className');
      expect(focused).toContain('pill');
    });

    it('a sheet of all of it, and keys for the rest', async () => {
      const screen = await open('split=dstport');
      const { page } = screen;
      await page.keyboard.press('?');
      const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await sheet.waitFor();
      await page.keyboard.press('Escape');
      // Keys mean nothing to the page below while the sheet is there.
      await sheet.waitFor({ state: 'hidden' });
      await page.keyboard.press('t');
      await page.getByRole('dialog', { name: 'Time' }).waitFor();
      await page.keyboard.press('Escape');
      // A dialog keeps the focus until the next frame, where a key may come first.
      await page.keyboard.press('?');
      await sheet.waitFor();
      await page.evaluate(`
        document.querySelector('dialog').close();
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'q', bubbles: true }));
      `);
      await page.getByRole('dialog', { name: 'Query' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press(']');
      await page.getByRole('complementary', { name: 'Pinboard' }).waitFor({ state: 'detached' });
      await page.keyboard.press('8');
      expect(new URL(page.url()).searchParams.get('show')).toBe('records');
    });
  });

  describe('what can be done with a cell, a mark or a row', () => {
    it('by click, right click and key', async () => {
      const screen = await open('split=dstport');
      const { page } = screen;
      const [port = ''] = (await screen.rows())[0] ?? [];
      await screen.row(port).click({ position: { x: 40, y: 13 } });
      expect(await page.locator('.bubble button').allInnerTexts()).toEqual([
        'Only',
        'Exclude',
        'Split by…',
        'Compare',
        'Explain',
        'Raw rows',
        'Copy',
        'Show query',
      ]);
      await page.keyboard.press('Escape');
      expect(await page.locator('.bubble').count()).toBe(0);
      await screen.row(port).click({ button: 'right', position: { x: 40, y: 13 } });
      await page.locator('.bubble').getByText('Show query').click();
      expect(await page.locator('dialog pre').last().innerText()).toContain('"field":"dstport","in":[');
      await page.keyboard.press('Escape');
      // The amount in a cell is copied as it is.
      await screen.row(port).locator('.cell').first().click({ button: 'right' });
      await page.locator('.bubble').getByText('Copy', { exact: true }).click();
      await page.locator('.toast').waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^\d+$/);
    });

    it('come into sight on the map', async () => {
      const page = await browser.open(`${served.url}map?v=1&time=all&as=map&tz=Etc/UTC`);
      const map = page.getByRole('group', { name: /^Map\./ });
      await page.locator('.map-node').first().waitFor();
      await map.focus();
      for (let at = 0; at < 40; at++) await page.keyboard.press('ArrowDown');
      const isInSight = (): Promise<unknown> =>
        page.evaluate(`(() => {
          const [part, all] = [document.activeElement, document.querySelector('.map-canvas')].map((each) => each.getBoundingClientRect());
          return part.top >= all.top && part.bottom <= all.bottom && part.left >= all.left && part.right <= all.right;
        })()`);
      await page.keyboard.press('Tab');
      await expect.poll(() => page.evaluate("document.activeElement.getAttribute('role')")).toBe('button');
      await expect.poll(isInSight).toBe(true);
    });

    it('also in the pinboard and in the records', async () => {
      const screen = await open('split=dstport');
      const { page } = screen;
      const list = page.getByRole('region', { name: 'Dest address' });
      await list.locator('.top-item').nth(1).click({ button: 'right' });
      await page.locator('.bubble').getByText('Exclude').click();
      await screen.settled();
      expect((await screen.pills('filter'))[0]).toMatch(/^Dest address is not /);
      await list.locator('.top-item').first().click();
      await screen.settled();
      expect((await screen.pills('filter'))[1]).toMatch(/^Dest address is /);
      await list.locator('.top-item[aria-pressed=true]').click();
      await screen.settled();
      expect(await screen.pills('filter')).toHaveLength(1);
      await page.keyboard.press('8');
      await page
        .locator('[role=grid] .row')
        .first()
        .locator('[role=gridcell]')
        .nth(2)
        .click({ button: 'right' });
      await page.locator('.bubble').getByText('Only').click();
      await screen.settled();
      expect((await screen.pills('filter'))[1]).toMatch(/^Source address is /);
      // By keyboard: the action, two cells to the right of where one begins.
      await page.getByRole('grid', { name: 'Records' }).focus();
      for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      await page.locator('.bubble').getByText('Exclude').waitFor();
      await page.keyboard.press('Enter');
      await screen.settled();
      expect((await screen.pills('filter'))[2]).toMatch(/^Action is /);
    });
  });

  describe('the side panels', () => {
    it('are as wide as one makes them, also next time', async () => {
      const screen = await open('split=dstport');
      const { page } = screen;
      const width = async (): Promise<number> => (await page.locator('.side').boundingBox())?.width ?? 0;
      const before = await width();
      const edge = page.getByRole('separator', { name: 'Resize dimensions panel' });
      const box = (await edge.boundingBox())!;
      await page.mouse.move(box.x + 3, box.y + 200);
      await page.mouse.down();
      await page.mouse.move(box.x + 63, box.y + 200, { steps: 4 });
      await page.mouse.up();
      expect(await width()).toBe(before + 60);
      await edge.focus();
      await page.keyboard.press('ArrowLeft');
      expect(await width()).toBe(before + 44);
      await page.reload();
      await screen.settled();
      expect(await width()).toBe(before + 44);
    });

    it('says how many values a dimension has under the filters, when nothing else is asked', async () => {
      const screen = await open('f=dstport:443&split=srcaddr~all');
      const { page } = screen;
      const count = (label: string): Promise<string> => screen.dim(label).locator('.dim-count').innerText();
      expect(await count('Dest port')).toBe('1');
      expect(await count('Source address')).toBe(String((await screen.rows()).length));
      await page.getByLabel('Remove Filter: Dest port').click();
      await screen.settled();
      // Those of the other filters are gone at once.
      await screen.dim('Dest port').locator('.dim-count').filter({ hasText: /^7$/ }).waitFor();
      expect(await screen.dim('Time').locator('.dim-count').count()).toBe(0);
    });

    it('a pinned list can be searched', async () => {
      const screen = await open('split=dstport');
      const { page } = screen;
      const list = page.getByRole('region', { name: 'Dest port' });
      await list.hover();
      await list.getByLabel('Search in Dest port').click();
      await list.getByLabel('Find in Dest port').fill('443');
      const texts = (): Promise<string[]> => list.locator('.top-item .ellipsis').allInnerTexts();
      // What is there before the answer comes has 8443 too.
      await expect.poll(async () => (await texts()).filter((text) => !text.includes('443'))).toEqual([]);
      await list.locator('.top-item', { hasText: '8443' }).first().waitFor();
    });
  });
}
