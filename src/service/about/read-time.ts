import type { AboutAmounts, AboutTime } from '../../model/about/about.ts';
import type { Answer } from '../../model/query/answer.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import type { Stretch } from '../../model/store-schema.ts';
import type { ResolvedRange } from '../../model/time/range.ts';

const HOUR = 3_600_000;

/** Which hours of a store are known. */
export interface Logged {
  /** Of the flows; null: there are none. */
  readonly range: { readonly from: string; readonly to: string } | null;
  /** What `last` counts back from. */
  readonly newest: string | null;
  readonly gaps: readonly Stretch[];
  readonly lossy: readonly Stretch[];
}

/** Amounts by the bucket over a range; null where nothing is known. */
export function readTime(
  range: ResolvedRange | null,
  bucket: AboutTime['bucket'],
  logged: Logged,
  inbound: Answer,
  outbound: Answer | null,
): AboutTime {
  const step = bucket === 'PT1H' ? HOUR : 24 * HOUR;
  const from = range === null ? 0 : Math.floor(range.from / step) * step;
  const count = range === null ? 0 : Math.max(0, Math.ceil((range.to - from) / step));
  const hours = hoursOf(range, logged);
  const each = step / HOUR;
  const known: number[] = Array.from({ length: count }, () => 0);
  const asked: number[] = Array.from({ length: count }, () => 0);
  const lossy: boolean[] = Array.from({ length: count }, () => false);
  hours.forEach(({ hour, isKnown, isLossy }) => {
    const at = Math.floor((hour - from / HOUR) / each);
    if (at < 0 || at >= count) return;
    asked[at] = (asked[at] ?? 0) + 1;
    if (isKnown) known[at] = (known[at] ?? 0) + 1;
    if (isLossy) lossy[at] = true;
  });
  const series = (answer: Answer): AboutTime['inbound'] => {
    const amounts = new Map(
      answer.rows.map((row) => [Math.round((Date.parse(String(row[0])) - from) / step), row]),
    );
    const measures = measuresOf(answer);
    return known.map((some, at) => {
      const row = amounts.get(at);
      const values = row === undefined ? null : amountsOf(measures, row.slice(1));
      return values !== null && values.flows > 0
        ? values
        : some === 0
          ? null
          : { flows: 0, bytes: 0, rejected_flows: 0 };
    });
  };
  return {
    bucket,
    from: range === null ? null : formatInstant(from),
    inbound: series(inbound),
    outbound: outbound === null ? null : series(outbound),
    partial: known.flatMap((some, at) =>
      lossy[at] === true || (some > 0 && some < (asked[at] ?? 0)) ? [at] : [],
    ),
    unknown_hours: hours.filter(({ isKnown }) => !isKnown).length,
  };
}

/** The hours of a range that have no logs. */
export function unknownHours(range: ResolvedRange, logged: Logged): number {
  return hoursOf(range, logged).filter(({ isKnown }) => !isKnown).length;
}

/** Names of an answer's measures, in the order of its values. */
export function measuresOf(answer: Answer): readonly string[] {
  return answer.columns.filter(({ kind }) => kind !== 'split').map(({ name }) => name);
}

/** The amounts among values of an answer; those of the earlier range with `suffix`. */
export function amountsOf(
  measures: readonly string[],
  values: readonly unknown[],
  suffix: '' | '_previous' = '',
): AboutAmounts {
  const amount = (name: string): number => Number(values[measures.indexOf(`${name}${suffix}`)] ?? 0);
  return { flows: amount('flows'), bytes: amount('bytes'), rejected_flows: amount('rejected_flows') };
}

function hoursOf(
  range: ResolvedRange | null,
  { range: flows, gaps, lossy }: Logged,
): readonly { readonly hour: number; readonly isKnown: boolean; readonly isLossy: boolean }[] {
  if (range === null) return [];
  const first = Math.floor(range.from / HOUR);
  const count = Math.max(0, Math.ceil(range.to / HOUR) - first);
  const [missing, lost] = [new Set<number>(), new Set<number>()];
  const mark = (into: Set<number>, { from, to }: Stretch): void => {
    const end = Math.min(Math.ceil(Date.parse(to) / HOUR), first + count);
    for (let hour = Math.max(first, Math.floor(Date.parse(from) / HOUR)); hour < end; hour++) into.add(hour);
  };
  for (const gap of gaps) mark(missing, gap);
  for (const stretch of lossy) mark(lost, stretch);
  const begin = flows === null ? Infinity : Math.floor(Date.parse(flows.from) / HOUR);
  const end = flows === null ? -Infinity : Math.ceil(Date.parse(flows.to) / HOUR);
  return Array.from({ length: count }, (_, index) => {
    const hour = first + index;
    return { hour, isKnown: hour >= begin && hour < end && !missing.has(hour), isLossy: lost.has(hour) };
  });
}
