import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import type { Answer, Cell, OtherRow, SubtotalRow } from '../../model/query/answer.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import type { Query, Scalar, Split } from '../../model/query/query.ts';
import { sortKey } from '../../model/query/sort-measure.ts';
import { measuresUsed } from '../../model/query/used-names.ts';
import { answerColumns } from '../../sql/compile.ts';
import { countedField, countedInputs } from '../../sql/plan/combining.ts';
import { componentsOf } from '../../sql/plan/plan.ts';
import type { SplitKey } from '../../sql/plan/split-key.ts';
import { fieldsOf } from './fetch-rows.ts';
import type { DividedQuery } from './needed-rows.ts';
import type { Row } from './read-lines.ts';
import { type Places, Tally, tallied } from './row-tally.ts';

/**
 * Whether `answerRows` can answer a question from its rows: groups of logged fields and times, with measures that rows add up to.
 * All else (derived fields, conditions on groups, earlier periods, rates) takes a store of DuckDB's.
 */
export function isPlain({ left, rows, exact, plan }: DividedQuery): boolean {
  return (
    exact &&
    !rows.each &&
    left.filter.length === 0 &&
    left.having.length === 0 &&
    left.compare === null &&
    plan.keys.every(({ field, time }) => !isDerived(field) && (field.type !== 'time' || time !== null)) &&
    measuresUsed(left).every((measure) => tallied(measure) !== null)
  );
}

/** The rows with one value of a split: of an answer there may be many, of which few are shown. */
class Group extends Tally {
  readonly key: unknown;
  children: Map<unknown, Group> | null = null;
  #order: number | bigint | string | null | undefined;

  constructor(key: unknown, places: Places) {
    super(places);
    this.key = key;
  }

  /** What it is ordered by, if not by a measure; null is last. */
  orderIn(field: Field): number | bigint | string | null {
    return (this.#order ??=
      typeof this.key === 'string' ? orderOf(field, this.key) : (this.key as number | null));
  }

  child(key: unknown, places: Places): Group {
    this.children ??= new Map();
    let child = this.children.get(key);
    if (child === undefined) this.children.set(key, (child = new Group(key, places)));
    return child;
  }
}

/** Whether no sum of some rows is too large for a number of JavaScript's. */
export function addUpExactly({ left, rows: needed }: DividedQuery, rows: readonly Row[]): boolean {
  const whole = new Tally({ ...placesIn(fieldsOf(needed), left), different: [] });
  for (const row of rows) whole.add(row);
  return whole.isExact;
}

/**
 * The answer to a plain question from the rows that it needs, as DuckDB would work it out.
 *
 * @param query what is left to ask of the rows; its only filter may be of values of its splits
 * @param source the table that they are from
 */
export function answerRows(
  query: Query,
  { rows: needed, plan }: DividedQuery,
  rows: readonly Row[],
  source: string,
): Answer {
  const keys = plan.keys.slice(0, query.splits.length);
  const names = fieldsOf(needed);
  const places = placesIn(names, query);
  const keyPlaces = keys.map(({ field }) => names.indexOf(field.name));
  const isShown = filterOf(query, names);
  // Of the whole, how many flows it is, unless its measures are asked for.
  const ofWhole = keys.length === 0 || query.subtotals ? places : { ...places, different: [] };
  const whole = new Group(null, ofWhole);
  for (const row of rows) {
    if (!isShown(row)) continue;
    whole.add(row);
    let group = whole;
    for (let depth = 0; depth < keys.length; depth++) {
      const key = keyOf(query.splits[depth], keys[depth]!, cellAt(row, keyPlaces[depth]!));
      group = group.child(key, places);
      group.add(row);
    }
  }
  return answerOf(query, keys, whole, places, plan.range, source);
}

function placesIn(names: readonly string[], query: Query): Places {
  const counted = countedInputs(componentsOf(measuresUsed(query)));
  const columnOf = { source: 'srcaddr', destination: 'dstaddr', active_hour: 'hour' };
  return {
    flows: names.indexOf('flows'),
    action: names.indexOf('action'),
    bytes: names.indexOf('bytes'),
    packets: names.indexOf('packets'),
    different: counted.map((input) => {
      const name = countedField(input) ?? columnOf[input as keyof typeof columnOf];
      return [name, names.indexOf(name === 'hour' ? 'start' : name)];
    }),
  };
}

