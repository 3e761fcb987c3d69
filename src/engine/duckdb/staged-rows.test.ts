import { DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_ADDRESS, type BatchColumn, type RecordBatch } from '../../model/record/record-batch.ts';
import { StagedRows, registerStagedRows } from './staged-rows.ts';

/** A row as it should be read: values of a u32, a u8, a text, an address and an amount; undefined: the batch has no such column. */
interface Row {
  readonly hour: number | null;
  readonly protocol?: number | null;
  readonly action: string | null;
  readonly srcaddr: number | string | null;
  readonly bytes?: bigint | null;
}

/** The ids of a batch's texts, which differ from its codes. */
const ids = Uint32Array.of(0, 70, 80, 4_000_000_000);
const texts = ['', 'a', 'b', '::1'];

const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 6 });
const row: fc.Arbitrary<Required<Row>> = fc.record({
  hour: nullable(fc.nat(0xffff_ffff)),
  protocol: nullable(fc.nat(255)),
  action: nullable(fc.constantFrom('a', 'b')),
  srcaddr: nullable(fc.oneof(fc.nat(0xffff_ffff), fc.constant('::1'))),
  bytes: nullable(fc.bigInt(0n, 2n ** 62n)),
});
/** Batches of some rows, often more than DuckDB takes at once, with columns that not all of them have. */
const batch: fc.Arbitrary<readonly Row[]> = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 40 }), fc.constantFrom(1, 7, 100), fc.boolean())
  .map(([rows, times, whole]) =>
    Array.from({ length: times }, () => rows)
      .flat()
      .map((each) => (whole ? each : { hour: each.hour, action: each.action, srcaddr: each.srcaddr })),
  );

function batchOf(rows: readonly Row[]): RecordBatch {
  const nulls = (name: 'hour' | 'protocol' | 'bytes'): Uint8Array | null =>
    rows.some((each) => each[name] === null)
      ? Uint8Array.from(rows, (each) => Number(each[name] === null))
      : null;
  const columns: BatchColumn[] = [
    {
      kind: 'integer',
      field: 'hour',
      values: Uint32Array.from(rows, (each) => each.hour ?? 0),
      nulls: nulls('hour'),
    },
    {
      kind: 'text',
      field: 'action',
      codes: Uint32Array.from(rows, (each) => texts.indexOf(each.action ?? '')),
    },
    {
      kind: 'address',
      field: 'srcaddr',
      halves: Uint32Array.from(
        rows.flatMap(({ srcaddr }) =>
          srcaddr === null
            ? [0, NO_ADDRESS]
            : typeof srcaddr === 'string'
              ? [texts.indexOf(srcaddr), 1]
              : [srcaddr, 0],
        ),
      ),
    },
  ];
  if (rows[0]?.protocol === undefined) return { rows: rows.length, columns, texts };
  const amounts = BigUint64Array.from(rows, (each) => each.bytes ?? 0n);
  columns.push(
    {
      kind: 'integer',
      field: 'protocol',
      values: Uint8Array.from(rows, (each) => each.protocol ?? 0),
      nulls: nulls('protocol'),
    },
    { kind: 'counter', field: 'bytes', halves: new Uint32Array(amounts.buffer), nulls: nulls('bytes') },
  );
  return { rows: rows.length, columns, texts };
}

function expected({ hour, protocol, action, srcaddr, bytes }: Row, columns: number): readonly unknown[] {
  const address =
    typeof srcaddr === 'string' ? 2n ** 32n + 4_000_000_000n : srcaddr === null ? null : BigInt(srcaddr);
  const cells = [
    hour,
    action === null ? null : ids[texts.indexOf(action)],
    address,
    protocol ?? null,
    bytes ?? null,
  ];
  return cells.slice(0, columns);
}

test('statements read what was added, any part of it, as often as they like', async () => {
  const handle = await duckdb.open(':memory:');
  const raw = await duckdb.connect(handle);
  const own = new DuckDBConnection(raw);
  registerStagedRows({ api: own, raw });
  const read = async (sql: string): Promise<unknown[][]> => (await own.runAndReadAll(sql)).getRows();
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(batch, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 2 }),
        async (rounds) => {
          const staged = new StagedRows();
          // What is emptied is used again.
          for (const batches of rounds) {
            for (const rows of batches) staged.add(batchOf(rows), ids);
            const all = batches.flat();
            const width = all.some(({ protocol }) => protocol !== undefined) ? 5 : 3;
            expect(await read(`SELECT * FROM ${staged.from}`)).toEqual(
              all.map((each) => expected(each, width)),
            );
            expect(await read(`SELECT count(*), count(srcaddr) FROM ${staged.from}`)).toEqual([
              [BigInt(all.length), BigInt(all.filter(({ srcaddr }) => srcaddr !== null).length)],
            ]);
            const some = all.filter(({ hour }) => hour === null || hour >= 2 ** 31).length;
            expect(
              await read(
                `SELECT count(*) FROM (SELECT hour FROM ${staged.from} WHERE hour IS NULL UNION ALL SELECT hour FROM ${staged.from} WHERE hour >= 2147483648)`,
              ),
            ).toEqual([[BigInt(some)]]);
            expect(staged.hasHuge).toBe(all.some(({ bytes }) => (bytes ?? 0n) >= 2n ** 40n));
            staged.empty();
            await expect(read(`SELECT * FROM ${staged.from}`)).rejects.toThrow('there are no such rows');
          }
        },
      ),
      { numRuns: 30 },
    );
  } finally {
    own.disconnectSync();
    duckdb.close_sync(handle);
  }
});
