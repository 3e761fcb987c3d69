import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, type Server } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';

const folder = useTempFolder();
const browser = browserForTests();
let server: Server;

beforeAll(async () => {
  const logs = join(folder.path, 'logs');
  await mkdir(logs);
  await writeFile(join(logs, 'a.log'), logFile(100));
  // The third hour of that day, so that the second is unknown.
  await writeFile(join(logs, 'b.log'), logFile(50, 1_529_452_800 + 7200, 1));
  server = await serve(join(folder.path, 'store'), ['--source', logs, join(folder.path, 'missing')]);
});
afterAll(() => server.stop());

describe('the sources page', () => {
  it.each([false, true])(
    'tells how each source is doing, and which hours there are (dark: %s)',
    async (dark) => {
      const page = await browser.open(`${server.url}sources`, { dark });
      const good = page.locator('.source', { hasText: '/logs' });
      await good.getByText('Live', { exact: true }).waitFor();
      await good.getByText('150 from 2 objects').waitFor();
      const bad = page.locator('.source', { hasText: '/missing' });
      await bad.getByText('Waiting to try again').waitFor();
      await bad.getByText('There is no such file or folder').waitFor();
      const hours = page.locator('.coverage').first().locator('tbody tr').first().locator('i');
      const states = await Promise.all([0, 1, 2, 3].map((hour) => hours.nth(hour).getAttribute('class')));
      expect(states).toEqual(['hour hour-logged', 'hour hour-none', 'hour hour-logged', 'hour hour-outside']);
      await page.getByRole('row', { name: /123456789012/ }).waitFor();
      await page.getByRole('button', { name: '123456789012' }).click();
      await page.getByText('of 123456789012, hour by hour').waitFor();
      const ofAccount = await Promise.all([0, 1, 2, 3].map((hour) => hours.nth(hour).getAttribute('class')));
      expect(ofAccount).toEqual(states);
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByRole('button', { name: 'Show all' }).waitFor({ state: 'detached' });
      expect(await barriers(page)).toEqual([]);
    },
  );

  it('pauses a source and lets it go on, and shows what comes in', async () => {
    const page = await browser.open(`${server.url}sources`);
    const source = page.locator('.source', { hasText: '/logs' });
    await source.getByRole('button', { name: 'Pause' }).click();
    await source.getByText('Paused').waitFor();
    await writeFile(join(folder.path, 'logs', 'c.log'), logFile(25, 1_529_452_800, 2));
    await source.getByRole('button', { name: 'Resume' }).click();
    await source.getByText('175 from 3 objects').waitFor();
    await page.getByRole('link', { name: 'Explore' }).click();
    await page.getByText('175 flows').first().waitFor();
    // The explorer follows by itself.
    await appendFile(join(folder.path, 'logs', 'c.log'), logFile(30, 1_529_452_800, 3));
    await page.getByText('205 flows').first().waitFor();
  });
});
