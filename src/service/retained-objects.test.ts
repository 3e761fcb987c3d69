import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sqlRows } from '../../test/support/sql-rows.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import { ingest } from '../ingest/ingest.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import type { Input } from '../sources/input.ts';
import { LocalService } from './local-service.ts';

const folder = useTempFolder();
let stores = 0;

const DAY = 86_400;
const NEWEST = 1_717_200_000;

const flow = (port: number, start: number): string =>
  `2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 ${port} 6 3 180 ${start} ${start + 59} ACCEPT OK`;
const nodata = (start: number): string =>
  `2 123456789012 eni-1 - - - - - - - ${start} ${start + 59} - NODATA`;

/** An object of a bucket, whose tag changes with its content. */
function object(name: string, lines: readonly string[]): Input {
  const content = Buffer.from(`${lines.join('\n')}\n`);
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield content;
  }
  return {
    name: `s3://logs/${name}`,
    tag: lines.join(),
    size: content.length,
    time: null,
    discovered: true,
    open: async () => ({ kind: 'stream', stream: stream() }),
  };
}

async function openStore(): Promise<{ store: DuckDbStore; service: LocalService }> {
  const options = { folder: join(folder.path, `store-${++stores}`), memoryBytes: 2 ** 28, threads: 1 };
  const store = await DuckDbStore.open(options);
  onTestFinished(() => store.close());
  return { store, service: new LocalService(store) };
}

const take = (store: DuckDbStore, ...inputs: readonly Input[]): Promise<IngestReport> =>
  ingest(store, { inputs, missing: [] }, { format: null, source: 's3://logs' });

const old = [flow(1, NEWEST - 3 * DAY), flow(2, NEWEST - 2 * DAY), nodata(NEWEST - 3 * DAY)];
const young = [flow(3, NEWEST - 60), nodata(NEWEST - 60)];

test('an object that changes does not bring back what retention deleted, and says how much it left out', async () => {
  const { store, service } = await openStore();
  await take(store, object('a', [...old, ...young]), object('b', [flow(9, NEWEST)]));
  expect(await service.retain({ keep: 'P1D', keepRaw: null })).toMatchObject({ dropped_flows: 2 });
  const more = [flow(4, NEWEST - 30), flow(5, NEWEST - 2 * DAY)];
  const report = await take(store, object('a', [...old, ...young, ...more]));
  expect(report).toMatchObject({
    records: 7,
    flows: 1,
    nodata: 0,
    duplicates: 6,
    expired: 4,
  });
  expect(await sqlRows(await service.sql('SELECT dstport FROM flows ORDER BY ALL'))).toEqual([[3], [4], [9]]);
  expect(await sqlRows(await service.sql('SELECT count(*) FROM coverage'))).toEqual([[1]]);
  // What is new is not kept from coming in, however old: the next retention deletes it.
  expect(await take(store, object('c', [flow(6, NEWEST - 2 * DAY)]))).toMatchObject({ flows: 1 });
});

test('nor does it count twice what only sums by the hour are left of', async () => {
  const { store, service } = await openStore();
  await take(store, object('a', [...old, ...young]));
  await service.retain({ keep: null, keepRaw: 'P1D' });
  const report = await take(store, object('a', [...old, ...young, flow(4, NEWEST - 30)]));
  expect(report).toMatchObject({ flows: 1, duplicates: 5, expired: 2 });
  const { rows } = await service.query({ measures: ['flows'] });
  expect(rows).toEqual([[4]]);
});

test('a longer retention later does not make what is gone come back', async () => {
  const { store, service } = await openStore();
  await take(store, object('a', [...old, ...young]));
  await service.retain({ keep: 'P1D', keepRaw: null });
  await service.retain({ keep: 'P30D', keepRaw: null });
  expect(await take(store, object('a', [...old, ...young, flow(4, NEWEST)]))).toMatchObject({
    flows: 1,
    expired: 3,
  });
});
