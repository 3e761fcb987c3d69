import { columnQuery, columnOf, pairOf, pairQuery } from '../../view/chart-layout/sankey-questions.ts';
import type { SankeyColumn, SankeyPair } from '../../view/chart-layout/sankey-questions.ts';
import { type ChartSpec, chartQuery } from '../../view/chart-layout/chart-query.ts';
import { isAdditive } from '../../view/chart-layout/lines.ts';
import { askOverTime } from '../../view/chart-layout/over-time.ts';
import { type Periods, periodsOf } from '../../view/chart-layout/periods.ts';
import type { Schema } from '../../view/schema.ts';
import { queryOf } from '../../view/to-query.ts';
import type { View } from '../../view/view.ts';
import { rangeOf } from '../../view/view-range.ts';
import { chartMeasureOf } from '../../view/visualization.ts';
import type { Span } from '../../view/time/buckets.ts';
import { listedField } from '../../view/tile-fields.ts';
import type { Tile } from '../../model/dashboard/dashboard.ts';
import type { Answer } from '../../model/query/answer.ts';
import { formatQuery } from '../../model/query/format-query.ts';
import type { Query } from '../../model/query/query.ts';

type ViewedTile = Extract<Tile, { readonly link: string }>;

/** The data of a tile: answers to the queries that the page would send for it. */
export type AskedView =
  | {
      readonly kind: 'chart';
      readonly spec: ChartSpec;
      readonly periods: Periods;
      /** For a chart over time: the totals over time, to draw what is beyond a limit; null: no limit applied. */
      readonly whole: Answer | null;
      readonly range: Span;
    }
  | {
      readonly kind: 'sankey';
      readonly view: View;
      readonly fields: readonly string[];
      readonly measure: View['measures'][number];
      readonly columns: readonly SankeyColumn[];
      readonly pairs: readonly SankeyPair[];
      readonly total: number;
    }
  | { readonly kind: 'list'; readonly view: View; readonly periods: Periods; readonly range: Span }
  /** Reports have no tiles of single flows. */
  | { readonly kind: 'records' };

/** Queries the data of a tile. Rejects with the errors of the store. */
export async function askTile(
  tile: ViewedTile,
  view: View,
  schema: Schema,
  ask: (query: unknown) => Promise<Answer>,
): Promise<AskedView> {
  const range = rangeOf(view.time, schema.span);
  const answerTo = (query: Query): Promise<Answer> => ask(formatQuery(query));
  if (tile.kind === 'list') {
    const splits = [{ field: listedField(tile.field, schema), bucket: null, limit: tile.limit, sort: null }];
    const listed = { ...view, having: [], splits, measures: view.measures.slice(0, 1) };
    const answer = await answerTo(queryOf(listed, range));
    return { kind: 'list', view: listed, periods: periodsOf(answer), range: rangeIn(answer, range) };
  }
  const { spec, query } = tile.kind === 'figure' ? askOverTime(view, range) : chartQuery(view, range);
  if (spec.visualization === 'records') return { kind: 'records' };
  if (spec.visualization === 'sankey') return askSankey(spec, answerTo);
  const answer = await answerTo(query);
  const overTime = spec.visualization === 'area' || spec.visualization === 'lines';
  const cut = overTime && spec.splits.length > 1 && (answer.truncated || answer.hidden !== null);
  const whole = cut ? periodsOf(await answerTo(askOverTime(view, range).query)).answer : null;
  return { kind: 'chart', spec, periods: periodsOf(answer), whole, range: rangeIn(answer, range) };
}

async function askSankey(
  { view, splits }: ChartSpec,
  answerTo: (query: Query) => Promise<Answer>,
): Promise<AskedView> {
  const { measure } = chartMeasureOf(view, isAdditive);
  const answers = [];
  for (const split of splits) answers.push(await answerTo(columnQuery(view, split, measure)));
  const columns = answers.map((answer) => columnOf(answer, 0));
  const pairs: SankeyPair[] = [];
  for (const [at, split] of splits.slice(0, -1).entries()) {
    const [next, left, right] = [splits[at + 1], columns[at], columns[at + 1]];
    if (next === undefined || left === undefined || right === undefined) continue;
    pairs.push(pairOf(await answerTo(pairQuery(view, [split, next], [left, right], measure))));
  }
  const whole = await answerTo(
    queryOf({ ...view, splits: [], measures: [measure], compare: null }, { from: 0, to: 1 }),
  );
  const total = Number(whole.rows[0]?.[0] ?? 0);
  return { kind: 'sankey', view, fields: splits.map(({ field }) => field), measure, columns, pairs, total };
}

/** The range as the engine resolved it. */
function rangeIn({ range }: Answer, otherwise: Span): Span {
  return range === null ? otherwise : { from: Date.parse(range.from), to: Date.parse(range.to) };
}
