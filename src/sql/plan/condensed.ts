import { type BaseRequest, baseRows } from './base.ts';
import type { BaseColumn } from './component.ts';
import type { Scope } from './condition.ts';

const amounts: readonly BaseColumn[] = ['bytes', 'packets'];

/** A SELECT of base rows in which those that no measure tells apart are one, as many flows as their `weight` says. */
export function condensedRows(request: BaseRequest, scope: Scope): string {
  const { keys, columns, periods, rollup } = request;
  const same = [
    ...(periods.length < 2 ? [] : ['r.earlier']),
    ...keys.map((_, i) => `r.k${i + 1}`),
    ...columns.filter((column) => !amounts.includes(column)).map((column) => `r.${column}`),
  ];
  const sums = columns
    .filter((column) => amounts.includes(column))
    .map((column) => `sum(r.${column}) AS ${column}`);
  const weight = `${rollup === null ? 'count(*)' : 'sum(r.weight)'} AS weight`;
  const group = same.length === 0 ? '' : ` GROUP BY ${same.join(', ')}`;
  return `SELECT ${[...same, ...sums, weight].join(', ')} FROM (${baseRows(request, scope)}) r${group}`;
}
