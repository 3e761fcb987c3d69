import { formatInstant } from '../../model/query/format-query.ts';
import type { Query } from '../../model/query/query.ts';
import { queryField } from '../../model/query/query-field.ts';
import { sortMeasure } from '../../model/query/sort-measure.ts';
import { shiftBack } from '../../model/time/range.ts';
import type { CompileContext } from '../compile-context.ts';
import { clauseToSql, clockToSql } from './clause-to-sql.ts';
import { isRanked, joinLevel, level, rankOf, splitName, valueOrder } from './level-to-sql.ts';
import { measureAlias, measureToSql, measureColumns } from './measure-to-sql.ts';
import { splitToSql } from './split-to-sql.ts';
import { comment } from './comment.ts';
import type { SqlWords } from './sql-words.ts';

type Context = Pick<CompileContext, 'range'>;

/**
 * A query as SQL that people can read, copy and change, over the view `flows`, with literal values. It gives
 * the same rows in the same order; what it can't say, it says in comments.
 */
export function toSql(query: Query, context: Context, words: SqlWords): string {
  const { splits } = query;
  const names = splits.map((_, i) => splitName(splits, i));
  const inner = splits.slice(0, -1).map((_, i) => i);
  const ranked = inner.filter((i) => isRanked(splits[i]));
  const having = query.having.flatMap(({ measure, low, high }) => [
    ...(low === null ? [] : [`${measureToSql(measure, words)} >= ${low}`]),
    ...(high === null ? [] : [`${measureToSql(measure, words)} <= ${high}`]),
  ]);
  // Conditions on groups further out are checked on them, and the rows are those under what is left.
  const depth = having.length === 0 ? 0 : (query.havingDepth ?? splits.length);
  const isOuter = depth < splits.length && depth > 0;
  const ctes = [
    selection(query, context, names, words),
    ...ranked.map((i) => level(query, i, words)),
    ...(isOuter ? [keptGroups(names.slice(0, depth), having)] : []),
  ];
  const groups = [...names, ...ranked.map((i) => `rank_${i + 1}`)];
  const last = splits.at(-1);
  const rank = last === undefined ? [] : rankOf(last, names.at(-1) ?? '', words);
  const outer = inner.map((i) =>
    ranked.includes(i) ? `rank_${i + 1}` : valueOrder(splits[i], names[i] ?? ''),
  );
  const limit = last?.limit ?? null;
  const partition = names.slice(0, -1).join(', ');
  return [
    `WITH ${ctes.join(',\n')}`,
    `SELECT ${[...names, ...query.measures.map((name) => `${measureToSql(name, words)} AS ${measureAlias(name)}`)].join(', ')}`,
    'FROM selection',
    ...ranked.map((i) => joinLevel(splits, i)),
    ...(isOuter ? [joinKeptGroups(names.slice(0, depth))] : []),
    ...(groups.length === 0 ? [] : [`GROUP BY ${groups.join(', ')}`]),
    ...(having.length === 0 || isOuter ? [] : [`HAVING ${having.join(' AND ')}`]),
    ...(limit === null || partition === ''
      ? []
      : [`QUALIFY row_number() OVER (PARTITION BY ${partition} ORDER BY ${rank.join(', ')}) <= ${limit}`]),
    ...(rank.length === 0 ? [] : [`ORDER BY ${[...outer, ...rank].join(', ')}`]),
    ...(limit === null || partition !== '' ? [] : [`LIMIT ${limit}`]),
    // Last, so that the text can be the argument of a command: one that begins with dashes would be an option.
    ...notes(query, context),
  ].join('\n');
}

/** The groups that conditions on measures leave. */
function keptGroups(names: readonly string[], having: readonly string[]): string {
  const lines = [
    `SELECT ${names.map((name, i) => `${name} AS key_${i + 1}`).join(', ')}`,
    'FROM selection',
    `GROUP BY ${names.join(', ')}`,
    `HAVING ${having.join(' AND ')}`,
  ];
  return `kept_groups AS (\n  ${lines.join('\n  ')}\n)`;
}

function joinKeptGroups(names: readonly string[]): string {
  return `JOIN kept_groups ON ${names.map((name, i) => `${name} IS NOT DISTINCT FROM kept_groups.key_${i + 1}`).join(' AND ')}`;
}

/** The rows, with the splits under their own names. */
function selection(query: Query, { range }: Context, names: readonly string[], words: SqlWords): string {
  const sorts = query.splits.flatMap((split) => sortMeasure(split) ?? []);
  const measures = [...query.measures, ...query.having.map(({ measure }) => measure), ...sorts];
  const splits = query.splits.map((split, i) => {
    const value = splitToSql(split, query.timezone, words);
    return value === names[i] ? value : `${value} AS ${names[i]}`;
  });
  const columns = [
    ...new Set([
      ...splits,
      ...measures.flatMap(measureColumns).map((name) => counted(name, query.timezone, words)),
    ]),
  ];
  const where = [
    ...(range === null
      ? []
      : [`"start" >= ${words.timeLiteral(range.from)}`, `"start" < ${words.timeLiteral(range.to)}`]),
    ...query.filter.map((clause) => clauseToSql(clause, query.timezone, words)),
  ];
  const lines = [
    `SELECT ${columns.length === 0 ? '1 AS flow' : columns.join(', ')}`,
    'FROM flows',
    ...(where.length === 0 ? [] : [`WHERE ${where.join('\n    AND ')}`]),
  ];
  return `selection AS (\n  ${lines.join('\n  ')}\n)`;
}

/** A column that a measure reads; what clocks read is the view's own only in UTC. */
function counted(name: string, timezone: string, words: SqlWords): string {
  const field = queryField(name);
  const clock = field === undefined ? null : clockToSql(field, timezone, words);
  return clock === null || clock === name ? name : `${clock} AS ${name}`;
}

function notes(query: Query, { range }: Context): readonly string[] {
  const lines: string[] = [];
  if (query.compare !== null && range !== null) {
    const earlier = shiftBack(range, query.compare.shift, query.timezone);
    const times = `from ${formatInstant(earlier.from)} to ${formatInstant(earlier.to)}`;
    lines.push(comment(`Compared with ${query.compare.shift} earlier: the same ${times}.`));
  }
  if (query.having.length > 0 && query.splits.length > 1) {
    lines.push(comment('Outer levels are cut before HAVING here; the query cuts them after it.'));
  }
  if (query.hidden) lines.push(comment('Without what HAVING hides ("hidden").'));
  if (query.other) lines.push(comment('Without what the limits cut ("other").'));
  if (query.subtotals) lines.push(comment('Without subtotals.'));
  return lines;
}
