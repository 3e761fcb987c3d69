import { type ReactNode, useMemo, useState } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { ChartKind, ChartLine } from '../charts/chart-line.ts';
import { LineChart, type Picked } from '../charts/line-chart.tsx';
import { CHART_ROOM, LINES_PADDING, useSize } from '../charts/use-size.ts';
import { useExplorerNow, useSelection, useStoreSchema } from '../data/explorer-context.ts';
import { TOTALS } from '../data/query-priority.ts';
import { type Answered, useAnswer } from '../data/use-answer.ts';
import { type ChartSpec, chartQuery, stepsOf } from '../../src/view/chart-layout/chart-query.ts';
import { colourOf } from '../../src/view/chart-layout/colours.ts';
import { bucketStartsOf, isAdditive, lineSeries } from '../../src/view/chart-layout/lines.ts';
import { shiftOntoRange } from '../../src/view/chart-layout/periods.ts';
import { type Bucket, knownBuckets } from '../../src/view/chart-layout/bucket-series.ts';
import { shiftOf } from '../../src/view/comparison.ts';
import { TIME, withVisualization } from '../../src/view/view.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { durationName } from '../../src/view/time/iso-duration.ts';
import { Legend, LegendName } from './legend.tsx';
import { PathName } from './path-name.tsx';
import './lines-view.css';

/** Pixels: of a chart, and of the title above it. */
const LEAST_HEIGHT = 190;
/** One alone takes what room there is, in a small tile of a dashboard too, so that its axis is in sight. */
const LEAST_ALONE = 90;
const MOST_HEIGHT = 720;
const TITLE = 30;
/** Pixels: of a legend of one row, with its margin. */
const LEGEND = 28;
/** Pixels: of one of many small charts. */
const MULTIPLE = 130;

