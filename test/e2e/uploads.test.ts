import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { peepholeJson } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';
import { Screen } from './screen.ts';
import { growingServer, serverOn } from './stores.ts';

const served = growingServer(logFile(10).trimEnd().split('\n'));
const empty = serverOn(null);
const folder = useTempFolder();
const browser = browserForTests();
/** An hour each, one after another. */
const HOUR_0 = 1_529_452_800;

beforeAll(async () => {
  await mkdir(join(folder.path, 'logs/.hidden'), { recursive: true });
  await writeFile(join(folder.path, 'one.log.gz'), gzipSync(logFile(40, HOUR_0 + 3600, 1)));
  await writeFile(join(folder.path, 'logs/two.log'), `${logFile(50, HOUR_0 + 7200, 2)}<img src=x>\n`);
  await writeFile(join(folder.path, 'logs/notes.pdf'), '%PDF-1.7 and so on');
  await writeFile(join(folder.path, 'logs/.hidden/x.log'), logFile(5, HOUR_0, 9));
  await writeFile(join(folder.path, 'large.log'), logFile(400_000, HOUR_0 + 10_800, 3));
});

/**
 * Drags files of this machine over the page, as from the desktop, and drops them. The browser drops only what the page
 * has said it takes, and hears that from the page some time after a move, so it is done again until it has.
 */
async function drop(page: Page, names: readonly string[], over?: () => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const files = names.map((name) => join(folder.path, name));
  const data = { items: [], files, dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  await page.evaluate("window.dropped = false; addEventListener('drop', () => (window.dropped = true))");
  const hasDropped = () => page.evaluate<boolean>('window.dropped');
  await send('dragEnter');
  await send('dragOver');
  await over?.();
  await send('drop');
  for (let tries = 0; tries < 20 && !(await isSoon(hasDropped)); tries++) {
    await send('dragEnter');
    await send('dragOver');
    await send('drop');
  }
  expect(await hasDropped()).toBe(true);
  await session.detach();
}

/** Whether something is so within half a second. */
async function isSoon(condition: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 10; tries++) {
    if (await condition()) return true;
    await setTimeout(50);
  }
  return false;
}

const panelOf = (page: Page) => page.getByRole('region', { name: 'Files that are added' });

describe('files that are dropped', () => {
  it('on the explorer are read, the page shows them by itself, and leads to their time', async () => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&time=all&m=flows&tz=Etc/UTC`));
    const { page } = screen;
    expect(await screen.total('Flows')).toBe('10');
    await drop(page, ['one.log.gz'], () => page.getByText('Drop to read these files').waitFor());
    const panel = panelOf(page);
    await panel.getByText('40 new flows').waitFor();
    expect(await page.getByText('Drop to read these files').count()).toBe(0);
    await page.locator('.total', { hasText: 'Flows' }).locator('b', { hasText: '50' }).waitFor();
    await panel.getByRole('button', { name: 'Show the new flows' }).click();
    expect(await screen.total('Flows')).toBe('40');
    expect(await page.locator('.pill-time').innerText()).toContain('20 Jun 2018 01:00–01:01');
    expect(await panel.count()).toBe(0);
    // The same again is known, under whatever name.
    await drop(page, ['one.log.gz']);
    await panel.getByText('Nothing new').waitFor();
    await panel.getByText('1 file known already').waitFor();
    expect(await panel.getByRole('button', { name: 'Show the new flows' }).count()).toBe(0);
    await panel.getByRole('button', { name: 'Close' }).click();
    expect(await panel.count()).toBe(0);
  });

  it.each([false, true])(
    'in folders say what of them could not be read, and why (dark: %s)',
    async (dark) => {
      const page = await browser.open(`${served.url}knocks`, { dark });
      await page.getByRole('link', { name: 'Explore' }).waitFor();
      await drop(page, ['logs']);
      const panel = panelOf(page);
      // Both times: the second one is known by its content.
      await panel.getByText(dark ? '1 file known already' : '50 new flows').waitFor();
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
    await drop(page, ['large.log']);
    await expect.poll(() => sent).toBe(true);
    await panelOf(page).getByRole('button', { name: 'Cancel' }).click();
    await panelOf(page).getByText('1 file not read').waitFor();
    expect((await status()).flows).toBe(before);
    await drop(page, ['large.log']);
    await panelOf(page).getByText('400,000 new flows').waitFor();
    expect((await status()).flows).toBe(before + 400_000);
  });

  it('that the server refuses are told with its reason', async () => {
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
    await drop(page, ['one.log.gz', 'logs/two.log']);
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

  it('takes files that are picked by keyboard, and shows their flows', async () => {
    const page = await browser.open(empty.url);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add files…' }).focus();
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(join(folder.path, 'one.log.gz'));
    await panelOf(page).getByText('40 new flows').waitFor();
    await page.locator('.total', { hasText: 'Flows' }).locator('b', { hasText: '40' }).waitFor();
  });
});
