import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf, type PlainRecord } from '../../../../test/support/batch-of.ts';
import { sqlRows } from '../../../../test/support/sql-rows.ts';
import { useTempFolder } from '../../../../test/support/temp-folder.ts';
import { fields } from '../../../model/catalog/fields.ts';
import { parseQuery } from '../../../model/query/parse-query.ts';
import { FIRST_FREE_ID, reservedId, reservedTexts } from '../../../sql/dialects/duckdb/duckdb-layout.ts';
import { DuckDbEngine } from '../duckdb-engine.ts';
import { Store } from '../store.ts';
import { ledgerEntry } from '../../../../test/support/ledger-entry.ts';

const temp = useTempFolder();
const open = (name: string): Promise<Store> =>
  Store.open({ folder: join(temp.path, name), memoryBytes: 256 * 1024 * 1024, threads: 2 });

const HOUR = 1_529_452_800;
const base = (row: number): PlainRecord => ({
  srcaddr: '203.0.113.9',
  dstaddr: '10.0.0.1',
  srcport: 40_000 + row,
  dstport: 80,
  protocol: 6,
  bytes: 100 + row,
  packets: 1,
  start: HOUR + 1800 * row,
  end: HOUR + 1800 * row + 60,
  action: 'REJECT',
  log_status: 'OK',
});

/** Values of fields of every type, by field name. */
const logged: readonly PlainRecord[] = [
  { reject_reason: 'BPA', encryption_status: 4_294_967_295, pkt_dstaddr: '192.0.2.7' },
  { reject_reason: 'BPA', encryption_status: null, pkt_dstaddr: '2001:db8::7' },
  { reject_reason: 'EC', encryption_status: 0, pkt_dstaddr: null },
  { reject_reason: null, encryption_status: 3, pkt_dstaddr: '255.255.255.255' },
];
const names = ['reject_reason', 'encryption_status', 'pkt_dstaddr'];

/** The same values as stored by a version that did not know the fields, and one that is still unknown. */
function unknown(values: PlainRecord, row: number): PlainRecord {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [[name.replaceAll('_', '-'), String(value)] as const],
  );
  return { extra: JSON.stringify(Object.fromEntries([...entries, ['my-tag', `tag ${row % 2}`]])) };
}

async function put(store: Store, name: string, records: readonly PlainRecord[]): Promise<void> {
  await store.write(async (transaction) => {
    const input = transaction.open();
    await transaction.append(input, partOf(records));
    transaction.close(input, ledgerEntry(name));
  });
}

const queries = [
  { splits: [{ field: 'reject_reason' }], measures: ['flows', 'bytes'] },
  { splits: [{ field: 'time', bucket: 'PT1H' }, { field: 'encryption_status' }], measures: ['flows'] },
  { filter: [{ field: 'pkt_dstaddr', cidr: ['2001:db8::/32'] }], measures: ['flows'] },
  {
    filter: [{ field: 'reject_reason', in: [null] }],
    splits: [{ field: 'pkt_dstaddr' }],
    measures: ['flows'],
  },
  { splits: [{ field: 'dstport' }], measures: ['flows', 'bytes'] },
];

async function answers(store: Store): Promise<unknown> {
  const engine = new DuckDbEngine(store);
  const list = names.map((name) => `"${name}"`).join(', ');
  const asked = [];
  for (const query of queries) {
    const { rows, stats } = await engine.query(parseQuery(query));
    asked.push({ rows, source: stats.source });
  }
  return {
    rows: await sqlRows(await engine.sql(`SELECT srcport, ${list} FROM flows ORDER BY srcport`)),
    asked,
  };
}

test('fields that were unknown when they were logged are found under their columns, in rollups too', async () => {
  const known = await open('known');
  await put(
    known,
    'a',
    logged.map((values, row) => ({ ...base(row), ...values })),
  );
  const before = await open('before');
  await put(
    before,
    'a',
    logged.map((values, row) => ({ ...base(row), ...unknown(values, row) })),
  );
  expect([...before.columns.extra].toSorted()).toEqual([
    'encryption-status',
    'my-tag',
    'pkt-dstaddr',
    'reject-reason',
  ]);
  await before.close();
  const after = await open('before');
  expect(await answers(after)).toEqual(await answers(known));
  expect([...after.columns.extra]).toEqual(['my-tag']);
  const tags = await new DuckDbEngine(after).sql('SELECT my_tag FROM flows ORDER BY srcport');
  expect(await sqlRows(tags)).toEqual([['tag 0'], ['tag 1'], ['tag 0'], ['tag 1']]);
  // Later flows are stored in the same columns.
  for (const store of [known, after]) await put(store, 'b', [{ ...base(9), ...logged[0] }]);
  expect(await answers(after)).toEqual(await answers(known));
  await after.close();
  const again = await open('before');
  expect(await answers(again)).toEqual(await answers(known));
  await Promise.all([again.close(), known.close()]);
});

test('a value that is not valid for its field stays in extra', async () => {
  const before = await open('odd');
  const odd = ['-5', '4294967296', 'three', '7'].map((value, row) => ({
    ...base(row),
    extra: JSON.stringify({ 'encryption-status': value }),
  }));
  await put(before, 'a', odd);
  await before.close();
  const after = await open('odd');
  const rows = await new DuckDbEngine(after).sql(
    'SELECT encryption_status, encryption_status_2 FROM flows ORDER BY srcport',
  );
  expect(await sqlRows(rows)).toEqual([
    [null, '-5'],
    [null, '4294967296'],
    [null, 'three'],
    [7, null],
  ]);
  await after.close();
});

test('every fixed value has its own number, and numbers in existing stores never change', () => {
  const values = fields.flatMap((field) => field.values ?? []);
  for (const value of values) expect([value, reservedId(value)]).toEqual([value, expect.any(Number)]);
  const ids = reservedTexts().map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Math.max(...ids)).toBeLessThan(FIRST_FREE_ID);
  const pinned = ['ACCEPT', 'REJECT', 'OK', 'NODATA', 'SKIPDATA'];
  expect(pinned.map(reservedId)).toEqual([1, 2, 3, 4, 5]);
});
