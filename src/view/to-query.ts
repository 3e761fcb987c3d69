import type { Query, Split, TimeRange } from '../model/query/query.ts';
import { isClock } from '../model/query/query-field.ts';
import { sortKey } from '../model/query/sort-measure.ts';
import { defaultGranularity } from '../model/time/default-granularity.ts';
import type { Span } from './time/buckets.ts';
import { shiftOf } from './comparison.ts';
import { type SplitChoice, type TimeChoice, type View, TIME } from './view.ts';
import { primaryMeasure } from './visualization.ts';

/**
 * The query behind a view. `range` is about what its time means: it picks the time bucket. `rows`: how many of the
 * splits make the rows that conditions on measures are about; 0: there are none, so they hide nothing.
 */
export function queryOf(view: View, range: Span, rows: number = view.splits.length): Query {
  const shift = shiftOf(view);
  const held = rows > 0 && view.having.length > 0;
  return {
    time: timeRangeOf(view.time),
    filter: view.filters,
    // Without splits there is one row, the whole, which no condition may hide.
    having: held ? view.having : [],
    havingDepth: held && rows < view.splits.length ? rows : null,
    splits: view.splits.map((split) => ({
      field: split.field,
      bucket: bucketFor(split, range),
      limit: split.limit,
      sort: sortFor(split, view, shift !== null),
    })),
    measures: view.measures,
    compare: shift === null ? null : { shift },
    other: true,
    hidden: held,
    subtotals: true,
    timezone: view.timezone,
  };
}

/** Null: all there is. */
function timeRangeOf(time: TimeChoice): TimeRange | null {
  return time.kind === 'all' ? null : time;
}

/** The bucket that a split uses: its own, or for time the one that suits the range. */
export function bucketFor(split: SplitChoice, range: Span): Split['bucket'] {
  if (split.bucket !== null || split.field !== TIME) return split.bucket;
  return { kind: 'time', duration: defaultGranularity(range) };
}

/** How a split sorts; by a change only while there is an earlier period, else by the measure itself. */
function sortFor(split: SplitChoice, view: View, compares: boolean): Split['sort'] {
  const sort = split.sort ?? defaultSort(split.field, view);
  const key = sortKey({ field: split.field, sort });
  return key === null || key.of === 'value' || compares ? sort : { ...sort, by: key.measure };
}

/** How a split sorts by default. */
export function defaultSort(field: string, view: View): Split['sort'] {
  if (field === TIME || isClock(field)) return { by: field, order: 'asc' };
  return { by: primaryMeasure(view), order: 'desc' };
}
