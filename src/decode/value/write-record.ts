import type { PartBuilder } from '../part/part-builder.ts';
import type { ColumnBinding } from '../part/column-binding.ts';
import { UNKNOWN } from '../part/scratch-column.ts';
import type { ScratchColumn } from '../part/scratch-column.ts';
import { writeValue } from './write-value.ts';

/** What a NODATA or SKIPDATA record is there for. Its other fields should be `-`, and if they are no values they count as that. */
const COVERAGE_FIELDS = new Set(['interface-id', 'start', 'end', 'log-status']);

/**
 * Writes a record given as texts, one per place of the builder's current binding (`-` or '' is no
 * value), and commits it. Returns what is wrong with it, or null; then nothing was committed.
 */
export function writeRecord(
  builder: PartBuilder,
  binding: ColumnBinding,
  values: readonly string[],
): string | null {
  const status = binding.status < 0 ? null : statusOf(values[binding.status]!);
  let reason: string | null = null;
  for (let place = 0; place < values.length && reason === null; place += 1) {
    const column = binding.columns[place]!;
    reason = excused(builder, column, status, writeValue(builder, column, values[place]!));
  }
  const unknown =
    binding.extras === null ? [] : values.filter((_, place) => binding.kinds[place] === UNKNOWN);
  return closeRecord(builder, binding, reason, status, unknown);
}

/** The log-status that a text means; null if it is none. */
export function statusOf(text: string): string | null {
  return text === '-' || text === '' ? null : text;
}

/** Makes a bad value null where it does not matter; otherwise gives the reason back. */
export function excused(
  builder: PartBuilder,
  column: ScratchColumn,
  status: string | null,
  reason: string | null,
): string | null {
  if (reason === null || (status !== 'NODATA' && status !== 'SKIPDATA')) return reason;
  if (column.field === null || COVERAGE_FIELDS.has(column.field.aws)) return reason;
  column.setNull(builder.rows);
  return null;
}

/**
 * Ends the record in the builder's current row: commits it if nothing is wrong with it. `unknown`:
 * the values of the fields that the catalog does not know, in order.
 */
export function closeRecord(
  builder: PartBuilder,
  binding: ColumnBinding,
  reason: string | null,
  status: string | null,
  unknown: readonly string[],
): string | null {
  const wrong = reason ?? timesReason(builder, binding);
  if (wrong !== null) {
    builder.discard();
    return wrong;
  }
  builder.settleStart();
  if (binding.extras !== null) writeExtra(builder, binding, unknown);
  builder.commit(status);
  return null;
}

/** `end is before start`, if so in the current row. */
function timesReason(builder: PartBuilder, binding: ColumnBinding): string | null {
  if (binding.start < 0 || binding.end < 0) return null;
  const row = builder.rows;
  const start = binding.columns[binding.start]!;
  const end = binding.columns[binding.end]!;
  if (start.nulls[row] === 1 || end.nulls[row] === 1 || end.data[row]! >= start.data[row]!) return null;
  return 'end is before start';
}

function writeExtra(builder: PartBuilder, binding: ColumnBinding, unknown: readonly string[]): void {
  const text = binding.extras!.textOf(unknown.map((value) => value.replaceAll('\n', ' ')).join('\n'));
  binding.columns[binding.extra]!.data[builder.rows] = builder.texts.code(text);
}
