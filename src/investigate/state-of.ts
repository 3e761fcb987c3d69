import type { Key } from '../sql/key.ts';
import type { HourCoverage } from './hour-coverage.ts';

type State = 'steady' | 'new' | 'stopped' | 'passing';

/** Unix seconds. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * When attempts begin and end within a range: how many known hours lie silent before and after. Who has been silent as
 * long before and come again, as at night, has neither begun nor stopped.
 */
export function stateOf(
  span: Span & { readonly longestPause?: number },
  hours: HourCoverage,
  interfaces: readonly Key[],
): State {
  return between(span, Math.max(3, 0.15 * hours.count, (span.longestPause ?? 0) + 1), hours, interfaces);
}

/** The same, exactly: it begins or stops where it is silent for an hour longer than its longest pause. */
export function presence(
  span: Span & { readonly longestPause: number },
  hours: HourCoverage,
  interfaces: readonly Key[],
): State {
  return between(span, span.longestPause + 2, hours, interfaces);
}

function between(span: Span, silent: number, hours: HourCoverage, interfaces: readonly Key[]): State {
  const isNew = hours.known(hours.first, Math.floor(span.first / 3600) - 1, interfaces) >= silent;
  const stopped = hours.known(Math.floor(span.last / 3600) + 1, hours.last, interfaces) >= silent;
  if (isNew) return stopped ? 'passing' : 'new';
  return stopped ? 'stopped' : 'steady';
}
