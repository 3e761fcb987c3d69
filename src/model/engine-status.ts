import type { Unsupported } from './store-schema.ts';

/** The database that a store is in. */
export interface EngineStatus {
  /** `duckdb`, `clickhouse`, … */
  readonly kind: string;
  /** The server's address; null: files of this machine. */
  readonly where: string | null;
  /** Why a Druid cluster can't say now what it holds: then `segments` and `supervisor` are null, no task is known, and the rest is what is known here; else null. */
  readonly failure: string | null;
  /** Of a Druid data source: its segments, how many of them no server can be asked for now, and those beside that tasks still write and answer from; else null. */
  readonly segments: {
    readonly total: number;
    readonly unavailable: number;
    readonly in_tasks: number;
  } | null;
  /** Tasks of a Druid data source that have not begun, since no slot is free; else 0. */
  readonly waiting_tasks: number;
  /** Why the rollup of a Druid data source did not answer the last question that was for it, so that the flows did, which takes longer; else null. */
  readonly rollup_failure: string | null;
  /** The supervisor that reads a Druid data source from Kafka; null: there is none. */
  readonly supervisor: SupervisorStatus | null;
  /** The ledger that several processes share which fill a Druid data source; null: it is in the store. */
  readonly ledger: LedgerStatus | null;
  /** Whether a copy into it was begun and has not ended, so that it has not all flows yet. */
  readonly copying: boolean;
  /** What is in the store's folder only, so that other processes that use the same database do not see it. */
  readonly only_here: readonly string[];
  readonly unsupported: Unsupported;
}

/** What is in the store's folder, whichever database has the flows (`src/documents`, `src/reports`, `src/alerts`). */
export const keptInFolder: readonly string[] = [
  'saved views',
  'dashboards',
  'alerts',
  'reports',
  'named measures',
  'lookup links',
];

export interface LedgerStatus {
  /** The topic in Kafka that it is. */
  readonly topic: string;
  /** How many records of it are in the store. */
  readonly records: number;
  /** Why no more can be read now, so that what others committed since is not seen; null: it is read. */
  readonly failure: string | null;
}

export interface SupervisorStatus {
  /** Druid's word: RUNNING, UNHEALTHY_TASKS, … */
  readonly state: string;
  /** Messages that it has not read yet; null: Druid does not know. */
  readonly lag: number | null;
}
