import {
  type Combination,
  type ExplainRequest,
  type Explanation,
  MOST_COMBINATIONS,
} from '../../model/explain/explain.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { Cell } from '../../model/query/answer.ts';
import { queryField } from '../../model/query/query-field.ts';
import { dictionaryOf } from '../../sql/dialects/duckdb-known.ts';
import { cell } from '../../sql/dialects/duckdb-reveal.ts';
import {
  combinations,
  createCodes,
  dropExplainTables,
  frequentValues,
  sideTotals,
} from '../../sql/explain/combinations.ts';
import { duckdb } from '../../sql/dialects/duckdb.ts';
import { derivedColumns } from '../../sql/plan/derived-columns.ts';
import { createSides, type ExplainScope } from '../../sql/explain/sides.ts';
import { textIdOfAddress, textsOf } from '../../sql/investigate/surroundings.ts';
import { pickCombinations, type Candidate, type Picked } from './pick-combinations.ts';

/** Runs one statement with its parameters on a connection that keeps its temporary tables. */
export type RunBound = (
  sql: string,
  params?: readonly (string | number | bigint)[],
) => Promise<readonly (readonly unknown[])[]>;

/** What usually tells most, and is logged by most. Source ports change from flow to flow. */
const usual: readonly string[] = [
  'action',
  'dstaddr',
  'dstport',
  'srcaddr',
  'protocol',
  'interface_id',
  'flow_direction',
  'vpc_id',
  'pkt_dst_aws_service',
  'pkt_src_aws_service',
];

/** The combinations of up to three dimensions' values that make the difference between two sides. */
export async function explain(
  request: ExplainRequest,
  scope: ExplainScope,
  run: RunBound,
): Promise<Pick<Explanation, 'by' | 'totals' | 'dimensions' | 'combinations'> & { readonly source: string }> {
  const dimensions = dimensionsOf(request, scope);
  try {
    const sides = createSides(request, dimensions, scope);
    await run(sides.sql, sides.params);
    const [row] = await run(sideTotals());
    const totals = { chosen: Number(row?.[0] ?? 0), rest: Number(row?.[1] ?? 0) };
    const candidates =
      totals.chosen === 0 ? [] : await readCandidates(request, dimensions, totals.chosen, run);
    const picked = pickCombinations(candidates, totals, {
      minSupport: request.minSupport,
      minRatio: request.minRatio,
      sides: request.question.kind === 'selection' ? 'chosen' : 'times',
      bounded: request.by === 'flows',
      most: MOST_COMBINATIONS,
    });
    return {
      by: request.by,
      totals: { selected: totals.chosen, rest: totals.rest },
      dimensions,
      combinations: await reveal(request, picked, dimensions, run),
      source: sides.source,
    };
  } finally {
    for (const statement of dropExplainTables()) await run(statement).catch(() => undefined);
  }
}

/** Those asked for, or the usual ones; not those that the question itself is about. */
function dimensionsOf(
  { dimensions, filter, question }: ExplainRequest,
  scope: ExplainScope,
): readonly string[] {
  const clauses = question.kind === 'selection' ? question.selection : filter;
  const asked = new Set(clauses.map(({ field }) => field));
  return (dimensions ?? usual.filter((name) => !asked.has(name))).filter(
    (name) => scope.columns.has(name) || derivedColumns([name], [], scope, duckdb).fields.length > 0,
  );
}

async function readCandidates(
  request: ExplainRequest,
  dimensions: readonly string[],
  chosen: number,
  run: RunBound,
): Promise<readonly Candidate[]> {
  if (dimensions.length === 0) return [];
  const least = Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, Math.ceil(request.minSupport * chosen)));
  const singles = (await run(frequentValues(dimensions.length, least))).map((row): Candidate => {
    const [dimension = 0, key = 0, withChosen = 0, rest = 0] = row.map(Number);
    return { values: [{ dimension, key }], chosen: withChosen, rest };
  });
  const values = dimensions.map((_, i) =>
    singles.flatMap((single) =>
      single.values.flatMap(({ dimension, key }) => (dimension === i ? [key] : [])),
    ),
  );
  const used = dimensions.flatMap((_, i) => ((values[i]?.length ?? 0) > 0 ? [i] : []));
  const statement = combinations(used, least);
  if (statement === null) return singles;
  await run(createCodes(values));
  const rows = await run(statement);
  return [...singles, ...rows.flatMap((row) => readCombination(row, used))];
}

function readCombination(row: readonly unknown[], used: readonly number[]): readonly Candidate[] {
  const absent = Number(row[0]);
  const inIt = used.flatMap((dimension, place) =>
    (absent >> (used.length - 1 - place)) & 1 ? [] : [{ dimension, value: row[1 + place] }],
  );
  // Null: none of the frequent values.
  if (inIt.some(({ value }) => value === null)) return [];
  const values = inIt.map(({ dimension, value }) => ({ dimension, key: Number(value) }));
  return [{ values, chosen: Number(row[1 + used.length]), rest: Number(row[2 + used.length]) }];
}

async function reveal(
  request: ExplainRequest,
  picked: readonly Picked[],
  dimensions: readonly string[],
  run: RunBound,
): Promise<readonly Combination[]> {
  const fieldOf = (dimension: number) => queryField(dimensions[dimension] ?? '');
  /** Ids by the dictionary that they are of: IPv6 addresses' are of the store's own. */
  const wanted = new Map<string, Set<number>>();
  const idOf = (field: Field, key: number): { readonly id: number | null; readonly dictionary: string } =>
    field.type === 'address'
      ? { id: textIdOfAddress(key), dictionary: 'dictionary' }
      : { id: field.type === 'text' ? key : null, dictionary: dictionaryOf(field) };
  for (const { dimension, key } of picked.flatMap(({ values }) => values)) {
    const field = fieldOf(dimension);
    const { id, dictionary } = field === undefined ? { id: null, dictionary: '' } : idOf(field, key);
    if (id !== null) wanted.set(dictionary, (wanted.get(dictionary) ?? new Set()).add(id));
  }
  const texts = new Map<string, string>();
  for (const [dictionary, ids] of wanted) {
    for (const [id, text] of await run(textsOf([...ids], dictionary)))
      texts.set(`${dictionary} ${Number(id)}`, String(text));
  }
  const cellOf = (dimension: number, key: number): Cell => {
    const field = fieldOf(dimension);
    if (field === undefined) return null;
    const { id, dictionary } = idOf(field, key);
    return cell(field, key, texts.get(`${dictionary} ${id}`));
  };
  return picked.map(({ values, chosen, rest, support, ratio, low, high }) => {
    const named = values.map(({ dimension, key }) => ({
      field: dimensions[dimension] ?? '',
      value: cellOf(dimension, key),
    }));
    return {
      values: named,
      selected: chosen,
      rest,
      support,
      ratio,
      ratio_low: request.by === 'flows' ? low : null,
      ratio_high: request.by === 'flows' ? high : null,
      filter: named.map(({ field, value }) => ({ field, in: [value] })),
    };
  });
}
