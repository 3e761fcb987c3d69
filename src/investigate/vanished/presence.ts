import type { Key } from '../../sql/key.ts';
import type { ActiveHour } from '../attempt-times.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import { mayRestAfter } from '../weekend.ts';

/** Hours in which something was there, with its flows; in order. */
export type HourFlows = readonly (readonly [hour: number, flows: number])[];

/** That something was there for long, and is gone. */
export interface Gone {
  readonly firstHour: number;
  readonly lastHour: number;
  /** Known hours from the first to the last, the share of them in which it was there, and known hours since. */
  readonly known: number;
  readonly share: number;
  readonly silent: number;
  readonly active: HourFlows;
}

/** Steady is what is there in so large a share of so many known hours. */
export const STEADY_SHARE = 0.95;
export const STEADY_HOURS = 24;
/** It is gone for so many times its longest pause before … */
const TIMES_A_PAUSE = 4;
/** … and for this share of the known hours, but so many at least, and never more. */
const SILENT = { share: 0.1, least: 4, most: 12 } as const;

/** For how many known hours something has to be silent. */
export function silentHours(hours: HourCoverage): number {
  const known = hours.known(hours.first, hours.last, []);
  return Math.min(SILENT.most, Math.max(SILENT.least, Math.ceil(SILENT.share * known)));
}

/** Whether something was steady and is gone; null: no, or not decidable: a first weekend may be its normal pattern. */
export function goneFor(active: HourFlows, hours: HourCoverage, interfaces: readonly Key[]): Gone | null {
  const [first, last] = [active[0]?.[0], active.at(-1)?.[0]];
  if (first === undefined || last === undefined) return null;
  const known = hours.known(first, last, interfaces);
  const present = active.filter(([hour]) => hours.isKnown(hour, interfaces)).length;
  const silent = hours.known(last + 1, hours.last, interfaces);
  if (known < STEADY_HOURS || present < STEADY_SHARE * known || silent < silentHours(hours)) return null;
  if (silent < TIMES_A_PAUSE * longestPause(active, hours, interfaces)) return null;
  if (
    mayRestAfter(
      active.map(([hour]) => hour),
      hours,
    )
  )
    return null;
  return { firstHour: first, lastHour: last, known, share: present / known, silent, active };
}

/** Who is still asked proves the end by that: it takes so many known hours of answers before, and questions in this share of the hours since … */
const ANSWERED_HOURS = 6;
const ASKED_SHARE = 0.9;
/** … at no less than this share of the rate before. */
const ASKED_RATE = 0.5;

/** Whether something answered steadily, and does no more though it is still asked about as often; null: not. */
export function goneWhileAsked(
  answers: HourFlows,
  questions: HourFlows,
  hours: HourCoverage,
  interfaces: readonly Key[],
): Gone | null {
  const [first, last] = [answers[0]?.[0], answers.at(-1)?.[0]];
  if (first === undefined || last === undefined) return null;
  const known = hours.known(first, last, interfaces);
  const present = answers.filter(([hour]) => hours.isKnown(hour, interfaces)).length;
  const silent = hours.known(last + 1, hours.last, interfaces);
  if (known < ANSWERED_HOURS || present < STEADY_SHARE * known || silent < silentHours(hours)) return null;
  const before = questions.filter(([hour]) => hour >= first && hour <= last);
  const since = questions.filter(([hour]) => hour > last && hours.isKnown(hour, interfaces));
  const flows = (some: HourFlows): number => some.reduce((sum, [, count]) => sum + count, 0);
  if (since.length < ASKED_SHARE * silent || flows(since) / silent < (ASKED_RATE * flows(before)) / known)
    return null;
  return { firstHour: first, lastHour: last, known, share: present / known, silent, active: answers };
}

function longestPause(active: HourFlows, hours: HourCoverage, interfaces: readonly Key[]): number {
  let longest = 0;
  for (let at = 1; at < active.length; at++) {
    const [before, after] = [active[at - 1]?.[0] ?? 0, active[at]?.[0] ?? 0];
    if (after > before + 1) longest = Math.max(longest, hours.known(before + 1, after - 1, interfaces));
  }
  return longest;
}

/** Hours with flows as hours of attempts. */
export function activeHours(hours: HourFlows): readonly ActiveHour[] {
  return hours.map(([hour, attempts]) => ({
    hour,
    attempts,
    first: hour * 3600,
    last: hour * 3600 + 3599,
    slots: 1,
    bytes: 0,
    longest: 0,
  }));
}
