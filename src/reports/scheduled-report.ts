/** A scheduled report in the configuration. */
export interface Report {
  /** Letters, digits and hyphens; used in file names. */
  readonly name: string;
  readonly schedule: Schedule;
  readonly content: ReportContent;
  /** The folder for its files; null: none. */
  readonly folder: string | null;
  /** A channel of kind mail for its files; null: none. */
  readonly mail: string | null;
}

/** When a report is due, in a time zone. It covers the day, week or month before, from midnight to midnight. */
export interface Schedule {
  readonly every: 'day' | 'week' | 'month';
  /** The weekday, 1 (Monday) to 7, or the day of the month, 1 to 28; 1 for every day. */
  readonly on: number;
  readonly hour: number;
  readonly minute: number;
  /** IANA name. */
  readonly timezone: string;
}

export type ReportContent =
  | { readonly kind: 'findings'; readonly format: 'html' | 'pdf' }
  /** A dashboard, by its id. */
  | { readonly kind: 'dashboard'; readonly format: 'html' | 'pdf'; readonly dashboard: string }
  | {
      readonly kind: 'query';
      readonly format: 'csv' | 'tsv' | 'json' | 'parquet';
      /** As for `parseQuery`; without `time` it covers the report's period. */
      readonly query: Readonly<Record<string, unknown>>;
    };

/** A report that was made. */
export interface MadeReport {
  /** `weekly-2026-01-05.html`: the same for the same report and moment. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly title: string;
  /** A summary, for the text of a mail. */
  readonly lines: readonly string[];
  /** Ids of the findings in it. */
  readonly ids: readonly string[];
}
