import type { SupervisorStatus } from '../../model/engine-status.ts';
import type { DruidServer } from './druid-server.ts';

/**
 * How the supervisors do that read a store's data sources from Kafka, each of which has the name of its data source: the state of the
 * first that does not run as it should, and the lag of the slowest; null: there is none.
 */
export async function supervisorStatus(server: DruidServer): Promise<SupervisorStatus | null> {
  const all = await Promise.all(server.datasources.map((name) => statusOf(server, name)));
  const there = all.flatMap((one) => one ?? []);
  if (there.length === 0) return null;
  const lags = there.flatMap(({ lag }) => lag ?? []);
  return {
    state: there.find(({ state }) => state !== 'RUNNING')?.state ?? 'RUNNING',
    lag: lags.length < there.length ? null : Math.max(...lags),
  };
}

async function statusOf(server: DruidServer, name: string): Promise<SupervisorStatus | null> {
  const answer = (await server.get(`/druid/indexer/v1/supervisor/${encodeURIComponent(name)}/status`)) as {
    readonly payload?: {
      readonly state?: string;
      readonly aggregateLag?: number | null;
      readonly partitions?: number;
    };
  } | null;
  const payload = answer?.payload;
  if (payload === undefined) return null;
  // Before it has looked for the first time, Druid says -1 or nothing.
  const lag = payload.aggregateLag ?? -1;
  // Rows come in transactions, the end of the last of which is an offset that nobody reads, in each partition.
  const ends = payload.partitions ?? 1;
  return { state: payload.state ?? 'unknown', lag: lag < 0 ? null : Math.max(0, lag - ends) };
}
