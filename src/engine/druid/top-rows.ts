import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import type { Scalar } from '../../model/query/query.ts';
import { sortKey } from '../../model/query/sort-measure.ts';
import { measuresUsed } from '../../model/query/used-names.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { inRange, pushedCondition } from '../../sql/dialects/druid/druid-conditions.ts';
import {
  type RankedBy,
  type RankedRows,
  countGroups,
  rankedBy,
  selectEqual,
  selectExtent,
  selectTop,
} from '../../sql/dialects/druid/druid-top.ts';
import { inputsOf } from '../../sql/plan/combining.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import { componentsOf } from '../../sql/plan/plan.ts';
import type { RunOptions } from '../engine.ts';
import { begunEarly } from './begun-early.ts';
import type { DruidServer } from './druid-server.ts';
import { fetchRows, fewRows, fieldsOf } from './fetch-rows.ts';
import { type DividedQuery, type NeededRows, inputsBehind, kept } from './needed-rows.ts';
import type { StoredFlows } from './stored-flows.ts';
import type { Row } from './read-lines.ts';
import { rowsBetweenCounts } from './whole-answer.ts';

/** The largest limit for which values are looked for in Druid first. */
const MOST_LIMIT = 1000;
/** So many groups are taken as they are, in one request: to have them cut takes five. */
const FEW_GROUPS = 1000;
/** So many values beyond the limit that are as large as its last one are taken for others that may be shown. */
const FEW_EQUAL = 200;
/** So many that are as large as the last one are looked at, to tell which of them come first. */
const MOST_EQUAL = 200_000;

/** How the first split of a query is cut by its limit in Druid, so that only groups of the values that may be shown come out whole. */
export interface Ranking {
  readonly field: Field;
  readonly limit: number;
  readonly by: RankedBy;
  /** The time that is ranked by, and all times asked about; none: all time. */
  readonly ranges: readonly ResolvedRange[];
  /** What of the values that are cut off is needed: rows without the splits; null: nothing. */
  readonly rest: NeededRows | null;
  /** Whether the number of values is needed. */
  readonly counts: boolean;
}

/** What was found of a ranking. */
export interface TopValues {
  /** The values that may be shown: those within the limit, and those as large as the last of them. */
  readonly values: readonly Scalar[];
  /** What the rows of all other values have in the field. */
  readonly placeholder: Scalar;
  /** How many values there are; null: not asked for. */
  readonly groups: number | null;
  /** How many flows there are, counted for each period. */
  readonly flows: number;
}

/** How Druid can cut a query's first split exactly; null: it can't, and all groups are needed. */
export function rankingOf(
  { left: query, rows, ranges, exact }: DividedQuery,
  stored: StoredFlows,
): Ranking | null {
  const [split] = query.splits;
  if (split === undefined || !rows.any || rows.each) return null;
  const field = fieldOf(split.field);
  const by = sortKey(split);
  const has = (name: string): boolean => stored.columns.has(name);
  if (
    // Clauses that Druid did not apply, and conditions on groups, would change who is first.
    !exact ||
    query.having.length > 0 ||
    split.bucket !== null ||
    split.limit === null ||
    split.limit > MOST_LIMIT ||
    split.sort.order !== 'desc' ||
    by?.of !== 'value' ||
    isDerived(field) ||
    !has(field.name) ||
    !['text', 'address', 'integer'].includes(field.type) ||
    // A few values are not worth another question.
    field.values !== null
  )
    return null;
  const ranked = rankedBy(by.measure, has);
  if (ranked === null) return null;
  const columns = kept(
    inputsOf(componentsOf(measuresUsed(query)))
      .flatMap(inputsBehind)
      .filter((name) => !rows.amounts.includes(name)),
    stored,
  );
  const whole = query.other || query.subtotals;
  // Where its different values are counted in all rows, they are needed all the same.
  if (whole && columns.includes(field.name)) return null;
  return {
    field,
    limit: split.limit,
    by: ranked,
    ranges,
    rest: whole ? { ...rows, columns } : null,
    counts: query.other,
  };
}

/**
 * The rows that a query needs whose first split Druid limits, unless they are few anyway: those of the values that may be shown, and
 * all others without any split. `found` is called before the first row; if all rows come it is not called.
 *
 * @param many what was found to have more than a few rows, which is not tried again
 */
export async function* topRows(
  server: DruidServer,
  rows: NeededRows,
  ranking: Ranking,
  found: (top: TopValues) => void,
  many: Set<string>,
  options: RunOptions,
  apart: boolean,
): AsyncGenerator<readonly Row[]> {
  const asked = JSON.stringify([rows.grain, rows.columns, rows.amounts, rows.conditions, rows.texts]);
  if (!many.has(asked)) {
    const few = await fewRows(server, rows, FEW_GROUPS, options, apart);
    if (few !== null) {
      yield few;
      return;
    }
    many.add(asked);
  }
  const top = await findTop(server, rows, ranking, options);
  if (top === null) {
    yield* fetchRows(server, rows, options, apart);
    return;
  }
  found(top);
  const { field, rest } = ranking;
  const shown = narrowed(rows, field, top.values, false);
  if (rest === null) {
    yield* fetchRows(server, shown, options, apart);
    return;
  }
  const others = begunEarly(fetchRows(server, narrowed(rest, field, top.values, true), options, apart));
  try {
    yield* fetchRows(server, shown, options, apart);
    const places = fieldsOf(rest);
    const from = fieldsOf(rows).map((name) => (name === field.name ? null : places.indexOf(name)));
    for await (const some of others.pieces)
      yield some.map((row) =>
        from.map((place) => (place === null ? top.placeholder : place < 0 ? null : row[place])),
      );
  } finally {
    others.giveUp();
  }
}

