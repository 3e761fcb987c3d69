import { type ReactNode, useMemo } from 'react';
import type { MeasureName } from '../../src/model/catalog/measures.ts';
import type { Cell } from '../../src/model/query/answer.ts';
import { type ChartLine, LineChart } from '../charts/line-chart.tsx';
import { useExplorer } from '../data/explorer-context.ts';
import { type Answered, useAnswer } from '../data/use-answer.ts';
import { ValueText } from '../parts/value-text.tsx';
import { type Asked, ask, stepsOf } from '../picture/asked.ts';
import { type LineSeries, bucketStartsOf, lineSeries } from '../picture/lines.ts';
import { knownBuckets } from '../picture/rhythm.ts';
import { toneOf } from '../picture/tone.ts';
import { only } from '../state/filters.ts';
import { TIME, withTime, withVisualization } from '../state/view.ts';
import type { Span } from '../time/buckets.ts';
import { durationName } from '../time/duration.ts';
import './lines-view.css';

const toneColours = { reject: 'var(--reject)', accept: 'var(--accept)', ink: 'var(--accent)' } as const;

/** Lines over time: one chart for each measure, a line for each value of the splits. */
export function LinesView(props: {
  readonly answered: Answered<Asked>;
  readonly range: Span;
  /** Only the first measure, at this height. */
  readonly single?: number;
}): ReactNode {
  const { schema, go, view } = useExplorer();
  const { answered, range } = props;
  const { asked, answer } = answered;
  const time = asked.splits.at(-1);
  const duration = time?.bucket?.kind === 'time' ? time.bucket.duration : 'PT1H';
  const { timezone } = asked.view;
  const buckets = useMemo(
    () => knownBuckets(range, duration, timezone, schema.gaps, bucketStartsOf(answer)),
    [range, duration, timezone, schema.gaps, answer],
  );
  const whole = useWhole(answered, range);
  const measures = props.single === undefined ? asked.view.measures : asked.view.measures.slice(0, 1);
  const height = props.single ?? (measures.length === 1 ? 380 : measures.length === 2 ? 260 : 190);
  const charts = measures.map((name, index) => ({
    name,
    series: lineSeries(answer, index, name, buckets, whole),
  }));
  const parted = asked.splits.length > 1;

  return (
    <div className={props.single === undefined ? 'lines' : undefined}>
      {parted && charts[0] !== undefined && <Legend asked={asked} series={charts[0].series} />}
      {charts.map(({ name, series }) => (
        <section key={name} aria-label={schema.measure(name).label}>
          <h3 className="lines-title">
            {schema.measure(name).label} <span>by {durationName(duration)}</span>
          </h3>
          <LineChart
            lines={series.map((line, index) => toChartLine(line, index, asked, name, parted))}
            buckets={buckets}
            duration={duration}
            range={range}
            gaps={schema.gaps}
            unit={schema.measure(name).unit}
            timezone={timezone}
            height={height}
            label={`${schema.measure(name).label} over time`}
            onBrush={({ from, to }) => go(withTime(view, { kind: 'absolute', from, to }))}
          />
        </section>
      ))}
    </div>
  );
}

/** The whole over time, asked for only where a limit cut something: the line of the rest needs it. */
function useWhole(answered: Answered<Asked>, range: Span): Answered<Asked>['answer'] | null {
  const { schema } = useExplorer();
  const { asked, answer } = answered;
  const time = asked.splits.at(-1);
  const needed = answer.truncated && asked.splits.length > 1 && time !== undefined;
  const alone = needed ? ask(withVisualization({ ...asked.view, splits: [time] }, 'lines'), range) : null;
  const { data, stale } = useAnswer(alone?.query ?? null, alone?.asked ?? null, schema.revision);
  return needed && !stale ? (data?.answer ?? null) : null;
}

function toChartLine(
  line: LineSeries,
  index: number,
  asked: Asked,
  measure: MeasureName,
  parted: boolean,
): ChartLine {
  return {
    ...line,
    name: <LineName asked={asked} path={line.path} />,
    colour: colourOf(line.path, index, asked, measure, parted),
  };
}

function colourOf(
  path: readonly Cell[] | null,
  index: number,
  asked: Asked,
  measure: MeasureName,
  parted: boolean,
): string {
  if (path === null) return 'var(--plain)';
  if (!parted) return toneColours[toneOf(asked.view, measure)];
  const at = asked.splits.findIndex((split) => split.field === 'action');
  if (asked.splits.length === 2 && path[at] === 'REJECT') return toneColours.reject;
  if (asked.splits.length === 2 && path[at] === 'ACCEPT') return toneColours.accept;
  return `var(--line-${(index % 10) + 1})`;
}

function LineName(props: { readonly asked: Asked; readonly path: readonly Cell[] | null }): ReactNode {
  const { schema } = useExplorer();
  if (props.path === null) return 'all others';
  if (props.path.length === 0) return 'all';
  return props.path.map((value, depth) => {
    const field = props.asked.splits[depth]?.field ?? TIME;
    return (
      <span key={depth}>
        {depth > 0 && <span className="soft"> · </span>}
        <ValueText field={field} type={schema.dimension(field).type} value={value} />
      </span>
    );
  });
}

function Legend(props: { readonly asked: Asked; readonly series: readonly LineSeries[] }): ReactNode {
  const { view, go } = useExplorer();
  const { asked } = props;
  const measure = asked.view.measures[0] ?? 'flows';
  return (
    <div className="legend">
      {props.series.map((line, index) => {
        const { path } = line;
        const content = (
          <>
            <span className="swatch" style={{ '--tone': colourOf(path, index, asked, measure, true) }} />
            <span className="ellipsis">
              <LineName asked={asked} path={path} />
            </span>
          </>
        );
        if (path === null) {
          return (
            <span key={line.key} className="legend-item soft">
              {content}
            </span>
          );
        }
        return (
          <button
            key={line.key}
            type="button"
            className="legend-item"
            title="Keep only these flows"
            onClick={() => go(only(view, stepsOf(asked, path)))}
          >
            {content}
          </button>
        );
      })}
    </div>
  );
}
