import { type MeasureName, measureNamed } from '../model/catalog/measure-expression.ts';

import type { Answer, Cell } from '../model/query/answer.ts';
import { queryField } from '../model/query/query-field.ts';

type Json = Readonly<Record<string, unknown>>;
type Ask = (query: unknown) => Promise<Answer>;

/** A query of an alert that others can share: one measure, and one split or none (`evaluate-condition.ts`). */
interface AlertQuery {
  readonly time: unknown;
  readonly filter: readonly Json[];
  readonly measures: readonly [MeasureName];
  readonly having?: readonly [{ readonly between: readonly [number | null, number | null] }];
  readonly splits?: readonly [
    { readonly field: string; readonly limit: number; readonly sort: { readonly order: 'asc' | 'desc' } },
  ];
}

interface Waiting {
  readonly query: AlertQuery;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** The most values in one statement. */
const MOST_VALUES = 500;

/**
 * Combines the queries of alerts that are evaluated together into as few as possible: queries about the same flows ask for
 * all measures at once, and queries that differ only in the value of one filter become rows of one answer. Each gets the
 * answer that it would have got alone, except for what alerts don't read (subtotals, statistics).
 */
export function sharedQueries(ask: Ask): (query: unknown) => Promise<Answer> {
  let waiting: Waiting[] = [];
  let turn = Promise.resolve();
  const run = async (): Promise<void> => {
    const all = waiting;
    waiting = [];
    for (const group of groupsOf(all)) await answerGroup(group, ask);
  };
  return (query) =>
    new Promise((resolve, reject) => {
      waiting.push({ query: query as AlertQuery, resolve, reject });
      // After all queries of the same moment have been added.
      if (waiting.length === 1) turn = turn.then(() => new Promise(setImmediate)).then(run);
    });
}

/** Queries that can be combined. `field`: they differ in its value; null: they are about the same flows. */
interface Group {
  readonly field: string | null;
  readonly members: readonly Waiting[];
}

function groupsOf(all: readonly Waiting[]): readonly Group[] {
  const byFlows = grouped(all, ({ query }) =>
    isSimple(query)
      ? JSON.stringify([query.time, query.filter, query.splits?.[0].field ?? null])
      : JSON.stringify(query),
  );
  const alone: Waiting[] = [];
  const groups: Group[] = [];
  for (const members of byFlows) {
    if (members[0]?.query.splits === undefined) alone.push(...members);
    else groups.push({ field: null, members });
  }
  for (const members of grouped(alone, ({ query }) => restOf(query))) {
    const field = valueOf(members[0]?.query)?.field ?? null;
    for (let at = 0; at < members.length; at += MOST_VALUES)
      groups.push({ field, members: members.slice(at, at + MOST_VALUES) });
  }
  return groups;
}

/** Whether its answer is one amount, or one for each value of a field. A query by hour can only be combined with an equal one. */
function isSimple({ splits }: { readonly splits?: readonly Json[] }): boolean {
  return splits === undefined || (splits.length === 1 && splits[0]?.['bucket'] === undefined);
}

function grouped(all: readonly Waiting[], keyOf: (each: Waiting) => string): readonly (readonly Waiting[])[] {
  const groups = new Map<string, Waiting[]>();
  for (const each of all) {
    const key = keyOf(each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

/** A query without splits, except for the value that it filters by. */
function restOf(query: AlertQuery): string {
  const value = valueOf(query);
  if (value === null) return JSON.stringify([query.time, query.filter]);
  return JSON.stringify([query.time, query.filter.filter((clause) => clause !== value.clause), value.field]);
}

/** The single value that a query filters by, in its last clause of that form; null: none. */
function valueOf(
  query: AlertQuery | undefined,
): { readonly field: string; readonly value: Cell; readonly clause: Json } | null {
  const clause = query?.filter.findLast(
    ({ in: values, not }) =>
      Array.isArray(values) &&
      values.length === 1 &&
      not !== true &&
      ['string', 'number'].includes(typeof values[0]),
  );
  if (clause === undefined) return null;
  const { field, in: values } = clause as { readonly field: string; readonly in: readonly [Cell] };
  // An answer has times and counters in buckets, and addresses in one notation, which is the only one of IPv4 alone.
  const type = queryField(field)?.type;
  const known = type === 'address' ? /^\d{1,3}(\.\d{1,3}){3}$/.test(String(values[0])) : true;
  return known && type !== 'time' && type !== 'counter' ? { field, value: values[0], clause } : null;
}

async function answerGroup({ field, members }: Group, ask: Ask): Promise<void> {
  const alone = async (each: Waiting): Promise<void> => {
    try {
      each.resolve(await ask(each.query));
    } catch (error) {
      each.reject(error);
    }
  };
  const [first] = members;
  if (first === undefined) return;
  const same = members.every(({ query }) => JSON.stringify(query) === JSON.stringify(first.query));
  if (same) {
    try {
      const answer = await ask(first.query);
      for (const each of members) each.resolve(answer);
    } catch (error) {
      for (const each of members) each.reject(error);
    }
    return;
  }
  const values = [...new Set(members.flatMap(({ query }) => valueOf(query)?.value ?? []))];
  const byValue = field !== null && values.length > 1;
  let answer: Answer;
  try {
    answer = await ask(merged(members, byValue ? { field, values } : null));
  } catch {
    // The database may refuse one of them.
    for (const each of members) await alone(each);
    return;
  }
  for (const each of members) {
    const own = answer.truncated
      ? null
      : byValue
        ? ofValue(answer, each.query)
        : ofMeasure(answer, each.query);
    if (own === null) await alone(each);
    else each.resolve(own);
  }
}

function merged(
  members: readonly Waiting[],
  by: { readonly field: string; readonly values: readonly Cell[] } | null,
): Json {
  const query = members[0]?.query;
  const measures = [...new Set(members.map((each) => each.query.measures[0]))];
  const { time, filter = [], splits } = query ?? {};
  if (by === null) {
    const split = splits?.[0];
    const [sorting = 'flows'] = measures;
    return {
      time,
      filter,
      measures,
      ...(split === undefined
        ? {}
        : { splits: [{ field: split.field, limit: split.limit, sort: { by: sorting, order: 'desc' } }] }),
    };
  }
  const own = valueOf(query)?.clause;
  return {
    time,
    filter: [...filter.filter((clause) => clause !== own), { field: by.field, in: by.values }],
    splits: [{ field: by.field, limit: by.values.length + 1 }],
    measures,
  };
}

/** The part of a combined answer that a query asked for. */
function ofMeasure(answer: Answer, { measures: [measure], having, splits }: AlertQuery): Answer {
  const depth = splits === undefined ? 0 : 1;
  const at = depth + placeOf(answer, measure);
  const order = splits?.[0].sort.order === 'asc' ? 1 : -1;
  const [low, high] = having?.[0].between ?? [null, null];
  const amount = (row: readonly Cell[]): number | null =>
    row[depth] === null || row[depth] === undefined ? null : Number(row[depth]);
  const rows = answer.rows
    .map((row) => [...row.slice(0, depth), row[at] ?? null])
    .filter((row) => {
      const value = amount(row);
      if (low === null && high === null) return true;
      return value !== null && (low === null || value >= low) && (high === null || value <= high);
    });
  if (depth > 0) rows.sort((a, b) => order * ((amount(a) ?? 0) - (amount(b) ?? 0)));
  return {
    ...answer,
    columns: [...answer.columns.slice(0, depth), ...answer.columns.slice(at, at + 1)],
    rows,
  };
}

/** The row of the value that a query filters by; null: no row, so the value of the measure for no flows must be queried. */
function ofValue(answer: Answer, query: AlertQuery): Answer | null {
  const [measure] = query.measures;
  const value = valueOf(query)?.value;
  const at = 1 + placeOf(answer, measure);
  const found = answer.rows.find((row) => String(row[0]) === String(value));
  if (found === undefined && !measureNamed(measure).additive) return null;
  return { ...answer, columns: answer.columns.slice(at, at + 1), rows: [[found?.[at] ?? 0]] };
}

/** The index of a measure in an answer. */
function placeOf({ columns }: Answer, measure: string): number {
  return columns.filter(({ kind }) => kind !== 'split').findIndex(({ name }) => name === measure);
}
