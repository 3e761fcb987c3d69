import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { Query } from '../../model/query/query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import type { CompileContext } from '../compile-context.ts';
import { isTimeBound } from '../derived/enrichment-layout.ts';
import { withDerivedColumns } from '../derived/with-derived.ts';
import { chooseTables, worthReading } from './choose-rollup.ts';
import { countedField, inputsOf } from './combining.ts';
import { type Component, type InputColumn, componentColumn } from './component.ts';
import { type Scope, fieldOf } from './condition.ts';
import { derivedColumns, isThere } from './derived-columns.ts';
import { selectInputRows } from './input-rows.ts';
import type { Rollup } from './rollup.ts';
import { interfaceHourRollup } from './usual-rollups.ts';

/** Some components that count the different values of fields, worked out together. */
export interface ValueCounts {
  readonly components: readonly Component[];
  /** A SELECT of one row, with a column for each. */
  readonly select: string;
  /** What is read: a rollup, or (null) the flows; none where no flow can have such a value. */
  readonly tables: readonly (Rollup | null)[];
}

/**
 * How a query of totals counts the different values of fields, each from the smallest table that tells them. Values that
 * depend on others (a country on an address) are looked up for the different ones of these, not for each row. Empty:
 * whatever is counted is counted from the rows of the other components.
 *
 * @param components all that the query needs
 * @param base derived fields excepted
 */
export function planValueCounts(
  query: Query,
  components: readonly Component[],
  range: ResolvedRange | null,
  context: CompileContext,
  base: Omit<Scope, 'derived'>,
): readonly ValueCounts[] {
  if (query.splits.length > 0 || query.compare !== null) return [];
  const counted = inputsOf(components).flatMap((column) => countedField(column) ?? []);
  const scope = { ...base, derived: derivedFor(query, counted, context, base) };
  const together = new Map<string, Field[]>();
  for (const field of counted.map(fieldOf)) {
    const key = isThere(field, scope) ? rowsOf(field, context) : NOWHERE;
    together.set(key, [...(together.get(key) ?? []), field]);
  }
  // One reading does for these and for the flows.
  const [first = []] = together.values();
  if (together.size === 1 && !first.some((field) => isLookedUp(field, context))) return [];
  return [...together].map(([key, fields]) =>
    key === NOWHERE ? noValues(fields) : countTogether(fields, query, range, context, scope),
  );
}

/** The derived fields of a query, with columns for those that are shown. */
function derivedFor(
  { filter, timezone }: Query,
  shown: readonly string[],
  context: CompileContext,
  { dialect }: Pick<Scope, 'dialect'>,
): Scope['derived'] {
  const filtered = filter.map(({ field }) => field);
  return derivedColumns(shown, filtered, context, dialect, timezone);
}

/** Of fields that are null everywhere. */
function noValues(fields: readonly Field[]): ValueCounts {
  const components = fields.map(componentOf);
  const counts = components.map((component) => `0 AS ${componentColumn(component, 'now')}`);
  return { components, select: `SELECT ${counts.join(', ')}`, tables: [] };
}

function componentOf({ name }: Field): Component {
  return `distinct_${name}`;
}

/** The name of no rows: those of fields that are null everywhere. */
const NOWHERE = '';

/** A name of the rows that a field's values are counted from: fields of one name share them. */
function rowsOf(field: Field, context: CompileContext): string {
  // The four fields about who began take one join, and those of an interface one small table.
  if (isDerived(field) && field.derivation.kind === 'start') return 'start';
  if (!isDerived(field) && interfaceHourRollup.keeps(field)) return 'interface';
  return inputsBehind(field, context).join(' ');
}

/** The components whose inputs tell apart what values of a field depend on. */
function inputsBehind(field: Field, { columns, enrichment }: CompileContext): readonly Component[] {
  return namesBehind(field, enrichment?.changesOverTime === true)
    .filter((name) => name === field.name || columns.has(name))
    .map((name): Component => (name === 'start' ? 'active_hours' : `distinct_${name}`));
}

function namesBehind(field: Field, changesOverTime: boolean): readonly string[] {
  if (!isDerived(field)) return [field.name];
  const { derivation, from } = field;
  switch (derivation.kind) {
    case 'address':
      return changesOverTime && isTimeBound(derivation.fact) ? from : [derivation.end];
    case 'side':
    case 'direction':
    case 'port':
      return from;
    case 'start':
    case 'clock':
      // About as many combinations as there are rows, and quickly worked out.
      return [field.name];
  }
}

/** Whether a field's values are looked up for the different values of others. */
function isLookedUp(field: Field, context: CompileContext): field is DerivedField {
  return isDerived(field) && !inputsBehind(field, context).includes(componentOf(field));
}

function countTogether(
  fields: readonly Field[],
  query: Query,
  range: ResolvedRange | null,
  context: CompileContext,
  all: Scope,
): ValueCounts {
  const { dialect } = all;
  const inputs = [...new Set(fields.flatMap((field) => inputsBehind(field, context)))];
  const columns = inputsOf(inputs);
  // Rows get a column for the derived fields that filter them or tell them apart; the others are looked up afterwards.
  const shown = columns.flatMap((column) => countedField(column) ?? []);
  const scope = { ...all, derived: derivedFor(query, shown, context, all) };
  const tables = chooseTables(
    { query, keys: [], components: inputs, shift: null, zone: scope.derived.zone },
    worthReading(range, null, context.rollups ?? [], scope),
  );
  const rows = selectInputRows(
    { keys: [], columns, filter: query.filter, range, periods: ['now'], compare: null, ...tables },
    scope,
  );
  const lookedUp = fields.filter((field): field is DerivedField => isLookedUp(field, context));
  const from = lookedUp.length === 0 ? `(${rows}) b` : withLookedUp(rows, lookedUp, columns, all);
  const counts = fields.map((field) => {
    const value = lookedUp.length === 0 ? `b.field_${field.name}` : `e.${dialect.quote(field.name)}`;
    return `count(DISTINCT ${value}) AS ${componentColumn(componentOf(field), 'now')}`;
  });
  return {
    components: fields.map(componentOf),
    select: `SELECT ${counts.join(', ')} FROM ${from}`,
    tables: [tables.rollup],
  };
}

/** A FROM text, `e`: the different combinations of inputs, with the derived fields that depend on them. */
function withLookedUp(
  rows: string,
  lookedUp: readonly DerivedField[],
  inputs: readonly InputColumn[],
  { dialect, derived: { enrichment, zone } }: Scope,
): string {
  const items = inputs.map((input) => `b.${input} AS ${dialect.quote(nameOf(input))}`);
  return withDerivedColumns(
    `(SELECT DISTINCT ${items.join(', ')} FROM (${rows}) b)`,
    lookedUp,
    new Set(inputs.map((input) => (input === 'active_hour' ? 'start' : nameOf(input)))),
    { changesOverTime: enrichment.changesOverTime, zone },
    dialect,
  );
}

/** The column of flows that an input is. */
function nameOf(input: InputColumn): string {
  return input === 'active_hour' ? 'hour' : (countedField(input) ?? input);
}
