import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { clickhouseForTests } from '../clickhouse/clickhouse-server.ts';
import { openClickHouse, storeClickHouse } from '../clickhouse/store-clickhouse.ts';
import { describeSample } from '../conformance/describe-sample.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';

/** The small part of what `npm run test:clickhouse` tests. */
describe('a store in ClickHouse', () => {
  const server = clickhouseForTests();

  describeSample((records, enrichment) => storeClickHouse(server.database(), records, enrichment), 10);

  test.each(['before', 'after'])('takes in once what lost its connection %s it was done', async (when) => {
    const url = server.database();
    const store = await openClickHouse(url);
    const { origin } = new URL(url);
    for (const table of ['flow_row', 'committed_batch']) {
      const statement = encodeURIComponent(`INSERT INTO ${table} `);
      await fetch(`${origin}/test/lose?text=${statement}&times=1&when=${when}`);
      const records = Array.from({ length: 9 }, (_, i) => ({ start: 1_529_452_800 + i, bytes: 40n }));
      await writeRecords(store, table, records);
    }
    const { rows } = await store.query(parseQuery({ measures: ['flows', 'bytes'] }));
    expect(rows).toEqual([[18, 720]]);
    await store.close();
  });
});
