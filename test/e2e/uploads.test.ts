import { describe, expect, it } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { browserForTests } from './browser.ts';
import { panelOf, useFilesToAdd } from './drop-files.ts';
import { Screen } from './screen.ts';
import { serverOn } from './stores.ts';

const served = serverOn(logFile(10).trimEnd().split('\n'));
const empty = serverOn(null);
const files = useFilesToAdd(false);
const browser = browserForTests();

describe('files that are dropped', () => {
  it('on the explorer are read, the page shows them by itself, and leads to their time', async () => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&time=all&m=flows&tz=Etc/UTC`));
    const { page } = screen;
    expect(await screen.total('Flows')).toBe('10');
    await files.drop(page, ['one.log.gz'], () => page.getByText('Drop to read these files').waitFor());
    const panel = panelOf(page);
    await panel.getByText('40 new flows').waitFor();
    expect(await page.getByText('Drop to read these files').count()).toBe(0);
    await page.locator('.total', { hasText: 'Flows' }).locator('b', { hasText: '50' }).waitFor();
    await panel.getByRole('button', { name: 'Show the new flows' }).click();
    expect(await screen.total('Flows')).toBe('40');
    expect(await page.locator('.pill-time').innerText()).toContain('20 Jun 2018 01:00–01:01');
    expect(await panel.count()).toBe(0);
    // The same again is known, under whatever name.
    await files.drop(page, ['one.log.gz']);
    await panel.getByText('Nothing new').waitFor();
    await panel.getByText('1 file already in the store').waitFor();
    expect(await panel.getByRole('button', { name: 'Show the new flows' }).count()).toBe(0);
    await panel.getByRole('button', { name: 'Close' }).click();
    expect(await panel.count()).toBe(0);
  });
});

describe('an empty store', () => {
  it('takes files that are picked by keyboard, and shows their flows', async () => {
    const page = await browser.open(empty.url);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add files…' }).focus();
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(files.path('one.log.gz'));
    await panelOf(page).getByText('40 new flows').waitFor();
    await page.locator('.total', { hasText: 'Flows' }).locator('b', { hasText: '40' }).waitFor();
  });
});
