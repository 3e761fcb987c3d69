import { hourCounts, hourSumsOfFlows } from '../sql/hour-sum-queries.ts';
import type { FlowStore } from './flow-store.ts';
import { type HourSums, NO_SUMS } from './sums-of-hour.ts';

/** Counts and sums of the flows themselves and of the records without flows, by the hour since 1970 (UTC); 'null': no start. */
export async function readHourSums(store: FlowStore): Promise<ReadonlyMap<string, HourSums>> {
  if (store.hourSums !== undefined) return store.hourSums();
  return store.statements(null, async ({ dialect, run }) => {
    const sums = new Map<string, HourSums>();
    for (const [hour, flows, bytes, packets] of await run(hourSumsOfFlows(store.columns.flow, dialect)))
      sums.set(String(hour), {
        ...NO_SUMS,
        flows: String(flows ?? 0),
        bytes: String(bytes ?? 0),
        packets: String(packets ?? 0),
      });
    for (const [hour, nodata, skipdata] of await run(hourCounts(dialect)))
      sums.set(String(hour), {
        ...(sums.get(String(hour)) ?? NO_SUMS),
        nodata: String(nodata),
        skipdata: String(skipdata),
      });
    return sums;
  });
}
