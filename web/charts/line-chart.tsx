import type { ReactNode } from 'react';
import { formatAmount, formatShort } from '../format/numbers.ts';
import { formatBucket } from '../format/times.ts';
import type { LineSeries } from '../picture/lines.ts';
import type { Beat, Bucket } from '../picture/rhythm.ts';
import type { Span } from '../time/buckets.ts';
import { Gaps } from './gaps.tsx';
import { linePaths } from './line-paths.ts';
import { timeTicks, valueTicks } from './ticks.ts';
import { useBrush } from './use-brush.ts';
import { useWidth } from './use-width.ts';
import './line-chart.css';

const LEFT = 58;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 22;
const MOST_IN_TIP = 12;

export interface ChartLine extends LineSeries {
  readonly name: ReactNode;
  /** A CSS colour. */
  readonly colour: string;
}

/**
 * Lines over time. Hovering shows the nearest bucket with every line's value; brushing hands over a range that
 * begins and ends with buckets; where there are no logs, it is hatched and lines break.
 */
export function LineChart(props: {
  readonly lines: readonly ChartLine[];
  readonly buckets: readonly Bucket[];
  readonly duration: string;
  readonly range: Span;
  readonly gaps: readonly Span[];
  readonly unit: string;
  readonly timezone: string;
  readonly height: number;
  readonly label: string;
  readonly onBrush: (range: Span) => void;
}): ReactNode {
  const { lines, buckets, range, timezone, height } = props;
  const [element, full] = useWidth<HTMLDivElement>();
  const width = Math.max(0, full - LEFT - RIGHT);
  const inner = height - TOP - BOTTOM;
  const scale = width / (range.to - range.from);
  const most = Math.max(...lines.flatMap((line) => line.beats.map((beat) => beat.value ?? 0)), 0);
  const ticks = valueTicks(most, inner > 160 ? 5 : 3);
  const top = ticks.at(-1) ?? 1;
  const x = (beat: Bucket): number => {
    const middle = (Math.max(beat.from, range.from) + Math.min(beat.to, range.to)) / 2;
    return (middle - range.from) * scale;
  };
  const y = (value: number): number => inner - (value / top) * inner;
  const bucketAt = (left: number): number => nearest(buckets, range.from + left / scale);

  const brush = useBrush((left, right) => {
    const [from, to] = [buckets[bucketAt(left - LEFT)], buckets[bucketAt(right - LEFT)]];
    if (from !== undefined && to !== undefined) props.onBrush({ from: from.from, to: to.to });
  });
  const hovered = brush.at === null || buckets.length === 0 ? null : bucketAt(brush.at - LEFT);
  const bucket = hovered === null ? undefined : buckets[hovered];

  return (
    <div className="chart" ref={element}>
      {width > 0 && (
        <svg
          className="chart-plot"
          width={full}
          height={height}
          role="img"
          aria-label={props.label}
          {...brush.handlers}
        >
          <g transform={`translate(${LEFT} ${TOP})`}>
            <Gaps gaps={props.gaps} range={range} width={width} height={inner} />
            {ticks.map((tick) => (
              <g key={tick}>
                <path
                  className={`chart-grid${tick === 0 ? ' chart-base' : ''}`}
                  d={`M0 ${Math.round(y(tick))}H${width}`}
                />
                <text x={-8} y={y(tick) + 4} textAnchor="end">
                  {formatShort(tick, props.unit)}
                </text>
              </g>
            ))}
            {timeTicks(range, timezone, Math.max(2, Math.floor(width / 76))).map((tick) => (
              <text
                key={tick.at}
                x={(tick.at - range.from) * scale}
                y={inner + 16}
                textAnchor={(tick.at - range.from) * scale > width - 14 ? 'end' : 'middle'}
              >
                {tick.label}
              </text>
            ))}
            {brush.brushed !== null && (
              <BrushBox
                brushed={brush.brushed}
                buckets={buckets}
                bucketAt={bucketAt}
                range={range}
                scale={scale}
                height={inner}
              />
            )}
            {lines.toReversed().map((line) => (
              <Line key={line.key} line={line} x={x} y={y} withArea={lines.length === 1} />
            ))}
            {bucket !== undefined && (
              <g>
                <path className="chart-cross" d={`M${Math.round(x(bucket))} 0V${inner}`} />
                {lines.map((line) => {
                  const value = line.beats[hovered ?? 0]?.value ?? null;
                  return value === null ? null : (
                    <circle
                      key={line.key}
                      className="chart-dot"
                      cx={x(bucket)}
                      cy={y(value)}
                      r="3.5"
                      style={{ '--tone': line.colour }}
                    />
                  );
                })}
              </g>
            )}
          </g>
        </svg>
      )}
      {bucket !== undefined && (
        <Tip
          left={LEFT + x(bucket)}
          full={full}
          head={`${formatBucket(bucket.from, props.duration, timezone)}${noteOf(bucket)}`}
          rows={lines.map((line) => ({ line, value: line.beats[hovered ?? 0]?.value ?? null }))}
          unit={props.unit}
        />
      )}
    </div>
  );
}

