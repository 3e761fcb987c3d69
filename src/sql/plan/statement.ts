import { where } from './condition.ts';
import { flatStatement, isFlat } from './flat-statement.ts';
import { addHidden, addSurvivors } from './having-tables.ts';
import { havingConditions, measureColumn } from './measure-items.ts';
import { addOther } from './other-table.ts';
import type { Plan } from './plan.ts';
import { rowKinds } from './row-kinds.ts';
import { addPass } from './pass-tables.ts';
import { havingDepth, survivalOf } from './ranking-passes.ts';
import { createCteList } from './cte-list.ts';
import { flowsCounted } from './flows-counted.ts';
import { grandTotal } from './grand-total.ts';

/**
 * The names in a statement, as far as its query needs them. `i` is a ranking pass, from 0; `n` a split, from 1.
 *
 * | common table | rows |
 * |---|---|
 * | `base` | rows that are made once for all passes |
 * | `g0` | the first pass's groups before `having` |
 * | `m<i>` | a pass's groups, with components and measures |
 * | `l<i>` | the measure that a group has to reach to be among a parent's first |
 * | `t<i>` | the nodes that are shown, numbered (`node`) |
 * | `c<i>`, `r<i>` | the groups that a limit cut, and what they add up to for each parent |
 * | `hours<n>` | hours with logs, by the time splits among the first `n` |
 * | `survivor`, `gone`, `hid` | groups that `having` leaves, and hides, and what the hidden ones add up to |
 * | `grand_total` | all that is selected |
 *
 * | column | |
 * |---|---|
 * | `k<n>`, `x<n>` | a split's key, and its text where there is one beside the key |
 * | `o<n>_<part>` | what a split's keys are ordered by |
 * | `<component>_now`, `m_<measure>_now` | the value of the period; `_then` of the earlier one |
 *
 * The whole statement. Its columns: kind, depth, ord, groups, then `k`, `x` per split, then the measures
 * asked for, now, and again for the earlier period. One row of kind `totals` says in `groups` how many rows
 * were read and in `depth` whether a limit cut anything; in a flat statement each leaf says so itself.
 */
export function statement(plan: Plan): string {
  const { query, passes } = plan;
  const ctes = createCteList(plan.scope.dialect.materialized);
  if (plan.sources.kept !== null) ctes.add('base', plan.sources.kept);
  if (isFlat(plan)) return flatStatement(plan, ctes);
  const last = passes.length - 1;
  if (query.having.length > 0 && passes.some((pass) => survivalOf(query, pass) === 'survivors'))
    addSurvivors(plan, ctes);
  passes.forEach((_, index) => addPass(plan, ctes, index));
  if (passes.length === 0 || query.subtotals) ctes.add('grand_total', grandTotal(plan, ctes));
  const parts = [totals(plan)];
  if (passes.length === 0) {
    const having = havingConditions(query.having, 'w', plan);
    parts.push(part(plan, 'leaf', '0', '0', 0, 'NULL', `grand_total w${where(having)}`, 'w'));
  } else {
    parts.push(part(plan, 'leaf', '0', 't.node', query.splits.length, 'NULL', `t${last} t`, 't'));
  }
  if (query.other) {
    passes.forEach((pass, index) => {
      if (query.splits[pass.last]?.limit == null) return;
      addOther(plan, ctes, index);
      parts.push(part(plan, 'other', String(pass.last), 'r.ord', pass.last, 'r.groups', `r${index} r`, 'r'));
    });
  }
  if (query.subtotals) {
    parts.push(part(plan, 'subtotal', '0', '0', 0, 'NULL', 'grand_total w', 'w'));
    passes.slice(0, -1).forEach((pass, index) => {
      const depth = pass.last + 1;
      parts.push(part(plan, 'subtotal', String(depth), 't.node', depth, 'NULL', `t${index} t`, 't'));
    });
  }
  if (query.hidden && havingDepth(query) > 0) {
    addHidden(plan, ctes);
    parts.push(part(plan, 'hidden', '0', 'h.flows', 0, 'h.groups', 'hid h', 'h'));
  }
  return `${ctes.text()}SELECT * FROM (\n${parts.join('\nUNION ALL ')}\n) a\nORDER BY kind, depth, ord`;
}

function part(
  plan: Plan,
  kind: keyof typeof rowKinds,
  depth: string,
  ord: string,
  keys: number,
  groups: string,
  from: string,
  table: string,
): string {
  const path = plan.keys.flatMap((_, i) =>
    i < keys ? [`${table}.k${i + 1}`, `${table}.x${i + 1}`] : ['NULL', 'NULL'],
  );
  const values = plan.periods.flatMap((period) =>
    plan.query.measures.map((measure) => `${table}.${measureColumn(measure, period)}`),
  );
  return `SELECT ${[rowKinds[kind], depth, ord, groups, ...path, ...values].join(', ')} FROM ${from}`;
}

/** How many rows were read and whether anything was cut, out of the first pass's groups and counts of the others. */
function totals(plan: Plan): string {
  const { passes, query } = plan;
  const keepsAll = query.having.length > 0 && passes.length > 0;
  const from = passes.length === 0 ? 'grand_total' : keepsAll ? 'g0' : 'm0';
  const cuts = passes.flatMap((pass, index) => {
    const isLeaf = index === passes.length - 1;
    const limit = query.splits[pass.last]?.limit ?? null;
    if (limit === null && !isLeaf) return [];
    const counted = index === 0 && !keepsAll ? 'count(*)' : `(SELECT count(*) FROM m${index})`;
    const single = index === 0 && pass.first === pass.last;
    if (limit === null || single)
      return [`${counted} > ${Math.min(limit ?? Infinity, isLeaf ? plan.maxRows : Infinity)}`];
    return [`${counted} > (SELECT count(*) FROM t${index})`];
  });
  const cut = cuts.length === 0 ? '0' : `CASE WHEN ${cuts.join(' OR ')} THEN 1 ELSE 0 END`;
  const keys = plan.keys.flatMap((_, i) => [`NULL AS k${i + 1}`, `NULL AS x${i + 1}`]);
  const values = plan.periods.flatMap((period) =>
    plan.query.measures.map((measure) => `NULL AS ${measureColumn(measure, period)}`),
  );
  const items = [
    `${rowKinds.totals} AS kind`,
    `${cut} AS depth`,
    '0 AS ord',
    `${flowsCounted(plan)} AS groups`,
    ...keys,
    ...values,
  ];
  return `SELECT ${items.join(', ')} FROM ${from}`;
}
