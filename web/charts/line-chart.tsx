import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { formatBucket } from '../../src/view/format/times.ts';
import { type Bucket, noteOf } from '../../src/view/chart-layout/bucket-series.ts';
import { stackOf } from '../../src/view/chart-layout/stack.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import type { Coverage } from '../../src/view/time/coverage.ts';
import { Axes, BrushBox } from './axes.tsx';
import type { ChartKind, ChartLine } from './chart-line.ts';
import { ChartTip } from './chart-tip.tsx';
import { LineLayer } from './line-layer.tsx';
import { type Scale, nearest, scaleOf } from './scale.ts';
import { StackLayer } from './stack-layer.tsx';
import { logTicks, valueTicks } from './ticks.ts';
import { type Point, useBrush } from './use-brush.ts';
import { CHART_ROOM, LINES_PADDING, useSize } from './use-size.ts';
import './line-chart.css';

const LEFT = 58;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 22;

/** A selected bucket of a line, and its position on the screen. */
export interface Picked {
  readonly line: ChartLine | null;
  readonly bucket: Bucket;
  readonly anchor: { readonly x: number; readonly top: number; readonly bottom: number };
  readonly byKey: boolean;
}

/**
 * Amounts over time: lines, stacked areas or stacked bars. Hovering shows the nearest bucket with every line's
 * value; brushing selects a range of whole buckets; a click selects the nearest mark; the arrow keys move between
 * buckets. Times without logs are hatched and lines break there; times with lost records are dotted.
 */
