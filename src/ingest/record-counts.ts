import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';

export const NOTHING: RecordCounts = {
  flows: 0,
  nodata: 0,
  skipdata: 0,
  quarantined: 0,
  visits: 0,
  untimed: 0,
  first: Infinity,
  last: -Infinity,
};

/** What came of records. */
export interface RecordCounts {
  flows: number;
  nodata: number;
  skipdata: number;
  quarantined: number;
  visits: number;
  /** Of the flows, those without any time. */
  untimed: number;
  /** Of the flows, the first and the last start, in Unix seconds; Infinity and -Infinity while there is none. */
  first: number;
  last: number;
}

/** Adds what a part holds. */
export function addPart(counts: RecordCounts, part: DecodedPart): void {
  addCounts(counts, {
    flows: part.flows.rows,
    nodata: part.nodata,
    skipdata: part.skipdata,
    quarantined: part.quarantined.length,
    visits: part.visits?.length ?? 0,
    ...startsOf(part.flows),
  });
}

function startsOf({ rows, columns }: RecordBatch): Pick<RecordCounts, 'untimed' | 'first' | 'last'> {
  const start = columns.find(({ field }) => field === 'start');
  let [untimed, first, last] = [0, Infinity, -Infinity];
  if (start?.kind !== 'time') return { untimed: rows, first, last };
  const { values, nulls } = start;
  for (let row = 0; row < rows; row++) {
    if (nulls !== null && nulls[row] === 1) {
      untimed++;
      continue;
    }
    const time = values[row] ?? 0;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return { untimed, first, last };
}

export function addCounts(counts: RecordCounts, more: RecordCounts): void {
  counts.flows += more.flows;
  counts.nodata += more.nodata;
  counts.skipdata += more.skipdata;
  counts.quarantined += more.quarantined;
  counts.visits += more.visits;
  counts.untimed += more.untimed;
  counts.first = Math.min(counts.first, more.first);
  counts.last = Math.max(counts.last, more.last);
}

/** The time of flows in ISO 8601 UTC: from the first start to, exclusive, one second after the last; null: there is none. */
export function rangeOf({
  first,
  last,
}: Pick<RecordCounts, 'first' | 'last'>): { readonly from: string; readonly to: string } | null {
  const iso = (second: number): string => new Date(second * 1000).toISOString();
  return first > last ? null : { from: iso(first), to: iso(last + 1) };
}

/** All records. */
export function totalOf(
  counts: Pick<RecordCounts, 'flows' | 'nodata' | 'skipdata' | 'quarantined' | 'visits'>,
): number {
  return counts.flows + counts.nodata + counts.skipdata + counts.quarantined + counts.visits;
}