function Line(props: {
  readonly line: ChartLine;
  readonly x: (beat: Beat) => number;
  readonly y: (value: number) => number;
  readonly withArea: boolean;
}): ReactNode {
  const paths = linePaths(props.line.beats, props.x, props.y);
  const other = props.line.path === null ? ' chart-line-other' : '';
  return (
    <g style={{ '--tone': props.line.colour }}>
      {props.withArea && <path className="chart-area" d={paths.area} />}
      <path className={`chart-line${other}`} d={paths.whole} />
      <path className="chart-line chart-line-part" d={paths.part} />
      {paths.alone.map((beat) => (
        <circle
          key={beat.from}
          className="chart-dot"
          cx={props.x(beat)}
          cy={props.y(beat.value ?? 0)}
          r="3"
        />
      ))}
    </g>
  );
}

function BrushBox(props: {
  readonly brushed: readonly [number, number];
  readonly buckets: readonly Bucket[];
  readonly bucketAt: (left: number) => number;
  readonly range: Span;
  readonly scale: number;
  readonly height: number;
}): ReactNode {
  const [first, last] = props.brushed.map((at) => props.buckets[props.bucketAt(at - LEFT)]);
  if (first === undefined || last === undefined) return null;
  const from = Math.max(0, (first.from - props.range.from) * props.scale);
  const to = (Math.min(last.to, props.range.to) - props.range.from) * props.scale;
  return <rect className="chart-brush" x={from} width={Math.max(1, to - from)} height={props.height} />;
}

function Tip(props: {
  readonly left: number;
  readonly full: number;
  readonly head: string;
  readonly rows: readonly { readonly line: ChartLine; readonly value: number | null }[];
  readonly unit: string;
}): ReactNode {
  const rows = [...props.rows].sort((a, b) => (b.value ?? -1) - (a.value ?? -1)).slice(0, MOST_IN_TIP);
  const onLeft = props.left > props.full / 2;
  const place = onLeft ? { right: props.full - props.left + 12 } : { left: props.left + 12 };
  return (
    <div className="tip" style={{ top: 10, ...place }}>
      <div className="tip-head">{props.head}</div>
      {rows.map(({ line, value }) => (
        <div key={line.key} className="tip-row" style={{ '--tone': line.colour }}>
          <span className="swatch" />
          <span className="ellipsis">{line.name}</span>
          <b>{formatAmount(value, props.unit)}</b>
        </div>
      ))}
    </div>
  );
}

function noteOf(bucket: Bucket): string {
  if (bucket.known === 'whole') return '';
  return bucket.known === 'gap' ? ', no logs' : ', in part';
}

/** The bucket that holds an instant, or the one nearest to it. */
function nearest(buckets: readonly Bucket[], instant: number): number {
  let [low, high] = [0, buckets.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((buckets[middle]?.from ?? 0) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
