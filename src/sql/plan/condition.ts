import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { parseBlock } from '../../model/query/address-block.ts';
import type { Clause } from '../../model/query/query.ts';
import { queryField } from '../../model/query/query-field.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { type Binder, integerLiteral } from '../binder.ts';
import type { CompileContext } from '../compile-context.ts';
import { type Lookup, lookup } from '../derived/with-derived.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { type DerivedColumns, isThere } from './derived-columns.ts';
import { secondsOf } from './range-seconds.ts';

/** What conditions are made with. */
export interface Scope {
  readonly dialect: Dialect;
  readonly binder: Binder;
  readonly columns: CompileContext['columns'];
  /** The derived fields that are asked for, and where they are looked up. */
  readonly derived: DerivedColumns;
  /** The second before which flows are only in the rollups. */
  readonly flowsFrom: number;
}

/**
 * A clause as a condition, true for the rows that match. A positive clause matches null only where it
 * names null; a negated one matches exactly the other rows. `values` is a FROM text that holds all values that matter;
 * `start` is the moment that ranges of time are about.
 */
export function clauseCondition(
  clause: Clause,
  values: () => string,
  scope: Scope,
  start = scope.dialect.quote('start'),
): string {
  const field = fieldOf(clause.field);
  if (clause.kind === 'ranges')
    return inRanges(clause, field.name === 'start' ? start : scope.dialect.quote(field.name), scope);
  const namesNull = clause.kind === 'in' && clause.values.includes(null);
  if (!isThere(field, scope)) return namesNull === clause.not ? 'FALSE' : 'TRUE';
  const looked = isDerived(field)
    ? lookup(field, scope.derived.enrichment.changesOverTime, scope.dialect)
    : null;
  if (looked !== null && looked.unsure === null) {
    const positive = lookedUp(clause, field, looked, namesNull, scope);
    return clause.not ? `(${positive}) IS NOT TRUE` : positive;
  }
  const column = scope.dialect.quote(field.name);
  const positive = predicate(clause, field, column, values, scope);
  const withNull = namesNull ? `(${column} IS NULL OR ${positive})` : positive;
  if (clause.not) return `(${withNull}) IS NOT TRUE`;
  // That few addresses can match at all lets the database skip most rows before it looks closer.
  return looked === null || namesNull
    ? withNull
    : `(${lookedUp(clause, field, looked, false, scope)} AND ${withNull})`;
}

/** That a moment lies in one of a clause's ranges; no moment lies in none. */
function inRanges(
  { ranges, field, not }: Extract<Clause, { kind: 'ranges' }>,
  moment: string,
  scope: Scope,
): string {
  if (!isThere(fieldOf(field), scope)) return not ? 'TRUE' : 'FALSE';
  const tests = ranges.map((range) => {
    const { from, to } = secondsOf(range);
    return `(${moment} >= ${integerLiteral(from)} AND ${moment} < ${integerLiteral(to)})`;
  });
  const positive = tests.length === 0 ? 'FALSE' : `(${tests.join(' OR ')})`;
  return not ? `(${positive}) IS NOT TRUE` : positive;
}

/** That the address at the field's end is one of those that a clause holds, or may hold, for. */
function lookedUp(
  clause: Exclude<Clause, { kind: 'ranges' }>,
  field: Field,
  { table, key, value, end, unsure }: Lookup,
  namesNull: boolean,
  scope: Scope,
): string {
  const address = scope.dialect.quote(end);
  const tests = [
    predicate(clause, field, value, () => table, scope),
    ...(namesNull ? [`${value} IS NULL`] : []),
    ...(unsure === null ? [] : [unsure]),
  ];
  const found = `${address} IN (SELECT ${key} FROM ${table} WHERE ${tests.join(' OR ')})`;
  return namesNull ? `(${address} IS NULL OR ${found})` : found;
}

function predicate(
  clause: Exclude<Clause, { kind: 'ranges' }>,
  field: Field,
  column: string,
  rows: () => string,
  scope: Scope,
): string {
  const { dialect, binder } = scope;
  switch (clause.kind) {
    case 'in': {
      const values = clause.values.filter((value) => value !== null);
      return values.length === 0 ? 'FALSE' : dialect.isOneOf(field, column, values, binder);
    }
    case 'between':
      return dialect.between(field, column, clause.low, clause.high, binder);
    case 'cidr':
      return dialect.inBlocks(
        column,
        clause.blocks.flatMap((block) => parseBlock(block) ?? []),
        rows,
        binder,
      );
    case 'contains':
      return dialect.contains(field, column, clause.text, rows, binder);
    case 'matches':
      return dialect.matches(field, column, clause.pattern, rows, binder);
  }
}

/** The conditions that keep the rows of a range; `hour` repeats them in what the rows are ordered by. */
export function rangeConditions(range: ResolvedRange | null, scope: Scope): readonly string[] {
  if (range === null) return [];
  if (!scope.columns.has('start')) return ['FALSE'];
  const { from, to } = secondsOf(range);
  const bind = (value: number): string => scope.binder.bind(value, scope.dialect.types.seconds);
  const start = scope.dialect.quote('start');
  const hour = scope.dialect.quote('hour');
  return [
    `${start} >= ${bind(from)}`,
    `${start} < ${bind(to)}`,
    `${hour} >= ${bind(Math.floor(from / 3600))}`,
    `${hour} <= ${bind(Math.max(0, Math.floor((to - 1) / 3600)))}`,
  ];
}

export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

/** The catalog field of a validated query's field name. */
export function fieldOf(name: string): Field {
  const field = queryField(name);
  if (field === undefined) throw new TypeError(`no field ${name}: the query was not validated`);
  return field;
}
