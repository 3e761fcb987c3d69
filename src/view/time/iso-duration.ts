export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const pattern = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly milliseconds: number;
}

/** Longer than a thousand years nothing is reckoned with: no log is that old. In days. */
const MOST_DAYS = 366_000;

/** Reads an ISO 8601 duration of whole parts; null if it is none, is nothing long, or longer than a thousand years. */
export function parseDuration(text: string): Duration | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const duration = {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: (weeks ?? 0) * 7 + (days ?? 0),
    milliseconds: (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * 1000,
  };
  const length = duration.months * 30.5 + duration.days + duration.milliseconds / DAY;
  return length > 0 && length <= MOST_DAYS ? duration : null;
}

/** About how long it is, in milliseconds: a month counts 30 days, a day 24 hours. */
export function roughLength(text: string): number {
  const duration = parseDuration(text);
  return duration === null ? 0 : (duration.months * 30 + duration.days) * DAY + duration.milliseconds;
}

const names: Readonly<Record<string, string>> = {
  PT1M: 'minute',
  PT5M: '5 minutes',
  PT1H: 'hour',
  P1D: 'day',
  P1W: 'week',
  P1M: 'month',
};

/** `hour`, `5 minutes`: what follows "by" or "per". */
export function durationName(text: string): string {
  return names[text] ?? countedName(text);
}

/** `1 hour`, `7 days`, `1 day 2 hours`: what follows "latest". */
export function countedName(text: string): string {
  const match = pattern.exec(text);
  if (match === null) return text;
  const parts = match.slice(1).flatMap((count, at) => {
    const unit = unitNames[at];
    if (count === undefined || unit === undefined || Number(count) === 0) return [];
    return `${Number(count)} ${unit}${Number(count) === 1 ? '' : 's'}`;
  });
  return parts.length === 0 ? text : parts.join(' ');
}

/** In the order of `pattern`. */
const unitNames = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];
