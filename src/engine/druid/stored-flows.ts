import type { FlowRange } from '../store-status.ts';
import type { SeenBatches } from './seen-batches.ts';

/** What is known of the flows in Druid. */
export interface StoredFlows {
  /** The data source that has them. */
  readonly datasource: string;
  /** The data source that has all of them added up by the hour; null: there is none. */
  readonly rollup: string | null;
  /** Names of the fields that they were logged with. */
  readonly columns: ReadonlySet<string>;
  readonly range: FlowRange | null;
  /** How many there are. */
  readonly flows: number;
  /** How many of them have a start in each hour since 1970 (UTC). */
  readonly hours: ReadonlyMap<number, number>;
  readonly seen: SeenBatches;
}
