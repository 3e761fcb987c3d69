import type { Split } from '../../model/query/query.ts';
import { type SortKey, sortKey } from '../../model/query/sort-measure.ts';
import type { KeyLookup } from '../dialects/dialect.ts';
import { keyItems, keyNames } from './key-names.ts';
import { measureColumn } from './measure-items.ts';
import { carriedNames } from './carried-names.ts';
import type { Plan } from './plan.ts';
import type { RankingPass } from './ranking-passes.ts';
import type { CteList } from './cte-list.ts';

/** What there was none of before: more than any other change. */
const UNBOUNDED = '1e300';

/** Beyond such a limit, keeping the best of each parent at hand costs more than ranking all. */
const WORTH_SIEVING = 1000;

/**
 * A SELECT of a pass's nodes that are shown: within the limit, numbered in tree order as `node`, with the keys
 * (`k1`, …) and texts (`x1`, …) of the whole path.
 */
export function selectTopNodes(plan: Plan, ctes: CteList, pass: RankingPass, index: number): string {
  const { ranked, candidates, before, rank } = rankedGroups(plan, ctes, pass, index);
  const shown = withinLimit(candidates, ranked.limit, pass, index, rank);
  const isLeaf = index === plan.passes.length - 1;
  const parents = keyNames(0, pass.first, 'p');
  const path = [...parents, ...parents.map((key) => key.replace('.k', '.x'))];
  const carried = carriedNames(plan, pass).length > 0;
  const items = carried ? ['q.*'] : [...path, 'q.*'];
  const order = ['q.parent', ...before, ...rank].join(', ');
  // Of the parent only what the node has not itself: names that two tables share would need to be distinguished.
  const above = ['p.node AS parent_node', ...path].join(', ');
  const join =
    index === 0 || carried
      ? ''
      : ` JOIN (SELECT ${above} FROM t${index - 1} p) p ON p.parent_node = q.parent`;
  const cap = isLeaf ? ` ORDER BY node LIMIT ${plan.maxRows}` : '';
  return `SELECT ${items.join(', ')}, row_number() OVER (ORDER BY ${order}) AS node FROM ${shown}${join}${cap}`;
}

export interface RankedGroups {
  readonly ranked: Split;
  /** What follows FROM for the groups of `m…` that may be shown, with their texts (`x1`, …), called `q`. */
  readonly candidates: string;
  /** How the pass's splits before the ranked one are ordered, and the ranked one itself. */
  readonly before: readonly string[];
  readonly rank: readonly string[];
}

/** A pass's groups and how they are ordered. */
function rankedGroups(plan: Plan, ctes: CteList, pass: RankingPass, index: number): RankedGroups {
  const lookups = lookupsOf(plan, pass);
  const single = index === 0 && pass.first === pass.last;
  const groups =
    single && !lookups.some(({ many }) => many) ? `m${index} m` : candidatesOf(plan, ctes, pass, index);
  return ranking(plan, pass, groups, lookups);
}

/** How the keys of a pass's groups (called `m`) become what people read. */
export function lookupsOf(plan: Plan, pass: RankingPass): readonly KeyLookup[] {
  return plan.keys
    .slice(pass.first, pass.last + 1)
    .map((key, i) => key.resolveKey(`m.k${pass.first + i + 1}`, `d${pass.first + i + 1}`));
}

/**
 * Groups with their texts, and how they are ordered.
 *
 * @param groups what follows FROM for the groups, called `m`
 * @param items what else to select of them
 */
export function ranking(
  plan: Plan,
  pass: RankingPass,
  groups: string,
  lookups: readonly KeyLookup[],
  items: readonly string[] = [],
): RankedGroups {
  const { splits } = plan.query;
  const ranked = splits[pass.last];
  if (ranked === undefined) throw new RangeError('a pass without a split');
  return {
    ranked,
    candidates: groupsWithTexts(groups, pass, lookups, items),
    before: splits
      .slice(pass.first, pass.last)
      .flatMap((split, i) => byValue(pass.first + i, lookups[i], split.sort.order)),
    rank: rankOrder(ranked, pass.last, lookups.at(-1), plan),
  };
}

/**
 * The groups that may be shown: a first, cheap sieve by the measure alone keeps those that reach the
 * limit's last place in their parent, so that few groups have to be looked up and sorted.
 */
function candidatesOf(plan: Plan, ctes: CteList, pass: RankingPass, index: number): string {
  const all = `m${index} m`;
  const sieve = sieveOf(plan, pass);
  if (sieve === null) return all;
  const { column, last } = sieve;
  const free = keyNames(pass.first, pass.last, 'm');
  ctes.add(
    `l${index}`,
    `SELECT ${['m.parent AS parent', ...keyItems(pass.first, pass.last, 'm'), `${last} AS threshold`].join(', ')} FROM ${all} GROUP BY ${['m.parent', ...free].join(', ')}`,
  );
  const limits = ['l.parent AS threshold_parent', ...free.map((key) => `${key.replace('m.', 'l.')} AS ${key.replace('m.', 'threshold_')}`), 'l.threshold']; // prettier-ignore
  const same = keyNames(pass.first, pass.last).map((key) =>
    plan.scope.dialect.same(`l.threshold_${key}`, `m.${key}`),
  );
  const on = ['l.threshold_parent = m.parent', ...same].join(' AND ');
  const reaches = `${column} ${sieve.reaches} l.threshold`;
  return `(SELECT m.* FROM ${all} JOIN (SELECT ${limits.join(', ')} FROM l${index} l) l ON ${on} WHERE l.threshold IS NULL OR ${reaches}) m`;
}

