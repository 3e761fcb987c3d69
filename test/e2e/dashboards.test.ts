import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';
import { serverOn } from './stores.ts';

const START = 1_529_452_800;
const lines = [
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  ...Array.from({ length: 240 }, (_, at) => {
    const start = START + at * 60;
    const [port, action] = at % 3 === 0 ? [22, 'REJECT'] : [443, 'ACCEPT'];
    return `2 123456789012 eni-1 198.51.100.${(at % 5) + 1} 10.0.0.1 40000 ${port} 6 3 ${300 + at} ${start} ${start + 30} ${action} OK`;
  }),
];
const store = serverOn(lines);
const browser = browserForTests();
const path = '/api/v1/dashboards/ours';

const ours = {
  name: 'Ours',
  link: '?v=1&time=all',
  variables: [{ field: 'action' }],
  tiles: [
    { id: 'flows', title: 'Flows', x: 0, y: 0, w: 3, h: 3, kind: 'figure', link: '?v=1&m=flows' },
    { id: 'note', title: 'Note', x: 3, y: 0, w: 3, h: 3, kind: 'text', text: '**Ours** <b>not bold</b>' },
    { id: 'ports', title: 'Ports', x: 0, y: 3, w: 6, h: 6, kind: 'view', link: '?v=1&split=dstport&m=flows&show=bars' }, // prettier-ignore
    { id: 'actions', title: 'Decisions', x: 0, y: 9, w: 12, h: 7, kind: 'view', link: '?v=1&split=action&split=time&m=flows&show=lines' }, // prettier-ignore
    { id: 'time', title: 'Over time', x: 6, y: 0, w: 6, h: 9, kind: 'view', link: '?v=1&split=time&m=flows&show=lines' }, // prettier-ignore
  ],
};

