import { componentColumn } from './component.ts';
import { measureColumn } from './measure-items.ts';
import type { Plan } from './plan.ts';
import { rowKinds } from './row-kinds.ts';
import { flatGroups } from './flat-groups.ts';
import type { CteList } from './cte-list.ts';
import { grandTotal } from './grand-total.ts';

/**
 * Whether a query needs no tree: at most one split, nothing beside its rows. Such queries are most of all, and
 * small ones take as long as their statement has steps: they get one with few.
 */
export function isFlat({ query, passes }: Plan): boolean {
  return (
    query.splits.length <= 1 &&
    passes.length <= 1 &&
    !query.other &&
    !query.subtotals &&
    query.having.length === 0
  );
}

/** The statement of a flat query, with the columns of any other; its rows come in order. */
export function flatStatement(plan: Plan, ctes: CteList): string {
  const [pass] = plan.passes;
  if (pass === undefined) {
    const counted = plan.periods.map((period) => `w.${componentColumn('flows', period)}`);
    const one = grandTotal(plan, ctes);
    return `${ctes.text()}SELECT ${items(plan, '0', counted.join(' + '), 'w')} FROM (${one}) w`;
  }
  const { ranked, candidates, rank } = flatGroups(plan, ctes, pass);
  const limit = Math.min(ranked.limit ?? Infinity, plan.maxRows);
  const cut = `CASE WHEN q.groups > ${limit} THEN 1 ELSE 0 END`;
  return (
    `${ctes.text()}SELECT ${items(plan, cut, 'q.scanned', 'q')} FROM ${candidates}` +
    `\nORDER BY ${rank.join(', ')} LIMIT ${limit}`
  );
}

function items(plan: Plan, cut: string, scanned: string, table: string): string {
  const path = plan.keys.flatMap((_, i) => [`${table}.k${i + 1}`, `${table}.x${i + 1}`]);
  const values = plan.periods.flatMap((period) =>
    plan.query.measures.map((measure) => `${table}.${measureColumn(measure, period)}`),
  );
  return [rowKinds.leaf, cut, '0', scanned, ...path, ...values].join(', ');
}
