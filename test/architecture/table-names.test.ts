import { expect, test } from 'vitest';
import { clickhouse } from '../../src/sql/dialects/clickhouse/clickhouse-dialect.ts';
import { duckdb } from '../../src/sql/dialects/duckdb/duckdb-dialect.ts';
import { tableNames } from '../../web/views/table-names.ts';

test('every table that may answer has a name in words', () => {
  for (const { tables, rollups } of [duckdb, clickhouse])
    for (const table of [tables.flows, ...rollups.map((rollup) => rollup.table)])
      expect(tableNames.get(table), table).toMatch(/^[a-z ]+$/);
});
