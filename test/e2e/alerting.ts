import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';

/** Alerts on the page: made from what is on the screen, seen over the past, changed and put back. */
export function alerting(served: { readonly url: string }, browser: Visit): void {
  describe('alerts', () => {
    it('are made of a view, previewed, saved, changed, silenced, deleted and put back', async () => {
      const path = '?v=1&time=all&f=action:REJECT&split=srcaddr~10&m=flows&tz=Etc/UTC';
      const screen = new Screen(await browser.open(`${served.url}${path}`));
      await screen.settled();
      const { page } = screen;
      await page.keyboard.press('v');
      await page.getByRole('button', { name: 'New alert on this view…' }).click();
      const form = page.getByRole('dialog', { name: /^(New|Edit) alert$/ });
      await form.waitFor();
      const focused = (): Promise<unknown> =>
        page.evaluate('document.activeElement.labels?.[0]?.textContent ?? document.activeElement.ariaLabel');
      expect(await focused()).toBe('Name');
      // Pills, as in the explorer.
      await form.getByRole('button', { name: 'Add a filter' }).click();
      await page.keyboard.type('dest port');
      await page.keyboard.press('Enter');
      await form.getByRole('dialog', { name: 'New filter: Dest port' }).waitFor();
      // Escape leaves the form as it was, and the focus where it came from.
      await page.keyboard.press('Escape');
      await form.getByRole('button', { name: 'Action is Rejected' }).waitFor();
      await expect.poll(focused).toBe('Add a filter');
      // One that is made has the focus.
      await page.keyboard.press('Enter');
      await page.keyboard.type('dest port');
      await page.keyboard.press('Enter');
      await form.getByRole('dialog', { name: 'New filter: Dest port' }).waitFor();
      await page.keyboard.type('443');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate('document.activeElement.title')).toBe('Filter: Dest port');
      await page.keyboard.press('Delete');
      await form.getByRole('button', { name: 'Dest port is 443' }).waitFor({ state: 'detached' });
      await form.getByRole('button', { name: 'As JSON' }).click();
      expect(await form.getByLabel('Filter').inputValue()).toBe('[{"field":"action","in":["REJECT"]}]');
      expect(await form.getByLabel('For each').inputValue()).toBe('srcaddr');
      expect(await form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
      await form.getByRole('button', { name: 'Preview over the past' }).click();
      await form.getByRole('alert').getByText('needs either above or below').waitFor();
      await form.getByLabel('Number').fill('0');
      await form.getByRole('button', { name: 'Preview over the past' }).click();
      await form.getByText(/^Would have fired/).waitFor();
      expect(await barriers(page)).toEqual([]);
      await form.getByLabel('Filter').fill('[{');
      await form.getByLabel('Name').fill('<b>Rejected</b>');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByRole('alert').getByText('The filter is not JSON').waitFor();
      await form.getByLabel('Filter').fill('[{"field":"action","in":["REJECT"]}]');
      await form.getByRole('button', { name: 'Save' }).click();
      const card = page.getByRole('article', { name: '<b>Rejected</b>' });
      await card.waitFor();
      expect(new URL(page.url()).search).toBe('');
      await card.getByText('Flows above 0 within 1 hour for each source address').waitFor();

      await card.getByRole('button', { name: 'Edit' }).click();
      await form.getByLabel('Name').fill('Rejected');
      await form.getByLabel('Within').selectOption('PT5M');
      await form.getByRole('button', { name: 'Save' }).click();
      const renamed = page.getByRole('article', { name: 'Rejected', exact: true });
      await renamed.getByText('within 5 minutes').waitFor();
      await renamed.getByRole('button', { name: 'Silence…' }).click();
      await renamed.getByLabel('Why it is silenced').fill('maintenance');
      await renamed.getByRole('button', { name: 'Silence', exact: true }).click();
      await renamed.getByText(/^Silenced until .*: maintenance/).waitFor();
      await renamed.getByRole('button', { name: 'End it' }).click();
      await renamed.getByText('maintenance').waitFor({ state: 'detached' });
      await renamed.getByRole('button', { name: 'Disable' }).click();
      await renamed.getByText('Disabled').waitFor();
      expect(await barriers(page)).toEqual([]);
      await renamed.getByRole('button', { name: 'Delete' }).click();
      await renamed.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await renamed.waitFor();
    });

    it('link to the query that decided', async () => {
      const query = { filter: [{ field: 'dstport', in: [443] }], splits: [{ field: 'srcaddr', limit: 3 }] };
      const page = await browser.open(`${served.url}?query=${encodeURIComponent(JSON.stringify(query))}`);
      const screen = new Screen(page);
      await screen.settled();
      expect(new URL(page.url()).searchParams.get('f')).toBe('dstport:443');
      expect(await screen.rows()).toHaveLength(4);
      const wrong = new Screen(await browser.open(`${served.url}?query=${encodeURIComponent('{"x":1}')}`));
      await wrong.settled();
      await wrong.page.getByText('The query of this link can’t be read').waitFor();
    });
  });
}
