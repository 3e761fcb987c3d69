import type { RecordBatch } from '../model/record/record-batch.ts';

/** What came of an input; `first` and `last` are its least and greatest start, in Unix seconds. */
export interface InputCounts {
  flows: number;
  nodata: number;
  skipdata: number;
  quarantined: number;
  first: number | null;
  last: number | null;
}

export function noCounts(): InputCounts {
  return { flows: 0, nodata: 0, skipdata: 0, quarantined: 0, first: null, last: null };
}

/** Stretches the times of an input over those of a batch. */
export function noteTimes(counts: InputCounts, batch: RecordBatch): void {
  const start = batch.columns.find(({ field }) => field === 'start');
  if (start?.kind !== 'time') return;
  for (let row = 0; row < batch.rows; row++) {
    if (start.nulls?.[row] === 1) continue;
    const second = start.values[row] ?? 0;
    if (counts.first === null || second < counts.first) counts.first = second;
    if (counts.last === null || second > counts.last) counts.last = second;
  }
}
