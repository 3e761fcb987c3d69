import type { Clause, TimeRange } from './query.ts';

/** A page of raw flows behind a selection. */
export interface RecordsRequest {
  readonly time: TimeRange | null;
  readonly filter: readonly Clause[];
  /** IANA name; the calendar that `last` counts back on. */
  readonly timezone: string;
  readonly limit: number;
  readonly offset: number;
  readonly order: { readonly field: string; readonly order: 'asc' | 'desc' };
}
