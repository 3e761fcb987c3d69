import { type Bucket, type BucketValue, knownBuckets } from '../../view/chart-layout/bucket-series.ts';
import { colourOf } from '../../view/chart-layout/colours.ts';
import { type LineSeries, bucketStartsOf, lineSeries } from '../../view/chart-layout/lines.ts';
import { stackOf } from '../../view/chart-layout/stack.ts';
import { formatShort } from '../../view/format/numbers.ts';
import { escapeHtml as h } from '../../report/escape-html.ts';
import type { AskedView } from './ask-tile.ts';
import { type Drawing, px, timeAxis, valueHtml } from './drawing.ts';

type Chart = Extract<AskedView, { readonly kind: 'chart' }>;

const WIDTH = 720;

/** The buckets of a chart over time, with the completeness of each. */
export function bucketsOfChart({ spec, periods, range }: Chart, { schema }: Drawing): readonly Bucket[] {
  const bucket = spec.splits.at(-1)?.bucket;
  const duration = bucket?.kind === 'time' ? bucket.duration : 'PT1H';
  return knownBuckets(range, duration, spec.view.timezone, schema.coverage, bucketStartsOf(periods.answer));
}

/** Lines or stacked areas: a drawing for each measure, and a legend. */
export function drawOverTime(chart: Chart, drawing: Drawing, height: number): string {
  const { spec, periods, whole, range } = chart;
  const buckets = bucketsOfChart(chart, drawing);
  return spec.view.measures
    .map((measure, index) => {
      const series = lineSeries(periods.answer, index, measure, buckets, whole);
      const colours = series.map(({ path }, at) => colourOf(spec, path, at, measure));
      const stacked = spec.visualization !== 'lines';
      const bands = stacked ? stackOf(series) : [];
      const most = Math.max(
        0,
        ...(stacked
          ? bands.flatMap((band) => band.map((each) => each?.[1] ?? 0))
          : series.flatMap(({ values }) => values.map(({ value }) => value ?? 0))),
      );
      const { label, unit } = drawing.schema.measure(measure);
      const y = (value: number): number => height - (most === 0 ? 0 : (value / most) * (height - 4));
      const shapes = stacked
        ? bands.map((band, at) => bandPath(band, y, colours[at] ?? ''))
        : series.map(({ values }, at) => linePath(values, y, colours[at] ?? ''));
      const legend =
        series.length < 2
          ? ''
          : `<ul class="legend">${series.map((line, at) => `<li><i style="background:${colours[at] ?? ''}"></i>${nameOf(line, chart, drawing)}</li>`).join('')}</ul>`;
      return `<figure>
<figcaption>${h(label)}, at most ${h(formatShort(most, unit))}</figcaption>
<svg role="img" aria-label="${h(label)} over time" viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" style="height:${height}px">${gapShapes(buckets, height)}${shapes.join('')}</svg>
${timeAxis(range, drawing.timezone)}
${legend}
</figure>`;
    })
    .join('\n');
}

/** A line without axes, for a figure or a row. */
export function drawSpark(values: readonly BucketValue[], height: number): string {
  const most = Math.max(0, ...values.map(({ value }) => value ?? 0));
  const wide = WIDTH / Math.max(1, values.length);
  const bars = values.map(({ value }, at) => {
    const tall = value === null || value === 0 ? 0 : Math.max(1, (value / most) * height);
    return tall === 0
      ? ''
      : `<rect x="${px(at * wide)}" y="${px(height - tall)}" width="${px(Math.max(0.5, wide * 0.85))}" height="${px(tall)}"/>`;
  });
  return `<svg class="spark" aria-hidden="true" viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" style="height:${height}px">${gapShapes(values, height)}${bars.join('')}</svg>`;
}

function nameOf({ path }: LineSeries, { spec }: Chart, drawing: Drawing): string {
  if (path === null) return 'other';
  return path.map((value, at) => valueHtml(drawing, spec.splits[at]?.field ?? '', value)).join(', ');
}

/** Where there are no logs. */
function gapShapes(buckets: readonly Bucket[], height: number): string {
  const wide = WIDTH / Math.max(1, buckets.length);
  return buckets
    .map(({ known }, at) =>
      known === 'gap'
        ? `<rect class="gap" x="${px(at * wide)}" y="0" width="${px(wide)}" height="${height}"/>`
        : '',
    )
    .join('');
}

function linePath(values: readonly BucketValue[], y: (value: number) => number, colour: string): string {
  const wide = WIDTH / Math.max(1, values.length);
  let path = '';
  let drawing = false;
  values.forEach(({ value }, at) => {
    if (value === null) {
      drawing = false;
      return;
    }
    // A single value between two unknown ones is drawn as a point.
    path += `${drawing ? 'L' : 'M'}${px((at + 0.5) * wide)} ${px(y(value))}`;
    if (!drawing && (values[at + 1]?.value ?? null) === null) path += 'h1';
    drawing = true;
  });
  return `<path class="line" d="${path}" style="stroke:${colour}"/>`;
}

function bandPath(
  band: ReturnType<typeof stackOf>[number],
  y: (value: number) => number,
  colour: string,
): string {
  const wide = WIDTH / Math.max(1, band.length);
  const parts = band.map((each, at) => {
    if (each === null || each[0] === each[1]) return '';
    const [x, top] = [px(at * wide), px(y(each[1]))];
    return `M${x} ${top}h${px(wide)}V${px(y(each[0]))}H${x}z`;
  });
  return `<path d="${parts.join('')}" style="fill:${colour}"/>`;
}
