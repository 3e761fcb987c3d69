import type { Span } from './buckets.ts';
import { HOUR, MINUTE } from './iso-duration.ts';

/** What the logs can't tell of, in order. */
export interface Coverage {
  /** Where there are no logs at all: before the first hour and after the last, too. */
  readonly gaps: readonly Span[];
  /** Where AWS says that it lost records (SKIPDATA): what is counted there is the least that there was. */
  readonly lossy: readonly Span[];
  /** From the first flow to just after the newest; null: not known. A range that reaches beyond cuts nothing there. */
  readonly flows: Span | null;
}

/** The parts of the spans that lie within the range. */
export function within(spans: readonly Span[], range: Span): readonly Span[] {
  return spans
    .filter((each) => each.from < range.to && each.to > range.from)
    .map((each) => ({ from: Math.max(each.from, range.from), to: Math.min(each.to, range.to) }));
}

/** How much of a range the spans take, in milliseconds. */
export function lengthWithin(spans: readonly Span[], range: Span): number {
  return within(spans, range).reduce((sum, each) => sum + each.to - each.from, 0);
}

/** AWS puts flows together over ten minutes at most: without a flow for longer, an hour's logs end, or begin, there. */
const WINDOW = 10 * MINUTE;

/**
 * What lies before the first flow and after the last one (`flows`): no logs, from the next whole hour or, of an hour of which
 * more is missing, from that flow's minute: no chart has shorter buckets, so what it draws is not hatched.
 */
export function withEdges(coverage: Pick<Coverage, 'gaps' | 'lossy'>, flows: Span): Coverage {
  const [first, last] = [Math.floor(flows.from / HOUR) * HOUR, Math.ceil(flows.to / HOUR) * HOUR];
  const from = flows.from - first > WINDOW ? Math.floor(flows.from / MINUTE) * MINUTE : first;
  const to = last - flows.to > WINDOW ? Math.ceil(flows.to / MINUTE) * MINUTE : last;
  return {
    lossy: coverage.lossy,
    flows,
    gaps: [{ from: -Infinity, to: from }, ...coverage.gaps, { from: to, to: Infinity }],
  };
}

/** What of a time a range really cuts: at the first flow and after the newest there is nothing to be cut. */
export function clipToFlows(range: Span, { flows }: Coverage): Span {
  if (flows === null) return range;
  return {
    from: range.from <= flows.from ? -Infinity : range.from,
    to: range.to >= flows.to ? Infinity : range.to,
  };
}
