import { componentColumn } from './component.ts';
import type { Plan } from './plan.ts';

/** How many flows were counted, out of all groups of a table. @param over `OVER ()`: said beside each of them */
export function flowsCounted(plan: Plan, over: '' | ' OVER ()' = ''): string {
  return plan.periods
    .map((period) => `coalesce(sum(${componentColumn('flows', period)})${over}, 0)`)
    .join(' + ');
}