async function findTop(
  server: DruidServer,
  rows: NeededRows,
  { field, limit, by, ranges, counts }: Ranking,
  options: RunOptions,
): Promise<TopValues | null> {
  const all: RankedRows = {
    datasource: server.datasource,
    conditions: rows.conditions,
    field: field.name,
  };
  const [now] = ranges;
  const ranked = now === undefined ? all : { ...all, conditions: [...rows.conditions, inRange(now)] };
  const ask = (sql: string): Promise<readonly Row[]> => server.rows(sql, rows.texts, options);
  const askTop = async (): Promise<readonly Row[]> => {
    const select = selectTop(ranked, by, limit + FEW_EQUAL + 1);
    const top: Row[] = [];
    for await (const some of rowsBetweenCounts(server, select, rows.texts, rows.whole, options))
      top.push(...some);
    return top;
  };
  const [first, [extent], [groups]] = await Promise.all([
    askTop(),
    ask(selectExtent(all, by, ranges)),
    counts ? ask(countGroups(all)) : [],
  ]);
  // With fewer values than the limit nothing is cut, or what is cut was only there before.
  if (first.length <= limit) return null;
  const flows = Number(extent?.[0] ?? 0);
  // Sums beyond 63 bits would begin anew in Druid.
  if (BigInt(flows) * BigInt(String(extent?.[1] ?? 0)) >= 2n ** 63n) return null;
  const values = await firstValues(first, field, limit, (amount) =>
    ask(selectEqual(ranked, by, amount, MOST_EQUAL + 1)),
  );
  if (values === null) return null;
  return {
    values,
    placeholder: placeholderFor(field, values),
    groups: counts ? Number(groups?.[0] ?? 0) : null,
    flows,
  };
}

/**
 * The values within a limit, possibly with some that are as large as the last of them; null: not decidable.
 *
 * @param first values and amounts in Druid's order, more than the limit
 * @param equalTo the values of an amount
 */
async function firstValues(
  first: readonly Row[],
  field: Field,
  limit: number,
  equalTo: (amount: number) => Promise<readonly Row[]>,
): Promise<readonly Scalar[] | null> {
  const last = first[limit - 1]?.[1] ?? null;
  if (last === null) return null;
  const valuesOf = (rows: readonly Row[]): readonly Scalar[] => rows.map(([value]) => value as Scalar);
  // Of numbers Druid's order is ours, but for null, which comes first there.
  if (field.type === 'integer') return valuesOf(first.slice(0, limit + 1));
  const reaching = first.filter(([, amount]) => amount !== null && Number(amount) >= Number(last));
  if (reaching.length <= limit + FEW_EQUAL) return valuesOf(reaching);
  if (!Number.isSafeInteger(last)) return null;
  const above = valuesOf(reaching.filter(([, amount]) => Number(amount) > Number(last)));
  const equal = valuesOf(await equalTo(Number(last)));
  if (equal.length > MOST_EQUAL) return null;
  return [...above, ...inOrder(field, equal).slice(0, limit - above.length)];
}

/** Values in the order in which those of equal measures are shown: texts by their bytes, addresses as numbers, null last. */
function inOrder(field: Field, values: readonly Scalar[]): readonly Scalar[] {
  const keyed = values.map((value) => {
    const address = value === null || field.type !== 'address' ? null : parseAddress(String(value));
    return { value, version: address?.version ?? 0, bits: address?.value ?? 0n };
  });
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    if (a.version !== b.version) return a.version - b.version;
    if (a.bits !== b.bits) return a.bits < b.bits ? -1 : 1;
    return a.version > 0 ? 0 : Buffer.compare(Buffer.from(String(a.value)), Buffer.from(String(b.value)));
  });
  return keyed.map(({ value }) => value);
}

function narrowed(rows: NeededRows, field: Field, values: readonly Scalar[], not: boolean): NeededRows {
  const texts = [...rows.texts];
  const clause = { kind: 'in' as const, field: field.name, values, not };
  const condition = pushedCondition(clause, field, (text) => {
    texts.push(text);
    return '?';
  });
  if (condition === null) throw new RangeError(`no condition on ${field.name}`);
  return {
    ...rows,
    conditions: [...rows.conditions, condition.sql],
    texts,
    whole: { ...rows.whole, same: false },
  };
}

/** A value that a field may have and that is none of some. */
function placeholderFor(field: Field, values: readonly Scalar[]): Scalar {
  const taken = new Set(values);
  for (let i = 0; ; i++) {
    const value =
      field.type === 'integer' ? i : field.type === 'address' ? `0.0.${i >> 8}.${i & 255}` : `${i}`;
    if (!taken.has(value)) return value;
  }
}
