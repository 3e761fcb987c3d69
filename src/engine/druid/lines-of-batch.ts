import { type BatchColumn, NO_ADDRESS, type RecordBatch } from '../../model/record/record-batch.ts';
import { BATCH, NO_TIME } from '../../sql/dialects/druid/druid-layout.ts';

/** The name of a line's time, in milliseconds. */
export const TIME = 't';

/** The rows of a batch as JSON, a line each, as Druid's tasks read them. @param id the batch that they come with */
export function linesOfBatch(batch: RecordBatch, id: string): readonly string[] {
  const start = batch.columns.find(({ field }) => field === 'start');
  const cells = batch.columns
    .filter(({ field }) => field !== 'start')
    .map((column) => cellsOf(column, batch.texts));
  const mark = `"${BATCH}":${JSON.stringify(id)}`;
  return Array.from({ length: batch.rows }, (_, row) => {
    const second = start?.kind === 'time' && start.nulls?.[row] !== 1 ? (start.values[row] ?? 0) : null;
    const all = [
      `"${TIME}":${second === null ? NO_TIME : second * 1000}`,
      mark,
      ...cells.flatMap((cell) => cell(row) ?? []),
    ];
    return `{${all.join(',')}}`;
  });
}

/** Makes `"field":value`; null where there is no value. */
function cellsOf(column: BatchColumn, texts: readonly string[]): (row: number) => string | null {
  const name = JSON.stringify(column.field);
  switch (column.kind) {
    case 'integer':
    case 'time':
      return (row) => (column.nulls?.[row] === 1 ? null : `${name}:${column.values[row] ?? 0}`);
    case 'counter':
      return (row) =>
        column.nulls?.[row] === 1
          ? null
          : `${name}:${(BigInt(column.halves[2 * row + 1] ?? 0) << 32n) | BigInt(column.halves[2 * row] ?? 0)}`;
    case 'address':
      return (row) => {
        const [low = 0, high = NO_ADDRESS] = column.halves.subarray(2 * row, 2 * row + 2);
        if (high === 0)
          return `${name}:"${low >>> 24}.${(low >>> 16) & 255}.${(low >>> 8) & 255}.${low & 255}"`;
        return high === 1 ? `${name}:${JSON.stringify(texts[low] ?? '')}` : null;
      };
    case 'text': {
      const quoted = texts.map((text) => JSON.stringify(text));
      return (row) => {
        const code = column.codes[row] ?? 0;
        return code === 0 ? null : `${name}:${quoted[code]}`;
      };
    }
  }
}
