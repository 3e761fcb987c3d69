import type { EngineStatus } from '../model/engine-status.ts';
import type { Stretch } from '../model/store-schema.ts';

/** What is in a store. */
export interface StoreStatus {
  readonly folder: string;
  readonly revision: number;
  /** Whether it can't be written where it is held. */
  readonly read_only: boolean;
  /** All, also those that only sums by the hour tell of. */
  readonly flows: number;
  /** Those of which each is there: the rows of the view `flows`. */
  readonly raw_flows: number;
  /** Of all, those without any time: no question about a time finds them. */
  readonly untimed_flows: number;
  /** Before it only sums by the hour are kept (`retain --keep-raw`); null: each flow is there. ISO 8601 UTC. */
  readonly flows_from: string | null;
  readonly nodata: number;
  readonly skipdata: number;
  /** Lines, and objects and messages that could not be read as wholes. */
  readonly quarantined: number;
  readonly inputs: number;
  /** Of the flows: the first start and, exclusive, one second after the last; null while there are none. */
  readonly range: { readonly from: string; readonly to: string } | null;
  /** What `last` counts back from: one second after `FlowRange.newest`; null while there are no flows. */
  readonly newest: string | null;
  /** Bytes on disk, all files of the store. */
  readonly bytes: number;
  /** Between the first and the last hour that has logs. */
  readonly gaps: readonly Stretch[];
  readonly gap_hours: number;
  /** Hours in which AWS says that it lost records (SKIPDATA), joined where they follow each other. */
  readonly lossy: readonly Stretch[];
  /** How many hours that is. */
  readonly skipdata_hours: number;
  readonly engine: EngineStatus;
}

/** When flows start, in Unix seconds. */
export interface FlowRange {
  readonly first: number;
  readonly last: number;
  /** The last start that is not of a clock that is ahead (`newestHour`), if there is one; else the last. */
  readonly newest: number;
}
