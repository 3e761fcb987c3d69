import type { MeasureName } from '../../src/model/catalog/measures.ts';
import type { Clause, Scalar, Split } from '../../src/model/query/query.ts';
import type { Span } from '../time/buckets.ts';
import { granularityFor } from './granularity.ts';
import { type SplitChoice, type TimeChoice, type View, TIME } from './view.ts';

/** The query as JSON: the contract's, which `peephole query` also takes. */
export interface QueryJson {
  readonly time?: { readonly from: string; readonly to: string } | { readonly last: string };
  readonly filter: readonly ClauseJson[];
  readonly splits: readonly SplitJson[];
  readonly measures: readonly MeasureName[];
  readonly other?: true;
  readonly subtotals?: true;
  readonly timezone: string;
}

export interface ClauseJson {
  readonly field: string;
  readonly in?: readonly (string | number | boolean | null)[];
  readonly contains?: string;
  readonly matches?: string;
  readonly cidr?: readonly string[];
  readonly between?: readonly [number | null, number | null];
  readonly not?: true;
}

export interface SplitJson {
  readonly field: string;
  readonly bucket?: string | number;
  readonly limit?: number;
  readonly sort: Split['sort'];
}

/** The query behind a view. `range` is about what its time means: it picks the time bucket. */
export function queryOf(view: View, range: Span): QueryJson {
  return {
    ...selectionOf(view),
    splits: view.splits.map((split) => splitJson(split, view, range)),
    measures: view.measures,
    other: true,
    subtotals: true,
    timezone: view.timezone,
  };
}

/** The time and the filters alone. */
export function selectionOf(view: View): Pick<QueryJson, 'time' | 'filter'> {
  const time = timeJson(view.time);
  return { ...(time === null ? {} : { time }), filter: view.filters.map(clauseJson) };
}

function timeJson(time: TimeChoice): NonNullable<QueryJson['time']> | null {
  switch (time.kind) {
    case 'last':
      return { last: time.last };
    case 'absolute':
      return { from: new Date(time.from).toISOString(), to: new Date(time.to).toISOString() };
    case 'all':
      return null;
  }
}

export function clauseJson(clause: Clause): ClauseJson {
  const not = clause.not ? ({ not: true } as const) : {};
  switch (clause.kind) {
    case 'in':
      return { field: clause.field, in: clause.values.map(scalarJson), ...not };
    case 'contains':
      return { field: clause.field, contains: clause.text, ...not };
    case 'matches':
      return { field: clause.field, matches: clause.pattern, ...not };
    case 'cidr':
      return { field: clause.field, cidr: clause.blocks, ...not };
    case 'between':
      return { field: clause.field, between: [clause.low, clause.high], ...not };
  }
}

function scalarJson(value: Scalar): string | number | boolean | null {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** The bucket that a split uses: its own, or for time the one that suits the range. */
export function bucketFor(split: SplitChoice, range: Span): Split['bucket'] {
  if (split.bucket !== null || split.field !== TIME) return split.bucket;
  return { kind: 'time', duration: granularityFor(range.to - range.from) };
}

function splitJson(split: SplitChoice, view: View, range: Span): SplitJson {
  const bucket = bucketFor(split, range);
  return {
    field: split.field,
    ...(bucket === null ? {} : { bucket: bucket.kind === 'time' ? bucket.duration : bucket.width }),
    ...(split.limit === null ? {} : { limit: split.limit }),
    sort: split.sort ?? defaultSort(split.field, view),
  };
}

function defaultSort(field: string, view: View): Split['sort'] {
  if (field === TIME) return { by: TIME, order: 'asc' };
  return { by: view.measures[0] ?? 'flows', order: 'desc' };
}
