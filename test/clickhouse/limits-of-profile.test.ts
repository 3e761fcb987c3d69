import { describe, expect, it, vi } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { clickhouseForTests, onCluster, whyNot } from './clickhouse-server.ts';
import { openClickHouse } from './store-clickhouse.ts';

vi.setConfig({ testTimeout: 120_000 });

const PORTS = 3_000;

describe.skipIf(whyNot !== null)(`a ClickHouse user with limits (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests(onCluster, {
    max_rows_to_group_by: '1000',
    group_by_overflow_mode: 'any',
    max_result_rows: '2000',
    result_overflow_mode: 'break',
    limit: '10',
  });

  it('gets whole answers or an error, never a part of one', async () => {
    const flows = Array.from({ length: PORTS }, (_, port) => ({
      start: 1_529_452_800 + port,
      srcaddr: '10.0.0.1',
      dstaddr: '10.0.0.2',
      dstport: port,
      action: port % 20 === 0 ? 'REJECT' : 'ACCEPT',
    }));
    const store = await openClickHouse(server.database());
    try {
      // All at once are more groups than a sum of an hour may have for this user.
      await expect(writeRecords(store, 'all', flows)).rejects.toMatchObject({ code: 'too_large' });
      for (let from = 0; from < PORTS; from += 500)
        await writeRecords(store, `from ${from}`, flows.slice(from, from + 500));
      const few = {
        filter: [{ field: 'action', in: ['REJECT'] }],
        splits: [{ field: 'dstport', limit: 500 }],
      };
      expect((await store.query(parseQuery(few))).rows).toHaveLength(PORTS / 20);
      expect((await store.query(parseQuery({ measures: ['flows'] }))).rows).toEqual([[PORTS]]);
      for (const many of [
        { splits: [{ field: 'dstport', limit: 5 }] },
        { splits: [{ field: 'dstport', limit: PORTS }] },
      ])
        await expect(store.query(parseQuery(many))).rejects.toMatchObject({
          code: 'too_large',
          message: expect.stringMatching(/limit|rows/i),
        });
    } finally {
      await store.close();
    }
  });
});
