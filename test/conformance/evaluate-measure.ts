import type { MeasureName } from '../../src/model/catalog/measures.ts';
import type { FlowObject } from './flow-object.ts';

/** Exact: a bigint for whole numbers, a double for quotients. */
export type Amount = number | bigint | null;

export interface Row {
  readonly record: FlowObject;
  /** Whether it begins a connection. */
  readonly begins: boolean;
}

/** A measure of rows, straight from its definition. `hours`: how many hours of the time meant have logs. */
export function measure(name: MeasureName, rows: readonly Row[], hours: number): Amount {
  const flows = rows.length;
  const count = (test: (row: Row) => boolean): bigint => BigInt(rows.filter(test).length);
  const different = (field: string): bigint =>
    BigInt(new Set(rows.map(({ record }) => record[field] ?? null).filter((value) => value !== null)).size);
  switch (name) {
    case 'flows':
      return BigInt(flows);
    case 'bytes':
    case 'packets':
      return sum(rows, name);
    case 'rejected_flows':
      return count(({ record }) => record['action'] === 'REJECT');
    case 'rejected_share':
      return flows === 0 ? null : Number(count(({ record }) => record['action'] === 'REJECT')) / flows;
    case 'connections':
      return count((row) => row.begins);
    case 'unique_sources':
      return different('srcaddr');
    case 'unique_destinations':
      return different('dstaddr');
    case 'bytes_per_flow': {
      const bytes = sum(rows, 'bytes');
      return flows === 0 || bytes === null ? null : Number(bytes) / flows;
    }
    case 'hours_active': {
      const starts = rows.map(({ record }) => record['start'] ?? null).filter((start) => start !== null);
      return BigInt(new Set(starts.map((start) => Math.floor(Number(start) / 3600))).size);
    }
    case 'flows_per_hour':
      return hours === 0 ? null : flows / hours;
  }
}

function sum(rows: readonly Row[], field: string): bigint | null {
  if (rows.length === 0) return 0n;
  let total: bigint | null = null;
  for (const { record } of rows) {
    const value = record[field] ?? null;
    if (value !== null) total = (total ?? 0n) + BigInt(value);
  }
  return total;
}

/** Which records begin a connection: every pair of records is looked at. */
export function beginners(records: readonly FlowObject[]): ReadonlySet<FlowObject> {
  const tuple = ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'];
  const known = records.map((record, index) => {
    const start = record['start'] ?? null;
    const end = Number(record['end'] ?? start ?? 0);
    const from = Number(start ?? 0);
    const to = Math.min(Math.max(end, from), from + 86_400);
    const id = JSON.stringify(tuple.map((field) => record[field] ?? null));
    return { record, index, placed: start !== null, from, to, id };
  });
  const begin = known.filter(
    (one) =>
      one.placed &&
      !known.some((other) => {
        if (!other.placed || other.id !== one.id || other === one) return false;
        if (other.from === one.from && other.to === one.to) return other.index < one.index;
        const earlier = other.from < one.from || (other.from === one.from && other.to < one.to);
        const window = other.to - other.from <= 60 && one.to - one.from <= 60 ? 60 : 600;
        return earlier && other.to >= one.from - window;
      }),
  );
  return new Set(begin.map(({ record }) => record));
}
