import { addUp } from './combining.ts';
import { type Component, aggregates, componentColumn, sums } from './component.ts';
import { measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import { joinHours, stageMeasures } from './stage-tables.ts';
import type { Tables } from './tables.ts';

/** A SELECT of one row: the components and measures of everything selected. */
export function whole(plan: Plan, tables: Tables): string {
  const measures = stageMeasures({ ...plan, stages: [] }, 0);
  const hours = needsHours(measures) ? joinHours(plan, tables, 0, []) : '';
  const wanted = componentsOf(measures);
  const select = isSummedUp(plan, tables)
    ? `SELECT ${sums(wanted, plan).join(', ')} FROM m0 m`
    : aggregated(plan, wanted);
  return `SELECT ${['g.*', ...measureItems(measures, 'g', 'h', plan)].join(', ')} FROM (${select}) g${hours}`;
}

function aggregated(plan: Plan, wanted: readonly Component[]): string {
  const base = plan.bases.at(0);
  const single = plan.keys.length === 0 ? plan.bases.single : null;
  return `SELECT ${aggregates(wanted, plan, base.weighted, single).join(', ')} FROM ${base.from}`;
}

/** How many flows were counted, out of all groups of a table. */
export function flowsCounted(plan: Plan): string {
  return plan.periods.map((period) => `coalesce(sum(${componentColumn('flows', period)}), 0)`).join(' + ');
}

/** Whether the first stage's groups are there and hold all that adds up to the whole: then the rows need not be read again. */
function isSummedUp(plan: Plan, tables: Tables): boolean {
  const { having, measures } = plan.query;
  return tables.has('m0') && having.length === 0 && addUp(componentsOf(measures));
}
