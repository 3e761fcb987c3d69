import { type MeasureName, isMeasureName } from '../../model/catalog/measures.ts';
import type { Split } from '../../model/query/query.ts';
import { type Component, aggregates } from './component.ts';
import { where } from './condition.ts';
import { hoursColumn, knownHours } from './known-hours.ts';
import { havingConditions, measureColumn, measureItems, needsHours } from './measure-items.ts';
import { type Plan, componentsOf } from './plan.ts';
import type { Stage } from './stages.ts';
import type { Tables } from './tables.ts';

/** What a stage has to measure: more than its order where its nodes are shown, or their rest is. */
export function stageMeasures(plan: Plan, index: number): readonly MeasureName[] {
  const { query, stages } = plan;
  const stage = stages[index];
  const ranked = stage === undefined ? undefined : query.splits[stage.last];
  const isLeaf = index >= stages.length - 1;
  const sort = ranked !== undefined && isMeasureName(ranked.sort.by) ? [ranked.sort.by] : [];
  const shown = isLeaf || query.subtotals || (query.other && ranked?.limit !== null) ? query.measures : [];
  const having = isLeaf ? query.having.map(({ measure }) => measure) : [];
  return [...new Set([...shown, ...sort, ...having])];
}

/** `k1, k2` of the splits from one index to another (exclusive), each prefixed by a table. */
export function keyNames(from: number, to: number, table?: string): readonly string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => {
    const name = `k${from + i + 1}`;
    return table === undefined ? name : `${table}.${name}`;
  });
}

/** Conditions that two tables have the same keys from one index to another (exclusive). */
export function sameKeys(
  plan: Plan,
  left: string,
  right: string,
  from: number,
  to: number,
): readonly string[] {
  return keyNames(from, to).map((key) => plan.scope.dialect.same(`${left}.${key}`, `${right}.${key}`));
}

/**
 * The tables of one stage: `g…` its groups with their components, `m…` those groups with their measures
 * (only those that `having` leaves), `t…` the nodes that are shown, numbered in tree order as `node`.
 * Groups know their `parent` by its number; the first stage's have parent 0.
 */
export function addStage(plan: Plan, tables: Tables, index: number): void {
  const stage = plan.stages[index];
  if (stage === undefined) return;
  tables.add(`g${index}`, groups(plan, stage, index));
  tables.add(`m${index}`, measured(plan, tables, stage, index));
  tables.add(`t${index}`, shownNodes(plan, stage, index));
}

function groups(plan: Plan, stage: Stage, index: number): string {
  const keys = keyNames(stage.first, stage.last + 1, 'b');
  const items = aggregates(stageComponents(plan, index), plan.periods);
  if (index === 0) {
    return `SELECT 0 AS parent, g.* FROM (SELECT ${[...keys, ...items].join(', ')} FROM ${plan.base} GROUP BY ${keys.join(', ')}) g`;
  }
  const on = sameKeys(plan, 'b', 't', 0, stage.first).join(' AND ');
  return (
    `SELECT ${['t.node AS parent', ...keys, ...items].join(', ')} FROM ${plan.base}` +
    ` JOIN t${index - 1} t ON ${on} GROUP BY ${['t.node', ...keys].join(', ')}`
  );
}

export function stageComponents(plan: Plan, index: number): readonly Component[] {
  return componentsOf(stageMeasures(plan, index));
}

function measured(plan: Plan, tables: Tables, stage: Stage, index: number): string {
  const measures = stageMeasures(plan, index);
  const isLeaf = index === plan.stages.length - 1;
  const survives = !isLeaf && plan.query.having.length > 0;
  const parentKeys = index > 0 ? ` JOIN t${index - 1} p ON p.node = g.parent` : '';
  const path = [...keyNames(0, stage.first, 'p'), ...keyNames(stage.first, stage.last + 1, 'g')];
  const hours = needsHours(measures) ? joinHours(plan, tables, stage.last + 1, path) : '';
  const items = measureItems(measures, 'g', 'h', plan);
  const hourItems = hours === '' ? [] : plan.periods.map((period) => `h.${hoursColumn(period)}`);
  const select = `SELECT ${['g.*', ...hourItems, ...items].join(', ')} FROM g${index} g${parentKeys}${hours}`;
  if (survives) {
    const same = path.map((key, i) => plan.scope.dialect.same(`v.k${i + 1}`, key));
    return `${select} WHERE EXISTS (SELECT 1 FROM survivor v WHERE ${same.join(' AND ')})`;
  }
  const having = isLeaf ? havingConditions(plan.query.having, 'q', plan) : [];
  return having.length === 0 ? select : `SELECT * FROM (${select}) q${where(having)}`;
}

