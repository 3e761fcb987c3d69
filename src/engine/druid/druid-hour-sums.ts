import type { Answer } from '../../model/query/answer.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import type { Query } from '../../model/query/query.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { hourCounts } from '../../sql/hour-sum-queries.ts';
import type { Store } from '../duckdb/store.ts';
import { type HourSums, NO_SUMS } from '../sums-of-hour.ts';

/**
 * As `readHourSums`: flows are counted and added up by Druid, records without flows are in the file beside.
 *
 * @param ask answers from each flow
 */
export async function druidHourSums(
  ask: (query: Query) => Promise<Answer>,
  store: Store,
): Promise<ReadonlyMap<string, HourSums>> {
  const query = parseQuery({
    splits: [{ field: 'time', bucket: 'PT1H', limit: null }],
    measures: ['flows', 'bytes', 'packets'],
  });
  const sums = new Map<string, HourSums>();
  const { rows } = await ask(query);
  for (const [start, count, bytes, packets] of rows)
    sums.set(start === null ? 'null' : String(Date.parse(String(start)) / 3_600_000), {
      ...NO_SUMS,
      flows: String(count ?? 0),
      bytes: String(bytes ?? 0),
      packets: String(packets ?? 0),
    });
  for (const [hour, nodata, skipdata] of await store.database.rows(hourCounts(duckdb)))
    sums.set(String(hour), {
      ...(sums.get(String(hour)) ?? NO_SUMS),
      nodata: String(nodata),
      skipdata: String(skipdata),
    });
  return sums;
}
