import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { CellRules } from './chunk-rows.ts';

/**
 * A value of DuckDB's as JSON can carry it: whole numbers that a double can't hold exactly and decimals
 * of more than 15 digits are strings, times ISO 8601 UTC, NaN and infinities strings, blobs hex.
 */
function jsonCell(value: DuckDBValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return bigintCell(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return timeCell(value.micros);
  if (value instanceof DuckDBDecimalValue) {
    const text = value.toString();
    return text.replace(/\D/g, '').length <= 15 ? Number(text) : text;
  }
  if (value instanceof DuckDBListValue) return value.items.map(jsonCell);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, jsonCell(item)]));
  }
  if (value instanceof DuckDBMapValue)
    return value.entries.map(({ key, value: item }) => [jsonCell(key), jsonCell(item)]);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof DuckDBDateValue) return value.toString();
  return String(value);
}

/** `jsonCell` for the rows of a chunk. */
export const jsonCells: CellRules = { bigint: bigintCell, timestamp: timeCell, other: jsonCell };

function bigintCell(value: bigint): number | string {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : String(value);
}

/** Microseconds since 1970 as ISO 8601 UTC, without a fraction where there is none. */
function timeCell(micros: bigint): string {
  const milliseconds = Number(micros / 1000n);
  if (Math.abs(milliseconds) > 8.64e15) return micros > 0n ? 'infinity' : '-infinity';
  const whole = new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, -5);
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return rest === 0n ? `${whole}Z` : `${whole}.${String(rest).padStart(6, '0').replace(/0+$/, '')}Z`;
}
