import { describe, expect, it } from 'vitest';
import { browserForTests } from './browser.ts';
import { useFilesToAdd } from './drop-files.ts';
import { Screen } from './screen.ts';
import { serverOn } from './stores.ts';

/** Names as an enemy would choose them; a log field can't hold a space. */
const hostile = [
  '<img/src=x/onerror=document.title=1>',
  '"><script>document.title=1</script>',
  `a,b'"\\`,
  'f=x&tz=%00',
  '💥',
  '~all',
];
const header =
  'version srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status instance-tag';
const lines = hostile.map(
  (tag, index) =>
    `11 10.0.0.${index + 1} 2001:db8::1 40000 443 6 1 ${100 + index} ${1_529_452_800 + index} ${1_529_452_860 + index} ACCEPT OK ${tag}`,
);

const served = serverOn([header, ...lines]);
const empty = serverOn(null);
const untimed = serverOn(['version srcaddr dstaddr action', '2 203.0.113.9 10.0.0.1 REJECT']);
const files = useFilesToAdd(false);
const browser = browserForTests();

describe('what can go wrong', () => {
  it('hostile values are text, and links carry them whole', async () => {
    const screen = new Screen(
      await browser.open(`${served.url}?v=1&time=all&split=instance_tag&m=bytes&tz=Etc/UTC`),
    );
    const { page } = screen;
    expect((await screen.rows()).map((row) => row[0])).toEqual(hostile.toReversed());
    for (const tag of hostile.slice(0, 4)) {
      await screen.select(tag, 'Only');
      expect((await screen.rows()).map((row) => row[0])).toEqual([tag]);
      await page.reload();
      expect((await screen.rows()).map((row) => row[0])).toEqual([tag]);
      expect(await screen.pills('filter')).toEqual([`Instance tag is ${tag}`]);
      await page.goBack();
      await screen.settled();
      expect(await screen.rows()).toHaveLength(hostile.length);
    }
    expect(await page.title()).toBe('Peephole');
  });

  it('a link that can be read in part shows that part, and says what was left out', async () => {
    const screen = new Screen(
      await browser.open(
        `${served.url}?v=7&last=eternity&f=nothing:1&f=dstport:443&split=srcaddr&m=flows,joy&tz=Mars/Olympus`,
      ),
    );
    expect(await screen.rows()).toHaveLength(hostile.length);
    expect(await screen.page.locator('.notices li').count()).toBe(5);
    await screen.page.getByLabel('Dismiss').click();
    expect(await screen.page.locator('.notices').count()).toBe(0);
  });

  it('what only the engine can refuse says so in words, and can be undone', async () => {
    const screen = new Screen(
      await browser.open(`${served.url}?v=1&time=all&split=srcaddr&m=flows&tz=Etc/UTC`, { quiet: true }),
    );
    const { page } = screen;
    await screen.settled();
    const refused: number[] = [];
    page.on('response', (response) => response.status() >= 400 && refused.push(response.status()));
    await screen.follow(`${new URL(page.url()).search}&f=instance_tag.matches:%22%5B%22`);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.locator('p').innerText()).toBe(
      'Instance tag: “[” is not a regular expression: missing ]: [.',
    );
    expect(await alert.innerText()).not.toMatch(/bad_query|filter\[/);
    await page.locator('.app[aria-busy=false]').waitFor();
    expect(refused).toEqual([409]);
    await page.getByText('Undo the last change').click();
    expect(await screen.rows()).toHaveLength(hostile.length);
  });

  it('a part whose script can’t be loaded says so, leaves the rest usable, and is there after a reload', async () => {
    const page = await browser.open(`${served.url}?v=1&time=all&split=srcaddr&m=flows&tz=Etc/UTC`, {
      quiet: true,
    });
    const screen = new Screen(page);
    await screen.settled();
    let refused = 0;
    await page.route('**/assets/*', (route) => {
      refused += 1;
      return route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' });
    });
    await files.drop(page, ['logs/notes.pdf']);
    const tabs = page.getByRole('navigation');
    const alert = page.locator('main').getByRole('alert');
    for (const tab of ['Map', 'Dashboards', 'Knocks']) {
      await tabs.getByRole('link', { name: tab }).click();
      await alert.getByText('This part of the page can’t be loaded').waitFor();
    }
    expect(refused).toBeGreaterThan(3);
    await page.locator('.drop-problem').getByText('This part of the page can’t be loaded').waitFor();
    await tabs.getByRole('link', { name: 'Explore' }).click();
    expect(await screen.rows()).toHaveLength(hostile.length);
    await page.goBack();
    await alert.waitFor();
    await page.unrouteAll();
    await alert.getByRole('button', { name: 'Reload the page' }).click();
    await page.locator('.knocks').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('a path that nothing is at says so to people, and to programs as a problem', async () => {
    const path = '/no<b>such/page';
    const address = new URL(path, served.url);
    const { page } = new Screen(await browser.open('about:blank', { quiet: true }));
    const response = await page.goto(address.href);
    expect(response?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expect(await page.locator('.panel-path').innerText()).toBe(address.pathname);
    await page.getByRole('link', { name: 'Explore flows' }).click();
    await page.locator('.app[aria-busy=false]').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    for (const [at, accept] of [
      [address.pathname, 'application/json'],
      ['/api/v1/nothing', 'text/html'],
    ] as const) {
      const problem = await fetch(new URL(at, served.url), { headers: { accept } });
      expect(problem.status).toBe(404);
      expect(await problem.json()).toMatchObject({ code: 'not_found' });
    }
  });

  it('a link with an impossible value shows a message, and is repaired', async () => {
    const screen = new Screen(await browser.open('about:blank', { quiet: true }));
    const refused: number[] = [];
    screen.page.on('response', (response) => {
      if (response.url().endsWith('/api/v1/query') && response.status() >= 400)
        refused.push(response.status());
    });
    await screen.page.goto(
      `${served.url}?v=1&time=all&f=dstport:abc&f=protocol:6&split=srcaddr&m=flows&tz=Etc/UTC`,
    );
    const { page } = screen;
    const alert = page.getByRole('alert');
    await alert.waitFor();
    await page.locator('.app[aria-busy=false]').waitFor();
    // What the page itself can tell, nobody is asked.
    expect(refused).toEqual([]);
    expect(await alert.locator('p').innerText()).toBe('Dest port: “abc” is not a whole number.');
    expect(await alert.innerText()).not.toMatch(/bad_query|filter\[/);
    expect(await alert.getByRole('button').allInnerTexts()).toEqual(['Remove the filter', 'Reset']);
    await page.getByText('Remove the filter').click();
    expect(await screen.rows()).toHaveLength(hostile.length);
    expect(await screen.pills('filter')).toEqual(['Protocol is 6 tcp']);
    await page.goBack();
    await alert.waitFor();
    await page.getByRole('button', { name: 'Reset' }).focus();
    await page.keyboard.press('Enter');
    expect(await screen.total('Flows')).toBe(String(hostile.length));
    expect(await screen.pills('filter')).toEqual([]);
  });

  it('a link with an impossible part shows a message in the terms of the page', async () => {
    const screen = new Screen(await browser.open(`${served.url}?v=1&m=flows&tz=Etc/UTC`));
    const alert = screen.page.getByRole('alert');
    for (const [query, words] of [
      ['f=srcaddr:10.0.0.0/24', 'Source address: “10.0.0.0/24” is not an IPv4 or IPv6 address.'],
      [
        'f=srcaddr.cidr:10.0.0.0/99',
        'Source address: “10.0.0.0/99” is not a block of addresses such as 10.0.0.0/8.',
      ],
      ['f=end:99999999999999999', 'End: “99999999999999999” is not a time.'],
      ['split=time~PT7M', 'Split by Time: Time can’t be split by 7 minutes'],
      ['split=srcaddr~/10', 'Split by Source address: It has values, not amounts'],
      ['from=%2B020000-01-01T00:00Z&to=%2B030000-01-01T00:00Z', 'Time: It lies too far away'],
    ] as const) {
      await screen.follow(`?v=1&${query}&m=flows&tz=Etc/UTC`);
      await alert.locator('p', { hasText: words }).waitFor();
      expect(await screen.page.locator('body').innerText()).not.toMatch(
        /bad_query|(filter|splits|time|compare)(\[\d|\.[a-z])/,
      );
      await alert.getByRole('button').first().click();
      await screen.settled();
      expect(await screen.total('Flows')).toBe(String(hostile.length));
      expect(await alert.count()).toBe(0);
    }
  });

  it('an amount can be split in a link without steps, and not be pinned', async () => {
    const screen = new Screen(
      await browser.open(`${served.url}?v=1&time=all&split=bytes&pin=bytes,srcaddr&m=flows&tz=Etc/UTC`),
    );
    expect((await screen.rows()).map((row) => row[0])).toEqual(['0–999']);
    expect(await screen.page.locator('.notices li').innerText()).toContain('byte and packet counts');
  });

  it('a server that is gone is said to be gone, and asked again', async () => {
    const screen = new Screen(
      await browser.open(`${served.url}?v=1&time=all&split=srcaddr&m=flows&tz=Etc/UTC`, { quiet: true }),
    );
    const { page } = screen;
    await screen.settled();
    await page.route('**/api/v1/query', (route) => route.abort('connectionrefused'));
    await screen.page.locator('.dim', { hasText: 'Dest port' }).hover();
    await page.getByLabel('Split by Dest port').click();
    await page.getByText('Can’t reach the server').waitFor();
    await page.getByText('Try again').waitFor();
    await page.unroute('**/api/v1/query');
    // The page may have asked again by itself before the click.
    await page
      .getByText('Try again')
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await page.getByText('443 https').first().waitFor();
    expect((await screen.rows()).map((row) => row[0])).toEqual(['443 https']);
  });

  it('an empty store says how to fill it', async () => {
    const page = await browser.open(empty.url);
    await page.getByText('No flows yet').waitFor();
    expect(await page.locator('code').allInnerTexts()).toContain('peephole demo --port 0');
  });

  it('a store whose flows have no time says that, and not that it is empty', async () => {
    const page = await browser.open(untimed.url);
    for (const place of ['Explore', 'Knocks']) {
      await page.getByText(place, { exact: true }).click();
      await page.getByText('1 flow without a time').waitFor();
    }
  });

  it('no flows in a time is said, and is no error', async () => {
    const screen = new Screen(
      await browser.open(
        `${served.url}?v=1&from=2019-01-01T00:00Z&to=2019-01-02T00:00Z&split=srcaddr&m=flows&tz=Etc/UTC`,
      ),
    );
    await screen.page.getByText('No flows in this time.').waitFor();
    expect(await screen.footer()).toContain('without logs');
  });
});
