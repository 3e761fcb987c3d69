import { EARLIEST_SECOND, LATEST_SECOND } from '../../model/catalog/fields.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { COUNTER, INTEGER, TEXT, TIME } from '../part/scratch-column.ts';
import type { ScratchColumn } from '../part/scratch-column.ts';
import { valueText } from '../value/value-text.ts';
import { writeValue } from '../value/write-value.ts';

/** A value as text; '-' for none. Some writers put Python's `None`, and times as dates. */
export function typedText(value: unknown): string {
  if (value === 'None') return '-';
  if (value instanceof Date) {
    const ms = value.getTime();
    return ms % 1000 === 0 ? String(ms / 1000) : value.toISOString();
  }
  return valueText(value);
}

/**
 * Writes a value that has a type of its own into the builder's current row, as `writeValue` does
 * with texts; whole numbers and repeated texts without detour.
 */
export function writeTypedValue(builder: PartBuilder, column: ScratchColumn, value: unknown): string | null {
  const row = builder.rows;
  if (value === null || value === undefined) {
    column.setNull(row);
    return null;
  }
  switch (column.kind) {
    case INTEGER:
      if (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= 0 &&
        value <= (column.field!.max ?? 0)
      ) {
        column.data[row] = value;
        return null;
      }
      break;
    case COUNTER: {
      const number = typeof value === 'bigint' ? Number(value) : value;
      if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) {
        column.data[row * 2] = number;
        column.data[row * 2 + 1] = number / 4_294_967_296;
        return null;
      }
      break;
    }
    case TEXT:
      if (typeof value === 'string' && value !== '-' && value !== 'None') {
        const code = builder.texts.code(value);
        if (code < 0) break;
        column.data[row] = code;
        return null;
      }
      break;
    case TIME: {
      const number = typeof value === 'bigint' ? Number(value) : value;
      if (typeof number === 'number' && number >= EARLIEST_SECOND && number <= LATEST_SECOND) {
        if (!Number.isInteger(number)) break;
        column.data[row] = number;
        return null;
      }
      break;
    }
    default:
  }
  return writeValue(builder, column, typedText(value));
}
