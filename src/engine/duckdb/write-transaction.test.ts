import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';
import type { DecodedPart } from '../../model/record/decoded-part.ts';
import { NO_RECORDS, type BatchColumn, type RecordBatch } from '../../model/record/record-batch.ts';
import { Store } from './store.ts';

const HOUR = 1_600_000_000;
/** Rows of a part: with so little memory, three of them are written while the next ones come. */
const ROWS = 30_000;
const PARTS = 6;

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-write-'));
  store = await Store.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Part `n` of many: each flow has a source of its own, of IPv6, and its number as bytes; some parts have a line that is none. */
function part(n: number): DecodedPart {
  const numbers = Array.from({ length: ROWS }, (_, row) => n * ROWS + row);
  const texts = [
    '',
    ...numbers.map((number) => `2001:db8::${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}`),
  ];
  return {
    flows: {
      rows: ROWS,
      texts,
      columns: [
        {
          kind: 'time',
          field: 'start',
          values: Uint32Array.from(numbers, (number) => HOUR + (number % 86_400)),
          nulls: null,
        },
        {
          kind: 'address',
          field: 'srcaddr',
          halves: Uint32Array.from(numbers.flatMap((_, row) => [row + 1, 1])),
        },
        {
          kind: 'counter',
          field: 'bytes',
          halves: Uint32Array.from(numbers.flatMap((number) => [number, 0])),
          nulls: null,
        },
      ],
    },
    coverage: NO_RECORDS,
    nodata: 0,
    skipdata: 0,
    quarantined: n % 3 === 1 ? [{ line: n, reason: 'not a record', text: `line ${n}` }] : [],
  };
}

const contents = async (): Promise<unknown> =>
  (
    await store.database.rows(
      `SELECT (SELECT count(*) FROM flow)::INT, (SELECT count(DISTINCT bytes) FROM flow)::INT, (SELECT sum(bytes) FROM flow)::BIGINT,
         (SELECT count(DISTINCT d.value) FROM flow f JOIN dictionary d ON d.id = f.srcaddr - 4294967296)::INT,
         (SELECT sum(flows) FROM logged_hour)::INT, (SELECT count(*) FROM quarantined_line)::INT`,
    )
  )[0];

const all = ROWS * PARTS;
const everything = [all, all, BigInt((all * (all - 1)) / 2), all, all, 2];
const sizes = async (): Promise<unknown> =>
  (
    await store.database.rows(
      'SELECT (SELECT count(*) FROM flow)::INT, (SELECT count(*) FROM input)::INT, (SELECT count(*) FROM logged_hour)::INT, (SELECT count(*) FROM quarantined_line)::INT',
    )
  )[0];

async function putAll(
  before?: (n: number, run: (sql: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await store.write(async (transaction) => {
    const input = transaction.open();
    for (let n = 0; n < PARTS; n++) {
      await before?.(n, (sql) => transaction.run(sql));
      await transaction.append(input, part(n));
    }
    transaction.close(input, ledgerEntry('a'));
  });
}

test('rows that come while others are written are in once, with the texts and lines that came with them', async () => {
  await putAll();
  expect(await contents()).toEqual(everything);
});

test('if whoever appends fails while rows are written, nothing is in, and the store goes on', async () => {
  const failing = putAll(async (n) => {
    if (n === 4) throw new Error('stop here');
  });
  await expect(failing).rejects.toThrow('stop here');
  expect(await sizes()).toEqual([0, 0, 0, 0]);
  await putAll();
  expect(await contents()).toEqual(everything);
});

test('if writing fails while rows are appended, it is said, nothing is in, and the store goes on', async () => {
  const failing = putAll(async (n, run) => {
    if (n === 0) await run('ALTER TABLE logged_hour RENAME TO nowhere');
  });
  await expect(failing).rejects.toThrow(/logged_hour/);
  expect(await sizes()).toEqual([0, 0, 0, 0]);
  await putAll();
  expect(await contents()).toEqual(everything);
});

test('transactions that follow one another are each as the first one, whatever fields they have', async () => {
  const [first, ...others] = part(0).flows.columns;
  const put = async (name: string, rows: number, columns: RecordBatch['columns']): Promise<void> =>
    store.write(async (transaction) => {
      const input = transaction.open();
      const whole = part(0);
      await transaction.append(input, {
        ...whole,
        flows: { ...whole.flows, rows, columns },
        quarantined: [],
      });
      transaction.close(input, ledgerEntry(name));
    });
  const port: BatchColumn = {
    kind: 'integer',
    field: 'dstport',
    values: Uint16Array.from({ length: ROWS }, (_, row) => row),
    nulls: Uint8Array.from({ length: ROWS }, (_, row) => row % 2),
  };
  const protocol: BatchColumn = {
    kind: 'integer',
    field: 'protocol',
    values: new Uint8Array(ROWS),
    nulls: null,
  };
  await put('a', ROWS, [first!, ...others]);
  await put('b', 50, [first!]);
  await put('c', 40, [first!, port]);
  await expect(
    store.write(async (transaction) => {
      const { flows, ...rest } = part(1);
      await transaction.append(transaction.open(), {
        ...rest,
        flows: { ...flows, columns: [first!, protocol] },
      });
      // Writes what is staged, with its new field.
      await transaction.leftOut();
      throw new Error('stop here');
    }),
  ).rejects.toThrow('stop here');
  await put('d', 30, [port, first!, protocol]);
  await put('e', 20, [first!, ...others]);
  expect(
    (
      await store.database.rows(
        `SELECT count(*)::INT, count(bytes)::INT, count(srcaddr)::INT, count(dstport)::INT, sum(dstport)::INT, count(protocol)::INT,
           (SELECT sum(flows) FROM logged_hour)::INT, (SELECT sum(flows) FROM flow_hour)::INT FROM flow`,
      )
    )[0],
  ).toEqual([ROWS + 140, ROWS + 20, ROWS + 20, 35, 20 * 19 + 15 * 14, 30, ROWS + 140, ROWS + 140]);
});