interface Sieve {
  /** What groups are sorted by. */
  readonly column: string;
  /** An aggregate: that of the last group within the limit; null where there are fewer. */
  readonly last: string;
  /** How a group compares with it that may be shown. */
  readonly reaches: '>=' | '<=';
}

/** What keeps those groups that reach the limit's last place; null: it is not worth it, or they are not sorted by a measure. */
export function sieveOf(plan: Plan, pass: RankingPass): Sieve | null {
  const ranked = plan.query.splits[pass.last];
  const by = ranked === undefined ? null : sortKey(ranked);
  if (ranked?.limit == null || ranked.limit > WORTH_SIEVING || by === null) return null;
  const { nthBest } = plan.scope.dialect;
  if (nthBest === null) return null;
  const column = sortValue(by, 'm', plan);
  const { order } = ranked.sort;
  return {
    column,
    last: nthBest(column, order, ranked.limit),
    reaches: order === 'desc' ? '>=' : '<=',
  };
}

function groupsWithTexts(
  groups: string,
  pass: RankingPass,
  lookups: readonly KeyLookup[],
  items: readonly string[],
): string {
  const texts = lookups.map((r, i) => `${r.text ?? 'NULL'} AS x${pass.first + i + 1}`);
  const orders = lookups.flatMap((r, i) =>
    r.order.map((o, j) => `${o} AS ${orderColumn(pass.first + i, j)}`),
  );
  const joins = lookups.map((r) => (r.join === '' ? '' : ` ${r.join}`)).join('');
  return `(SELECT ${['m.*', ...items, ...texts, ...orders].join(', ')} FROM ${groups}${joins}) q`;
}

function withinLimit(
  groups: string,
  limit: number | null,
  pass: RankingPass,
  index: number,
  rank: readonly string[],
): string {
  if (limit === null) return groups;
  const order = rank.join(', ');
  if (index === 0 && pass.first === pass.last) {
    return `(SELECT * FROM ${groups} ORDER BY ${order} LIMIT ${limit}) q`;
  }
  const partition = ['q.parent', ...keyNames(pass.first, pass.last, 'q')].join(', ');
  const place = `row_number() OVER (PARTITION BY ${partition} ORDER BY ${order}) AS place`;
  return `(SELECT * FROM (SELECT q.*, ${place} FROM ${groups}) q WHERE q.place <= ${limit}) q`;
}

function rankOrder(
  split: Split,
  index: number,
  lookup: KeyLookup | undefined,
  plan: Plan,
): readonly string[] {
  const { order } = split.sort;
  const by = sortKey(split);
  if (by === null) return byValue(index, lookup, order);
  const measure = `${sortValue(by, 'q', plan)} ${order.toUpperCase()} NULLS LAST`;
  // Of what is new, the most comes first.
  const size =
    by.of === 'change'
      ? [`${sortValue({ ...by, of: 'delta' }, 'q', plan)} ${order.toUpperCase()} NULLS LAST`]
      : [];
  return [measure, ...size, ...byValue(index, lookup, 'asc')];
}

/**
 * What groups are sorted by, from their measures in a table. What there was nothing of before has grown without bound; a change
 * from nothing to nothing, or of what is not known, comes last.
 */
function sortValue({ measure, of }: SortKey, table: string, { scope: { dialect } }: Plan): string {
  const [now, then] = (['now', 'then'] as const).map(
    (period) => `${table}.${measureColumn(measure, period)}`,
  );
  const real = (value: string | undefined): string => `CAST(${value} AS ${dialect.types.real})`;
  switch (of) {
    case 'value':
      return now ?? '';
    case 'delta':
      return `(${now} - ${then})`;
    case 'change':
      return `CASE WHEN ${then} = 0 AND ${now} > 0 THEN ${UNBOUNDED} ELSE (${real(now)} - ${real(then)}) / nullif(${real(then)}, 0) END`;
  }
}

/** A split's own value, nulls last whichever way. */
function byValue(index: number, lookup: KeyLookup | undefined, order: 'asc' | 'desc'): readonly string[] {
  const columns = (lookup?.order ?? []).map(
    (_, j) => `q.${orderColumn(index, j)} ${order.toUpperCase()} NULLS LAST`,
  );
  return [`(q.k${index + 1} IS NULL)`, ...columns];
}

function orderColumn(index: number, part: number): string {
  return `o${index + 1}_${part}`;
}
