import { shellPorts } from '../../sql/investigate/pairs.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import type { CountedSuspect } from './collect.ts';
import { areAlike, areGuesses, areRefusedLogins, isTimed } from './session-shape.ts';
import { isLoginPort } from './suspects.ts';

const LEAST_ATTEMPTS = 50;
const LEAST_PEAK = 30;
const BRIEF_SPAN = 12 * 3600;
/** A rate (per hour) that no forgotten client has, however long it lasts. */
const FAST = 300;
/** A program that connects by the clock does so no more often than twice a minute. */
const SLOW = 130;
/** Hourly counts of a timer vary by so much of their mean at most. */
const TIMER_VARIATION = 0.15;
/** A source with several bursts over most of the range runs on a schedule. */
const BOUTS = 3;
const BOUTS_SHARE = 0.5;

/** Whether the port is for interactive logins: clients of a former tenant of an address do not use those regularly. */
export function isShellPort(port: number): boolean {
  return shellPorts.includes(port);
}

/**
 * Whether a source guesses passwords at a login. Let in and answered: many short sessions, all alike, faster than any
 * client, or with a beginning or an end, and on no schedule or timer. Turned away: faster than any forgotten client, or an attack
 * with a beginning and an end, both within the range.
 */
export function isBruteForce(suspect: CountedSuspect, hours: HourCoverage): boolean {
  const { role, pairs, times } = suspect;
  const port = pairs[0]?.port ?? 0;
  if (!isLoginPort(port) || times.attempts < LEAST_ATTEMPTS || times.peak < LEAST_PEAK) return false;
  const faces = pairs.map((pair) => pair.interface);
  const before = hours.knownBefore(Math.floor(times.first / 3600), faces);
  const after = hours.knownAfter(Math.floor(times.last / 3600), faces);
  const brief = times.last - times.first <= BRIEF_SPAN;
  const fast = times.peak >= FAST;
  const even = (times.variation ?? 1) <= TIMER_VARIATION;
  const byTheClock = even && before + after === 0;
  if (role === 'login' || role === 'inside_login') {
    if (!areGuesses(suspect) || isScheduled(suspect, hours) || isTimed(suspect)) return false;
    const isTurnedAway = areRefusedLogins(suspect);
    // Inside, programs log in at machines all day: only what surely failed, too fast for them, and for hours alone, is none.
    if (role === 'inside_login') return isTurnedAway && fast && brief && before + after > 0;
    // Clients of a mailbox, a directory or a database connect repeatedly at any rate, but an attack has a beginning or an end.
    if (!isShellPort(port))
      return areAlike(suspect) && (fast || brief) && before + after > 0 && !(even && after === 0);
    if (times.perHour !== null && times.perHour.median >= FAST) return true;
    // This could be a program that started within the range and continues; but such a program is not rejected each time.
    if (even && after === 0 && times.peak <= SLOW && !isTurnedAway) return false;
    return fast || (brief && before + after > 0) || !byTheClock || isTurnedAway;
  }
  // A constant rate all the time, at a port without shell access, is a timer, however fast.
  if (times.perHour !== null && times.perHour.median >= FAST) return !(byTheClock && !isShellPort(port));
  // A beginning or an end at a remote-login port means guessing; after half a day it may still be a forgotten client.
  if (brief && before + after > 0 && isShellPort(port)) return true;
  return brief && (fast || (before > 0 && after > 0));
}

/** Whether it comes in several bouts, with silence between them, over most of the range. */
export function isScheduled(
  { active, times }: Pick<CountedSuspect, 'active' | 'times'>,
  hours: HourCoverage,
): boolean {
  const bouts = active.filter(({ hour }, at) => at === 0 || hour > (active[at - 1]?.hour ?? 0) + 1).length;
  return bouts >= BOUTS && hours.share(times.first, times.last) >= BOUTS_SHARE;
}
