import type { Key } from '../sql/key.ts';
import type { AttemptTimes } from './attempt-times.ts';
import type { HourCoverage } from './hour-coverage.ts';
import { mayRestAfter, mayRestBefore } from './weekend.ts';

type State = 'steady' | 'new' | 'stopped' | 'passing';

/** Unix seconds. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * When attempts begin and end within a range: how many known hours lie silent before and after. Who has been silent as
 * long before and come again, as at night, has neither begun nor stopped; nor has who comes during working hours and is
 * silent for no more than a weekend.
 */
export function stateOf(
  span: Span & Partial<Pick<AttemptTimes, 'longestPause' | 'workingHours'>>,
  hours: HourCoverage,
  interfaces: readonly Key[],
): State {
  const { workingHours = [] } = span;
  const silent = Math.max(3, 0.15 * hours.loggedCount, (span.longestPause ?? 0) + 1);
  const state = between(span, silent, hours, interfaces);
  if (workingHours.length === 0) return state;
  const begins = (state === 'new' || state === 'passing') && !mayRestBefore(workingHours, hours);
  const ends = (state === 'stopped' || state === 'passing') && !mayRestAfter(workingHours, hours);
  return stateFrom(begins, ends);
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
  return stateFrom(isNew, stopped);
}

function stateFrom(begins: boolean, ends: boolean): State {
  if (begins) return ends ? 'passing' : 'new';
  return ends ? 'stopped' : 'steady';
}
