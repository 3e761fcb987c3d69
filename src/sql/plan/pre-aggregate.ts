import { type InputRowsRequest, selectInputRows } from './input-rows.ts';
import { summedInputs } from './combining.ts';
import type { Component } from './component.ts';
import type { Scope } from './condition.ts';
import type { SplitKey } from './split-key.ts';

/**
 * A SELECT of base rows in which those that no measure tells apart are one, as many flows as their `weight` says.
 * `wholly`: no two rows are alike in all keys and columns that are counted; else a bucket of time may have one for each hour.
 */
export function preAggregatedRows(
  request: InputRowsRequest & { readonly components: readonly Component[] },
  wholly: boolean,
  scope: Scope,
): string {
  const { columns, components, periods, rollup, compare } = request;
  const amounts = summedInputs(components);
  const goesByHour = ({ time }: SplitKey): boolean =>
    !wholly && time !== null && time.hourly && compare === null;
  const keys = request.keys.map((key) => (goesByHour(key) ? byHour(key) : key));
  const names = keys.map((_, i) => `k${i + 1}`);
  const labels = columns.filter((column) => !amounts.includes(column));
  const same = [...(periods.length < 2 ? [] : ['earlier']), ...names, ...labels];
  const sums = columns.filter((column) => amounts.includes(column));
  const group = same.length === 0 ? '' : ` GROUP BY ${same.map((name) => `r.${name}`).join(', ')}`;
  const items = [
    ...same.map((name) => `r.${name}`),
    ...sums.map((name) => `${scope.dialect.sum(`r.${name}`)} AS ${name}`),
    `${rollup === null ? 'count(*)' : 'sum(r.weight)'} AS weight`,
  ];
  const condensed = `SELECT ${items.join(', ')} FROM (${selectInputRows({ ...request, keys }, scope)}) r${group}`;
  if (!request.keys.some(goesByHour)) return condensed;
  // Working out an hour's bucket once is cheaper than each row's.
  const bucketed = request.keys.map((key, i) => {
    const hours = `c.k${i + 1}`;
    return goesByHour(key)
      ? `${key.key({ seconds: `(${hours} * 3600)`, hours }, 'NULL')} AS k${i + 1}`
      : hours;
  });
  const others = [...same.filter((name) => !names.includes(name)), ...sums, 'weight'];
  return `SELECT ${[...bucketed, ...others.map((name) => `c.${name}`)].join(', ')} FROM (${condensed}) c`;
}

/** A time by its whole hours, which are at hand. */
function byHour(key: SplitKey): SplitKey {
  return { ...key, key: (start) => start.hours ?? 'NULL' };
}
