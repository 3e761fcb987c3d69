import {
  type MeasureExpression,
  type MeasureName,
  measureExpression,
} from '../../src/model/catalog/measure-expression.ts';
import { queryField } from '../../src/model/query/query-field.ts';
import { valueOf } from './evaluate-clause.ts';
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
  return evaluated(measureExpression(name), rows, hours);
}

/** Whether a measure divides by the hours with logs. */
export function isRate(name: MeasureName): boolean {
  return /per_hour|per_second/.test(name);
}

function evaluated(expression: MeasureExpression, rows: readonly Row[], hours: number): Amount {
  const seconds = hours * 3600;
  const divided = (of: Amount, to: Amount): Amount =>
    of === null || to === null || Number(to) === 0 ? null : Number(of) / Number(to);
  switch (expression.kind) {
    case 'distinct': {
      const field = queryField(expression.field);
      if (field === undefined) throw new Error(`no field ${expression.field}`);
      const values = rows
        .map(({ record }) => valueOf(record, expression.field))
        .filter((value) => value !== null);
      return BigInt(new Set(values.map(String)).size);
    }
    case 'percentile': {
      const values = rows
        .flatMap(({ record }) => amountOf(record, expression.of) ?? [])
        .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      // In whole numbers: the place of a share of n is exact.
      const place = Math.floor((expression.rank * values.length + 99) / 100);
      return values[place - 1] ?? null;
    }
    case 'per_second':
      return divided(evaluated({ kind: 'catalog', name: expression.of }, rows, hours), seconds);
    case 'ratio':
      return divided(evaluated(expression.of, rows, hours), evaluated(expression.to, rows, hours));
    case 'catalog':
      break;
  }
  const { name } = expression;
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
    case 'flows_per_second':
      return divided(BigInt(flows), seconds);
    case 'packets_per_second':
      return divided(sum(rows, 'packets'), seconds);
    case 'bytes_per_second':
      return divided(sum(rows, 'bytes'), seconds);
    case 'bits_per_second': {
      const bytes = sum(rows, 'bytes');
      return divided(bytes === null ? null : bytes * 8n, seconds);
    }
  }
}

function amountOf(record: FlowObject, of: 'bytes' | 'packets' | 'duration'): bigint | null {
  const number = (name: string): bigint | null => (record[name] == null ? null : BigInt(record[name]));
  if (of !== 'duration') return number(of);
  const [start, end] = [number('start'), number('end')];
  return start === null || end === null ? null : end - start;
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

/**
 * Which records begin a connection: every pair of records is looked at. @param first whether a record comes before one that is
 * equal in all that tells connections and their times
 */
export function beginners(
  records: readonly FlowObject[],
  first: (one: FlowObject, other: FlowObject) => boolean,
): ReadonlySet<FlowObject> {
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
        if (other.from === one.from && other.to === one.to)
          return (
            first(other.record, one.record) || (other.index < one.index && !first(one.record, other.record))
          );
        const earlier = other.from < one.from || (other.from === one.from && other.to < one.to);
        const window = other.to - other.from <= 60 && one.to - one.from <= 60 ? 60 : 600;
        return earlier && other.to >= one.from - window;
      }),
  );
  return new Set(begin.map(({ record }) => record));
}
