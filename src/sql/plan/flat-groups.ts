import type { CteList } from './cte-list.ts';
import { flowsCounted } from './flows-counted.ts';
import { keyNames } from './key-names.ts';
import { measureItems, needsHours } from './measure-items.ts';
import { passMeasures } from './pass-measures.ts';
import { firstGroups, joinHours, selectGroups } from './pass-tables.ts';
import type { Plan } from './plan.ts';
import type { RankingPass } from './ranking-passes.ts';
import { type RankedGroups, lookupsOf, ranking, sieveOf } from './top-n.ts';

/** Of more, a window over all of them takes longer than a step of its own. */
const FEW_GROUPS = 250_000;

/**
 * The groups of a query of one split and how they are ordered. Each has with it how many there are (`groups`) and how many
 * flows they count (`scanned`). Few groups get measures, totals and texts in one step: a small statement takes as long as it
 * has steps. Of many, those that may be shown are found first, and the totals in the same step.
 */
export function flatGroups(plan: Plan, ctes: CteList, pass: RankingPass): RankedGroups {
  const lookups = lookupsOf(plan, pass);
  if (areFew(plan)) {
    const measures = passMeasures(plan, 0);
    const items = [
      ...measureItems(measures, 'm', 'h', plan),
      'count(*) OVER () AS groups',
      `${flowsCounted(plan, ' OVER ()')} AS scanned`,
    ];
    const hours = needsHours(measures) ? joinHours(plan, ctes, pass.last + 1, keyNames(0, 1, 'm')) : '';
    return ranking(plan, pass, `(${firstGroups(plan, pass)}) m${hours}`, lookups, items);
  }
  ctes.add('m0', selectGroups(plan, ctes, pass, 0));
  const sieve = lookups.some(({ many }) => many) ? sieveOf(plan, pass) : null;
  const totals = ['count(*) AS groups', `${flowsCounted(plan)} AS scanned`];
  const all = [...totals, ...(sieve === null ? [] : [`${sieve.last} AS threshold`])].join(', ');
  const where =
    sieve === null ? '' : ` WHERE a.threshold IS NULL OR ${sieve.column} ${sieve.reaches} a.threshold`;
  const groups = `(SELECT m.*, a.groups AS groups, a.scanned AS scanned FROM m0 m CROSS JOIN (SELECT ${all} FROM m0 m) a${where}) m`;
  return ranking(plan, pass, groups, lookups);
}

/** Whether there are few groups for sure, or as far as the number of flows is known. */
function areFew({ keys, flows }: Plan): boolean {
  const most = keys.reduce((product, key) => product * key.most, 1);
  return flows > 0 && Math.min(most, flows) <= FEW_GROUPS;
}