function filterOf({ filter }: Query, names: readonly string[]): (row: Row) => boolean {
  const tests = filter.map((clause) => {
    if (clause.kind !== 'in') throw new RangeError('Only values are looked for among rows.');
    const [values, place] = [new Set<unknown>(clause.values), names.indexOf(clause.field)];
    return (row: Row): boolean => values.has(cellAt(row, place)) !== clause.not;
  });
  return (row) => tests.every((test) => test(row));
}

function cellAt(row: Row, place: number): unknown {
  return place < 0 ? null : (row[place] ?? null);
}

/** What tells the group of a row from others. */
function keyOf(split: Split | undefined, { time }: SplitKey, value: unknown): unknown {
  if (value === null) return null;
  if (time !== null) return time.keyOf(Number(value));
  return split?.bucket?.kind === 'number' ? Math.floor(Number(value) / split.bucket.width) : value;
}

function cellOf({ cell }: SplitKey, key: unknown): Cell {
  return typeof key === 'number' ? cell(key, null) : (key as string | null);
}

/** Texts by their bytes; addresses of IPv4 as numbers, and before all others. */
function orderOf({ type }: Field, text: string): bigint | string | null {
  if (type === 'address') {
    const address = parseAddress(text);
    return address === null ? null : address.version === 4 ? address.value : address.value + (1n << 32n);
  }
  // Of other letters JavaScript compares halves.
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

function answerOf(
  query: Query,
  keys: readonly SplitKey[],
  whole: Group,
  places: Places,
  range: DividedQuery['plan']['range'],
  source: string,
): Answer {
  const measures = query.measures.map((measure) => tallied(measure)!);
  const valuesOf = (tally: Tally): readonly Cell[] => measures.map((value) => value(tally));
  const rows: (readonly Cell[])[] = [];
  const others: OtherRow[][] = query.splits.map(() => []);
  const subtotals: SubtotalRow[][] = query.splits.map(() => []);
  if (query.splits.length === 0) subtotals.push([{ path: [], values: valuesOf(whole) }]);
  const orders = query.splits.map((split, i) => orderOfSplit(split, keys[i]!));
  let truncated = false;
  const show = (group: Group, depth: number, path: readonly Cell[]): void => {
    const [split, key, order] = [query.splits[depth], keys[depth], orders[depth]];
    if (split === undefined || key === undefined || order === undefined) {
      rows.push([...path, ...valuesOf(group)]);
      return;
    }
    subtotals[depth]?.push({ path, values: valuesOf(group) });
    const children = [...(group.children?.values() ?? [])].sort(order);
    const limit = split.limit ?? children.length;
    for (const child of children.slice(0, limit)) show(child, depth + 1, [...path, cellOf(key, child.key)]);
    if (children.length <= limit) return;
    truncated = true;
    if (!query.other) return;
    const rest = new Tally(places);
    for (const child of children.slice(limit)) rest.addAll(child);
    others[depth]?.push({ path, groups: children.length - limit, values: valuesOf(rest) });
  };
  show(whole, 0, []);
  return {
    columns: answerColumns(query),
    rows,
    truncated,
    other: query.other ? others.flat() : null,
    hidden: null,
    subtotals: query.subtotals ? subtotals.flat() : null,
    range: range === null ? null : { from: formatInstant(range.from), to: formatInstant(range.to) },
    stats: { ms: 0, rows_scanned: whole.flows, source },
  };
}

/** How the groups of a split are ordered: by a measure, those without one last, and then by their values; or by these alone. */
function orderOfSplit(split: Split, { field }: SplitKey): (a: Group, b: Group) => number {
  const sign = split.sort.order === 'desc' ? -1 : 1;
  const by = sortKey(split);
  const byValue = (a: Group, b: Group, way: number): number =>
    lastIfNull(a.orderIn(field), b.orderIn(field), way);
  if (by === null) return (a, b) => byValue(a, b, sign);
  const measure = tallied(by.measure)!;
  return (a, b) => lastIfNull(measure(a), measure(b), sign) || byValue(a, b, 1);
}

function lastIfNull<T extends Scalar>(a: T, b: T, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}
