import type { Key } from '../sql/key.ts';
import type { HourCoverage } from './hour-coverage.ts';

/**
 * When attempts begin and end within a range: how many known hours lie silent before and after. Who has been silent as
 * long before and come again, as at night, has neither begun nor stopped.
 */
export function stateOf(
  span: { readonly first: number; readonly last: number; readonly longestPause?: number },
  hours: HourCoverage,
  interfaces: readonly Key[],
): 'steady' | 'new' | 'stopped' | 'passing' {
  const silent = Math.max(3, 0.15 * hours.count, (span.longestPause ?? 0) + 1);
  const isNew = hours.known(hours.first, Math.floor(span.first / 3600) - 1, interfaces) >= silent;
  const stopped = hours.known(Math.floor(span.last / 3600) + 1, hours.last, interfaces) >= silent;
  if (isNew) return stopped ? 'passing' : 'new';
  return stopped ? 'stopped' : 'steady';
}
