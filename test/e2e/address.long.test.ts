import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, peephole, serve } from '../support/cli.ts';
import { header, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';

const folder = useTempFolder();
const browser = browserForTests();
const hostile = '<img src=x onerror=alert(1)>';
const end = Date.parse('2018-06-20T00:00:00Z') / 1000;
let server: Server | undefined;

/** Two weeks of an hourly client of a web server, a stranger in the second, and a day without logs. */
function lines(): readonly string[] {
  const all = [header];
  for (let hour = -14 * 24; hour < 0; hour++) {
    const start = end + hour * 3600;
    if (hour >= -3 * 24 && hour < -2 * 24) continue;
    const flow = (more: Readonly<Record<string, string | number>>): void =>
      void all.push(logLine({ 'interface-id': 'eni-1', start, end: start + 30, ...more }));
    flow({ srcaddr: '10.0.0.9', dstaddr: '10.0.0.1', dstport: 443, action: 'ACCEPT', bytes: 500 });
    flow({ srcaddr: '10.0.0.1', dstaddr: '10.0.0.9', srcport: 443, dstport: 40_000, action: 'ACCEPT' });
    if (hour >= -7 * 24) flow({ srcaddr: '203.0.113.9', dstaddr: '10.0.0.1', dstport: 22 });
  }
  return all;
}

beforeAll(async () => {
  const [log, cloud, store] = ['a.log', 'interfaces.json', 'store'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string];
  const face = (id: string, address: string, name: string): object => ({
    NetworkInterfaceId: id,
    VpcId: 'vpc-1',
    PrivateIpAddresses: [{ PrivateIpAddress: address }],
    TagSet: [
      { Key: 'Name', Value: name },
      { Key: 'service', Value: name },
    ],
  });
  await writeFile(log, `${lines().join('\n')}\n`);
  await writeFile(
    cloud,
    JSON.stringify({
      NetworkInterfaces: [face('eni-1', '10.0.0.1', hostile), face('eni-9', '10.0.0.9', 'worker')],
    }),
  );
  for (const args of [
    ['ingest', log],
    ['inventory', 'import', cloud],
  ]) {
    const { code, stderr } = await peephole([...args, '--store', store, '--quiet']);
    if (code !== 0) throw new Error(stderr);
  }
  server = await serve(store);
});
afterAll(() => server?.stop());

const at = (path: string): string => `${server?.url ?? ''}${path}`;

describe('the page of an address', () => {
  it('tells what it is, who talks to it and what changed; each value leads on, each figure to its flows', async () => {
    const page = await browser.open(at('address/10.0.0.1?v=1&last=P7D&tz=Etc/UTC'));
    const main = page.locator('main.about');
    await main.waitFor();
    expect(await main.getByRole('heading', { level: 1 }).innerText()).toContain(hostile);
    expect(await main.getByRole('region', { name: 'Over time' }).innerText()).toContain(
      '24 hours without logs',
    );
    const inbound = main.getByRole('region', { name: 'Inbound' });
    const peers = inbound.getByRole('region', { name: 'Who talks to it' });
    const [stranger, client] = await peers.locator('li.about-row').allInnerTexts();
    expect([stranger, client].join()).toMatch(/203\.0\.113\.9/);
    expect([stranger, client].join()).toMatch(/10\.0\.0\.9\s+worker/);
    expect(await inbound.getByRole('region', { name: 'What it serves' }).innerText()).toContain('443/tcp');
    // By port: which peer at which port, and which port with whom; in each direction.
    const at22 = peers.locator('li.about-row', { hasText: '203.0.113.9' }).locator('.about-parts');
    expect(await at22.innerText()).toMatch(/^22\/tcp\s+ssh\s+\d+$/);
    const served = inbound.getByRole('region', { name: 'What it serves' });
    expect(await served.locator('.about-parts').innerText()).toMatch(/^10\.0\.0\.9\s+worker\s+\d+$/);
    const refused = inbound.getByRole('region', { name: 'Rejected, by port' });
    expect(await refused.locator('.about-parts').innerText()).toMatch(/^203\.0\.113\.9\s+\d+$/);
    const outbound = main.getByRole('region', { name: 'Outbound' });
    expect(await outbound.getByRole('region', { name: 'Whom it talks to' }).innerText()).toContain(
      '10.0.0.9',
    );
    const changes = main.getByRole('region', { name: 'Changes' });
    expect(await changes.innerText()).toMatch(/New\s+203\.0\.113\.9/);
    await main.getByRole('region', { name: 'Findings' }).locator('li, p').first().waitFor();
    await page.locator('main.about').getByText('Loading findings').waitFor({ state: 'detached' });
    expect(await barriers(page)).toEqual([]);
    // A figure leads to its flows, and back.
    const figure = peers.locator('li.about-row', { hasText: '203.0.113.9' }).locator('.about-flows');
    const flows = await figure.innerText();
    await figure.click();
    await page.locator('.head .totals').waitFor();
    await page.locator('.total', { hasText: 'Flows' }).locator('b', { hasText: flows }).waitFor();
    await page.goBack();
    // A value leads to its page.
    await peers.getByRole('link', { name: '10.0.0.9', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /10\.0\.0\.9/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/address/10.0.0.9');
    expect(new URL(page.url()).searchParams.get('last')).toBe('P7D');
    // What is typed is understood.
    await page.getByRole('searchbox').fill('443/tcp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /443\/tcp/ }).waitFor();
  });

  it('is reached from a value of the explorer, by keyboard too', async () => {
    const page = await browser.open(at('?v=1&time=all&split=srcaddr&m=flows&show=table&tz=Etc/UTC'));
    const row = page.locator('[data-selectable]', { hasText: '203.0.113.9' }).first();
    await row.waitFor();
    await row.click({ button: 'right' });
    const link = page.locator('.bubble').getByRole('link', { name: 'Address page' });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /203\.0\.113\.9/ }).waitFor();
  });

  it('is a link beside every address that a pointer is on, in every chart and list of the explorer', async () => {
    const stranger = '203.0.113.9';
    for (const [search, where] of [
      ['split=srcaddr&show=table', '.row'],
      ['split=srcaddr&show=bars', '.bar-line'],
      ['split=srcaddr&split=dstport&show=sankey', '.sankey-name'],
      ['show=records&f=srcaddr:203.0.113.9', '.records-cell'],
      ['split=action', '.top-item'],
    ] as const) {
      const page = await browser.open(at(`?v=1&time=all&m=flows&${search}&tz=Etc/UTC`));
      const value = page.locator(where).locator('[data-page]', { hasText: stranger }).first();
      await value.waitFor({ state: 'attached' });
      const text = value.locator('.mono').first();
      await text.hover();
      const link = page.getByRole('link', { name: `Open the page of address ${stranger}` });
      expect(await link.getAttribute('href'), search).toContain(`/address/${stranger}?`);
      await link.click();
      await page.getByRole('heading', { level: 1, name: /203\.0\.113\.9/ }).waitFor();
    }
  });

  it('fits a phone, and says what is not an address', async () => {
    const page = await browser.open(at('address/10.0.0.1'), { phone: true, dark: true });
    await page.locator('main.about').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await barriers(page)).toEqual([]);
    const other = await browser.open(at('address/nobody'), { quiet: true });
    await other.getByText('“nobody” is not an IPv4 or IPv6 address.').waitFor();
    expect(await other.locator('[aria-busy=true]').count()).toBe(0);
  });
});

describe('the map', () => {
  it('draws who talks to whom; a box shows its neighbours, a line or a row leads to its flows', async () => {
    const page = await browser.open(at('map?v=1&time=all&tz=Etc/UTC'));
    const box = (name: string): Locator => page.locator('.map-node', { hasText: name });
    await box('worker').waitFor();
    expect(await page.locator('.map-group-name').allTextContents()).toEqual(
      expect.arrayContaining(['Outside', 'vpc-1']),
    );
    expect(await page.locator('.map-edge-refused').count()).toBe(1);
    expect(await page.locator('.map-node').count()).toBe(3);
    expect(await barriers(page)).toEqual([]);
    // What is pointed at stands out, and the rest stands back.
    await box('worker').hover();
    await page.locator('.map-node.map-back', { hasText: '203.0.113.0/24' }).waitFor();
    await page.locator('.map-edge.map-near').first().waitFor({ state: 'attached' });
    expect(await page.locator('.map-edge-refused.map-back').count()).toBe(1);
    // By keyboard: one and its neighbours.
    await box('worker').getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByText('and its neighbours').waitFor();
    await box('203.0.113.0/24').waitFor({ state: 'detached' });
    expect(await page.locator('.map-node').count()).toBe(2);
    await page.getByRole('button', { name: 'Show all' }).click();
    await box('203.0.113.0/24').waitFor();
    // Each box has a link to the page of its party, the next stop of the keyboard.
    await box('worker').getByRole('button').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/party\/worker\?/);
    await page.goBack();
    await box('203.0.113.0/24').waitFor();
    // The same as a table, whose figures lead to their flows.
    await page.getByRole('radio', { name: 'Table' }).click();
    const rows = page.getByRole('region', { name: 'Who talks to whom' }).locator('tbody tr');
    const refused = rows.filter({ hasText: '203.0.113.0/24' });
    expect(await refused.innerText()).toMatch(/144\s+144/);
    expect(await barriers(page)).toEqual([]);
    await refused.getByRole('link').click();
    await page.locator('.total', { hasText: 'Flows' }).locator('b', { hasText: /^144$/ }).waitFor();
    expect(page.url()).toContain('src_party:203.0.113.0/24');
    await page.goBack();
    // Under a filter of the explorer there is only what it leaves.
    await page.goto(at('map?v=1&time=all&f=dstport:22&tz=Etc/UTC'));
    await box('203.0.113.0/24').waitFor();
    expect(await page.locator('.map-node').count()).toBe(2);
  });
});
