import { addUp } from './combining.ts';
import { type Component, aggregates, sums } from './component.ts';
import { measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import { passMeasures } from './pass-measures.ts';
import { joinHours } from './pass-tables.ts';
import type { CteList } from './cte-list.ts';

/** A SELECT of one row: the components and measures of everything selected. */
export function grandTotal(plan: Plan, ctes: CteList): string {
  const measures = passMeasures({ ...plan, passes: [] }, 0);
  const hours = needsHours(measures) ? joinHours(plan, ctes, 0, []) : '';
  const apart = plan.counts.flatMap(({ components }) => components);
  const wanted = componentsOf(measures).filter((component) => !apart.includes(component));
  const select = isSummedUp(plan, ctes)
    ? `SELECT ${sums(wanted, plan).join(', ')} FROM m0 m`
    : aggregated(plan, wanted);
  const counts = plan.counts.map(({ select }, i) => ` CROSS JOIN ${ctes.add(`v${i}`, select)} v${i}`);
  const from = counts.length === 0 ? `(${select})` : `(SELECT * FROM (${select}) s${counts.join('')})`;
  return `SELECT ${['g.*', ...measureItems(measures, 'g', 'h', plan)].join(', ')} FROM ${from} g${hours}`;
}

function aggregated(plan: Plan, wanted: readonly Component[]): string {
  const base = plan.sources.at(0);
  const single = plan.keys.length === 0 ? plan.sources.single : null;
  return `SELECT ${aggregates(wanted, plan, base.weighted, single).join(', ')} FROM ${base.from}`;
}

/** Whether the first pass's groups are there and hold all that adds up to the whole: then the rows need not be read again. */
function isSummedUp(plan: Plan, ctes: CteList): boolean {
  const { having, measures } = plan.query;
  return ctes.has('m0') && having.length === 0 && addUp(componentsOf(measures));
}
