import { type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import { countedNoun, hourlyNoun } from '../../src/model/knocks/finding-words.ts';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { Strip } from '../charts/strip.tsx';
import { TimeAxis } from '../charts/time-axis.tsx';
import { useSize } from '../charts/use-size.ts';
import { navigate } from '../data/location.ts';
import { counted, formatAmount, formatCount } from '../../src/view/format/numbers.ts';
import { formatBucket } from '../../src/view/format/times.ts';
import { HOUR } from '../../src/view/time/iso-duration.ts';
import type { BucketValue } from '../../src/view/chart-layout/bucket-series.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { type Hours, hoursOf } from './finding-hours.ts';
import { useLinks } from './links.ts';
import { partNote, toneOf } from './knock-words.ts';
import './hour-strip.css';

/** A finding's attempts (or bytes) per hour: a bar for each hour, unknown hours hatched. Hovering shows the count; a click opens that hour. */
export function HourStrip(props: {
  readonly finding: Finding;
  readonly timezone: string;
  readonly height: number;
  /** The range that was investigated; hours that it cuts are drawn as incomplete. */
  readonly within: Span | null;
  /** Whether it has a time axis. */
  readonly axis?: boolean;
}): ReactNode {
  const { finding, timezone, height, within } = props;
  const links = useLinks();
  const [element, width] = useSize<HTMLDivElement>(`hours ${props.height}`);
  const [at, setAt] = useState<number | null>(null);
  const hours = useMemo(() => hoursOf(finding, within), [finding, within]);
  const { range } = hours;
  const hourAt = (event: MouseEvent): number => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return Math.max(0, Math.min(hours.values.length - 1, Math.floor(x / perMs(hours, width) / HOUR)));
  };
  const bucket = at === null ? undefined : hours.values[at];
  const left = bucket === undefined ? 0 : ((bucket.from + bucket.to) / 2 - range.from) * perMs(hours, width);
  return (
    <div
      ref={element}
      className={`hours tone-${toneOf(finding)}`}
      data-strip=""
      title={partNote(finding)}
      onPointerMove={(event) => setAt(hourAt(event))}
      onPointerLeave={() => setAt(null)}
      onClick={(event) => {
        const hour = hours.values[hourAt(event)];
        if (hour === undefined) return;
        event.stopPropagation();
        navigate(links.attempts(finding, { by: 'source', within: { from: hour.from, to: hour.to } }));
      }}
    >
      {width > 0 && (
        <Strip
          values={hours.values}
          coverage={hours.coverage}
          range={range}
          width={width}
          height={height}
          label={labelOf(finding)}
        />
      )}
      {props.axis === true && width > 0 && <TimeAxis range={range} timezone={timezone} width={width} />}
      {bucket !== undefined && (
        <div className="tip hours-tip" style={{ left: Math.max(80, Math.min(width - 80, left)) }}>
          {formatBucket(bucket.from, 'PT1H', timezone)} <b>{bucketValueText(finding, hours, bucket)}</b>
        </div>
      )}
    </div>
  );
}

/** What was seen in an hour, and whether its logs are complete. */
function bucketValueText(finding: Finding, { coverage }: Hours, { from, known, value }: BucketValue): string {
  const unknown = coverage.gaps.some((gap) => gap.from <= from && gap.to > from);
  if (value === null) return 'unknown';
  return `${unknown ? 'unknown, at least ' : ''}${amountIn(finding, value)}${known === 'part' && !unknown ? ', in part' : ''}`;
}

/** `12 attempts`, `3.4 GB`: what the bar of an hour stands for. */
function amountIn(finding: Finding, value: number): string {
  if (finding.hourly.measure === 'bytes') return formatAmount(value, 'bytes');
  return counted(value, finding.hourly.measure === 'flows' ? 'flow record' : countedNoun(finding));
}

function perMs({ range }: Hours, width: number): number {
  return width / Math.max(HOUR, range.to - range.from);
}

function labelOf(finding: Finding): string {
  const { hourly, coverage } = finding;
  const most = hourly.attempts.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);
  const noun = hourlyNoun(finding);
  const amount = hourly.measure === 'bytes' ? formatAmount(most, 'bytes') : formatCount(most);
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)} per hour, at most ${amount}; ${counted(coverage.unknown_hours, 'hour')} unknown, hatched`;
}
