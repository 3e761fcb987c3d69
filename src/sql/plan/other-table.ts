import { addUp } from './combining.ts';
import { aggregates, componentColumns, sums } from './component.ts';
import { hoursColumn } from './logged-hours.ts';
import { measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import { keyNames, matching, sameKeys } from './key-names.ts';
import { tellsTime } from './split-key.ts';
import type { CteList } from './cte-list.ts';

/**
 * What a pass's limit cut, per parent that was cut: `r…` with the path's keys and texts, `ord` (the place of
 * the parent's first shown child), `groups` cut, and the measures of all their rows. Measures that don't add
 * up are counted again from the rows of the cut groups.
 */
export function addOther(plan: Plan, ctes: CteList, index: number): void {
  const pass = plan.passes[index];
  if (pass === undefined) return;
  const { measures } = plan.query;
  const wanted = componentsOf(measures);
  const free = keyNames(pass.first, pass.last);
  const node = ['parent', ...free];
  const same = (left: string, right: string): readonly string[] => [
    `${left}.parent = ${right}.parent`,
    ...sameKeys(plan, left, right, pass.first, pass.last),
  ];
  const own = ['parent', ...keyNames(pass.first, pass.last + 1)].map((name) => [name, `m.${name}`] as const);
  const cut = ctes.add(
    `c${index}`,
    `SELECT m.* FROM m${index} m ${plan.scope.dialect.antiJoin} ${matching(plan, `t${index}`, 't', own)}`,
  );
  const cutBy = plan.keys[pass.last];
  const isTime = cutBy !== undefined && tellsTime(cutBy);
  const hours = needsHours(measures)
    ? plan.periods.map(
        (period) => `${isTime ? 'sum' : 'max'}(m.${hoursColumn(period)}) AS ${hoursColumn(period)}`,
      )
    : [];
  const additive = addUp(wanted);
  const summed = additive ? sums(wanted, plan) : [];
  const byParent = (table: string): readonly string[] => node.map((column) => `${table}.${column}`);
  const named = (table: string, names: readonly string[]): readonly string[] =>
    names.map((name) => `${table}.${name} AS ${name}`);
  let rest = `SELECT ${[...named('m', node), 'count(*) AS groups', ...hours, ...summed].join(', ')} FROM ${cut} m GROUP BY ${byParent('m').join(', ')}`;
  if (!additive) {
    const base = plan.sources.at(pass.last + 1);
    const parent =
      index === 0 ? '' : ` JOIN t${index - 1} p ON ${sameKeys(plan, 'b', 'p', 0, pass.first).join(' AND ')}`;
    const on = [
      ...(index === 0 ? [] : ['m.parent = p.node']),
      ...sameKeys(plan, 'b', 'm', pass.first, pass.last + 1),
    ];
    const again = `SELECT ${[...named('m', node), ...aggregates(wanted, plan, base.weighted)].join(', ')} FROM ${base.from}${parent} JOIN ${cut} m ON ${on.join(' AND ')} GROUP BY ${byParent('m').join(', ')}`;
    const counted = ['groups', ...(needsHours(measures) ? plan.periods.map(hoursColumn) : [])];
    const ofRows = [...node, ...componentColumns(wanted, plan.periods)];
    rest = `SELECT ${[...named('a', ofRows), ...named('s', counted)].join(', ')} FROM (${again}) a JOIN (${rest}) s ON ${same('a', 's').join(' AND ')}`;
  }
  const above = keyNames(0, pass.last);
  const shownPath = ['parent', ...above, ...above.map((key) => key.replace('k', 'x'))];
  const parents = shownPath.map((name) => `t.${name}`);
  const places = `SELECT ${[...named('t', shownPath), 'min(t.node) AS ord'].join(', ')} FROM t${index} t GROUP BY ${parents.join(', ')}`;
  ctes.add(
    `r${index}`,
    `SELECT ${[...named('o', [...shownPath, 'ord']), 's.groups AS groups', ...measureItems(measures, 's', 's', plan)].join(', ')} FROM (${places}) o JOIN (${rest}) s ON ${same('o', 's').join(' AND ')}`,
  );
}
