import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserForTests } from './browser.ts';
import { serverOn } from './stores.ts';

/** A character that turns the text after it round. */
const TURN = '\u202e';
const evil = `a${TURN}b`;
const header =
  'version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const lines = [
  header,
  ...Array.from({ length: 5 }, (_, at) => {
    const start = 1_529_452_800 + at * 60;
    return `2 eni-${evil} 10.0.0.1 10.0.0.2 40000 443 6 1 100 ${start} ${start + 30} ACCEPT OK`;
  }),
];
const served = serverOn(lines, {
  NetworkInterfaces: ['10.0.0.1', '10.0.0.2'].map((address, at) => ({
    NetworkInterfaceId: `eni-0000000000000000${at}`,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
    InterfaceType: 'interface',
    TagSet: [{ Key: 'Name', Value: `${evil}${at}` }],
    VpcId: 'vpc-1',
  })),
});
const browser = browserForTests();

const link = '?v=1&time=all&m=flows&tz=Etc/UTC';
const documents: Readonly<Record<string, unknown>> = {
  'dashboards/evil': {
    name: evil,
    description: evil,
    link,
    variables: [{ field: 'action', label: evil }],
    tiles: [
      { id: 'flows', title: `Flows ${evil}`, x: 0, y: 0, w: 6, h: 3, kind: 'figure', link },
      {
        id: 'text',
        title: `Text ${evil}`,
        x: 6,
        y: 0,
        w: 6,
        h: 3,
        kind: 'text',
        text: `**${evil}** ${evil}`,
      },
      { id: 'list', title: `List ${evil}`, x: 0, y: 3, w: 6, h: 6, kind: 'list', link, field: 'interface_id', limit: 5 }, // prettier-ignore
      { id: 'lines', title: `Lines ${evil}`, x: 6, y: 3, w: 6, h: 6, kind: 'view', link: `${link}&split=dst_name&split=time&show=lines` }, // prettier-ignore
    ],
  },
  'alerts/evil': {
    name: evil,
    note: evil,
    condition: { kind: 'amount', measure: 'flows', filter: [{ field: 'dst_name', in: [evil] }], window: 'PT1H', above: 1 }, // prettier-ignore
  },
  'views/evil': { name: evil, link },
  'measures/evil': { name: evil, measure: 'bytes/packets' },
};

/** Texts on the page that turn others round, those of attributes and of the tab too, but what fields hold. */
const turned = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const body = document.body.cloneNode(true);
    for (const field of body.querySelectorAll('textarea')) field.remove();
    const texts = [document.title, body.textContent];
    for (const element of document.querySelectorAll('*'))
      for (const { name, value } of element.attributes)
        if (['title', 'aria-label', 'placeholder', 'alt'].includes(name)) texts.push(value);
    return texts.filter((text) => text.includes('${TURN}'));
  })()`);

describe('texts that reorder what is around them', () => {
  beforeAll(async () => {
    for (const [path, body] of Object.entries(documents)) {
      const reply = await fetch(new URL(`/api/v1/${path}`, served.url), {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(await reply.text()).toContain('"version"');
    }
  });

  const written = String.raw`a\u202eb`;

  it.each([
    ['the table', `${link}&split=interface_id&split=dst_name`],
    ['records', `${link}&show=records`],
    ['lines', `${link}&split=dst_name&split=time&show=lines`],
    ['filters', `${link}&f=dst_name.contains:${encodeURIComponent(evil)}&f=interface_id:${encodeURIComponent(`eni-${evil}`)}&split=dst_name`], // prettier-ignore
    ['the list of dashboards', 'dashboards'],
    ['a dashboard', 'dashboards/evil'],
    ['a tile alone', 'embed/dashboards/evil/list'],
    ['alerts', 'alerts'],
    ['an address', `address/10.0.0.2${link}`],
    ['the map', `map${link}`],
  ])('are written out: %s', async (_, path) => {
    const page = await browser.open(`${served.url}${path}`);
    await page.getByText(written).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await turned(page)).toEqual([]);
  });

  it('are written out in menus, and fields keep them', async () => {
    const page = await browser.open(`${served.url}${link}`);
    await page.getByText('5 flows').first().waitFor();
    await page.keyboard.press('v');
    await page.getByRole('dialog').getByText(written).waitFor();
    expect(await turned(page)).toEqual([]);
    await page.goto(`${served.url}dashboards/evil`);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await page.getByLabel('Title of the tile').first().inputValue()).toBe(`Flows ${evil}`);
    expect(await turned(page)).toEqual([]);
  });
});
