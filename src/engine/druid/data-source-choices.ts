import type { SegmentGranularity } from '../store-driver.ts';
import type { DruidServer } from './druid-server.ts';

/** What people choose about a data source before it is filled. */
export interface DataSourceChoices {
  /** The time that a segment is of. */
  readonly segments: SegmentGranularity;
  /** Whether a store that is begun in it gets a rollup by the hour. */
  readonly rollup: boolean;
}

/** Where the compaction of a data source says that it gets no rollup: Druid keeps what it does not know in a context. */
export const ROLLUP_CHOICE = 'peepholeRollup';

/**
 * The choices about a data source. They are kept in Druid, with the data source's compaction, so that every process that fills it,
 * whatever its folder, does so alike; by day and with a rollup where nobody has chosen.
 */
export async function choicesOf(server: DruidServer): Promise<DataSourceChoices> {
  const config = (await server.get(
    `/druid/coordinator/v1/config/compaction/${encodeURIComponent(server.datasource)}`,
  )) as {
    readonly granularitySpec?: { readonly segmentGranularity?: unknown } | null;
    readonly taskContext?: Readonly<Record<string, unknown>> | null;
  } | null;
  // A name, or a period in an object.
  const chosen = JSON.stringify(config?.granularitySpec?.segmentGranularity ?? null);
  return {
    segments: /"(HOUR|PT1H)"/.test(chosen) ? 'hour' : 'day',
    rollup: config?.taskContext?.[ROLLUP_CHOICE] !== false,
  };
}
