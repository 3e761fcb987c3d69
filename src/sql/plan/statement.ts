import { where } from './condition.ts';
import { flatStatement, isFlat } from './flat-statement.ts';
import { addHidden, addSurvivors } from './having-tables.ts';
import { havingConditions, measureColumn } from './measure-items.ts';
import { addOther } from './other-table.ts';
import type { Plan } from './plan.ts';
import { rowKinds } from './row-kinds.ts';
import { addStage } from './stage-tables.ts';
import { havingDepth, survivalOf } from './stages.ts';
import { createTables } from './tables.ts';
import { flowsCounted, whole } from './whole.ts';

/**
 * The whole statement. Its columns: kind, depth, ord, groups, then `k`, `x` per split, then the measures
 * asked for, now, and again for the earlier period. One row of kind `totals` says in `groups` how many rows
 * were read and in `depth` whether a limit cut anything; in a flat statement each leaf says so itself.
 */
export function statement(plan: Plan): string {
  const { query, stages } = plan;
  const tables = createTables(plan.scope.dialect.materialized);
  if (plan.bases.kept !== null) tables.add('base', plan.bases.kept);
  if (isFlat(plan)) return flatStatement(plan, tables);
  const last = stages.length - 1;
  if (query.having.length > 0 && stages.some((stage) => survivalOf(query, stage) === 'survivors'))
    addSurvivors(plan, tables);
  stages.forEach((_, index) => addStage(plan, tables, index));
  if (stages.length === 0 || query.subtotals) tables.add('whole', whole(plan, tables));
  const parts = [totals(plan)];
  if (stages.length === 0) {
    const having = havingConditions(query.having, 'w', plan);
    parts.push(part(plan, 'leaf', '0', '0', 0, 'NULL', `whole w${where(having)}`, 'w'));
  } else {
    parts.push(part(plan, 'leaf', '0', 't.node', query.splits.length, 'NULL', `t${last} t`, 't'));
  }
  if (query.other) {
    stages.forEach((stage, index) => {
      if (query.splits[stage.last]?.limit == null) return;
      addOther(plan, tables, index);
      parts.push(
        part(plan, 'other', String(stage.last), 'r.ord', stage.last, 'r.groups', `r${index} r`, 'r'),
      );
    });
  }
  if (query.subtotals) {
    parts.push(part(plan, 'subtotal', '0', '0', 0, 'NULL', 'whole w', 'w'));
    stages.slice(0, -1).forEach((stage, index) => {
      const depth = stage.last + 1;
      parts.push(part(plan, 'subtotal', String(depth), 't.node', depth, 'NULL', `t${index} t`, 't'));
    });
  }
  if (query.hidden && havingDepth(query) > 0) {
    addHidden(plan, tables);
    parts.push(part(plan, 'hidden', '0', 'h.flows', 0, 'h.groups', 'hid h', 'h'));
  }
  return `${tables.text()}SELECT * FROM (\n${parts.join('\nUNION ALL ')}\n) a\nORDER BY kind, depth, ord`;
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

/** How many rows were read and whether anything was cut, out of the first stage's groups and counts of the others. */
function totals(plan: Plan): string {
  const { stages, query } = plan;
  const keepsAll = query.having.length > 0 && stages.length > 0;
  const from = stages.length === 0 ? 'whole' : keepsAll ? 'g0' : 'm0';
  const cuts = stages.flatMap((stage, index) => {
    const isLeaf = index === stages.length - 1;
    const limit = query.splits[stage.last]?.limit ?? null;
    if (limit === null && !isLeaf) return [];
    const counted = index === 0 && !keepsAll ? 'count(*)' : `(SELECT count(*) FROM m${index})`;
    const single = index === 0 && stage.first === stage.last;
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
