import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partOf } from '../../../test/support/batch-of.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { closedUntil } from './closed-days.ts';
import { DuckDbEngine } from './duckdb-engine.ts';
import { compact } from './compaction.ts';
import { retain } from './retention.ts';
import { Store } from './store.ts';

const temp = useTempFolder();
const DAY = 86_400;
const START = 1_529_452_800;
/** More than DuckDB keeps in one row group (122,880). */
const SOURCES = 125_000;
let stores = 0;

const openStore = (): Promise<Store> =>
  Store.open({ folder: join(temp.path, `store-${stores++}`), memoryBytes: 512 * 1024 * 1024, threads: 2 });

/** With so little memory that 131,072 flows are written at once. */
const openSmall = (): Promise<Store> =>
  Store.open({ folder: join(temp.path, `store-${stores++}`), memoryBytes: 256 * 1024 * 1024, threads: 2 });

async function add(store: Store, ...starts: readonly (number | null)[]): Promise<void> {
  const flows = starts.map((start, i) => ({
    srcaddr: `203.0.113.${i % 3}`,
    dstaddr: '10.0.0.1',
    dstport: i,
    bytes: 40,
    ...(start === null ? {} : { start, end: start + 60 }),
  }));
  await store.write(async (transaction) => {
    const input = transaction.open();
    await transaction.append(input, partOf(flows));
    transaction.close(input, ledgerEntry(`input ${store.revision}`));
  });
}

/** Flows and bytes of each pair and day: of the days that are closed from one table, of all others from the other. */
async function sums(store: Store): Promise<readonly [parted: unknown, whole: unknown, rows: number]> {
  const rows = (from: string): Promise<unknown> =>
    store.database.rows(
      `SELECT hour // 24, srcaddr, dstaddr, sum(flows)::INT, sum(bytes)::INT FROM ${from} GROUP BY ALL ORDER BY ALL`,
    );
  const parted = `(SELECT hour, srcaddr, dstaddr, flows, bytes FROM flow_address_day UNION ALL
    SELECT hour, srcaddr, dstaddr, flows, bytes FROM flow_hour WHERE hour IS NULL OR hour >= (${closedUntil}))`;
  const [count] = await store.database.rows('SELECT count(*) FROM flow_address_day');
  return [await rows(parted), await rows('flow_hour'), Number(count?.[0])];
}

test('a day is added up by addresses once the logs go on to the next, each pair once', async () => {
  const store = await openStore();
  const counted: number[] = [];
  // Eight commits a day, in order.
  for (let at = START; at < START + 3 * DAY; at += DAY / 8) {
    await add(store, at, at + 60, at + 120, at + 180);
    const [parted, whole, rows] = await sums(store);
    expect(parted).toEqual(whole);
    counted.push(rows);
  }
  expect(counted).toEqual([
    ...Array<number>(8).fill(0),
    ...Array<number>(8).fill(3),
    ...Array<number>(8).fill(6),
  ]);
  await store.close();
});

test('a day that is closed while a question runs is not counted twice', async () => {
  const store = await openStore();
  await add(store, START, START + 60);
  const engine = new DuckDbEngine(store);
  const query = parseQuery({ splits: [{ field: 'dstaddr', limit: 5 }] });
  expect((await engine.query(query)).rows).toEqual([['10.0.0.1', 2]]);
  // Comes in after the statement was made, and before it runs.
  const lend = store.database.withConnection.bind(store.database);
  let came = false;
  store.database.withConnection = async (work) => {
    if (!came) {
      came = true;
      await add(store, START + DAY);
    }
    return lend(work);
  };
  const { rows, stats } = await engine.query(query);
  expect([came, stats.source, rows]).toEqual([true, 'flow_address_day', [['10.0.0.1', 3]]]);
  await store.close();
});

/** One flow each of many sources, from a time on. */
function manySources(start: number): RecordBatch {
  const halves = new Uint32Array(2 * SOURCES);
  for (let row = 0; row < SOURCES; row++) halves[2 * row] = start + row;
  return {
    rows: SOURCES,
    columns: [
      { kind: 'time', field: 'start', values: new Uint32Array(SOURCES).fill(start), nulls: null },
      { kind: 'address', field: 'srcaddr', halves },
      { kind: 'address', field: 'dstaddr', halves: new Uint32Array(2 * SOURCES) },
      { kind: 'counter', field: 'bytes', halves: new Uint32Array(2 * SOURCES), nulls: null },
    ],
    texts: [''],
  };
}

/** Two times a day, in one transaction that is written in several goes. */
async function addManySources(store: Store, days: number): Promise<void> {
  await store.write(async (transaction) => {
    const input = transaction.open();
    for (let half = 0; half < 2 * days; half++)
      await transaction.append(input, { ...partOf([]), flows: manySources(START + (half * DAY) / 2) });
    transaction.close(input, ledgerEntry('one long file'));
  });
}

const totalsByDay = (store: Store, table: string): Promise<unknown> =>
  store.database.rows(`SELECT hour // 24, sum(flows)::INT FROM ${table} GROUP BY ALL ORDER BY ALL`);

test('days of many addresses that one long file closes are added up once each', async () => {
  const store = await openSmall();
  await addManySources(store, 4);
  expect(await totalsByDay(store, 'flow_address_day')).toEqual(
    [0, 1, 2].map((day) => [Math.floor(START / DAY) + day, 2 * SOURCES]),
  );
  await store.close();
});

test('whatever comes late, without a time, or from a clock that is ahead, nothing is counted twice or left out', async () => {
  const ahead = Math.floor(Date.now() / 1000) + 400 * DAY;
  const start = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: START, max: START + 4 * DAY }) },
    { weight: 1, arbitrary: fc.constantFrom(null, ahead, ahead + 30 * DAY) },
  );
  const commits = fc.array(fc.array(start, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });
  const then = fc.constantFrom('', 'compact', 'keep PT30H', 'keep P2D', 'raw PT30H');
  const property = fc.asyncProperty(commits, then, commits, async (before, what, after) => {
    const store = await openStore();
    try {
      for (const starts of before) await add(store, ...starts);
      if (what === 'compact') await compact(store);
      else if (what !== '') {
        const [, duration = ''] = what.split(' ');
        const raw = what.startsWith('raw');
        await retain(store, { keep: raw ? null : duration, keepRaw: raw ? duration : null });
      }
      for (const starts of after) await add(store, ...starts);
      const [parted, whole] = await sums(store);
      expect(parted).toEqual(whole);
    } finally {
      await store.close();
    }
  });
  await fc.assert(property, { numRuns: 15, seed: 3 });
});
