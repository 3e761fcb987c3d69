/** A report that is made again and again, as the configuration names it. */
export interface Report {
  /** Letters, digits and hyphens: files are called by it. */
  readonly name: string;
  readonly schedule: Schedule;
  readonly content: ReportContent;
  /** A folder that files are put into; null: none. */
  readonly folder: string | null;
  /** A channel of kind mail that files are sent by; null: none. */
  readonly mail: string | null;
}

/** When a report is due, by the clocks of a time zone. It is about the day, week or month before, from midnight to midnight. */
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
      /** As `parseQuery` reads it; without `time` it is about the report's period. */
      readonly query: Readonly<Record<string, unknown>>;
    };

/** A report that was made. */
export interface MadeReport {
  /** `weekly-2026-01-05.html`: the same for the same report and moment. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly title: string;
  /** What it says, in short, for the text of a mail. */
  readonly lines: readonly string[];
  /** Ids of the findings in it. */
  readonly ids: readonly string[];
}
