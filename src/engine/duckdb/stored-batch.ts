import type { BatchColumn, RecordBatch } from '../../model/record/record-batch.ts';

type TimeColumn = BatchColumn & { readonly kind: 'time' };

/** A batch with the columns that the table of flows has: `hour` beside `start`, `duration` for `end`. */
export function asFlows(batch: RecordBatch): RecordBatch {
  const start = timeColumn(batch, 'start');
  const columns = batch.columns.map((column) =>
    column.kind === 'time' && column.field === 'end' ? durationOf(column, start, batch.rows) : column,
  );
  return { ...batch, columns: withHour(columns, start, batch.rows) };
}

/** A batch with the columns that the table of coverage has: `input` and `hour`. */
export function asCoverage(batch: RecordBatch, input: number): RecordBatch {
  const values = new Uint32Array(batch.rows).fill(input);
  const inputs: BatchColumn = { kind: 'integer', field: 'input', values, nulls: null };
  return { ...batch, columns: withHour([inputs, ...batch.columns], timeColumn(batch, 'start'), batch.rows) };
}

function withHour(
  columns: readonly BatchColumn[],
  start: TimeColumn | null,
  rows: number,
): readonly BatchColumn[] {
  if (start === null) return columns;
  const values = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) values[row] = Math.floor((start.values[row] ?? 0) / 3600);
  return [{ kind: 'integer', field: 'hour', values, nulls: start.nulls }, ...columns];
}

/** From the start to the end in seconds; without a start the end itself. */
function durationOf(end: TimeColumn, start: TimeColumn | null, rows: number): BatchColumn {
  const values = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = start === null || start.nulls?.[row] === 1 ? 0 : (start.values[row] ?? 0);
    values[row] = (end.values[row] ?? 0) - from;
  }
  return { kind: 'integer', field: 'duration', values, nulls: end.nulls };
}

function timeColumn(batch: RecordBatch, name: string): TimeColumn | null {
  const column = batch.columns.find(({ field }) => field === name);
  return column?.kind === 'time' ? column : null;
}