async function put(body: unknown): Promise<void> {
  const reply = await fetch(new URL(path, store.url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(reply.ok).toBe(true);
}

async function kept(): Promise<typeof ours> {
  const { content } = (await (await fetch(new URL(path, store.url))).json()) as { content: typeof ours };
  return content;
}

async function openOurs(quiet = false): Promise<Page> {
  const page = await browser.open(`${store.url}dashboards/ours`, { quiet });
  await figure(page).getByText('240', { exact: true }).waitFor();
  return page;
}

const figure = (page: Page) => page.getByRole('article', { name: 'Flows' });

describe('a dashboard', () => {
  beforeAll(() => put(ours));

  it('says that the server does not answer, in each tile and beside the time, and asks again once it does', async () => {
    const page = await openOurs(true);
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('article', { name: 'Ports' }).getByRole('option', { name: /22/ }).click();
    await figure(page).getByText('Can’t reach the server').waitFor();
    await figure(page).getByRole('button', { name: 'Try again' }).waitFor();
    await page.getByRole('button', { name: 'no answer', exact: true }).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await figure(page).getByText('80', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'live', exact: true }).waitFor();
    expect(await page.getByText('Can’t reach the server').count()).toBe(0);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  });

  it('says in tiles that list things what went wrong, with a button to ask again', async () => {
    const list = (id: string, x: number, y: number, more: object) => ({ id, title: id, x, y, w: 6, h: 4, ...more }); // prettier-ignore
    const tiles = [
      list('values', 0, 3, { kind: 'list', field: 'dstport', limit: 5, link: '?v=1&m=flows' }),
      list('findings', 6, 3, { kind: 'findings', kinds: [], limit: 5 }),
      list('sources', 0, 7, { kind: 'sources' }),
      list('records', 6, 7, { kind: 'view', link: '?v=1&show=records' }),
    ];
    await put({ ...ours, tiles: [ours.tiles[0], ...tiles] });
    const page = await browser.open('about:blank', { quiet: true });
    await page.route(/\/api\/v1\/(query|top|knocks|sources|records)/, (route) => route.abort());
    await page.goto(`${store.url}dashboards/ours`);
    for (const { title } of tiles) {
      const tile = page.getByRole('article', { name: title });
      await tile.getByRole('heading', { name: title }).waitFor();
      await tile.getByText('Can’t reach the server').waitFor();
      await tile.getByRole('button', { name: 'Try again' }).waitFor();
    }
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('article', { name: 'sources' }).getByText('No source is followed').waitFor();
    // The page asks again by itself once the server answers.
    await page.getByRole('article', { name: 'values' }).getByText('443').waitFor();
    await page.getByRole('article', { name: 'records' }).getByText('443').first().waitFor();
    expect(await page.getByText('Can’t reach the server').count()).toBe(0);
    await put(ours);
  });

  it('breaks words that are longer than its lines', async () => {
    const word = 'unbroken'.repeat(14);
    const [flows, note] = ours.tiles;
    const tiles = [
      { ...flows, title: word },
      { ...note, text: `${word.repeat(5)} **${word.repeat(5)}** \`${word.repeat(5)}\`` },
    ];
    await put({ ...ours, name: word, description: word.repeat(5), variables: [{ field: 'action', label: word.slice(0, 60) }], tiles }); // prettier-ignore
    for (const path of ['dashboards', 'dashboards/ours']) {
      const page = await browser.open(store.url + path, { phone: true });
      await page.getByText(word).first().waitFor();
      const beyond = await page.evaluate<string[]>(
        `[...document.querySelectorAll('main :is(h1, h2, p, b, span, code, a)')]
          .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth)
          .map((each) => each.outerHTML)`,
      );
      expect(beyond).toEqual([]);
    }
    await put(ours);
  });

  it('filters all tiles by a mark, and gives that up by a second click; texts are no HTML', async () => {
    const page = await openOurs();
    expect(await page.locator('.markdown').innerHTML()).toContain('<strong>Ours</strong> &lt;b&gt;');
    const bar = page.getByRole('article', { name: 'Ports' }).getByRole('option', { name: /22/ });
    await bar.click();
    await figure(page).getByText('80', { exact: true }).waitFor();
    expect(page.url()).toContain('f=dstport:22');
    await bar.click();
    await figure(page).getByText('240', { exact: true }).waitFor();
    // An entry of a legend is a mark too; its colour hides a line, which filters nothing.
    const legend = page.getByRole('article', { name: 'Decisions' }).getByRole('group', { name: 'Legend' });
    await legend.getByRole('button', { name: 'Show Rejected' }).click();
    expect(await legend.locator('.legend-hidden').count()).toBe(1);
    await legend.getByRole('button', { name: 'Rejected', exact: true }).click();
    await figure(page).getByText('80', { exact: true }).waitFor();
    await expect.poll(() => legend.locator('.legend-hidden').count()).toBe(0);
    await legend.getByRole('button', { name: 'Rejected', exact: true }).click();
    await figure(page).getByText('240', { exact: true }).waitFor();
    expect(page.url()).not.toContain('f=');
    await page.getByRole('button', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'ACCEPT' }).click();
    await figure(page).getByText('160', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reset time and filters' }).click();
    await figure(page).getByText('240', { exact: true }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it('filters by keyboard, and leads to the page of what is current', async () => {
    const page = await openOurs();
    await page.getByRole('article', { name: 'Ports' }).getByRole('listbox').focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('link', { name: 'Open the page of port 443' }).waitFor();
    await page.keyboard.press('Enter');
    await figure(page).getByText('160', { exact: true }).waitFor();
    await page.getByRole('article', { name: 'Ports' }).getByRole('option', { name: /22/ }).waitFor({ state: 'detached' }); // prettier-ignore
    await page.keyboard.press('Enter');
    await figure(page).getByText('240', { exact: true }).waitFor();
    // Where a filter leaves fewer bars, the current one is still there to give it up.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await figure(page).getByText('80', { exact: true }).waitFor();
    await page.getByRole('article', { name: 'Ports' }).getByRole('option', { name: /443/ }).waitFor({ state: 'detached' }); // prettier-ignore
    await page.keyboard.press('Enter');
    await figure(page).getByText('240', { exact: true }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+Enter');
    await page.waitForURL(/\/port\/443\?/);
  });

  it('filters by the cells of a heat map from the keyboard, and leads to their pages', async () => {
    const [flows] = ours.tiles;
    const heat = { id: 'heat', title: 'Heat', x: 0, y: 3, w: 12, h: 6, kind: 'view', link: '?v=1&split=srcaddr&split=dstport&m=flows&show=heat' }; // prettier-ignore
    await put({ ...ours, tiles: [flows, heat] });
    const page = await openOurs();
    const tile = page.getByRole('article', { name: 'Heat' });
    await tile.getByRole('application').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await tile.getByRole('status').getByText('22').waitFor();
    await page.keyboard.press('Enter');
    await figure(page).getByText('16', { exact: true }).waitFor();
    await tile.getByRole('application', { name: /a map of 1 by 1/ }).waitFor();
    await page.keyboard.press('Enter');
    await figure(page).getByText('240', { exact: true }).waitFor();
    await page.keyboard.press('Shift+Enter');
    await page.waitForURL(/\/port\/22\?/);
    await put(ours);
  });

  it('keeps the link to the page of a short value away from where its row is clicked', async () => {
    const [flows] = ours.tiles;
    const table = { id: 'table', title: 'Table', x: 0, y: 3, w: 12, h: 6, kind: 'view', link: '?v=1&split=dstport&m=flows&show=table' }; // prettier-ignore
    const whole = { ...table, id: 'whole', title: 'Whole', y: 9, link: '?v=1&m=flows&show=table' };
    await put({ ...ours, tiles: [flows, table, whole] });
    const page = await openOurs();
    const row = page.getByRole('article', { name: 'Table' }).getByRole('row', { name: /^22/ });
    await row.hover({ position: { x: 40, y: 13 } });
    await page.getByRole('link', { name: 'Open the page of port 22' }).waitFor();
    await row.click({ position: { x: 40, y: 13 } });
    await figure(page).getByText('80', { exact: true }).waitFor();
    // A table without a split has one row.
    await page
      .getByRole('article', { name: 'Whole' })
      .getByRole('row', { name: /^All flows\s*80/ })
      .waitFor();
    await put(ours);
  });

  it('goes back to an earlier version, and is put back after it was deleted', async () => {
    await put({ ...ours, name: 'Another name' });
    const page = await openOurs();
    await page.getByRole('button', { name: 'Versions' }).click();
    const versions = page.getByRole('dialog', { name: 'Versions of Another name' });
    await versions.getByText('current').waitFor();
    await versions.getByRole('button', { name: 'Changes since' }).first().click();
    await versions.getByText('−   "name": "Ours"').waitFor();
    expect(await barriers(page)).toEqual([]);
    await versions.getByRole('button', { name: /^Restore version/ }).first().click(); // prettier-ignore
    await page.getByRole('heading', { name: 'Ours', exact: true }).waitFor();
    expect((await kept()).name).toBe('Ours');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Ours is deleted.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: /^Ours/ }).click();
    await figure(page).getByText('240', { exact: true }).waitFor();
    expect((await kept()).tiles).toHaveLength(ours.tiles.length);
  });

  it('filters all tiles by a field of a record, and gives that up by a second click', async () => {
    const [flows] = ours.tiles;
    const records = { id: 'records', title: 'Records', x: 0, y: 3, w: 12, h: 6, kind: 'view', link: '?v=1&show=records' }; // prettier-ignore
    await put({ ...ours, tiles: [flows, records] });
    const page = await openOurs();
    const address = page
      .getByRole('article', { name: 'Records' })
      .getByRole('gridcell', { name: '198.51.100.2' });
    await address.first().click();
    await figure(page).getByText('48', { exact: true }).waitFor();
    expect(page.url()).toContain('f=srcaddr:198.51.100.2');
    await address.first().click();
    await figure(page).getByText('240', { exact: true }).waitFor();
    // Its page is a link, beside it under the pointer.
    await address.first().hover();
    await page.getByRole('link', { name: 'Open the page of address 198.51.100.2' }).click();
    await page.getByRole('heading', { level: 1, name: /198\.51\.100\.2/ }).waitFor();
    await put(ours);
  });

  it('keeps how its tables and records are sorted in the link, until it is reset', async () => {
    const [flows] = ours.tiles;
    const table = { id: 'table', title: 'Table', x: 0, y: 3, w: 6, h: 6, kind: 'view', link: '?v=1&split=dstport&m=flows,bytes&show=table' }; // prettier-ignore
    const records = { id: 'records', title: 'Records', x: 6, y: 3, w: 6, h: 6, kind: 'view', link: '?v=1&show=records' }; // prettier-ignore
    await put({ ...ours, tiles: [flows, table, records] });
    const page = await openOurs();
    const head = (tile: string, name: RegExp) =>
      page.getByRole('article', { name: tile }).getByRole('columnheader', { name });
    const orders = async (): Promise<(string | null)[]> => [
      await head('Table', /^Bytes/).getAttribute('aria-sort'),
      await head('Table', /^Flows/).getAttribute('aria-sort'),
      await head('Records', /^Source address/).getAttribute('aria-sort'),
    ];
    await head('Table', /^Bytes/)
      .getByRole('button')
      .click();
    await head('Records', /^Source address/)
      .getByRole('button')
      .click();
    const sorted = ['descending', 'none', 'descending'];
    await expect.poll(orders).toEqual(sorted);
    await page.reload();
    await head('Records', /^Source address/).waitFor();
    await expect.poll(orders).toEqual(sorted);
    // Filters of the dashboard change nothing in it, and the link that is copied has both.
    await page.getByRole('article', { name: 'Table' }).getByRole('row', { name: /^22/ }).click();
    await figure(page).getByText('80', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.goto(String(await page.evaluate('navigator.clipboard.readText()')));
    await figure(page).getByText('80', { exact: true }).waitFor();
    await expect.poll(orders).toEqual(sorted);
    await page.getByRole('button', { name: 'Reset time and filters' }).click();
    await expect.poll(orders).toEqual(['none', 'descending', 'none']);
    await put(ours);
  });

  it('zooms all tiles into a time that is brushed, and opens a tile in the explorer', async () => {
    const page = await openOurs();
    const plot = page.getByRole('article', { name: 'Over time' }).locator('.chart-over');
    const box = await plot.boundingBox();
    if (box === null) throw new Error('There is no chart.');
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=/);
    await figure(page).getByText('240', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Explore Ports' }).click();
    await page.waitForURL(/\/\?v=1&from=.*split=dstport/);
  });

  it('is arranged by keyboard and by dragging, with undo, and a conflict loses nothing', async () => {
    // The conflict is a request that fails.
    const page = await openOurs(true);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await barriers(page)).toEqual([]);
    const head = page.getByRole('group', { name: /^Flows: arrow keys/ });
    await head.focus();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: 'Undo' }).click();
    await put({ ...ours, description: 'Theirs' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Another user saved this dashboard').waitFor();
    await page.getByRole('button', { name: 'Save mine instead' }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    expect((await kept()).tiles[0]).toMatchObject({ x: 0, y: 0, w: 3, h: 4 });

    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const grip = page.getByRole('article', { name: 'Note' }).locator('.tile-grip');
    const from = await grip.boundingBox();
    const to = await page.getByRole('article', { name: 'Ports' }).boundingBox();
    if (from === null || to === null) throw new Error('There is no tile.');
    await page.mouse.move(from.x + 3, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + to.height + 60, { steps: 12 });
    expect(await page.evaluate('getSelection().toString()')).toBe('');
    // Where it will be has the page's colour, not the library's red.
    const place = "getComputedStyle(document.querySelector('.react-grid-placeholder')).backgroundColor";
    expect(await page.evaluate(place)).not.toBe('rgb(255, 0, 0)');
    await page.mouse.up();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    const note = (await kept()).tiles.find(({ id }) => id === 'note');
    expect(note?.y).toBeGreaterThan(3);
    await put(ours);
  });

  it('changes the view of a tile in the explorer, and variables, by keyboard', async () => {
    const page = await openOurs();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('button', { name: 'Action' }).press('Enter');
    await page.getByLabel('Label').fill('Verdict');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Verdict' }).waitFor();
    await page.getByRole('button', { name: 'Add a variable' }).press('Enter');
    await page.keyboard.type('source addr');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Source address' }).waitFor();
    await page.getByRole('button', { name: 'Edit view of Ports' }).press('Enter');
    await page.getByText('This view is the tile').waitFor();
    await page.getByRole('radio', { name: 'Table' }).click();
    await page.waitForURL(/show=table/);
    // What was changed before outlasts loading the page again.
    await page.reload();
    await page.getByRole('button', { name: 'Save back to the tile' }).click();
    await page.getByRole('button', { name: 'Verdict' }).waitFor();
    await page.getByRole('article', { name: 'Ports' }).getByRole('treegrid').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    expect(await kept()).toMatchObject({
      variables: [
        { field: 'action', label: 'Verdict' },
        { field: 'srcaddr', label: '' },
      ],
      tiles: [{}, {}, { id: 'ports', link: expect.stringContaining('show=table') }, {}, {}],
    });
    await put(ours);
  });

  it('takes a view of the explorer in two clicks', async () => {
    const page = await browser.open(`${store.url}?v=1&time=all&split=srcaddr&m=bytes`);
    await page.getByRole('button', { name: 'Pin to dashboard' }).click();
    await page.getByRole('option', { name: 'Ours' }).click();
    await page.getByText('Pinned to Ours').waitFor();
    expect((await kept()).tiles.at(-1)).toMatchObject({
      title: 'Bytes by source address',
      kind: 'view',
      y: 16,
    });
    await put(ours);
  });

  it('shows what was changed in one that is ready-made, as a file too, and restores it', async () => {
    const page = await browser.open(`${store.url}dashboards/sources-health`);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill('Our sources');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Ready-made, changed here').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as a file' }).click();
    expect((await downloading).suggestedFilename()).toBe('sources-health.json');
    await page.getByRole('button', { name: 'Show changes' }).click();
    const changes = page.getByLabel('Changes', { exact: true });
    expect(await changes.textContent()).toContain('+   "name": "Our sources"');
    expect(await changes.textContent()).toContain('−   "name": "Sources’ health"');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Restore the original' }).click();
    await page.getByRole('heading', { name: 'Sources’ health' }).waitFor();
  });

  it('lends a tile to a frame of another page, with the time and filters on show', async () => {
    const page = await openOurs();
    await page.getByRole('article', { name: 'Ports' }).getByRole('option', { name: /22/ }).click();
    await figure(page).getByText('80', { exact: true }).waitFor();
    // It is said for some seconds, which may be over before a key press has returned.
    const told = page.getByText('Link to embed copied').waitFor();
    await Promise.all([told, page.getByRole('button', { name: 'Embed Flows' }).press('Enter')]);
    const link = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(new URL(link).pathname).toBe('/embed/dashboards/ours/flows');
    const alone = await browser.open(link);
    await figure(alone).getByText('80', { exact: true }).waitFor();
    expect(await alone.getByRole('article').count()).toBe(1);
    expect(await alone.locator('.embed-clause').innerText()).toMatch(/Dest port\s+is\s+22/);
    expect(await alone.getByRole('link', { name: 'Open in Peephole' }).getAttribute('href')).toContain(
      '/dashboards/ours?',
    );
    expect(await barriers(alone)).toEqual([]);
    // A click on a mark filters here too, and a second one undoes that.
    await alone.goto(link.replace('/flows', '/ports'));
    const bar = alone.getByRole('option', { name: /22/ });
    await bar.click();
    await alone.getByRole('option', { name: /443/ }).waitFor();
    await bar.click();
    await alone.getByRole('option', { name: /443/ }).waitFor({ state: 'detached' });
    await alone.goto(link.replace('/flows', '/gone'));
    await alone.getByText('There is no such tile').waitFor();
  });

  it('fills the screen of a wall', async () => {
    const page = await openOurs();
    await page.getByRole('button', { name: 'Full screen' }).click();
    await expect.poll(() => page.evaluate('document.fullscreenElement !== null')).toBe(true);
    expect(await page.getByRole('button', { name: 'Edit', exact: true }).isVisible()).toBe(false);
    await page.evaluate('document.exitFullscreen()');
  });
});
