import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';

/** What a store keeps for its users: saved views, and the links for addresses. */
export function keeping(served: { readonly url: string }, browser: Visit): void {
  const open = async (query: string): Promise<Screen> => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&time=all&${query}&m=flows&tz=Etc/UTC`));
    await screen.settled();
    return screen;
  };

  describe('links', () => {
    it('say how records are sorted', async () => {
      const { page } = await open('show=records');
      const port = page.getByRole('columnheader', { name: /^Dest port/ });
      const first = page.locator('[data-cell="0 5"]');
      await port.getByRole('button').click();
      await port.getByRole('button').click();
      await expect.poll(() => port.getAttribute('aria-sort')).toBe('ascending');
      expect(page.url()).toContain('sort=dstport.asc');
      await expect.poll(() => first.innerText()).toBe('22 ssh');
      await page.reload();
      await expect.poll(() => port.getAttribute('aria-sort')).toBe('ascending');
      await expect.poll(() => first.innerText()).toBe('22 ssh');
      await page.goBack();
      await expect.poll(() => port.getAttribute('aria-sort')).toBe('descending');
    });

    it('say how the map is shown', async () => {
      const page = await browser.open(`${served.url}map?v=1&time=all&m=flows&tz=Etc/UTC`);
      await page.getByRole('radio', { name: 'Table' }).click();
      await page.getByRole('radio', { name: 'Flows' }).click();
      await page.getByRole('radio', { name: 'More' }).click();
      const chosen = async (): Promise<string[]> => page.locator('[aria-checked=true]').allInnerTexts();
      await expect.poll(chosen).toEqual(['Flows', 'More', 'Table']);
      await page.reload();
      await expect.poll(chosen).toEqual(['Flows', 'More', 'Table']);
      await page.getByRole('region', { name: 'Who talks to whom' }).waitFor();
    });
  });

  describe('saved views', () => {
    it('can be named before those that are there are known', async () => {
      const screen = await open('split=srcport~10');
      const { page } = screen;
      let answer = (): void => undefined;
      const asked = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/api/v1/views', async (route) => {
        await asked;
        await route.continue();
      });
      const list = page.locator('.views-open');
      await page.keyboard.press('v');
      await page.keyboard.type('Early');
      await page.keyboard.press('Enter');
      expect(await list.count()).toBe(0);
      answer();
      await expect.poll(() => list.allInnerTexts()).toEqual(['Early']);

      // What was not seen is not replaced.
      await page.reload();
      await screen.settled();
      await page.unroute('**/api/v1/views');
      const again = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/api/v1/views', async (route) => {
        await again;
        await route.continue();
      });
      await page.keyboard.press('v');
      await page.keyboard.type('early');
      await page.keyboard.press('Enter');
      answer();
      await page.getByText('There is a view named Early already').waitFor();
      expect(await list.allInnerTexts()).toEqual(['Early']);
      await page.getByLabel('Delete Early').click();
      await expect.poll(() => list.count()).toBe(0);
    });

    it('are named, opened, renamed, shared and deleted, and outlive the page', async () => {
      const screen = await open('f=action:REJECT&split=srcaddr~10');
      const { page } = screen;
      const names = (): Promise<string[]> => page.locator('.views-open').allInnerTexts();
      const first = page.url();
      // By keyboard, all of it.
      await page.keyboard.press('v');
      await page.keyboard.type('Who is rejected');
      await page.keyboard.press('Enter');
      await expect.poll(names).toEqual(['Who is rejected']);
      expect(await page.locator('.views-open').getAttribute('aria-current')).toBe('true');
      await page.keyboard.press('Escape');
      await screen.splitBy('Dest port');
      await page.keyboard.press('v');
      await page.keyboard.type('<b>Ports</b>');
      await page.keyboard.press('Enter');
      await expect.poll(names).toEqual(['<b>Ports</b>', 'Who is rejected']);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Who is rejected');
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await screen.settled();
      expect(page.url()).toBe(first);
      expect(await screen.pills('split')).toEqual(['Source address top 10 by flows']);

      await page.reload();
      await screen.settled();
      // With the mouse.
      await page.getByRole('button', { name: 'Views' }).click();
      await expect.poll(names).toEqual(['<b>Ports</b>', 'Who is rejected']);
      await page.getByLabel('Rename <b>Ports</b>').click();
      await page.getByLabel('New name of <b>Ports</b>').fill('who is REJECTED');
      await page.keyboard.press('Enter');
      await page.getByLabel('New name of <b>Ports</b>').fill('Ports');
      await page.keyboard.press('Enter');
      await expect.poll(names).toEqual(['Ports', 'Who is rejected']);
      await page.getByLabel('Copy the link of Ports').click();
      const link = String(await page.evaluate('navigator.clipboard.readText()'));
      expect(new URL(link).searchParams.get('split')).toContain('dstport');
      await page.getByLabel('Delete Who is rejected').click();
      await expect.poll(names).toEqual(['Ports']);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(names).toEqual(['Ports', 'Who is rejected']);
      await page.getByLabel('Delete Who is rejected').click();
      // The name of a view that is there replaces it.
      await page.getByLabel('View name').fill('ports');
      await page.getByRole('button', { name: 'Replace' }).click();
      await expect.poll(names).toEqual(['ports']);
      await page.keyboard.press('Escape');
      await page.reload();
      await screen.settled();
      await page.keyboard.press('v');
      await expect.poll(names).toEqual(['ports']);
      await page.getByRole('button', { name: 'ports', exact: true }).click();
      expect(page.url()).toBe(first);
    });

    it('that earlier versions kept in the browser move to the store', async () => {
      const screen = await open('split=dstport~5');
      const { page } = screen;
      const link = new URL(page.url()).search;
      const stored = JSON.stringify([{ name: 'From before', link }]);
      await page.evaluate(`localStorage.setItem('peephole-views', ${JSON.stringify(stored)})`);
      await page.reload();
      await screen.settled();
      await page.keyboard.press('v');
      await page.getByRole('button', { name: 'From before', exact: true }).waitFor();
      expect(await page.evaluate(`localStorage.getItem('peephole-views')`)).toBe(null);
      const kept = (await (await fetch(new URL('/api/v1/views', served.url))).json()) as readonly unknown[];
      expect(kept).toContainEqual(
        expect.objectContaining({ id: 'from-before', content: { name: 'From before', link } }),
      );
    });
  });

  describe('links for addresses', () => {
    it('are opened by the browser alone, and are the team’s to change', async () => {
      const screen = await open('split=srcaddr~5');
      const { page } = screen;
      const [address = ''] = (await screen.rows())[0] ?? [];
      await screen.select(address, 'Look up…');
      const links = page.locator('.lookup-link[href]');
      await links.first().waitFor();
      const shown = `[...document.querySelectorAll('.lookup-link[href]')].map((each) => [each.textContent, each.href])`;
      expect(await page.evaluate(shown)).toEqual([
        ['Whois (RDAP)', `https://client.rdap.org/?type=ip&object=${address}`],
        ['AbuseIPDB', `https://www.abuseipdb.com/check/${address}`],
        ['AWS console', `https://console.aws.amazon.com/ec2/home#NIC:search=${address}`],
      ]);
      await page
        .context()
        .route('https://www.abuseipdb.com/**', (route) =>
          route.fulfill({ contentType: 'text/html', body: '<p>there</p>' }),
        );
      const [tab] = await Promise.all([page.waitForEvent('popup'), links.nth(1).click()]);
      await tab.getByText('there').waitFor();
      expect(await tab.evaluate('[window.opener, document.referrer]')).toEqual([null, '']);
      await tab.close();
      expect(await barriers(page)).toEqual([]);

      await page.getByText('Change these links…').click();
      await page.getByLabel('Remove AbuseIPDB').click();
      await page.getByRole('button', { name: 'Add a link' }).click();
      await page.keyboard.type('Ours');
      const fresh = page.getByRole('group', { name: 'Ours' });
      await fresh.getByLabel('Web address').fill('javascript:alert({address})');
      expect(await fresh.innerText()).toContain('It must begin with http');
      expect(await page.getByRole('button', { name: 'Save for everyone' }).isDisabled()).toBe(true);
      await fresh.getByLabel('Web address').fill('http://wiki.example/hosts?ip={address}');
      await fresh.getByLabel('Public addresses only').click();
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('button', { name: 'Save for everyone' }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      await page.reload();
      await screen.settled();
      // In the records too, by right click; a private address has its own.
      await page.keyboard.press('8');
      await page
        .locator('.records .row')
        .first()
        .locator('[role=gridcell]')
        .nth(4)
        .click({ button: 'right' });
      await page.locator('.bubble').getByText('Look up…').click();
      await links.last().waitFor();
      expect(await links.allInnerTexts()).toEqual(['AWS console', 'Ours']);
      expect(await links.last().getAttribute('href')).toMatch(
        /^http:\/\/wiki\.example\/hosts\?ip=10\.0\.0\.\d+$/,
      );
      expect(await links.last().getAttribute('rel')).toBe('noopener noreferrer');

      // Somebody else has them too, and as they were before with one click.
      const other = await open('split=srcaddr~5');
      const change = async (): Promise<void> => {
        const [one = ''] = (await other.rows())[0] ?? [];
        await other.select(one, 'Look up…');
        await other.page.getByText('Change these links…').click();
        await other.page.getByLabel('Name', { exact: true }).first().waitFor();
      };
      const names = `[...document.querySelectorAll('.lookup')].map((each) => each.getAttribute('aria-label'))`;
      await change();
      expect(await other.page.evaluate(names)).toEqual(['Whois (RDAP)', 'AWS console', 'Ours']);
      await other.page.getByRole('button', { name: 'Restore the original' }).click();
      await other.page.getByText('Saved', { exact: true }).waitFor();
      await change();
      expect(await other.page.evaluate(names)).toEqual(['Whois (RDAP)', 'AbuseIPDB', 'AWS console']);
      expect(await barriers(other.page)).toEqual([]);
    });

    it('that this browser has of before move to the store, without those that are there', async () => {
      const screen = await open('split=srcaddr~5');
      const { page } = screen;
      const stored = JSON.stringify([
        { name: 'Bad', template: 'javascript:{address}', outside: false },
        { name: 'Who', template: 'https://www.abuseipdb.com/check/{address}', outside: true },
        { name: 'Wiki', template: 'https://wiki.example/{address}', outside: false },
      ]);
      await page.evaluate(`localStorage.setItem('peephole-lookups', ${JSON.stringify(stored)})`);
      await page.reload();
      await screen.settled();
      const [address = ''] = (await screen.rows())[0] ?? [];
      await screen.select(address, 'Look up…');
      await page.locator('.lookup-link', { hasText: 'Wiki' }).waitFor();
      const kept = (await (await fetch(new URL('/api/v1/lookups/addresses', served.url))).json()) as {
        readonly version: number;
        readonly content: { readonly links: readonly { readonly name: string }[] };
      };
      expect(kept.content.links.map(({ name }) => name)).toEqual([
        'Whois (RDAP)',
        'AbuseIPDB',
        'AWS console',
        'Wiki',
      ]);
      expect(await page.evaluate(`localStorage.getItem('peephole-lookups')`)).toBeNull();
      await fetch(new URL('/api/v1/lookups/addresses', served.url), {
        method: 'DELETE',
        headers: { 'if-match': `"${kept.version}"` },
      });
    });
  });
}
