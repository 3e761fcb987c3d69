import { aggregates, components, sums } from './component.ts';
import { hoursColumn } from './known-hours.ts';
import { measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import { keyNames, sameKeys } from './key-names.ts';
import type { Tables } from './tables.ts';

/**
 * What a stage's limit cut, per parent that was cut: `r…` with the path's keys and texts, `ord` (the place of
 * the parent's first shown child), `groups` cut, and the measures of all their rows. Measures that don't add
 * up are counted again from the rows of the cut groups.
 */
export function addOther(plan: Plan, tables: Tables, index: number): void {
  const stage = plan.stages[index];
  if (stage === undefined) return;
  const { measures } = plan.query;
  const wanted = componentsOf(measures);
  const free = keyNames(stage.first, stage.last);
  const node = ['parent', ...free];
  const same = (left: string, right: string): readonly string[] => [
    `${left}.parent = ${right}.parent`,
    ...sameKeys(plan, left, right, stage.first, stage.last),
  ];
  const shown = [...same('t', 'm'), ...sameKeys(plan, 't', 'm', stage.last, stage.last + 1)].join(' AND ');
  const cut = tables.add(
    `c${index}`,
    `SELECT m.* FROM m${index} m WHERE NOT EXISTS (SELECT 1 FROM t${index} t WHERE ${shown})`,
  );
  const isTime = (plan.keys[stage.last]?.time ?? null) !== null;
  const hours = needsHours(measures)
    ? plan.periods.map(
        (period) => `${isTime ? 'sum' : 'max'}(m.${hoursColumn(period)}) AS ${hoursColumn(period)}`,
      )
    : [];
  const additive = wanted.every((component) => components[component].additive);
  const summed = additive ? sums(wanted, plan.periods) : [];
  const byParent = (table: string): readonly string[] => node.map((column) => `${table}.${column}`);
  let rest = `SELECT ${[...byParent('m'), 'count(*) AS groups', ...hours, ...summed].join(', ')} FROM ${cut} m GROUP BY ${byParent('m').join(', ')}`;
  if (!additive) {
    const base = plan.bases.at(stage.last + 1);
    const parent =
      index === 0 ? '' : ` JOIN t${index - 1} p ON ${sameKeys(plan, 'b', 'p', 0, stage.first).join(' AND ')}`;
    const on = [
      ...(index === 0 ? [] : ['m.parent = p.node']),
      ...sameKeys(plan, 'b', 'm', stage.first, stage.last + 1),
    ];
    const again = `SELECT ${[...byParent('m'), ...aggregates(wanted, plan.periods, base.weighted)].join(', ')} FROM ${base.from}${parent} JOIN ${cut} m ON ${on.join(' AND ')} GROUP BY ${byParent('m').join(', ')}`;
    rest = `SELECT a.*, s.* EXCLUDE (${node.join(', ')}) FROM (${again}) a JOIN (${rest}) s ON ${same('a', 's').join(' AND ')}`;
  }
  const path = [
    ...keyNames(0, stage.last, 't'),
    ...keyNames(0, stage.last, 't').map((key) => key.replace('.k', '.x')),
  ];
  const parents = ['t.parent', ...path];
  const places = `SELECT ${[...parents, 'min(t.node) AS ord'].join(', ')} FROM t${index} t GROUP BY ${parents.join(', ')}`;
  tables.add(
    `r${index}`,
    `SELECT ${['o.*', 's.groups', ...measureItems(measures, 's', 's', plan)].join(', ')} FROM (${places}) o JOIN (${rest}) s ON ${same('o', 's').join(' AND ')}`,
  );
}
