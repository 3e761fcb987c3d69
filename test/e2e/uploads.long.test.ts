import { describe, expect, it } from 'vitest';
import { peepholeJson } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';
import { panelOf, useFilesToAdd } from './drop-files.ts';
import { growingServer, serverOn } from './stores.ts';

const served = growingServer(logFile(10).trimEnd().split('\n'));
const empty = serverOn(null);
const files = useFilesToAdd(true);
const browser = browserForTests();

describe('files that are dropped', () => {
  it.each([false, true])(
    'in folders say what of them could not be read, and why (dark: %s)',
    async (dark) => {
      const page = await browser.open(`${served.url}knocks`, { dark });
      await page.getByRole('link', { name: 'Explore' }).waitFor();
      await files.drop(page, ['logs']);
      const panel = panelOf(page);
      // Both times: the second one is known by its content.
      await panel.getByText(dark ? '1 file already in the store' : '50 new flows').waitFor();
      await panel.getByText('logs/notes.pdf').waitFor();
      if (!dark) {
        await panel.getByText('1 line in quarantine').waitFor();
        await panel.getByText('such as logs/two.log, line 52').waitFor();
      }
      expect(await barriers(page)).toEqual([]);
    },
  );

  it('can be cancelled, and then leave nothing; added again, they go in', async () => {
    const page = await browser.open(`${served.url}sources`);
    let sent = false;
    await page.route('**/api/v1/ingest?*', async (route) => {
      if (sent) return route.continue();
      sent = true;
      // It stays under way until it is cancelled.
    });
    const { flows: before } = await status();
    await files.drop(page, ['large.log']);
    await expect.poll(() => sent).toBe(true);
    await panelOf(page).getByRole('button', { name: 'Cancel' }).click();
    await panelOf(page).getByText('1 file not read').waitFor();
    expect((await status()).flows).toBe(before);
    await files.drop(page, ['large.log']);
    await panelOf(page).getByText('400,000 new flows').waitFor();
    expect((await status()).flows).toBe(before + 400_000);
  });

  it('that the server refuses are listed with its reason', async () => {
    const page = await browser.open(served.url, { quiet: true });
    const problem = {
      code: 'disk_full',
      title: 'Disk full',
      status: 507,
      detail: 'The disk of /tmp is full.',
    };
    await page.route('**/api/v1/ingest?*', (route) =>
      route.fulfill({ status: 507, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.getByText('flows').first().waitFor();
    await files.drop(page, ['one.log.gz', 'logs/two.log']);
    const panel = panelOf(page);
    await panel.getByText('The disk of /tmp is full.').waitFor();
    await panel.getByText('2 files not read').waitFor();
  });
});

async function status(): Promise<{ readonly flows: number }> {
  return peepholeJson(['status', '--json', '--store', served.store]);
}

describe('an empty store', () => {
  it.each([
    { dark: false, size: { width: 1440, height: 900 } },
    { dark: true, size: { width: 1024, height: 768 } },
    { dark: true, phone: true },
  ])('shows the ways in, with commands that can be copied, without barriers: %o', async (how) => {
    const page = await browser.open(empty.url, how);
    await page.getByRole('heading', { name: 'No flows yet' }).waitFor();
    const commands = await page.locator('.ways-command code').allInnerTexts();
    expect(commands).toContain('peephole ingest path/to/AWSLogs/');
    expect(commands.length).toBe(7);
    await page.getByRole('button', { name: 'Copy: the command for A folder' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('peephole ingest path/to/AWSLogs/');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await barriers(page)).toEqual([]);
  });
});