/** Joins the hours with logs of each group's time as `h`; `path` are the groups' keys, outermost first. */
export function joinHours(plan: Plan, tables: Tables, depth: number, path: readonly string[]): string {
  const keys = plan.keys.slice(0, depth);
  const name = `hours${depth}`;
  if (!tables.has(name)) tables.add(name, knownHours(keys, plan.range, plan.compare, plan.scope));
  const on = keys.flatMap((key, i) =>
    key.time === null ? [] : [plan.scope.dialect.same(`h.k${i + 1}`, path[i] ?? '')],
  );
  return on.length === 0 ? ` CROSS JOIN ${name} h` : ` LEFT JOIN ${name} h ON ${on.join(' AND ')}`;
}

function shownNodes(plan: Plan, stage: Stage, index: number): string {
  const { splits } = plan.query;
  const ranked = splits[stage.last];
  if (ranked === undefined) throw new RangeError('a stage without a split');
  const revealed = plan.keys
    .slice(stage.first, stage.last + 1)
    .map((key, i) => key.reveal(`m.k${stage.first + i + 1}`, `d${stage.first + i + 1}`));
  const texts = revealed.map((r, i) => `${r.text ?? 'NULL'} AS x${stage.first + i + 1}`);
  const orders = revealed.flatMap((r, i) =>
    r.order.map((o, j) => `${o} AS ${orderColumn(stage.first + i, j)}`),
  );
  const joins = revealed.map((r) => (r.join === '' ? '' : ` ${r.join}`)).join('');
  const order = splits
    .slice(stage.first, stage.last)
    .flatMap((split, i) => byValue(stage.first + i, revealed[i]?.order.length ?? 0, split.sort.order));
  const rank = rankOrder(ranked, stage.last, revealed.at(-1)?.order.length ?? 0);
  const all = `SELECT ${['m.*', ...texts, ...orders].join(', ')} FROM m${index} m${joins}`;
  const isLeaf = index === plan.stages.length - 1;
  const path = index === 0 ? '' : ` JOIN t${index - 1} p ON p.node = q.parent`;
  const pathItems =
    index === 0
      ? []
      : [
          ...keyNames(0, stage.first, 'p'),
          ...keyNames(0, stage.first, 'p').map((k) => k.replace('.k', '.x')),
        ];
  const wholeOrder = ['q.parent', ...order, ...rank].join(', ');
  const single = index === 0 && stage.first === stage.last;
  const cap = isLeaf ? ` ORDER BY node LIMIT ${plan.maxRows}` : '';
  const select = (from: string, filter: string): string =>
    `SELECT ${[...pathItems, 'q.*', `row_number() OVER (ORDER BY ${wholeOrder}) AS node`].join(', ')} FROM ${from} q${path}${filter}${cap}`;
  if (ranked.limit === null) return select(`(${all})`, '');
  if (single)
    return select(`(SELECT * FROM (${all}) q ORDER BY ${rank.join(', ')} LIMIT ${ranked.limit})`, '');
  const partition = ['q.parent', ...keyNames(stage.first, stage.last, 'q')].join(', ');
  const placed = `SELECT q.*, row_number() OVER (PARTITION BY ${partition} ORDER BY ${rank.join(', ')}) AS place FROM (${all}) q`;
  return select(`(${placed})`, ` WHERE q.place <= ${ranked.limit}`);
}

function rankOrder(split: Split, index: number, orders: number): readonly string[] {
  const { by, order } = split.sort;
  if (!isMeasureName(by)) return byValue(index, orders, order);
  return [
    `q.${measureColumn(by, 'now')} ${order.toUpperCase()} NULLS LAST`,
    ...byValue(index, orders, 'asc'),
  ];
}

/** A split's own value, nulls last whichever way. */
function byValue(index: number, orders: number, order: 'asc' | 'desc'): readonly string[] {
  const columns = Array.from(
    { length: orders },
    (_, j) => `q.${orderColumn(index, j)} ${order.toUpperCase()} NULLS LAST`,
  );
  return [`(q.k${index + 1} IS NULL)`, ...columns];
}

function orderColumn(index: number, part: number): string {
  return `o${index + 1}_${part}`;
}
