import { type ReactNode, useState } from 'react';
import type { DoorTimeline } from '../../src/model/visits/door.ts';
import { useSize } from '../charts/use-size.ts';
import { counted, formatCount, formatInterval } from '../../src/view/format/numbers.ts';
import { formatStamp } from '../../src/view/format/times.ts';

const HEIGHT = 96;

/** Visits over time, a stacked bar for each bucket, by requested host. */
export function DoorTimelineChart(props: {
  readonly timeline: DoorTimeline;
  readonly timezone: string;
}): ReactNode {
  const { timeline, timezone } = props;
  const [box, width] = useSize<HTMLDivElement>('door timeline');
  const [at, setAt] = useState<number | null>(null);
  const { series, from, bucket_seconds: seconds } = timeline;
  const size = series[0]?.visits.length ?? 0;
  if (from === null || size === 0) return null;
  const sums = Array.from({ length: size }, (_, bucket) =>
    series.reduce((sum, { visits }) => sum + (visits[bucket] ?? 0), 0),
  );
  const most = Math.max(1, ...sums);
  const step = width / size;
  const start = (bucket: number): number => Date.parse(from) + bucket * seconds * 1000;
  const shown = at === null || at >= size ? size - 1 : at;
  return (
    <section className="door-card">
      <h2>Visits per {formatInterval(seconds)}</h2>
      <p className="door-legend">
        {series.map(({ label, visits }, index) => (
          <span key={label} className={`door-series-${index + 1}`}>
            <span className="mono">{label}</span>{' '}
            {formatCount(at === null ? visits.reduce((sum, each) => sum + each, 0) : (visits[shown] ?? 0))}
          </span>
        ))}
        <span className="soft">
          {at === null
            ? `${formatStamp(start(0), timezone)} to ${formatStamp(start(size), timezone)}`
            : `from ${formatStamp(start(shown), timezone)}: ${counted(sums[shown] ?? 0, 'visit')}`}
        </span>
      </p>
      <div ref={box} className="door-chart">
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`Visits per ${formatInterval(seconds)}, at most ${formatCount(most)}`}
          onMouseMove={(event) => {
            const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
            setAt(Math.max(0, Math.min(size - 1, Math.floor(x / step))));
          }}
          onMouseLeave={() => setAt(null)}
        >
          {series.map(({ label, visits }, index) => (
            <path
              key={label}
              className={`door-bar-${index + 1}`}
              d={barsOf(visits, series, index, most, step)}
            />
          ))}
        </svg>
      </div>
    </section>
  );
}

/** The bars of one series, on top of those before it. */
function barsOf(
  visits: readonly number[],
  series: DoorTimeline['series'],
  index: number,
  most: number,
  step: number,
): string {
  const width = Math.max(1, step - (step > 3 ? 1 : 0));
  return visits
    .map((count, bucket) => {
      if (count === 0) return '';
      const below = series.slice(0, index).reduce((sum, one) => sum + (one.visits[bucket] ?? 0), 0);
      const height = Math.max(1, (count / most) * (HEIGHT - 2));
      const bottom = HEIGHT - (below / most) * (HEIGHT - 2);
      const x = (bucket * step).toFixed(2);
      return `M${x} ${bottom.toFixed(2)}h${width.toFixed(2)}v${(-height).toFixed(2)}h${(-width).toFixed(2)}z`;
    })
    .join('');
}
