import {
  type Combination,
  type ExplainRequest,
  type Explanation,
  MOST_COMBINATIONS,
} from '../../model/explain/explanation.ts';
import type { Cell } from '../../model/query/answer.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import {
  combinations,
  createItems,
  dropExplainTables,
  frequentValues,
  implications,
  cohortTotals,
} from '../../sql/explain/combinations.ts';
import { dimensionOf, type Dimension } from '../../sql/explain/dimensions.ts';
import { derivedColumns } from '../../sql/plan/derived-columns.ts';
import { createCohorts, type ExplainScope } from '../../sql/explain/cohorts.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import type { Candidate, Picked } from './combination-counts.ts';
import { pickCombinations } from './pick-combinations.ts';
import type { Implication } from './redundant-values.ts';

/**
 * What usually tells most, and is logged or known by most. Source ports change from flow to flow; an instance and what a
 * port is called say little more than the address and the port. Of those that mean the same, the first is shown.
 */
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

/** Facts about the ends; in combination with each other, or with one of the others. */
const usualEnrichment: readonly string[] = [
  'dst_name',
  'src_name',
  'dst_service',
  'src_service',
  'dst_as_name',
  'src_as_name',
  'dst_country',
  'src_country',
  'direction',
];

/** The combinations of up to three dimensions' values that make the difference between two sides. */
export async function explain(
  request: ExplainRequest,
  scope: ExplainScope,
  session: SqlSession,
): Promise<Pick<Explanation, 'by' | 'totals' | 'dimensions' | 'combinations'> & { readonly source: string }> {
  const { dialect, run } = session;
  const names = namesOf(request, scope, dialect);
  const dimensions = names.map(dimensionOf);
  const plain =
    request.dimensions === null ? names.filter((name) => usual.includes(name)).length : names.length;
  const changesOverTime = scope.enrichment?.changesOverTime ?? false;
  const drop = async (): Promise<void> => {
    for (const statement of dropExplainTables(dialect)) await run(statement);
  };
  try {
    const sides = createCohorts(request, dimensions, scope, dialect);
    await drop();
    await run(sides.sql, sides.params);
    const [row] = await run(cohortTotals());
    const totals = { selected: Number(row?.[0] ?? 0), rest: Number(row?.[1] ?? 0) };
    const least = Math.min(
      Number.MAX_SAFE_INTEGER,
      Math.max(1, Math.ceil(request.minSupport * totals.selected)),
    );
    const { candidates, implied } =
      totals.selected === 0 ? nothing : await readCandidates(dimensions, least, changesOverTime, session);
    const picked = pickCombinations(candidates, implied, totals, {
      minSupport: request.minSupport,
      minRatio: request.minRatio,
      sides: request.question.kind === 'selection' ? 'selected' : 'times',
      bounded: request.by === 'flows',
      most: MOST_COMBINATIONS,
      plain,
    });
    return {
      by: request.by,
      totals,
      dimensions: names,
      combinations: await reveal(request, picked, names, session),
      source: sides.source,
    };
  } finally {
    await drop().catch(() => undefined);
  }
}

/** Those asked for, or the usual ones; not those that the question itself is about, nor facts about an address that it is about. */
function namesOf(
  { dimensions, filter, question }: ExplainRequest,
  scope: ExplainScope,
  dialect: Dialect,
): readonly string[] {
  const clauses = question.kind === 'selection' ? question.selection : filter;
  const asked = new Set(clauses.map(({ field }) => field));
  const ends = new Set([...asked].map((name) => dimensionOf(name).enriched?.end ?? name));
  const isTold = (name: string): boolean =>
    asked.has(name) || ends.has(dimensionOf(name).enriched?.end ?? '');
  return (dimensions ?? [...usual, ...usualEnrichment].filter((name) => !isTold(name))).filter(
    (name) => scope.columns.has(name) || derivedColumns([name], [], scope, dialect).fields.length > 0,
  );
}

interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly implied: readonly Implication[];
}

const nothing: Candidates = { candidates: [], implied: [] };

async function readCandidates(
  dimensions: readonly Dimension[],
  least: number,
  changesOverTime: boolean,
  { dialect, run }: SqlSession,
): Promise<Candidates> {
  if (dimensions.length === 0) return nothing;
  const singles = (await run(frequentValues(dimensions, least, changesOverTime, dialect))).map(readCandidate);
  if (singles.length === 0) return nothing;
  const values = dimensions.map((_, i) =>
    singles.flatMap((single) =>
      single.values.flatMap(({ dimension, key }) => (dimension === i ? [key] : [])),
    ),
  );
  for (const statement of createItems(dimensions, values, changesOverTime, dialect)) await run(statement);
  const implied = (await run(implications())).map((row): Implication => {
    const [narrow, narrowKey, wide, wideKey] = row;
    return {
      narrow: { dimension: Number(narrow), key: readKey(narrowKey) },
      wide: { dimension: Number(wide), key: readKey(wideKey) },
    };
  });
  const several = (await run(combinations(least))).map(readCandidate);
  return { candidates: [...singles, ...several], implied };
}

/** A row of pairs of dimension and value, null where there is none, then the amounts on both sides. */
function readCandidate(row: readonly unknown[]): Candidate {
  const pairs = row.slice(0, -2);
  const values = pairs.flatMap((dimension, i) =>
    i % 2 === 1 || dimension === null ? [] : [{ dimension: Number(dimension), key: readKey(pairs[i + 1]) }],
  );
  const [selected, rest] = row.slice(-2);
  return { values, selected: Number(selected), rest: Number(rest) };
}

async function reveal(
  request: ExplainRequest,
  picked: readonly Picked[],
  dimensions: readonly string[],
  { dialect, run }: SqlSession,
): Promise<readonly Combination[]> {
  const values = picked.flatMap((one) => one.values);
  const texts = new Map<string, unknown>();
  for (const [dimension, name] of dimensions.entries()) {
    const keys = values.flatMap((value) => (value.dimension === dimension ? [value.key] : []));
    const statement = dialect.textsOf(fieldOf(name), [...new Set(keys)]);
    for (const [key, text] of statement === null ? [] : await run(statement))
      texts.set(`${dimension} ${readKey(key)}`, text);
  }
  const cellOf = (dimension: number, key: Key): Cell =>
    dialect.cell(fieldOf(dimensions[dimension] ?? ''), key, texts.get(`${dimension} ${key}`));
  return picked.map(({ values, selected, rest, support, ratio, low, high }) => {
    const named = values.map(({ dimension, key }) => ({
      field: dimensions[dimension] ?? '',
      value: cellOf(dimension, key),
    }));
    return {
      values: named,
      selected: selected,
      rest,
      support,
      ratio,
      ratio_low: request.by === 'flows' ? low : null,
      ratio_high: request.by === 'flows' ? high : null,
      filter: named.map(({ field, value }) => ({ field, in: [value] })),
    };
  });
}
