import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlRows } from '../support/sql-rows.ts';
import { arbitraryFlows, eras } from './arbitrary-flows.ts';
import { enrichedWorld } from './enriched-world.ts';
import { storeDuckDb } from './store-duckdb.ts';

/** A statement over few columns joins the texts it needs; one over many takes them from lists. */
test('all columns at once hold what each gives alone', async () => {
  const era = eras[0]!;
  const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 20_180_620 });
  const engine = await storeDuckDb(records, enrichedWorld(era).enrichment);
  try {
    const wide = await engine.sql('SELECT * FROM flows');
    const names = wide.columns.map(({ name }) => name);
    const rows = await sqlRows(wide);
    expect(rows.length).toBeGreaterThan(20);
    let told = 0;
    for (const [index, name] of names.entries()) {
      const alone = await sqlRows(await engine.sql(`SELECT "${name}", srcaddr, "start" FROM flows`));
      const [source, start] = [names.indexOf('srcaddr'), names.indexOf('start')];
      const together = rows.map((row) => JSON.stringify([row[index], row[source], row[start]]));
      expect([name, together.toSorted()]).toEqual([name, alone.map((row) => JSON.stringify(row)).toSorted()]);
      if (alone.some(([value]) => typeof value === 'string')) told++;
    }
    expect(told).toBeGreaterThan(20);
  } finally {
    await engine.close();
  }
});

test('for a column that there is not, columns of flows are suggested', async () => {
  const engine = await storeDuckDb([{ start: 1_529_452_800, srcaddr: '10.0.0.1', dstport: 80 }]);
  try {
    for (const [sql, near] of [
      ['SELECT nope FROM flows', ''],
      ['SELECT srcadr FROM flows', 'srcaddr'],
      ['SELECT srcaddr FROM flows WHERE dst_port = 80', 'dstport'],
    ] as const) {
      const error: unknown = await engine.sql(sql).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'bad_sql',
        message: expect.not.stringContaining('nothing') as unknown,
      });
      expect(String(error)).toContain(near);
    }
  } finally {
    await engine.close();
  }
});
