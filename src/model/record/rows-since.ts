import type { BatchColumn, RecordBatch } from './record-batch.ts';

/** The rows of a batch that start from a second on, or have no start. */
export function rowsSince(batch: RecordBatch, second: number): RecordBatch {
  const start = batch.columns.find(({ field }) => field === 'start');
  if (start?.kind !== 'time') return batch;
  const kept: number[] = [];
  for (let row = 0; row < batch.rows; row++)
    if (start.nulls?.[row] === 1 || (start.values[row] ?? 0) >= second) kept.push(row);
  if (kept.length === batch.rows) return batch;
  return {
    rows: kept.length,
    texts: batch.texts,
    columns: batch.columns.map((column): BatchColumn => {
      switch (column.kind) {
        case 'integer':
        case 'time': {
          const values = column.values.slice(0, kept.length);
          kept.forEach((row, i) => (values[i] = column.values[row] ?? 0));
          const { nulls } = column;
          const some = nulls === null ? null : Uint8Array.from(kept, (row) => nulls[row] ?? 0);
          return { ...column, values, nulls: some } as BatchColumn;
        }
        case 'counter':
        case 'address': {
          const halves = new Uint32Array(2 * kept.length);
          kept.forEach((row, i) => halves.set(column.halves.subarray(2 * row, 2 * row + 2), 2 * i));
          return { ...column, halves };
        }
        case 'text':
          return { ...column, codes: Uint32Array.from(kept, (row) => column.codes[row] ?? 0) };
      }
    }),
  };
}
