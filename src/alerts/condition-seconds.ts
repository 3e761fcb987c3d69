import { durationSeconds } from '../model/time/duration-seconds.ts';

/** The length of a duration in a validated condition. */
export function secondsOf(duration: string): number {
  const seconds = durationSeconds(duration);
  if (seconds === null) throw new TypeError(`${duration} has no fixed length: the alert was not checked`);
  return seconds;
}
