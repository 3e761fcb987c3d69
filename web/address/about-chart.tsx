import { type ReactNode, useMemo, useState } from 'react';
import type { About, AboutAmounts } from '../../src/model/about/about.ts';
import type { Bucket } from '../../src/view/chart-layout/bucket-series.ts';
import type { ChartLine } from '../charts/chart-line.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { navigate } from '../data/location.ts';
import { counted } from '../../src/view/format/numbers.ts';
import { useLinks } from '../knocks/links.ts';
import { Segments } from '../parts/segments.tsx';
import type { Span } from '../../src/view/time/buckets.ts';
import type { Coverage } from '../../src/view/time/coverage.ts';
import { durationName } from '../../src/view/time/iso-duration.ts';
import { useAboutPlace } from './about-context.ts';

type Amount = keyof AboutAmounts;

const amounts = [
  { value: 'bytes', label: 'Bytes' },
  { value: 'flows', label: 'Flows' },
  { value: 'rejected_flows', label: 'Rejected' },
] as const satisfies readonly { readonly value: Amount; readonly label: string }[];

const HOUR = 3_600_000;
const HEIGHT = 210;

/** Incoming and outgoing traffic over time; hours without logs are hatched. Brushing zooms; a click opens the flows. */
export function AboutChart(props: {
  readonly about: About;
  /** The time range of the flows in the store. */
  readonly span: Span | null;
  readonly coverage: Coverage;
  readonly onZoom: (span: Span) => void;
}): ReactNode {
  const { about, span } = props;
  const { over_time: time } = about;
  const [amount, setAmount] = useState<Amount>('bytes');
  const { timezone } = useAboutPlace();
  const links = useLinks();
  const buckets = useMemo(() => bucketsOf(about, span), [about, span]);
  const lines = useMemo(() => linesOf(about, buckets, amount), [about, buckets, amount]);
  const first = buckets[0];
  const last = buckets.at(-1);
  if (first === undefined || last === undefined) return null;
  return (
    <section className="about-card" aria-label="Over time">
      <header className="about-card-head">
        <h2>
          Over time <span className="soft">by {durationName(time.bucket)}</span>
        </h2>
        <p className="about-legend">
          {lines.map(({ key, name, colour }) => (
            <span key={key} style={{ '--tone': colour }}>
              {name}
            </span>
          ))}
          {time.unknown_hours > 0 && (
            <span className="soft about-unknown">{counted(time.unknown_hours, 'hour')} without logs</span>
          )}
        </p>
        <Segments label="Amount" segments={amounts} value={amount} onChange={setAmount} small />
      </header>
      <LineChart
        kind="lines"
        lines={lines}
        buckets={buckets}
        duration={time.bucket}
        range={{ from: first.from, to: last.to }}
        coverage={props.coverage}
        unit={amount === 'bytes' ? 'bytes' : 'count'}
        timezone={timezone}
        height={HEIGHT}
        label="In and out over time"
        onBrush={props.onZoom}
        onPick={({ line, bucket }) => {
          const side = line?.key === 'out' ? about.outbound : about.inbound;
          const within = { from: new Date(bucket.from).toISOString(), to: new Date(bucket.to).toISOString() };
          navigate(links.query({ time: within, filter: side?.query['filter'] ?? [] }));
        }}
      />
    </section>
  );
}

function bucketsOf({ over_time: time, range }: About, span: Span | null): readonly Bucket[] {
  const step = time.bucket === 'PT1H' ? HOUR : 24 * HOUR;
  const from = time.from === null ? 0 : Date.parse(time.from);
  const partial = new Set(time.partial);
  const asked = range === null ? null : { from: Date.parse(range.from), to: Date.parse(range.to) };
  return time.inbound.map((inbound, at) => {
    const bucket = { from: from + at * step, to: from + (at + 1) * step };
    // A bucket that the range cuts is incomplete only if the store has flows in the part cut off.
    const isCut =
      asked !== null &&
      span !== null &&
      ((bucket.from < asked.from && span.from < asked.from) || (bucket.to > asked.to && span.to > asked.to));
    const isUnknown = inbound === null && (time.outbound?.[at] ?? null) === null;
    return { ...bucket, known: isUnknown ? 'gap' : isCut || partial.has(at) ? 'part' : 'whole' };
  });
}

function linesOf(
  { over_time: time, kind }: About,
  buckets: readonly Bucket[],
  amount: Amount,
): readonly ChartLine[] {
  const line = (
    key: string,
    name: string,
    colour: string,
    series: readonly (AboutAmounts | null)[],
  ): ChartLine => ({
    key,
    path: [],
    name,
    colour,
    before: null,
    values: buckets.map((bucket, at) => ({ ...bucket, value: series[at]?.[amount] ?? null })),
  });
  return [
    line('in', kind === 'port' ? 'To it' : 'In', 'var(--line-1)', time.inbound),
    ...(time.outbound === null ? [] : [line('out', 'Out', 'var(--line-2)', time.outbound)]),
  ];
}
