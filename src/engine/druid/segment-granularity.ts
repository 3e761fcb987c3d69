import type { SegmentGranularity } from '../store-driver.ts';
import type { DruidServer } from './druid-server.ts';

/**
 * The time that a segment of a data source is of. It is kept in Druid, with the data source's compaction, so that every process that
 * fills it, whatever its folder, does so alike; by day where nobody has chosen.
 */
export async function segmentGranularity(server: DruidServer): Promise<SegmentGranularity> {
  const config = (await server.get(
    `/druid/coordinator/v1/config/compaction/${encodeURIComponent(server.datasource)}`,
  )) as { readonly granularitySpec?: { readonly segmentGranularity?: unknown } | null } | null;
  // A name, or a period in an object.
  const chosen = JSON.stringify(config?.granularitySpec?.segmentGranularity ?? null);
  return /"(HOUR|PT1H)"/.test(chosen) ? 'hour' : 'day';
}