/** Amounts over time: one chart for each measure, a line or a band for each value of the splits. */
export function LinesView(props: {
  readonly answered: Answered<ChartSpec>;
  readonly range: Span;
  readonly kind: ChartKind;
  /** Only the first measure. */
  readonly single?: boolean;
}): ReactNode {
  const schema = useStoreSchema();
  const explorer = useExplorerNow();
  const { select } = useSelection();
  const { answered, range, kind } = props;
  const { spec } = answered;
  const time = spec.splits.at(-1);
  const duration = time?.bucket?.kind === 'time' ? time.bucket.duration : 'PT1H';
  const { timezone } = spec.view;
  const { buckets, charts: all } = useCharts(answered, range, duration, kind);
  const [wished, setHidden] = useState<ReadonlySet<string>>(new Set());
  // A filter may leave only what was hidden.
  const hidden = useMemo(
    () => (all[0]?.lines.some((line) => !wished.has(line.key)) === true ? wished : new Set<string>()),
    [all, wished],
  );
  // What is hidden is out of the scale too, so that the rest can be read.
  const charts = useMemo(
    () =>
      hidden.size === 0
        ? all
        : all.map(({ name, lines }) => ({ name, lines: lines.filter((line) => !hidden.has(line.key)) })),
    [all, hidden],
  );
  const shown = props.single === true ? charts.slice(0, 1) : charts;
  const parted = spec.splits.length > 1;
  // Above other lists it has the room that they leave, which its own height would change.
  const [place, like] = props.single === true ? ['single', 'single'] : ['lines', CHART_ROOM];
  const [element, , room] = useSize<HTMLDivElement>(place, like, {
    ...LINES_PADDING,
    height: LINES_PADDING.height + (parted ? LEGEND : 0),
  });
  const height = Math.max(
    shown.length === 1 ? LEAST_ALONE : LEAST_HEIGHT,
    Math.min(MOST_HEIGHT, Math.floor(room / Math.max(1, shown.length)) - TITLE),
  );
  const style = kind === 'lines' ? spec.view.lines : null;
  const log = style === 'log' || style === 'multiples-log';
  const apart = parted && (style === 'multiples' || style === 'multiples-log');
  const onPick = ({ line, bucket, anchor, byKey }: Picked): void => {
    const path = line?.path ?? [];
    const moment = { field: TIME, bucket: { kind: 'time' as const, duration }, value: bucket.from };
    const steps = [moment, ...stepsOf(spec, path)];
    // The innermost step is what Exclude and Copy mean: the line's value, or the time where there is but one line.
    select({ key: `mark ${line?.key ?? ''} ${bucket.from}`, steps, anchor, byKey });
  };

  return (
    <div className={props.single === true ? 'lines-single' : 'lines'}>
      {parted && !apart && all[0] !== undefined && (
        <Legend spec={spec} lines={all[0].lines} hiding={{ hidden, onChange: setHidden }} />
      )}
      <div ref={element} className="lines-charts">
        {shown.map(({ name, lines }) => (
          <div key={name} role="group" aria-label={schema.measure(name).label}>
            <h3 className="lines-title">
              {schema.measure(name).label} <span>by {durationName(duration)}</span>
            </h3>
            {apart ? (
              <Multiples
                spec={spec}
                name={name}
                lines={lines}
                buckets={buckets}
                duration={duration}
                range={range}
                timezone={timezone}
                log={log}
                onPick={onPick}
              />
            ) : (
              <LineChart
                kind={
                  kind !== 'lines' && isAdditive(name) ? kind : parted || kind === 'area' ? 'lines' : kind
                }
                lines={lines}
                buckets={buckets}
                duration={duration}
                range={range}
                coverage={schema.coverage}
                unit={schema.measure(name).unit}
                timezone={timezone}
                height={height}
                label={`${schema.measure(name).label} over time`}
                log={log}
                onBrush={(time) => explorer().zoom(time)}
                onPick={onPick}
              />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

/** A small chart for each line, all on one scale, so that they can be compared. */
function Multiples(props: {
  readonly spec: ChartSpec;
  readonly name: MeasureName;
  readonly lines: readonly ChartLine[];
  readonly buckets: readonly Bucket[];
  readonly duration: string;
  readonly range: Span;
  readonly timezone: string;
  readonly log: boolean;
  readonly onPick: (picked: Picked) => void;
}): ReactNode {
  const schema = useStoreSchema();
  const explorer = useExplorerNow();
  const { label, unit } = schema.measure(props.name);
  const alone = useMemo(() => props.lines.map((line) => [line]), [props.lines]);
  return (
    <div className="multiples">
      {alone.map((lines, index) => (
        <figure key={lines[0]?.key ?? index} className="multiple">
          <figcaption>
            <span className="swatch" style={{ '--tone': lines[0]?.colour ?? '' }} />
            {lines[0] !== undefined && <LegendName spec={props.spec} line={lines[0]} />}
          </figcaption>
          <LineChart
            kind="lines"
            lines={lines}
            scaledBy={props.lines}
            buckets={props.buckets}
            duration={props.duration}
            range={props.range}
            coverage={schema.coverage}
            unit={unit}
            timezone={props.timezone}
            height={MULTIPLE}
            label={`${label} over time`}
            log={props.log}
            onBrush={(time) => explorer().zoom(time)}
            onPick={props.onPick}
          />
        </figure>
      ))}
    </div>
  );
}

/** The lines of each measure; the same objects as long as the answer is the same, so that hovering draws nothing again. */
function useCharts(
  answered: Answered<ChartSpec>,
  range: Span,
  duration: string,
  kind: ChartKind,
): {
  readonly buckets: readonly Bucket[];
  readonly charts: readonly { readonly name: MeasureName; readonly lines: readonly ChartLine[] }[];
} {
  const schema = useStoreSchema();
  const whole = useWhole(answered, range);
  return useMemo(() => {
    const { spec, answer, before } = answered;
    const { timezone } = spec.view;
    const shift = shiftOf(spec.view);
    const seen = bucketStartsOf(answer);
    const buckets = knownBuckets(range, duration, timezone, schema.coverage, seen);
    // Where the other period had no logs, its line breaks too.
    const { gaps, lossy } = schema.coverage;
    const there = (spans: readonly Span[]): readonly Span[] =>
      shift === null ? [] : shiftOntoRange(spans, shift, timezone);
    const coverageBefore = { gaps: there(gaps), lossy: there(lossy), flows: null };
    const bucketsBefore = knownBuckets(range, duration, timezone, coverageBefore, seen);
    const charts = spec.view.measures.map((name, index) => {
      const series = lineSeries(answer, index, name, buckets, whole?.answer ?? null);
      const earlier =
        before === null || kind !== 'lines'
          ? null
          : new Map(
              lineSeries(before, index, name, bucketsBefore, whole?.before ?? null).map((line) => [
                line.key,
                line,
              ]),
            );
      const lines = series.map((line, at) => ({
        ...line,
        name: <PathName spec={spec} path={line.path} />,
        colour: colourOf(spec, line.path, at, name),
        before: earlier?.get(line.key)?.values ?? null,
      }));
      return { name, lines };
    });
    return { buckets, charts };
  }, [answered, range, duration, kind, schema.coverage, whole]);
}

/** The whole over time, asked for only where a limit cut something: the line of the rest needs it. */
function useWhole(answered: Answered<ChartSpec>, range: Span): Answered<ChartSpec> | null {
  const schema = useStoreSchema();
  const alone = useMemo(() => {
    const { spec, answer } = answered;
    const time = spec.splits.at(-1);
    const needed =
      (answer.truncated || answer.hidden !== null) && spec.splits.length > 1 && time !== undefined;
    return needed
      ? chartQuery(withVisualization({ ...spec.view, splits: [time], having: [] }, 'lines'), range)
      : null;
  }, [answered, range]);
  const nothing = answered.spec;
  const { data, stale } = useAnswer(alone?.query ?? null, alone?.spec ?? nothing, schema.revision, TOTALS);
  return alone !== null && !stale ? data : null;
}
