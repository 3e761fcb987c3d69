import { addUp } from './combining.ts';
import { type Component, aggregates, componentColumn, componentColumns, sums } from './component.ts';
import { where } from './condition.ts';
import { keyItems, keyNames, matching } from './key-names.ts';
import { havingConditions, measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import { passMeasures } from './pass-measures.ts';
import { joinHours } from './pass-tables.ts';
import { havingDepth } from './ranking-passes.ts';
import type { CteList } from './cte-list.ts';

/** `survivor`: the groups that `having` leaves, by all their keys; inner nodes without one are not shown. */
export function addSurvivors(plan: Plan, ctes: CteList): void {
  const groups = groupsWithMeasures(plan, ctes, false);
  ctes.add('survivor', `SELECT * FROM (${groups}) q${where(havingConditions(plan.query.having, 'q', plan))}`);
}

/**
 * `hid`: one row of what `having` hid: how many `groups` and `flows`, and the measures of all their flows. Measures that don't add
 * up are counted again from the rows of the groups. Rates are over the hours of the whole.
 */
export function addHidden(plan: Plan, ctes: CteList): void {
  const { measures, having } = plan.query;
  const depth = havingDepth(plan.query);
  const wanted = componentsOf(measures);
  const conditions = havingConditions(having, 'q', plan).map((condition) => `coalesce(${condition}, FALSE)`);
  // Conditions without bounds hide nothing.
  const fails = conditions.length === 0 ? 'FALSE' : `NOT (${conditions.join(' AND ')})`;
  ctes.add('gone', `SELECT * FROM (${groupsWithMeasures(plan, ctes, true)}) q WHERE ${fails}`);
  const base = plan.sources.at(depth);
  const additive = addUp(wanted);
  const hiddenKeys = keyNames(0, depth).map((key) => [key, `b.${key}`] as const);
  const again = `SELECT ${aggregates(wanted, plan, base.weighted).join(', ')} FROM ${base.from} ${plan.scope.dialect.semiJoin} ${matching(plan, 'gone', 'v', hiddenKeys)}`;
  const summed = additive ? `SELECT ${sums(wanted, plan).join(', ')} FROM gone m` : again;
  const hours = needsHours(measures) ? joinHours(plan, ctes, 0, []) : '';
  const items = measureItems(measures, 's', 'h', plan);
  ctes.add(
    'hid',
    `SELECT ${['(SELECT count(*) FROM gone) AS groups', `s.${componentColumn('flows', 'now')} AS flows`, ...items].join(', ')} FROM (${summed}) s${hours}`,
  );
}

/** A SELECT of the groups that `having` is about, by all their keys, with its measures; `summed`: also with what the query's measures are made of. */
function groupsWithMeasures(plan: Plan, ctes: CteList, summed: boolean): string {
  const depth = havingDepth(plan.query);
  const keys = keyNames(0, depth, 'b');
  const measures = [...new Set(plan.query.having.map(({ measure }) => measure))];
  const now = { ...plan, periods: ['now'] as const };
  const base = plan.sources.at(depth);
  const wanted = componentsOf([...measures, ...(summed ? plan.query.measures : [])]);
  const single = depth === plan.keys.length ? plan.sources.single : null;
  const items = aggregates(wanted, plan, base.weighted, single);
  const groups = hasGroups(plan, ctes, depth, wanted)
    ? 'SELECT * FROM g0'
    : `SELECT ${[...keyItems(0, depth, 'b'), ...items].join(', ')} FROM ${base.from} GROUP BY ${keys.join(', ')}`;
  const hours = needsHours(measures) ? joinHours(plan, ctes, depth, keyNames(0, depth, 'g')) : '';
  const parts = summed ? componentColumns(wanted, plan.periods).map((name) => `g.${name} AS ${name}`) : [];
  const own = [...keyItems(0, depth, 'g'), ...parts];
  return `SELECT ${[...own, ...measureItems(measures, 'g', 'h', now)].join(', ')} FROM (${groups}) g${hours}`;
}

/** Whether the first pass's groups, as they were before `having`, are those that are meant and hold what is wanted. */
function hasGroups(plan: Plan, ctes: CteList, depth: number, wanted: readonly Component[]): boolean {
  if (!ctes.has('g0') || plan.passes[0]?.last !== depth - 1) return false;
  const present = componentsOf(passMeasures(plan, 0));
  return wanted.every((component) => present.includes(component));
}