export function LineChart(props: {
  readonly kind: ChartKind;
  readonly lines: readonly ChartLine[];
  readonly buckets: readonly Bucket[];
  readonly duration: string;
  readonly range: Span;
  readonly coverage: Coverage;
  readonly unit: string;
  readonly timezone: string;
  readonly height: number;
  readonly label: string;
  /** Lines on a logarithmic scale. */
  readonly log?: boolean;
  /** The lines that determine the scale if several charts share it; absent: its own. */
  readonly scaledBy?: readonly ChartLine[];
  readonly onBrush: (range: Span) => void;
  readonly onPick: (picked: Picked) => void;
}): ReactNode {
  const { kind, lines, buckets, range, timezone, height } = props;
  const [element, full] = useSize<HTMLDivElement>('chart', CHART_ROOM, LINES_PADDING);
  const plot = useRef<SVGSVGElement>(null);
  const [moved, setCursor] = useState<{ readonly bucket: number; readonly line: number } | null>(null);
  // A filter may leave fewer lines, and another time other buckets.
  const cursor =
    moved === null || buckets.length === 0 || lines.length === 0
      ? null
      : { bucket: Math.min(moved.bucket, buckets.length - 1), line: Math.min(moved.line, lines.length - 1) };
  const width = Math.max(0, full - LEFT - RIGHT);
  const inner = height - TOP - BOTTOM;
  const bands = useMemo(() => (kind === 'lines' ? null : stackOf(lines)), [kind, lines]);
  const scaledBy = props.scaledBy ?? lines;
  const log = props.log === true && bands === null;
  const ticks = useMemo(() => {
    const tops =
      bands === null
        ? scaledBy.flatMap(({ values, before }) =>
            [...values, ...(before ?? [])].map((bucket) => bucket.value ?? 0),
          )
        : (bands.at(-1) ?? []).map((band) => band?.[1] ?? 0);
    const most = tops.reduce((high, each) => Math.max(high, each), 0);
    const count = inner > 160 ? 5 : 3;
    if (!log) return valueTicks(most, count, props.unit);
    const least = tops.reduce((low, each) => (each > 0 ? Math.min(low, each) : low), most);
    return logTicks(least, most, count);
  }, [bands, scaledBy, inner, log, props.unit]);
  const top = ticks.at(-1) ?? 1;
  const base = log ? (ticks[1] ?? 1) : null;
  const scale = useMemo(() => scaleOf(range, width, inner, top, base), [range, width, inner, top, base]);
  const bucketAt = (left: number): number => nearest(buckets, range.from + (left - LEFT) / scale.perMs);
  const heightOf = (line: number, at: number): number | null =>
    bands === null ? (lines[line]?.values[at]?.value ?? null) : (bands[line]?.[at]?.[1] ?? null);

  const pick = (at: number, line: number | null, y: number, byKey: boolean): void => {
    const bucket = buckets[at];
    const box = plot.current?.getBoundingClientRect();
    if (bucket === undefined || box === undefined) return;
    const [x, screenY] = [box.left + LEFT + scale.x(bucket), box.top + y];
    const anchor = { x, top: screenY - 10, bottom: screenY + 10 };
    props.onPick({ line: line === null ? null : (lines[line] ?? null), bucket, anchor, byKey });
  };
  const brush = useBrush(
    (left, right) => {
      const [from, to] = [buckets[bucketAt(left)], buckets[bucketAt(right)]];
      if (from !== undefined && to !== undefined) props.onBrush({ from: from.from, to: to.to });
    },
    (point) => {
      const at = bucketAt(point.left);
      pick(
        at,
        lineAt(lines.length, (line) => heightOf(line, at), bands !== null, scale, point),
        point.top,
        false,
      );
    },
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = cursor ?? { bucket: Math.max(0, buckets.length - 1), line: 0 };
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const step = steps[event.key];
    if (step !== undefined) {
      const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
      const started = cursor === null ? [0, 0] : step;
      setCursor({
        bucket: clamp(now.bucket + (started[0] ?? 0), buckets.length),
        line: clamp(now.line + (started[1] ?? 0), lines.length),
      });
    } else if (event.key === 'Enter' && cursor !== null) {
      pick(cursor.bucket, cursor.line, TOP + scale.y(heightOf(cursor.line, cursor.bucket) ?? 0), true);
    } else return;
    event.preventDefault();
  };

  const hovered =
    brush.at !== null && buckets.length > 0 ? bucketAt(brush.at.left) : (cursor?.bucket ?? null);
  const bucket = hovered === null ? undefined : buckets[hovered];
  return (
    <div className="chart" ref={element}>
      {width > 0 && (
        <div className="chart-frame" style={{ height }}>
          <svg className="chart-plot" width={full} height={height} aria-hidden="true">
            <g transform={`translate(${LEFT} ${TOP})`}>
              <Axes
                scale={scale}
                ticks={ticks}
                unit={props.unit}
                timezone={timezone}
                coverage={props.coverage}
              />
              {bands === null ? (
                <LineLayer lines={lines} scale={scale} />
              ) : (
                <StackLayer
                  lines={lines}
                  bands={bands}
                  buckets={buckets}
                  scale={scale}
                  kind={kind === 'bars' ? 'bars' : 'area'}
                />
              )}
            </g>
          </svg>
          <svg
            ref={plot}
            className="chart-plot chart-over"
            width={full}
            height={height}
            role="application"
            aria-roledescription="chart"
            aria-label={`${props.label}. Arrow keys move, Enter selects.`}
            tabIndex={0}
            data-selectable=""
            onKeyDown={onKeyDown}
            onBlur={() => setCursor(null)}
            {...brush.handlers}
          >
            <g transform={`translate(${LEFT} ${TOP})`}>
              {brush.brushed !== null && (
                <BrushBox
                  from={buckets[bucketAt(brush.brushed[0])]}
                  to={buckets[bucketAt(brush.brushed[1])]}
                  scale={scale}
                />
              )}
              {bucket !== undefined && hovered !== null && (
                <>
                  <path className="chart-cross" d={`M${Math.round(scale.x(bucket))} 0V${inner}`} />
                  {lines.map((line, index) => {
                    const value = heightOf(index, hovered);
                    return value === null || (bands !== null && lines.length > 1) ? null : (
                      <circle
                        key={line.key}
                        className="chart-dot"
                        cx={scale.x(bucket)}
                        cy={scale.y(value)}
                        r={cursor?.line === index && brush.at === null ? 5 : 3.5}
                        style={{ '--tone': line.colour }}
                      />
                    );
                  })}
                </>
              )}
            </g>
          </svg>
        </div>
      )}
      {bucket !== undefined && hovered !== null && (
        <ChartTip
          left={LEFT + scale.x(bucket)}
          full={full}
          head={`${formatBucket(bucket.from, props.duration, timezone)}${noteOf(bucket.known)}`}
          lines={lines}
          at={hovered}
          stacked={bands !== null}
          unit={props.unit}
          spoken={cursor !== null}
        />
      )}
    </div>
  );
}

/** The line nearest to a point of a bucket, or the band that holds it. */
function lineAt(
  count: number,
  height: (line: number) => number | null,
  stacked: boolean,
  scale: Scale,
  point: Point,
): number | null {
  const places = Array.from({ length: count }, (_, line) => ({
    line,
    y: scale.y(height(line) ?? Number.NaN) + TOP,
  }));
  const known = places.filter(({ y }) => Number.isFinite(y));
  if (stacked) return known.find(({ y }) => point.top >= y)?.line ?? known.at(-1)?.line ?? null;
  return known.sort((a, b) => Math.abs(a.y - point.top) - Math.abs(b.y - point.top))[0]?.line ?? null;
}
