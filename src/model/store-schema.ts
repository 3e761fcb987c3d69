import type { measures } from './catalog/measures.ts';

/** A stretch of time in ISO 8601 UTC: `from` is inclusive, `to` exclusive. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** What not every database can do. */
type StoreOperation = 'keep_raw' | 'compact' | 'later_state' | 'knocks' | 'explain' | 'sql';

/** What a database can't do now, each with the reason. */
export type Unsupported = Readonly<Partial<Record<StoreOperation, string>>>;

/** What can be asked, and what there is to ask about: `GET /api/v1/schema`, for the page and for scripts. */
export interface StoreSchema {
  readonly version: string;
  readonly dimensions: readonly SchemaDimension[];
  readonly measures: typeof measures;
  readonly store: {
    readonly flows: number;
    /** Of them, those without any time: no question about a time finds them. */
    readonly untimed_flows: number;
    /** The first start; null: there are no flows, or none of them has a time. */
    readonly from: string | null;
    /** One second after the last start. */
    readonly to: string | null;
    /** What `last` counts back from: `to`, unless that is of a clock that is ahead. */
    readonly newest: string | null;
    /** On disk. */
    readonly bytes: number;
    /** Hours without any record, between the first and the last that has some. */
    readonly gaps: readonly Stretch[];
    /** Hours in which AWS says that it lost records (SKIPDATA): what is counted there is the least that there was. */
    readonly skipdata: readonly Stretch[];
    readonly revision: number;
    /** Whether nothing can be taken in. */
    readonly read_only: boolean;
    /** The database that answers: `duckdb`, `clickhouse`, … */
    readonly engine: string;
    /** What that can't do, with the reason. */
    readonly unsupported: Unsupported;
  };
  /** IANA name. */
  readonly timezone: string;
}

export interface SchemaDimension {
  readonly name: string;
  readonly aws: string;
  readonly label: string;
  readonly group: string;
  readonly type: string;
  readonly unit: string | null;
  readonly description: string;
  /** Whether any input has logged the field; of what is derived: whether there is anything to derive it from. */
  readonly logged: boolean;
}
