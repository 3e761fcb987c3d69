import {
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { chunkRows, numberCells, plainCells } from './chunk-rows.ts';

const columns = [
  "CASE WHEN i % 3 = 0 THEN NULL ELSE 'text ' || i END",
  "CASE WHEN i % 5 = 0 THEN NULL ELSE repeat('long ä€😀', i % 7) END",
  'NULL::VARCHAR',
  'CASE WHEN i % 2 = 0 THEN (i - 1000)::INTEGER END',
  '(i * 1800000)::UINTEGER',
  'CASE WHEN i % 64 = 63 THEN NULL ELSE (i - 5)::BIGINT * 1000000000000000 END',
  'i::UBIGINT * 8000000000000000',
  'i / 7.0::DOUBLE',
  'CASE WHEN i % 4 = 0 THEN make_timestamp(i * 1000001) END',
  'make_timestamp(-i * 1000001)::TIMESTAMPTZ',
  'i % 2 = 1',
  'i::HUGEINT * 100000000000000000000',
  'CASE WHEN i % 64 = 62 THEN NULL ELSE (i - 1000)::HUGEINT * 9000000000000000000 END',
  'CASE WHEN i % 9 > 0 THEN (i * 28)::USMALLINT END',
  '(i / 3)::DECIMAL(20, 3)',
  '[i, NULL, 3]',
  "{'a': i, 'b': 'x'}",
  'NULL::BIGINT',
  "''",
  'i::SMALLINT',
  '(9007199254740991 + i % 3 - 1)::BIGINT * CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END',
  '(9007199254740991 + i % 3 - 1)::HUGEINT * CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END',
  '(i - 1000)::HUGEINT * 4294967296',
];

function microsOf(value: DuckDBValue): DuckDBValue {
  return value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue
    ? value.micros
    : value;
}

function exactNumber(value: DuckDBValue): DuckDBValue {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

test('rows equal what the library reads value by value, for every type, with and without nulls', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    for (const count of [1, 7, 8, 63, 64, 65, 2048, 2_300]) {
      const result = await connection.stream(
        `SELECT ${columns.join(', ')} FROM range(${count}) t(i) WHERE i <> 3`,
      );
      let seen = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const read = chunk.getRows();
        const expected = read.map((row) => row.map(microsOf));
        expect(chunkRows(chunk, plainCells)).toEqual(expected);
        expect(chunkRows(chunk, numberCells)).toEqual(read.map((row) => row.map(exactNumber).map(microsOf)));
        seen += chunk.rowCount;
      }
      expect(seen).toBe(count > 3 ? count - 1 : count);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});

test.each([
  ['SELECT list(i) FROM range(2000000) t(i)', /lists of more than 1,000,000 elements/],
  ["SELECT {'a': [list(i)]} FROM range(2000000) t(i)", /lists of more than/],
  ['SELECT map(list(i), list(i)) FROM range(1200000) t(i)', /lists of more than/],
  ["SELECT repeat('x', 70000000)", /texts of more than 64 MiB/],
  ["SELECT [repeat('x', 40000000), repeat('y', 40000000)]", /texts of more than 64 MiB/],
])('what is too large to be held is refused before it is read: %s', async (sql, message) => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    const chunk = await (await connection.stream(sql)).fetchChunk();
    expect(() => chunk !== null && chunkRows(chunk, plainCells)).toThrow(message);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
