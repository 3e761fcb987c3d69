import type { Field } from '../../model/catalog/field.ts';
import { EARLIEST_SECOND, LATEST_SECOND } from '../../model/catalog/fields.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { ADDRESS, COUNTER, INTEGER, TEXT, TIME } from '../part/scratch-column.ts';
import type { ScratchColumn } from '../part/scratch-column.ts';
import { canonicalIpv6, ipv4Number } from '../../model/query/ip-address.ts';

const MAX_COUNTER = 9_223_372_036_854_775_807n;
const QUOTED_CHARACTERS = 60;
const DIGITS = /^\d+$/;

/**
 * Reads one value with care and writes it into the builder's current row.
 * `-` is no value. Returns what is wrong with it, or null.
 */
export function writeValue(builder: PartBuilder, column: ScratchColumn, text: string): string | null {
  const field = column.field;
  if (field === null) return null;
  const row = builder.rows;
  if (text === '-' || text === '') {
    column.setNull(row);
    return null;
  }
  switch (column.kind) {
    case INTEGER:
    case TIME:
    case COUNTER:
      return writeNumber(column, field, row, text);
    case ADDRESS:
      return writeAddress(builder, column, field, row, text);
    case TEXT: {
      const code = builder.texts.code(text);
      if (code < 0) return `${field.aws}: there are NUL bytes in it`;
      column.data[row] = code;
      return null;
    }
    default:
      if (!field.values!.includes(text))
        return `${field.aws}: ${cut(text)} is none of ${field.values!.join(', ')}`;
      column.data[row] = builder.texts.code(text);
      return null;
  }
}

function writeNumber(column: ScratchColumn, field: Field, row: number, text: string): string | null {
  if (!DIGITS.test(text)) return `${field.aws}: ${cut(text)} is not a whole number`;
  if (column.kind === COUNTER) {
    const value = BigInt(text.length > 40 ? text.replace(/^0+(?=.)/, '').slice(0, 40) : text);
    if (value > MAX_COUNTER) return `${field.aws}: ${cut(text)} is more than ${MAX_COUNTER}`;
    column.data[row * 2] = Number(value & 0xffff_ffffn);
    column.data[row * 2 + 1] = Number(value >> 32n);
  } else {
    const value = Number(text);
    if (column.kind === TIME && (value < EARLIEST_SECOND || value > LATEST_SECOND)) {
      return `${field.aws}: ${cut(text)} is not a Unix time in seconds between 2000 and 2099`;
    }
    if (column.kind === INTEGER && value > (field.max ?? 0))
      return `${field.aws}: ${cut(text)} is more than ${field.max}`;
    column.data[row] = value;
  }
  column.nulls[row] = 0;
  return null;
}

function writeAddress(
  builder: PartBuilder,
  column: ScratchColumn,
  field: Field,
  row: number,
  text: string,
): string | null {
  const number = ipv4Number(text);
  if (number >= 0) {
    column.data[row * 2] = number;
    column.data[row * 2 + 1] = 0;
    return null;
  }
  const canonical = canonicalIpv6(text);
  if (canonical === null) return `${field.aws}: ${cut(text)} is not an IP address`;
  column.data[row * 2] = builder.texts.code(canonical);
  column.data[row * 2 + 1] = 1;
  return null;
}

/** A value as a reason quotes it. */
function cut(text: string): string {
  // A slice would keep the whole text in memory.
  return text.length <= QUOTED_CHARACTERS
    ? text
    : `${Buffer.from(text.slice(0, QUOTED_CHARACTERS)).toString()}…`;
}
