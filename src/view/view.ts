import { DEFAULT_LAST } from '../model/time/default-range.ts';
import type { MeasureName } from '../model/catalog/measure-expression.ts';
import type { Clause, Having, Split } from '../model/query/query.ts';
import type { Visualization } from './visualizations.ts';

/** What the explorer shows: one immutable value. Everything in it is in the URL; nothing else is. */
export interface View {
  readonly time: TimeChoice;
  /** ANDed; several may name one field. */
  readonly filters: readonly Clause[];
  /** Conditions on the measures of the innermost rows, ANDed. */
  readonly having: readonly Having[];
  /** Outermost first. */
  readonly splits: readonly SplitChoice[];
  /** At least one; the first one sorts. */
  readonly measures: readonly MeasureName[];
  /** The one that a chart of a single measure draws; one of `measures`. Null: the first. */
  readonly chartMeasure: MeasureName | null;
  /** The dimensions of the pinboard, top to bottom. */
  readonly pins: readonly string[];
  /** Null: nothing is compared. */
  readonly compare: Comparison | null;
  /** Null: whatever fits the splits best. */
  readonly visualization: Visualization | null;
  /** What amounts are shown as shares of; null: as they are. */
  readonly percent: 'total' | 'parent' | null;
  /** How lines are drawn; null: together, on an even scale. */
  readonly lines: LineStyle | null;
  /** What raw flows are sorted by; null: by their start, newest first. */
  readonly recordsOrder: RecordsOrder | null;
  /** IANA name. */
  readonly timezone: string;
}

/** A column of raw flows that sorts them. */
export interface RecordsOrder {
  readonly field: string;
  readonly order: 'asc' | 'desc';
}

/** How raw flows are sorted until the user chooses another column. */
export const newestFirst: RecordsOrder = { field: 'start', order: 'desc' };

/** `from` is inclusive, `to` exclusive, both in milliseconds since 1970 UTC; `last` is an ISO 8601 duration. */
export type TimeChoice =
  | { readonly kind: 'last'; readonly last: string }
  | { readonly kind: 'absolute'; readonly from: number; readonly to: number }
  | { readonly kind: 'all' };

/** What the time is compared with: the span of the same length before it, or one that lies an ISO 8601 duration earlier. */
export type Comparison = 'previous' | { readonly shift: string };

/** What the pinboard holds until the user pins something else. */
export const defaultPins: readonly string[] = ['dstport', 'dstaddr', 'srcaddr'];

export interface SplitChoice {
  readonly field: string;
  /** Null: for time, the bucket that suits the range; for anything else, each value for itself. */
  readonly bucket: Split['bucket'];
  /** Null: all. */
  readonly limit: number | null;
  /** Null: by the first measure, most first; time by time, earliest first. */
  readonly sort: Split['sort'] | null;
}

/** Amounts on a logarithmic scale, a chart for each line, or both. */
export const lineStyles = ['log', 'multiples', 'multiples-log'] as const;
export type LineStyle = (typeof lineStyles)[number];

/** The field that is the start of a flow; it is always there. */
export const TIME = 'time';

/** What the explorer opens with when the URL says nothing. */
export function defaultView(timezone: string, time: TimeChoice = { kind: 'last', last: DEFAULT_LAST }): View {
  return {
    time,
    filters: [],
    having: [],
    splits: [],
    measures: ['flows', 'bytes', 'rejected_share'],
    chartMeasure: null,
    pins: defaultPins,
    compare: null,
    visualization: null,
    percent: null,
    lines: null,
    recordsOrder: null,
    timezone,
  };
}

/** Whether it shows the totals of all flows: no filters, no splits. */
export function isWhole(view: View): boolean {
  return view.filters.length + view.having.length + view.splits.length === 0;
}

export function withTime(view: View, time: TimeChoice): View {
  return { ...view, time };
}

export function withTimezone(view: View, timezone: string): View {
  return { ...view, timezone };
}

export function withVisualization(view: View, visualization: Visualization): View {
  return { ...view, visualization };
}

export function withLines(view: View, lines: View['lines']): View {
  return { ...view, lines };
}

export function withRecordsOrder(view: View, order: RecordsOrder): View {
  const isUsual = order.field === newestFirst.field && order.order === newestFirst.order;
  return { ...view, recordsOrder: isUsual ? null : order };
}

export function withPercent(view: View, percent: View['percent']): View {
  return { ...view, percent };
}
