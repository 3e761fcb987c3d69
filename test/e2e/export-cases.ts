import { readFile } from 'node:fs/promises';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Visit } from './browser.ts';
import { Screen } from './screen.ts';
import type { Served } from './stores.ts';

/** What is saved from the page, compared with the truth about the logs. */
export function exporting(served: Served, browser: Visit): void {
  const open = async (query: string): Promise<Screen> => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&${query}&tz=Etc/UTC`));
    await screen.settled();
    return screen;
  };

  describe('export', () => {
    const save = async (screen: Screen, ...choices: string[]): Promise<Buffer> => {
      const { page } = screen;
      await page.getByRole('button', { name: 'Export' }).click();
      for (const choice of choices) await page.getByRole('radio', { name: choice, exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save' }).click(),
      ]);
      return readFile(await download.path());
    };

    it('the whole result, without limits, the raw flows, in every format; and the chart', async () => {
      const { truth } = served;
      const { target } = truth.story;
      const screen = await open(
        `time=all&f=dstaddr:${target.address}&f=action:REJECT&f=dstport:${target.port}&split=srcaddr~5&m=flows`,
      );
      const limited = (await save(screen, 'CSV')).toString('utf8').trim().split('\r\n');
      expect(limited[0]).toBe('srcaddr,flows');
      expect(limited).toHaveLength(6);
      const all = JSON.parse((await save(screen, 'Result without limits', 'JSON')).toString('utf8')) as {
        srcaddr: string;
        flows: number;
      }[];
      expect(new Map(all.map((row) => [row.srcaddr, row.flows]))).toEqual(
        new Map(truth.story.sources.map((source) => [source.address, source.attempts])),
      );
      const file = await save(screen, 'Raw flows', 'Parquet');
      const flows = await parquetReadObjects({
        file: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
        columns: ['srcaddr', 'action'],
      });
      expect(flows).toHaveLength(truth.story.attempts);
      expect(new Set(flows.map((flow) => (flow as { action: string }).action))).toEqual(new Set(['REJECT']));
      const { page } = screen;
      await page.keyboard.press('5');
      await screen.settled();
      const svg = (await save(screen, 'Image', 'SVG')).toString('utf8');
      expect(svg).toMatch(/^<svg[^>]+>/);
      expect(svg).toContain(truth.story.sources[0]?.address);
      // A table is whole, also what is out of sight, and says what it can't hold.
      await page.goto(`${served.url}?v=1&time=all&split=dstport~100&show=table&m=flows&tz=Etc/UTC`);
      const onScreen = await screen.rows();
      const table = (await save(screen, 'Image', 'SVG')).toString('utf8');
      const ports = JSON.parse((await save(screen, 'Result with limits', 'JSON')).toString('utf8')) as {
        dstport: number;
      }[];
      expect(onScreen.length).toBeLessThan(ports.length);
      expect(ports.filter(({ dstport }) => !table.includes(`>${dstport}<`))).toEqual([]);
      expect(await screen.rows()).toEqual(onScreen);
      await page.goto(`${served.url}?v=1&time=all&split=dstport~1000&show=table&m=flows&tz=Etc/UTC`);
      await screen.settled();
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('radio', { name: 'Image' }).click();
      expect(await page.locator('.export .hint').innerText()).toMatch(/^The first 503 of 1,001 rows/);
      await page.keyboard.press('Escape');
      const png = await save(screen, 'Image', 'PNG');
      expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
      expect(png.length).toBeGreaterThan(5000);
    });
  });
}
