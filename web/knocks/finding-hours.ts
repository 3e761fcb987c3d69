import type { Finding } from '../../src/model/knocks/knocks.ts';
import type { BucketValue } from '../../src/view/chart-layout/bucket-series.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import type { Coverage } from '../../src/view/time/coverage.ts';
import { HOUR } from '../../src/view/time/iso-duration.ts';

/** The hours of a finding for drawing. */
export interface Hours {
  readonly range: Span;
  readonly values: readonly BucketValue[];
  /** Unknown hours, adjacent ones merged: without logs, or with records lost at the interface. */
  readonly coverage: Coverage;
  /**
   * Hours with attempts while the finding lasted, adjacent ones merged, but not across an unknown hour. What is counted beside it (bytes of
   * other hours, which tell what is usual) is no part of it.
   */
  readonly active: readonly Span[];
}

type HourlyFinding = Pick<Finding, 'hourly' | 'first_seen' | 'last_seen'>;

/** `within`: the range that was investigated; hours that it cuts are incomplete. */
export function hoursOf(
  { hourly, first_seen: first, last_seen: last }: HourlyFinding,
  within: Span | null,
): Hours {
  const from = Date.parse(hourly.from);
  const [since, until] = [Date.parse(first), Date.parse(last)];
  const unknown = new Set(hourly.unknown);
  const values = hourly.attempts.map((value, at): BucketValue => {
    const start = from + at * HOUR;
    const isCut = within !== null && (within.from > start || within.to < start + HOUR);
    const known = unknown.has(at) ? (value === null ? 'gap' : 'part') : isCut ? 'part' : 'whole';
    return { from: start, to: start + HOUR, known, value };
  });
  return {
    range: { from, to: from + values.length * HOUR },
    values,
    coverage: { gaps: joined(values.filter((_, at) => unknown.has(at))), lossy: [], flows: null },
    active: joined(
      values.filter(
        ({ from: start, to, value }) => value !== null && value > 0 && start <= until && to > since,
      ),
    ),
  };
}

function joined(spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = [];
  for (const { from, to } of spans) {
    const last = whole.at(-1);
    if (last?.to === from) whole[whole.length - 1] = { from: last.from, to };
    else whole.push({ from, to });
  }
  return whole;
}
