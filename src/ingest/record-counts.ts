import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';

export const NOTHING: RecordCounts = { flows: 0, nodata: 0, skipdata: 0, quarantined: 0, untimed: 0 };

/** What came of records. */
export interface RecordCounts {
  flows: number;
  nodata: number;
  skipdata: number;
  quarantined: number;
  /** Of the flows, those without any time. */
  untimed: number;
}

/** Adds what a part holds. */
export function addPart(counts: RecordCounts, part: DecodedPart): void {
  addCounts(counts, {
    flows: part.flows.rows,
    nodata: part.nodata,
    skipdata: part.skipdata,
    quarantined: part.quarantined.length,
    untimed: untimedOf(part.flows),
  });
}

function untimedOf({ rows, columns }: RecordBatch): number {
  const start = columns.find(({ field }) => field === 'start');
  if (start?.kind !== 'time') return rows;
  const { nulls } = start;
  return nulls === null ? 0 : nulls.subarray(0, rows).reduce((sum, missing) => sum + missing, 0);
}

export function addCounts(counts: RecordCounts, more: RecordCounts): void {
  counts.flows += more.flows;
  counts.nodata += more.nodata;
  counts.skipdata += more.skipdata;
  counts.quarantined += more.quarantined;
  counts.untimed += more.untimed;
}

/** All records. */
export function totalOf(counts: Omit<RecordCounts, 'untimed'>): number {
  return counts.flows + counts.nodata + counts.skipdata + counts.quarantined;
}
