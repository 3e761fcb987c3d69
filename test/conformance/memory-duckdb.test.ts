import { expect, test } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { describeEngine } from './describe-engine.ts';
import { memoryDuckDb } from './memory-duckdb.ts';

describeEngine('SQL for DuckDB', memoryDuckDb);

test('an answer has a largest size, and says when it was cut', async () => {
  const records = Array.from({ length: 20 }, (_, dstport) => ({ dstport, start: 1_529_452_800 + dstport }));
  const engine = await memoryDuckDb(records, { maxRows: 7 });
  const ask = (splits: unknown[]): ReturnType<typeof engine.query> => engine.query(parseQuery({ splits }));
  const cut = await ask([{ field: 'dstport', limit: null, sort: { by: 'dstport' } }]);
  expect(cut.rows.map(([port]) => port)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(cut.truncated).toBe(true);
  expect((await ask([{ field: 'dstport', bucket: 10 }])).truncated).toBe(false);
  engine.close();
});
