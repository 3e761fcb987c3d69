import { type BucketValue, bucketValuesOf, isLogged } from '../../view/chart-layout/bucket-series.ts';
import { heatOf } from '../../view/chart-layout/heat.ts';
import { isZeroWithoutFlows, isAdditive } from '../../view/chart-layout/lines.ts';
import { type Line, keyOf, linesOf, totalOf, treeOf, valuesOf } from '../../view/chart-layout/tree.ts';
import { toneOf } from '../../view/chart-layout/tone.ts';
import { counted, formatAmount, formatBig, formatShort, toNumber } from '../../view/format/numbers.ts';
import { formatLength } from '../../view/format/times.ts';
import { TIME } from '../../view/view.ts';
import { chartMeasureOf } from '../../view/visualization.ts';
import type { Answer, Cell } from '../../model/query/answer.ts';
import { escapeHtml as h } from '../../report/escape-html.ts';
import type { AskedView } from './ask-tile.ts';
import { bucketsOfChart, drawSpark } from './draw-lines.ts';
import { CHANGE_UNKNOWN, type Drawing, changes, timeAxis, valueHtml } from './drawing.ts';

type Chart = Extract<AskedView, { readonly kind: 'chart' }>;

/** The most rows of a table. */
const MOST_ROWS = 60;
/** The most columns of a heat map whose columns are values. */
const MOST_COLUMNS = 25;

/** The total of each measure with its change, and the first one also over time. */
export function drawFigures(chart: Chart, drawing: Drawing): string {
  const { spec, periods, range } = chart;
  const { view } = spec;
  const change = changes(view, range, drawing);
  const now = totalOf(periods.answer) ?? [];
  const before = periods.before === null ? null : totalOf(periods.before);
  const figures = view.measures.map((name, at) => {
    const { label, unit } = drawing.schema.measure(name);
    const text = before === null ? '' : change(now[at], before[at], unit);
    return `<div><b title="${h(formatAmount(now[at], unit))}">${h(formatBig(now[at], unit))}</b> <span class="dim">${h(text)}</span>${view.measures.length > 1 ? `<br><span class="dim">${h(label)}</span>` : ''}</div>`;
  });
  const timed = spec.splits.length === 1 && spec.splits[0]?.field === TIME;
  const spark = timed ? drawSpark(seriesOf(periods.answer, chart, drawing), 36) : '';
  return `<div class="figures ${toneOf(view, view.measures[0])}">${figures.join('')}</div>${spark}`;
}

function seriesOf(answer: Answer, chart: Chart, drawing: Drawing): readonly BucketValue[] {
  const amounts = new Map(answer.rows.map((row) => [Date.parse(String(row[0])), toNumber(row[1])]));
  const measure = chart.spec.view.measures[0] ?? 'flows';
  return bucketValuesOf(
    bucketsOfChart(chart, drawing),
    (start) => amounts.get(start),
    isZeroWithoutFlows(measure),
  );
}

/** The rows of a table or of bars. An inner split by time is drawn as a strip in the row. */
export function drawTable(chart: Chart, drawing: Drawing): string {
  const { spec, periods, range } = chart;
  const change = changes(spec.view, range, drawing);
  const fields = spec.splits.map(({ field }) => field);
  const folded = fields.length > 1 && fields.at(-1) === TIME;
  const tree = treeOf(periods.answer, folded);
  const earlier = periods.before === null ? null : amountsBefore(periods.before, folded);
  const lines = linesOf(tree, new Set());
  const buckets = folded ? bucketsOfChart(chart, drawing) : [];
  const bars = spec.visualization === 'bars';
  const { measure, index: drawn } = bars ? chartMeasureOf(spec.view) : { measure: null, index: 0 };
  const columns = spec.view.measures
    .map((name, at) => ({ ...drawing.schema.measure(name), name, at }))
    .filter(({ name }) => measure === null || name === measure);
  const most = Math.max(
    0,
    ...lines.flatMap((line) => (line.kind === 'branch' ? [toNumber(line.branch.values[drawn]) ?? 0] : [])),
  );
  const strip = (line: Line): string => {
    if (!folded) return '';
    if (line.kind !== 'branch' || line.branch.series === null) return '<td></td>';
    const { series } = line.branch;
    const amount = (start: number): number | null | undefined => {
      const values = series.get(start);
      return values === undefined ? undefined : toNumber(values[0]);
    };
    const values = bucketValuesOf(buckets, amount, isZeroWithoutFlows(spec.view.measures[0] ?? 'flows'));
    return `<td class="strip">${drawSpark(values, 20)}</td>`;
  };
  const rows = lines.slice(0, MOST_ROWS).map((line) => {
    if (line.kind === 'gap')
      return `<tr><td class="dim" colspan="9">no logs for ${h(formatLength(line.gap.to - line.gap.from))}</td></tr>`;
    const values = valuesOf(line);
    const label =
      line.kind === 'branch'
        ? valueHtml(drawing, fields[line.depth] ?? '', line.branch.path.at(-1) ?? null)
        : line.kind === 'whole'
          ? 'All flows'
          : `<span class="dim">${line.kind === 'other' ? counted(line.other.groups, 'other') : 'hidden by conditions on measures'}</span>`;
    const before = line.kind === 'branch' ? earlier?.get(line.branch.key) : undefined;
    const cells = columns.map(({ at, unit }) => {
      const share =
        at === drawn && most > 0 && line.kind === 'branch' ? (toNumber(values[at]) ?? 0) / most : 0;
      const changed = before === undefined ? '' : change(values[at], before[at], unit);
      // That it is not known stands in the head, once for all rows.
      const text =
        changed === '' || changed === CHANGE_UNKNOWN ? '' : ` <small class="dim">${h(changed)}</small>`;
      return `<td class="n bar" style="--part:${(100 * share).toFixed(1)}%">${h(formatShort(values[at], unit))}${text}</td>`;
    });
    return `<tr><td style="padding-left:${line.depth}rem">${label}</td>${strip(line)}${cells.join('')}</tr>`;
  });
  const heads = columns
    .map(({ label, unit }) => {
      const unknown = earlier !== null && change(1, 1, unit) === CHANGE_UNKNOWN;
      return `<th class="n">${h(label)}${unknown ? ` <small class="dim">${CHANGE_UNKNOWN}</small>` : ''}</th>`;
    })
    .join('');
  const splits = fields
    .slice(0, folded ? -1 : undefined)
    .map((field) => drawing.schema.dimension(field).label);
  const left = lines.length - rows.length;
  return `<div class="wide ${toneOf(spec.view, spec.view.measures[0])}"><table><thead><tr><th>${h(splits.join(', '))}</th>${folded ? '<th>Over time</th>' : ''}${heads}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>${left > 0 ? `<p class="small">… and ${counted(left, 'more row')}</p>` : ''}`;
}

