import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/api/app.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import { neverInDruid, tooManyFlows } from '../../src/engine/druid/unsupported.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { barriers } from './axe.ts';
import { browserForTests } from './browser.ts';
import { Screen } from './screen.ts';

/**
 * What a database can't do is said where it would be clicked. The store is one in files that says of itself what a large one in
 * Druid says; page, server and answers are the real ones.
 */
const folder = useTempFolder();
const browser = browserForTests();
const many = tooManyFlows(4_000_000) ?? '';
const reasons = { ...neverInDruid, knocks: many, explain: many, sql: many };
let app: FastifyInstance;
let store: FlowStore;
let url: string;
let asked: string[];

beforeAll(async () => {
  store = await duckdbDriver.open({
    folder: join(folder.path, 'store'),
    memoryBytes: 256 * 1024 * 1024,
    threads: 1,
  });
  const flows = Array.from({ length: 300 }, (_, i) => ({
    start: 1_529_452_800 + i * 60,
    srcaddr: `198.51.100.${i % 5}`,
    dstaddr: '10.0.0.1',
    dstport: i % 2 === 0 ? 80 : 22,
    protocol: 6,
    bytes: 40n,
    action: 'REJECT',
  }));
  await writeRecords(store, 'flows', flows);
  store.unsupported = () => reasons;
  const status = store.status.bind(store);
  store.status = async () => {
    const known = await status();
    const where = 'http://druid.example:8888';
    return { ...known, engine: { ...known.engine, where, unsupported: reasons } };
  };
  app = await createApp({ service: new LocalService(store), hosts: new Set(), token: null });
  asked = [];
  app.addHook('onRequest', async ({ url: path }) => void asked.push(path));
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/`;
});
afterAll(async () => {
  await app.close();
  await store.close();
});

describe('what a database can’t do', () => {
  it('is said at the buttons that would ask for it', async () => {
    asked.length = 0;
    const page = await browser.open(`${url}?v=1&time=all&split=dstport`);
    const screen = new Screen(page);
    await screen.settled();
    await screen.row('22').click({ position: { x: 40, y: 13 } });
    const explain = page.locator('.bubble').getByRole('button', { name: 'Explain' });
    expect(await explain.isDisabled()).toBe(true);
    expect(await explain.getAttribute('title')).toBe(many);
    // What it can do is still there.
    await page.locator('.bubble').getByText('Only', { exact: true }).click();
    await screen.settled();
    expect(await screen.total('Flows')).toBe('150');
    await page.goto(`${url}?v=1&time=all&split=time~PT5M`);
    await screen.settled();
    const chart = (await page.locator('.chart-over').first().boundingBox())!;
    await page.mouse.move(chart.x + chart.width * 0.4, chart.y + 60);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width * 0.6, chart.y + 60, { steps: 4 });
    await page.mouse.up();
    const brushed = page.getByRole('group', { name: 'Selected time' }).getByText('Explain');
    expect(await brushed.isDisabled()).toBe(true);
    expect(await brushed.getAttribute('title')).toBe(many);
    expect(asked.filter((path) => path.includes('explain'))).toEqual([]);
  });

  it('is said in place of findings, which nobody looks for', async () => {
    asked.length = 0;
    const page = await browser.open(`${url}knocks`);
    await page.getByText(many).waitFor();
    expect(asked.filter((path) => path.startsWith('/api/v1/knocks'))).toEqual([]);
    expect(await barriers(page)).toEqual([]);
  });

  it('is listed beside the server’s address', async () => {
    const page = await browser.open(`${url}sources`);
    const card = page.getByRole('region', { name: 'Database' });
    await card.getByText('http://druid.example:8888').waitFor();
    const listed = await card.getByRole('listitem').allInnerTexts();
    expect(listed.toSorted()).toEqual([...new Set(Object.values(reasons))].toSorted());
    expect(await barriers(page)).toEqual([]);
  });
});
