import { expect, it } from 'vitest';
import { barriers } from './axe.ts';
import type { Visit } from './browser.ts';

const SOURCES = 310;
const START = 1_704_844_800;

/** Flows of more strangers at one port than a link names, four times an hour each. */
export function manyStrangers(): readonly string[] {
  return Array.from({ length: SOURCES }, (_, at) =>
    Array.from({ length: 16 }, (__, turn) => {
      const start = START + turn * 900 + at;
      const from = `203.0.${113 + (at >> 8)}.${at & 255}`;
      return `2 123456789012 eni-1 ${from} 10.0.0.5 ${2000 + turn} 80 6 1 60 ${start} ${start} REJECT OK`;
    }),
  ).flat();
}

/** A finding of hundreds of sources: all can be reached, few are drawn, and links say whom they leave out. */
export function manySources(served: { readonly url: string }, browser: Visit): void {
  it('of hundreds of sources those in sight are drawn, and links say whom they leave out', async () => {
    const page = await browser.open(`${served.url}knocks?v=1&time=all&tz=Etc/UTC`);
    const table = page.locator('.source-table-long');
    await table.waitFor();
    const rows = table.locator('tbody tr:not([aria-hidden])');
    expect(await table.getByRole('table').getAttribute('aria-rowcount')).toBe(`${SOURCES + 1}`);
    expect(await rows.count()).toBeLessThan(80);
    await table.evaluate((box) => box.scrollTo(0, 1e6));
    await table.locator(`tr[aria-rowindex="${SOURCES + 1}"]`).waitFor();
    await page.getByRole('columnheader', { name: 'Source' }).getByRole('button').click();
    await table.evaluate((box) => box.scrollTo(0, 0));
    await table.getByText('203.0.113.0', { exact: true }).waitFor();
    const note = `the 300 busiest of ${SOURCES} sources`;
    await page.locator('.detail .hint', { hasText: note }).waitFor();
    const facts = page.locator('.card-facts a, .detail .facts a');
    for (const link of await facts.all()) expect(await link.getAttribute('title')).toContain(note);
    expect(await barriers(page)).toEqual([]);
  });
}
