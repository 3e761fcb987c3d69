import type { MeasureName } from '../../model/catalog/measures.ts';
import { sortMeasure } from '../../model/query/sort-measure.ts';
import { aggregates, componentColumns } from './component.ts';
import { where } from './condition.ts';
import { keyItems, keyNames, matching, sameKeys } from './key-names.ts';
import { hoursColumn, knownHours } from './known-hours.ts';
import { havingConditions, measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import { shownNodes } from './shown-nodes.ts';
import { type Stage, havingDepth, survivalOf } from './stages.ts';
import type { Tables } from './tables.ts';

/** What a stage has to measure: more than its order where its nodes are shown, or their rest is. */
export function stageMeasures(plan: Plan, index: number): readonly MeasureName[] {
  const { query, stages } = plan;
  const stage = stages[index];
  const ranked = stage === undefined ? undefined : query.splits[stage.last];
  const isLeaf = index >= stages.length - 1;
  const isHeld = stage !== undefined && survivalOf(query, stage) === 'measures';
  const sort = ranked === undefined ? [] : [sortMeasure(ranked) ?? []].flat();
  const shown = isLeaf || query.subtotals || (query.other && ranked?.limit !== null) ? query.measures : [];
  const having = isHeld || stages.length === 0 ? query.having.map(({ measure }) => measure) : [];
  return [...new Set([...shown, ...sort, ...having])];
}

/**
 * The tables of one stage: `m…` its groups with components and measures (only those that `having` leaves),
 * `t…` the nodes that are shown, numbered in tree order as `node`. Groups know their `parent` by its number;
 * the first stage's have parent 0. With `having`, `g0` keeps the first stage's groups as they were.
 */
export function addStage(plan: Plan, tables: Tables, index: number): void {
  const stage = plan.stages[index];
  if (stage === undefined) return;
  addGroups(plan, tables, stage, index);
  tables.add(`t${index}`, shownNodes(plan, tables, stage, index));
}

/** The table `m…` of a stage alone. */
export function addGroups(plan: Plan, tables: Tables, stage: Stage, index: number): void {
  let from = `(${groups(plan, stage, index)})`;
  if (index === 0 && plan.query.having.length > 0) from = tables.add('g0', groups(plan, stage, index));
  tables.add(`m${index}`, measured(plan, tables, stage, index, from));
}

function groups(plan: Plan, stage: Stage, index: number): string {
  const keys = keyNames(stage.first, stage.last + 1, 'b');
  const named = keyItems(stage.first, stage.last + 1, 'b');
  const base = plan.bases.at(stage.last + 1);
  const { single } = plan.bases;
  const items = aggregates(
    componentsOf(stageMeasures(plan, index)),
    plan,
    base.weighted,
    stage.last + 1 === plan.keys.length ? single : null,
  );
  if (index === 0) {
    return `SELECT 0 AS parent, g.* FROM (SELECT ${[...named, ...items].join(', ')} FROM ${base.from} GROUP BY ${keys.join(', ')}) g`;
  }
  const on = sameKeys(plan, 'b', 't', 0, stage.first).join(' AND ');
  return (
    `SELECT ${['t.node AS parent', ...named, ...items].join(', ')} FROM ${base.from}` +
    ` JOIN t${index - 1} t ON ${on} GROUP BY ${['t.node', ...keys].join(', ')}`
  );
}

function measured(plan: Plan, tables: Tables, stage: Stage, index: number, from: string): string {
  const measures = stageMeasures(plan, index);
  const survival = survivalOf(plan.query, stage);
  const survives = survival === 'survivors';
  const perHour = needsHours(measures);
  const parentKeys = index > 0 && (perHour || survives) ? ` JOIN t${index - 1} p ON p.node = g.parent` : '';
  const path = [...keyNames(0, stage.first, 'p'), ...keyNames(stage.first, stage.last + 1, 'g')];
  const hours = perHour ? joinHours(plan, tables, stage.last + 1, path) : '';
  const items = measureItems(measures, 'g', 'h', plan);
  const own = ['g.parent AS parent', ...keyItems(stage.first, stage.last + 1, 'g')];
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
export function joinHours(plan: Plan, tables: Tables, depth: number, path: readonly string[]): string {
  const keys = plan.keys.slice(0, depth);
  const name = `hours${depth}`;
  if (!tables.has(name))
    tables.add(name, knownHours(keys, plan.range, plan.periods, plan.compare, plan.scope));
  const on = keys.flatMap((key, i) =>
    key.time === null ? [] : [plan.scope.dialect.same(`h.k${i + 1}`, path[i] ?? '')],
  );
  return on.length === 0 ? ` CROSS JOIN ${name} h` : ` LEFT JOIN ${name} h ON ${on.join(' AND ')}`;
}
