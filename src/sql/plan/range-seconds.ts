import type { ResolvedRange } from '../../model/time/range.ts';

const LAST_SECOND = 4_294_967_295;

/** A range in the whole seconds that flows start at: `from` inclusive, `to` exclusive. */
export function secondsOf(range: ResolvedRange): { readonly from: number; readonly to: number } {
  const clamp = (ms: number): number => Math.min(LAST_SECOND, Math.max(0, Math.ceil(ms / 1000)));
  return { from: clamp(range.from), to: clamp(range.to) };
}
