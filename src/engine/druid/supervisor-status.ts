import type { SupervisorStatus } from '../../model/engine-status.ts';
import type { DruidServer } from './druid-server.ts';

/** How the supervisor of a data source does that reads it from Kafka, which has the data source's name; null: there is none. */
export async function supervisorStatus(server: DruidServer): Promise<SupervisorStatus | null> {
  const answer = (await server.get(
    `/druid/indexer/v1/supervisor/${encodeURIComponent(server.datasource)}/status`,
  )) as {
    readonly payload?: { readonly state?: string; readonly aggregateLag?: number | null };
  } | null;
  const payload = answer?.payload;
  if (payload === undefined) return null;
  // Before it has looked for the first time, Druid says -1 or nothing.
  const lag = payload.aggregateLag ?? -1;
  // Rows come in transactions, the end of the last of which is an offset that nobody reads.
  return { state: payload.state ?? 'unknown', lag: lag < 0 ? null : Math.max(0, lag - 1) };
}
