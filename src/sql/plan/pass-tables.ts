import { carriedNames } from './carried-names.ts';
import { aggregates, componentColumns } from './component.ts';
import { denseGroups } from './dense-groups.ts';
import { passMeasures } from './pass-measures.ts';
import { where } from './condition.ts';
import { keyItems, keyNames, matching, sameKeys } from './key-names.ts';
import { hoursColumn, countLoggedHours } from './logged-hours.ts';
import { havingConditions, measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import { selectTopNodes } from './top-n.ts';
import { type RankingPass, havingDepth, survivalOf } from './ranking-passes.ts';
import { tellsTime } from './split-key.ts';
import type { CteList } from './cte-list.ts';

/**
 * The tables of one pass: `m…` its groups with components and measures (only those that `having` leaves),
 * `t…` the nodes that are shown, numbered in tree order as `node`. Groups know their `parent` by its number;
 * the first pass's have parent 0. With `having`, `g0` keeps the first pass's groups as they were.
 */
export function addPass(plan: Plan, ctes: CteList, index: number): void {
  const pass = plan.passes[index];
  if (pass === undefined) return;
  ctes.add(`m${index}`, selectGroups(plan, ctes, pass, index));
  ctes.add(`t${index}`, selectTopNodes(plan, ctes, pass, index));
}

/** A SELECT of the rows of a pass's table `m…`. */
export function selectGroups(plan: Plan, ctes: CteList, pass: RankingPass, index: number): string {
  let from = `(${groups(plan, pass, index)})`;
  if (index === 0 && plan.query.having.length > 0) from = ctes.add('g0', groups(plan, pass, index));
  return measured(plan, ctes, pass, index, from);
}

/** A SELECT of the first pass's groups: their keys and components. */
export function firstGroups(plan: Plan, pass: RankingPass): string {
  const { keys, items, from } = groupParts(plan, pass, 0);
  return `SELECT ${items.join(', ')} FROM ${from} GROUP BY ${keys.join(', ')}`;
}

interface GroupParts {
  readonly keys: readonly string[];
  /** Select items: the keys and the components. */
  readonly items: readonly string[];
  /** The rows, called `b`. */
  readonly from: string;
}

function groupParts(plan: Plan, pass: RankingPass, index: number): GroupParts {
  const base = plan.sources.at(pass.last + 1);
  const { single } = plan.sources;
  const parts = aggregates(
    componentsOf(passMeasures(plan, index)),
    plan,
    base.weighted,
    pass.last + 1 === plan.keys.length ? single : null,
  );
  return {
    keys: keyNames(pass.first, pass.last + 1, 'b'),
    items: [...keyItems(pass.first, pass.last + 1, 'b'), ...parts],
    from: base.from,
  };
}

function groups(plan: Plan, pass: RankingPass, index: number): string {
  if (index === 0) return `SELECT 0 AS parent, g.* FROM (${firstGroups(plan, pass)}) g`;
  const { keys, items, from } = groupParts(plan, pass, index);
  const on = sameKeys(plan, 'b', 't', 0, pass.first).join(' AND ');
  const dense = denseGroups(plan, index);
  const narrow = dense === null ? null : plan.scope.dialect.narrowNumber?.('p.node', dense.parents);
  const parents =
    narrow == null
      ? `t${index - 1} t`
      : `(SELECT ${[`${narrow} AS node`, ...keyItems(0, pass.first, 'p')].join(', ')} FROM t${index - 1} p) t`;
  const { sharedValue } = plan.scope.dialect;
  const above = carriedNames(plan, pass).map((name) => `${sharedValue?.(`t.${name}`)} AS ${name}`);
  return (
    `SELECT ${['t.node AS parent', ...above, ...items].join(', ')} FROM ${from}` +
    ` JOIN ${parents} ON ${on} GROUP BY ${['t.node', ...keys].join(', ')}`
  );
}

function measured(plan: Plan, ctes: CteList, pass: RankingPass, index: number, from: string): string {
  const measures = passMeasures(plan, index);
  const survival = survivalOf(plan.query, pass);
  const survives = survival === 'survivors';
  const perHour = needsHours(measures);
  const carried = carriedNames(plan, pass);
  const joined = index > 0 && carried.length === 0 && (perHour || survives);
  const parentKeys = joined ? ` JOIN t${index - 1} p ON p.node = g.parent` : '';
  const path = [...keyNames(0, pass.first, joined ? 'p' : 'g'), ...keyNames(pass.first, pass.last + 1, 'g')];
  const hours = perHour ? joinHours(plan, ctes, pass.last + 1, path) : '';
  const items = measureItems(measures, 'g', 'h', plan);
  const above = carried.map((name) => `g.${name} AS ${name}`);
  const own = ['g.parent AS parent', ...above, ...keyItems(pass.first, pass.last + 1, 'g')];
  const parts = componentColumns(componentsOf(measures), plan.periods).map((name) => `g.${name} AS ${name}`);
  const hourItems = perHour
    ? plan.periods.map((period) => `h.${hoursColumn(period)} AS ${hoursColumn(period)}`)
    : [];
  const select = `SELECT ${[...own, ...parts, ...hourItems, ...items].join(', ')} FROM ${from} g${parentKeys}${hours}`;
  if (survives) {
    const keys = path.slice(0, havingDepth(plan.query)).map((key, i) => [`k${i + 1}`, key] as const);
    return `${select} ${plan.scope.dialect.semiJoin} ${matching(plan, 'survivor', 'v', keys)}`;
  }
  const having = survival === 'measures' ? havingConditions(plan.query.having, 'q', plan) : [];
  return having.length === 0 ? select : `SELECT * FROM (${select}) q${where(having)}`;
}

/** Joins the hours with logs of each group's time as `h`; `path` are the groups' keys, outermost first. */
export function joinHours(plan: Plan, ctes: CteList, depth: number, path: readonly string[]): string {
  const keys = plan.keys.slice(0, depth);
  const name = `hours${depth}`;
  if (!ctes.has(name))
    ctes.add(name, countLoggedHours({ ...plan, keys, filter: plan.query.filter }, plan.scope));
  const on = keys.flatMap((key, i) =>
    !tellsTime(key) ? [] : [plan.scope.dialect.same(`h.k${i + 1}`, path[i] ?? '')],
  );
  return on.length === 0 ? ` CROSS JOIN ${name} h` : ` LEFT JOIN ${name} h ON ${on.join(' AND ')}`;
}
