import type { ResolvedRange } from '../model/time/range.ts';
import type { FlowRange } from './store-status.ts';

/**
 * About how many of `flows` are within a range, if they are spread evenly over `stored`.
 *
 * @param asked the range in milliseconds; null: all
 */
export function estimateFlows(flows: number, stored: FlowRange | null, asked: ResolvedRange | null): number {
  if (stored === null || asked === null) return flows;
  const from = Math.max(asked.from / 1000, stored.first);
  const to = Math.min(asked.to / 1000, stored.last + 1);
  return (flows * Math.max(0, to - from)) / (stored.last + 1 - stored.first);
}
