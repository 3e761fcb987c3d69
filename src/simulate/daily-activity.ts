import type { Random } from './random.ts';

/**
 * How busy the company's customers are at a time (Unix seconds, UTC): around 1 on a weekday's mean.
 * Lowest at 08:00 UTC (night in the American east), highest at 20:00; weekends are at 60 %.
 */
export function activity(time: number): number {
  const hour = (time % 86_400) / 3_600;
  // 1 January 1970 was a Thursday.
  const weekday = (Math.floor(time / 86_400) + 4) % 7;
  const weekend = weekday === 0 || weekday === 6 ? 0.6 : 1;
  return weekend * (1 + 0.6 * Math.sin(((hour - 14) / 24) * 2 * Math.PI));
}

/** The share of the whole that has happened by the end of each minute; minutes without logs add nothing. */
export function cumulativeActivity(
  start: number,
  minutes: number,
  outage: Uint8Array,
  random: Random,
): Float64Array {
  const cumulative = new Float64Array(minutes);
  let sum = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const noise = Math.exp(0.06 * random.normal());
    if (outage[Math.floor(minute / 60)] !== 1) sum += activity(start + minute * 60) * noise;
    cumulative[minute] = sum;
  }
  for (let minute = 0; minute < minutes; minute++) cumulative[minute] = (cumulative[minute] as number) / sum;
  return cumulative;
}
