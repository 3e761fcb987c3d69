import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { fields } from '../../model/catalog/fields.ts';
import type { Clause } from '../../model/query/query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { type Scope, clauseCondition, where } from './condition.ts';
import { LONG, LONGEST, continues, reaches, stopOf } from '../record-times.ts';
import { secondsOf } from './range-seconds.ts';

/** What tells one conversation at one interface from another. */
const TUPLE: readonly string[] = ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'];

/**
 * Flows with one column more, `starts_connection`: whether the row begins a connection.
 *
 * It does if no record of the same tuple in the whole store, with an earlier (start, end), reaches to
 * within a window of this one's start: its end >= this start - window, where the window is 60 s if both
 * last at most 60 s, else 600 s. Records of equal tuple, start and end count once: the first in the order
 * of the other fields that the question names (`named`). A record without an end, or with one before its
 * start, ends at its start. Without a start it begins nothing.
 *
 * Whether a row begins one depends on all the earlier records of its tuple only through the furthest end
 * among the short and among the long, and only where that end lies at most 600 s before the row. So for rows
 * from `range.from` on, records that end before `range.from` - 600 s can't matter, however their chains run,
 * and a record that ends later started at most a day earlier. Clauses on the tuple's own
 * fields keep or drop whole conversations and are applied first, all others after.
 */
export function flowsWithConnectionStarts(
  filter: readonly Clause[],
  named: readonly Field[],
  range: ResolvedRange | null,
  scope: Scope,
): { readonly table: string; readonly rest: readonly Clause[] } {
  const { dialect, binder, columns } = scope;
  if (!columns.has('start')) {
    return {
      table: `(SELECT *, ${dialect.flag(false)} AS starts_connection FROM ${dialect.tables.flows}) f`,
      rest: filter,
    };
  }
  const start = dialect.quote('start');
  const onTuple = (clause: Clause): boolean => TUPLE.includes(clause.field);
  const conditions = filter
    .filter(onTuple)
    .map((clause) => clauseCondition(clause, () => dialect.tables.flows, scope));
  if (range !== null) {
    const { from, to } = secondsOf(range);
    const bind = (second: number): string => binder.bind(Math.max(0, second), dialect.types.seconds);
    conditions.push(
      `${start} >= ${bind(from - LONG - LONGEST)}`,
      `${start} < ${bind(to)}`,
      `${dialect.quote('hour')} >= ${bind(Math.floor((from - LONG - LONGEST) / 3600))}`,
      reaches(bind(from - LONG), columns, dialect),
    );
  }
  const tuple = TUPLE.filter((name) => columns.has(name)).map((name) => dialect.quote(name));
  const partition = tuple.length === 0 ? '' : `PARTITION BY ${tuple.join(', ')} `;
  const rows = `SELECT *, CAST(${stopOf(columns, dialect)} AS ${dialect.types.whole}) AS stop FROM ${dialect.tables.flows}${where(conditions)}`;
  const ties = orderOfEqual(named, scope);
  const table =
    `(SELECT s.*, ${start} IS NOT NULL AND (${continues(start)}) IS NOT TRUE AS starts_connection FROM (${rows}) s${ties.joins}` +
    ` WINDOW w AS (${partition}ORDER BY ${[start, 'stop', ...ties.order].join(', ')} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) f`;
  return { table, rest: filter.filter((clause) => !onTuple(clause)) };
}

/** The order of records of equal tuple, start and stop, by the logged fields behind some that a question names; nulls last. */
function orderOfEqual(
  named: readonly Field[],
  { dialect, columns }: Scope,
): { readonly joins: string; readonly order: readonly string[] } {
  const names = named.flatMap((field) => (isDerived(field) ? field.from : [field.name]));
  const equal = ['start', 'hour', ...TUPLE];
  const others = fields.filter(
    ({ name }) => names.includes(name) && columns.has(name) && !equal.includes(name),
  );
  const lookups = others.map((field, i) =>
    dialect.resolveKey(field, `s.${dialect.quote(field.name)}`, `tie${i}`, true),
  );
  return {
    joins: lookups.map(({ join }) => (join === '' ? '' : ` ${join}`)).join(''),
    order: lookups.flatMap(({ order }) => order.map((key) => `${key} NULLS LAST`)),
  };
}
