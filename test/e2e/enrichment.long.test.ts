import { describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';
import { Screen } from './screen.ts';
import { serverOn } from './stores.ts';

/** Two machines, one of them named by an enemy, that each hear from a public resolver and from each other. */
const enemy = `<img src=x onerror="document.title=1">'"`;
const names = new Map([
  ['10.0.0.1', enemy],
  ['10.0.0.2', 'metrics'],
]);
const header = 'version srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const flow = (from: string, to: string, at: number): string =>
  `2 ${from} ${to} 40000 443 6 1 100 ${1_529_452_800 + at} ${1_529_452_830 + at} ACCEPT OK`;
const lines = [
  header,
  ...Array.from({ length: 5 }, (_, at) => flow('8.8.8.8', '10.0.0.1', at)),
  ...Array.from({ length: 3 }, (_, at) => flow('8.8.8.8', '10.0.0.2', at)),
  ...Array.from({ length: 2 }, (_, at) => flow('10.0.0.1', '10.0.0.2', at)),
];

const served = serverOn(lines, {
  NetworkInterfaces: [...names].map(([address, name], at) => ({
    NetworkInterfaceId: `eni-0000000000000000${at}`,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
    InterfaceType: 'interface',
    TagSet: [{ Key: 'Name', Value: name }],
    VpcId: 'vpc-1',
  })),
});
const browser = browserForTests();
const open = async (query: string, dark = false): Promise<Screen> => {
  const screen = new Screen(
    await browser.open(`${served.url}?v=1&time=all&${query}&m=flows&tz=Etc/UTC`, { dark }),
  );
  await screen.settled();
  return screen;
};
const cells = (rows: readonly (readonly string[])[]): (string | undefined)[][] =>
  rows.map(([value, flows]) => [value, flows]);

describe('enrichment of addresses', () => {
  it('names stand beside addresses, as text whatever they are, and are values to filter by', async () => {
    const screen = await open('split=dstaddr&split=dst_name&pin=dst_name');
    const { page } = screen;
    expect(cells(await screen.rows())).toEqual([
      [`10.0.0.1 ${enemy}`, '5'],
      [enemy, '5'],
      ['10.0.0.2 metrics', '5'],
      ['metrics', '5'],
    ]);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Peephole');
    expect(await barriers(page)).toEqual([]);

    await screen.dimension('Dest name', 'Filter…');
    await page.getByPlaceholder('Find, type or paste values').fill('<IMG');
    await page.getByRole('option', { name: enemy }).waitFor();
    await page.keyboard.press('Enter');
    await screen.settled();
    expect(await screen.pills('filter')).toEqual([`Dest name is ${enemy}`]);
    expect(await screen.total('Flows')).toBe('5');
    // Its link carries it whole.
    await page.reload();
    expect(await screen.total('Flows')).toBe('5');
    expect(await screen.pills('filter')).toEqual([`Dest name is ${enemy}`]);
  });

  it('where an address is stands beside it, wherever it is shown; asked for once, after the answer; nothing moves when it comes', async () => {
    const page = await browser.open('about:blank');
    const screen = new Screen(page);
    const asked: string[][] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let answered = false;
    page.on('response', (response) => (answered ||= response.url().endsWith('/api/v1/query')));
    await page.route('**/api/v1/places', async (route) => {
      expect(answered).toBe(true);
      asked.push((JSON.parse(route.request().postData() ?? '{}') as { addresses: string[] }).addresses);
      await held;
      await route.continue();
    });
    await page.goto(
      `${served.url}?v=1&time=all&f=srcaddr:8.8.8.8,10.0.0.1&split=srcaddr&pin=srcaddr,dstaddr&m=flows&tz=Etc/UTC`,
    );
    await screen.settled();
    await expect.poll(() => asked).toHaveLength(1);
    const columns = (): Promise<string> =>
      screen.row('8.8.8.8').evaluate('(row) => getComputedStyle(row).gridTemplateColumns');
    const before = await columns();
    const beside = (text: string): Promise<string[]> => page.locator(text).locator('.place').allInnerTexts();
    expect(await beside('body')).toEqual([]);
    release();
    await screen.row('8.8.8.8').locator('.place').waitFor();
    expect(await columns()).toBe(before);
    expect(await beside('[role=treegrid] .row')).toEqual([' US Google LLC']);
    expect(await beside('.pins .top-item')).toEqual([' US Google LLC']);
    expect(await page.locator('.row .place').getAttribute('title')).toBe(
      'United States · AS15169 Google LLC',
    );
    expect(await barriers(page)).toEqual([]);
    // In a menu, a chart and the records too: what was looked up is not asked for again.
    await screen.dimension('Source address', 'Filter…');
    await page.locator('.value .place').waitFor();
    expect(await beside('.value')).toEqual([' US Google LLC']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('5');
    await page.locator('.bar-name .place').waitFor();
    await page.keyboard.press('8');
    await page.locator('.records-cell .place').first().waitFor();
    expect(new Set(await beside('.records-cell'))).toEqual(new Set([' US Google LLC']));
    // Only what may be outside was asked for, each address once.
    expect(asked).toEqual([['8.8.8.8']]);
  });

  it('of an address that nobody knows nothing is said', async () => {
    const screen = await open('split=srcaddr');
    const { page } = screen;
    await page.route('**/api/v1/places', (route) => route.fulfill({ json: { places: [] } }));
    const answer = page.waitForResponse('**/api/v1/places');
    await page.reload();
    await answer;
    await screen.settled();
    expect(cells(await screen.rows())).toEqual([
      ['8.8.8.8', '8'],
      [`10.0.0.1 ${enemy}`, '2'],
    ]);
    expect(await page.locator('.place').count()).toBe(0);
  });

  it('flows are split by country and direction; what can hold nothing is muted', async () => {
    const screen = await open('split=dstport', true);
    const { page } = screen;
    await screen.splitBy('Source country');
    expect(cells(await screen.rows())).toEqual([
      ['US', '8'],
      ['none', '2'],
    ]);
    await screen.dimension('Inside or outside', 'Add split');
    expect(cells(await screen.rows())).toEqual([
      ['US', '8'],
      ['inbound', '8'],
      ['none', '2'],
      ['internal', '2'],
    ]);
    await screen.select('US', 'Only');
    expect(await screen.total('Flows')).toBe('8');
    // All flows go to private addresses: no country.
    await screen.dim('Dest country').scrollIntoViewIfNeeded();
    await screen.dim('Dest country').locator('.dim-count', { hasText: '0' }).waitFor();
    expect(await screen.dim('Dest country').getAttribute('class')).toContain('dim-absent');
    expect(await screen.dim('Dest name').getAttribute('class')).not.toContain('dim-absent');
    expect(await barriers(page)).toEqual([]);
  });
});
