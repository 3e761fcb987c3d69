import type { Query, Split } from '../../model/query/query.ts';
import { TIME } from '../../model/query/query-field.ts';
import { sortMeasure } from '../../model/query/sort-measure.ts';
import { measureToSql } from './measure-to-sql.ts';
import type { SqlWords } from './sql-words.ts';

/** Whether an outer split's nodes have to be ranked before what is under them is looked at. */
export function isRanked(split: Split | undefined): boolean {
  return split !== undefined && (split.limit !== null || sortMeasure(split) !== null);
}

/** The shown nodes of an outer split, with their rank under their parents. */
export function level(query: Query, index: number, words: SqlWords): string {
  const { splits } = query;
  const split = splits[index];
  if (split === undefined) return '';
  const names = splits.slice(0, index + 1).map((_, i) => splitName(splits, i));
  const parents = names.slice(0, -1);
  const partition = parents.length === 0 ? '' : `PARTITION BY ${parents.join(', ')} `;
  const rank = `row_number() OVER (${partition}ORDER BY ${rankOf(split, names.at(-1) ?? '', words).join(', ')}) AS rank`;
  const before = splits
    .slice(0, index)
    .flatMap((outer, i) => (isRanked(outer) ? [joinLevel(splits, i)] : []));
  // Names of their own, so that nothing is ambiguous where the level is joined.
  const items = names.map((name, i) => `${name} AS key_${i + 1}`);
  const lines = [
    `SELECT ${[...items, `${rank}_${index + 1}`].join(', ')}`,
    'FROM selection',
    ...before,
    `GROUP BY ${names.join(', ')}`,
    ...(split.limit === null ? [] : [`QUALIFY rank_${index + 1} <= ${split.limit}`]),
  ];
  return `level_${index + 1} AS (\n  ${lines.join('\n  ')}\n)`;
}

export function joinLevel(splits: readonly Split[], index: number): string {
  const same = splits
    .slice(0, index + 1)
    .map((_, i) => `${splitName(splits, i)} IS NOT DISTINCT FROM level_${index + 1}.key_${i + 1}`);
  return `JOIN level_${index + 1} ON ${same.join(' AND ')}`;
}

export function rankOf(split: Split, name: string, words: SqlWords): readonly string[] {
  const { order } = split.sort;
  const by = sortMeasure(split);
  if (by === null) return [valueOrder(split, name)];
  const measure = measureToSql(by, words);
  // What the view can't tell can't order either.
  const ranks = measure.startsWith('NULL') ? [] : [`${measure} ${order.toUpperCase()} NULLS LAST`];
  return [...ranks, `${name} NULLS LAST`];
}

export function valueOrder(split: Split | undefined, name: string): string {
  return `${name} ${split?.sort.order === 'desc' ? 'DESC ' : ''}NULLS LAST`;
}

/** A split's name as a column: `dstport`, `"time"`, `bytes_bucket`; the second by the same field gets a number. */
export function splitName(splits: readonly Split[], index: number): string {
  const nameOf = (split: Split | undefined): string =>
    split === undefined
      ? ''
      : split.bucket === null || split.field === TIME
        ? split.field
        : `${split.field}_bucket`;
  const name = nameOf(splits[index]);
  const before = splits.slice(0, index).filter((split) => nameOf(split) === name).length;
  if (before > 0) return `${name}_${before + 1}`;
  return ['time', 'start', 'end'].includes(name) ? `"${name}"` : name;
}
