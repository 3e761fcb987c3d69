import { parseDuration } from './duration.ts';

/** The seconds of an ISO 8601 duration whose length is the same everywhere, a day being 24 hours; null for months and years, and for what is not a duration. */
export function durationSeconds(text: string): number | null {
  const duration = parseDuration(text);
  if (duration === null || duration.years !== 0 || duration.months !== 0) return null;
  const days = duration.weeks * 7 + duration.days;
  return days * 86_400 + duration.hours * 3600 + duration.minutes * 60 + duration.seconds;
}
