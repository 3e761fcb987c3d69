import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Truth } from '../../src/simulate/truth.ts';
import { type Server, peephole, serve } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { visitFile, visitLine } from '../support/visit-lines.ts';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';

const folder = useTempFolder();
const browser = browserForTests();
const LISTENER = '0123456789abcdef';
let server: Server | undefined;
let truth: Truth;
let store = '';

beforeAll(async () => {
  const logs = join(folder.path, 'logs');
  store = join(folder.path, 'store');
  const run = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await peephole([...args, '--quiet']);
    if (code !== 0) throw new Error(stderr);
  };
  await run(
    'simulate',
    '--out',
    logs,
    '--days',
    '1',
    '--flows',
    '130000',
    '--seed',
    '11',
    '--door-hours',
    '2',
  );
  const cloud = ['network-interfaces', 'instances'].map((name) => join(logs, 'inventory', `${name}.json`));
  await run('inventory', 'import', ...cloud, '--store', store);
  await run('ingest', join(logs, 'AWSLogs'), join(logs, 'visits'), '--store', store);
  truth = JSON.parse(await readFile(join(logs, 'truth.json'), 'utf8')) as Truth;
  server = await serve(store);
});
afterAll(() => server?.stop());

const door = (query = ''): string => `${server?.url ?? ''}door${query}`;
const visitsText = (count: number): string => count.toLocaleString('en-US');

describe('the Door page', () => {
  it('says who came and what they want, and that the finding is solved', async () => {
    const page = await browser.open(door());
    const card = page.locator('.door-card').first();
    await card.waitFor();
    const { story, door: planted } = truth;
    const all = story.source_count;
    expect(await card.innerText()).toMatch(/^Solved\s/);
    expect(await card.innerText()).toContain(`${story.target.address} port ${story.target.port}`);
    expect((await card.innerText()).replaceAll(/\s+/g, ' ')).toContain(
      `${all - 1} of ${all} strangers ask POST /v1/ingest of metrics.old-tenant.example with agent legacy-agent/0.9`,
    );
    const totals = await page.locator('.totals').innerText();
    expect(totals).toContain(String(planted?.sources.length));
    const first = page.getByRole('region', { name: 'What they request' }).locator('tbody tr').first();
    const cells = await first.locator('td').allInnerTexts();
    const tenants = planted?.sources.filter(({ host }) => host === 'metrics.old-tenant.example') ?? [];
    const visits = tenants.reduce((sum, one) => sum + one.visits, 0);
    expect(cells.slice(0, 4)).toEqual([
      String(tenants.length), visitsText(visits), String(story.target.port), 'metrics.old-tenant.example',
    ]); // prettier-ignore
    // One source alone, and back.
    const source = tenants[0]?.address ?? '';
    await page.getByRole('button', { name: source, exact: true }).click();
    await page.getByRole('button', { name: `Remove ${source}` }).waitFor();
    await page.locator('.total', { hasText: 'Addresses' }).locator('b', { hasText: /^1$/ }).waitFor();
    await page.getByRole('button', { name: `Remove ${source}` }).click();
    expect(await barriers(page)).toEqual([]);
  });

  it('shows the state on the card of the finding, with the evidence, and whoever knows better reopens it', async () => {
    const page = await browser.open(`${server?.url ?? ''}knocks?v=1&time=all&tz=Etc/UTC`);
    const card = page.locator('.card').first();
    await card.locator('.state-name', { hasText: 'Solved' }).waitFor();
    expect(await card.innerText()).toContain(`Solved by visits to port ${truth.story.target.port}.`);
    expect(await card.innerText()).toMatch(/Visits: d00d5eed00000001-\d+/);
    await card.getByRole('button', { name: 'Reopen' }).click();
    await card.locator('.state-name', { hasText: 'Known' }).waitFor();
    await page.goto(door());
    const conclusion = page.locator('.door-card').first();
    await conclusion.waitFor();
    expect(await conclusion.innerText()).toMatch(/^Open\s/);
    expect(await conclusion.innerText()).toContain('somebody reopened it');
  });

  it('shows visits while they come, and what strangers send as text', async () => {
    const page = await browser.open(door());
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.locator('.visit').first().waitFor();
    const markup = '<img src=x onerror=alert(1)><script>alert(2)</script>\u202e';
    const http = { method: 'GET', path: `/${markup}`, host: markup, agent: markup };
    await mkdir(join(store, 'visits'), { recursive: true, mode: 0o700 });
    const at = Date.parse(truth.door?.to ?? '');
    await appendFile(
      join(store, 'visits', visitFile(LISTENER)),
      visitLine({ listener: LISTENER, number: 1, at, source: '203.0.113.99', http }),
    );
    const newest = page.locator('.visit').first();
    await newest.filter({ hasText: '203.0.113.99' }).waitFor({ timeout: 30_000 });
    await newest.locator('summary').click();
    expect(await newest.innerText()).toContain('<script>alert(2)</script>');
    expect(await page.locator('.visit img, .visit script').count()).toBe(0);
    expect(dialogs).toEqual([]);
    await page.goto(door('?port=81'));
    await page.getByText('No visits of that kind.').waitFor();
  });

  it.each([
    { size: { width: 360, height: 740 }, dark: true },
    { size: { width: 820, height: 1000 }, dark: false },
    { size: { width: 1920, height: 1080 }, dark: true },
  ])('fits $size.width pixels, without barriers', async ({ size, dark }) => {
    const page = await browser.open(door(), { size, dark });
    await page.locator('.visit').first().waitFor();
    const wide = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(wide).toBe(0);
    expect(await barriers(page)).toEqual([]);
  });
});