/** The amounts of the comparison period by the key of the row, as far as comparable. */
function amountsBefore(before: Answer, folded: boolean): ReadonlyMap<string, readonly Cell[]> {
  return new Map(
    linesOf(treeOf(before, folded), new Set()).flatMap((line) =>
      line.kind === 'branch' ? [[line.branch.key, line.branch.values] as const] : [],
    ),
  );
}

/** The top values of a dimension. */
export function drawList(
  { view, periods, range }: Extract<AskedView, { readonly kind: 'list' }>,
  drawing: Drawing,
): string {
  const field = view.splits[0]?.field ?? '';
  const measure = view.measures[0] ?? 'flows';
  const { unit } = drawing.schema.measure(measure);
  const change = changes(view, range, drawing);
  const total = isAdditive(measure) ? toNumber(totalOf(periods.answer)?.[0]) : null;
  const most = Math.max(0, ...periods.answer.rows.map((row) => toNumber(row[1]) ?? 0));
  const whole = total !== null && total > 0 ? total : most;
  const before = new Map(periods.before?.rows.map((row) => [keyOf([row[0] ?? null]), row[1]]));
  const rows = periods.answer.rows.map(([value = null, amount]) => {
    const text = periods.before === null ? '' : change(amount, before.get(keyOf([value])), unit);
    const share = whole > 0 ? (toNumber(amount) ?? 0) / whole : 0;
    return `<tr><td>${valueHtml(drawing, field, value)}</td><td class="n bar" style="--part:${(100 * share).toFixed(1)}%">${h(formatShort(amount, unit))} <small class="dim">${h(text)}</small></td></tr>`;
  });
  if (rows.length === 0) return '<p class="dim">Nothing in this time.</p>';
  return `<table class="${toneOf(view, measure)}"><tbody>${rows.join('')}</tbody></table>`;
}

/** A map of two splits: the darker a cell, the more. */
export function drawHeat(chart: Chart, drawing: Drawing): string {
  const { spec, periods, range } = chart;
  const { measure, index } = chartMeasureOf(spec.view);
  const timed = spec.splits.at(-1)?.field === TIME;
  const buckets = timed ? bucketsOfChart(chart, drawing) : null;
  const zero = isZeroWithoutFlows(measure);
  const heat = heatOf(
    periods.answer,
    index,
    buckets?.map(({ from }) => from) ?? null,
    MOST_COLUMNS,
    (column) => zero && (buckets === null || (buckets[column] !== undefined && isLogged(buckets[column]))),
  );
  const { unit, label } = drawing.schema.measure(measure);
  const [rowField, columnField] = spec.splits.map(({ field }) => field);
  const head =
    buckets === null
      ? heat.columns.map((value) => `<th class="turned">${valueHtml(drawing, columnField ?? '', value)}</th>`)
      : [];
  const rows = heat.rows.map((branch, row) => {
    const cells = heat.columns.map((_, at) => {
      const amount = heat.amounts[row * heat.columns.length + at] ?? Number.NaN;
      if (Number.isNaN(amount)) return '<td class="cell unknown"></td>';
      const ink = heat.full === 0 ? 0 : Math.min(1, amount / heat.full);
      return `<td class="cell" style="--ink-part:${(100 * Math.sqrt(ink)).toFixed(0)}%" title="${h(formatAmount(amount, unit))}"></td>`;
    });
    return `<tr><td>${valueHtml(drawing, rowField ?? '', branch.path[0] ?? null)}</td>${cells.join('')}</tr>`;
  });
  const times = buckets === null ? '' : timeAxis(range, drawing.timezone);
  return `<div class="wide heat ${toneOf(spec.view, measure)}"><table><thead><tr><th>${h(label)}</th>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>${times}${heat.left > 0 ? `<p class="small">… and ${counted(heat.left, 'more column')}</p>` : ''}`;
}
