import type { CountedSuspect } from './collect.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import { isLoginPort } from './suspects.ts';
import { verdicts } from '../../sql/investigate/pairs.ts';

/** Fewer attempts are nobody's habit. */
const LEAST_ATTEMPTS = 8;
/** Whole known hours between the first and the last attempt, and how many of them must be steady. */
const LEAST_STEADY_HOURS = 2;
const LEAST_STEADY_SHARE = 0.5;
/** A stranger that comes and goes by the day is steady in this many hours at least, and in half of those it comes in. */
const MANY_STEADY_HOURS = 6;
/** Without two whole hours, attempts last so long, in so many of its pieces of five minutes (or one window) … */
const BRIEF_SPAN = 2 * 3600;
const BRIEF_SHARE = 0.5;
/** … and in a short range less long, and in nearly all. */
const SHORT_RANGE = 4 * 3600;
const SHORT_SPAN = 1200;
const SHORT_SHARE = 0.8;

/** Of records that may be one connection, so many begin anew after a pause. */
const ONE_CONNECTION_SHARE = 0.05;

/** Where people log in to machines: no client of a former tenant of an address comes here by the clock. */
const shellPorts: ReadonlySet<number> = new Set([22, 23, 2222, 3389, 5900]);

const BRUTE_ATTEMPTS = 50;
const BRUTE_PEAK = 30;
const BRUTE_SPAN = 12 * 3600;
/** So many an hour are no forgotten client's, however long it goes on. */
const BRUTE_RATE = 300;
/** Hourly counts of a timer vary by so much of their mean at most. */
const TIMER_VARIATION = 0.1;
/** A guess is refused soon: a session that does something moves more bytes towards us … */
const BRUTE_BYTES = 8_000;
/** … and a look whether the port is open moves fewer: it begins and ends a connection, and says nothing. */
const BRUTE_LEAST_BYTES = 400;

/**
 * Whether a source guesses passwords at a login. Accepted: many short connections within an hour; at a mailbox, a directory or a
 * database clients connect by the clock too, so there as fast as none does, or an attack that begins or ends. Turned
 * away: faster than any forgotten client or an attack with a beginning and an end, both within the range.
 */
export function isBruteForce({ role, pairs, times }: CountedSuspect, hours: HourCoverage): boolean {
  const port = pairs[0]?.port ?? 0;
  if (!isLoginPort(port) || times.attempts < BRUTE_ATTEMPTS || times.peak < BRUTE_PEAK) return false;
  const faces = pairs.map((pair) => pair.interface);
  const before = hours.knownBefore(Math.floor(times.first / 3600), faces);
  const after = hours.knownAfter(Math.floor(times.last / 3600), faces);
  const brief = times.last - times.first <= BRUTE_SPAN;
  const fast = times.peak >= BRUTE_RATE;
  if (role === 'login') {
    const guesses = times.meanBytes === 0 || times.meanBytes >= BRUTE_LEAST_BYTES;
    const byTheClock = !shellPorts.has(port) && !fast && !(brief && before + after > 0);
    return guesses && !byTheClock && times.meanBytes <= BRUTE_BYTES;
  }
  // All the time at one rate, where nobody gets a shell, is a timer, however fast.
  const timer = (times.variation ?? 1) <= TIMER_VARIATION && before + after === 0 && !shellPorts.has(port);
  if (times.perHour !== null && times.perHour.median >= BRUTE_RATE) return !timer;
  // Whoever begins or ends at a shell is guessing; after half a day it may be a forgotten client all the same.
  if (brief && before + after > 0 && shellPorts.has(port)) return true;
  return brief && (fast || (before > 0 && after > 0));
}

/** Whether a source keeps trying, hour after hour: what a scanner, however often it returns, doesn't do. */
export function isPersistent({ times, active }: CountedSuspect, hours: HourCoverage): boolean {
  if (times.attempts < LEAST_ATTEMPTS) return false;
  const comes = times.counts.filter((count) => count > 0).length;
  if (times.steadyHours >= Math.max(MANY_STEADY_HOURS, LEAST_STEADY_SHARE * comes)) return true;
  if (times.counts.length >= LEAST_STEADY_HOURS) {
    return times.steadyHours >= LEAST_STEADY_HOURS && times.steadyShare >= LEAST_STEADY_SHARE;
  }
  const seconds = times.last - times.first;
  const slots = active.reduce((sum, hour) => sum + hour.slots, 0);
  const pieces = seconds / Math.max(300, times.window);
  const isShort = hours.count * 3600 <= SHORT_RANGE + 3600;
  return (
    (seconds >= BRIEF_SPAN && slots >= BRIEF_SHARE * pieces) ||
    (isShort && seconds >= SHORT_SPAN && slots >= SHORT_SHARE * pieces)
  );
}

/**
 * Whether records without source ports may all be of one connection, but for its pauses: then nobody can tell whether
 * somebody tries again and again, or goes on with what he began.
 */
export function mayBeOneConnection({ portless }: CountedSuspect): boolean {
  if (portless === null) return false;
  return portless.connections < Math.max(LEAST_ATTEMPTS, ONE_CONNECTION_SHARE * portless.records);
}

/** Whether they surely enough are: it had been let in, so a rule cut what was open. */
export function isCutConnection(suspect: CountedSuspect): boolean {
  return mayBeOneConnection(suspect) && suspect.letInUntil !== null;
}

export function verdictOf(suspect: CountedSuspect): 'rejected' | 'unanswered' | 'accepted' {
  const found = suspect.pairs.map((pair) => pair.verdict);
  if (found.includes(verdicts.rejected)) return 'rejected';
  return found.includes(verdicts.unanswered) ? 'unanswered' : 'accepted';
}
