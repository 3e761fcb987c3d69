import { Temporal } from 'temporal-polyfill';

/** Seconds since 1970 on the clocks of a zone. */
export function at(second: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO(timezone);
}

const cache = new Map<string, number>();

/** The second at which the bucket that holds a moment begins, found on the calendar, one moment at a time. */
export function bucketStart(second: number, bucket: string, timezone: string): number {
  const key = `${second} ${bucket} ${timezone}`;
  const found = cache.get(key) ?? findStart(at(second, timezone), Temporal.Duration.from(bucket));
  cache.set(key, found);
  return found;
}

function findStart(moment: Temporal.ZonedDateTime, bucket: Temporal.Duration): number {
  const months = bucket.years * 12 + bucket.months;
  if (months > 0) {
    const month = Math.floor((moment.month - 1) / months) * months + 1;
    return seconds(moment.toPlainDate().with({ month, day: 1 }).toZonedDateTime(moment.timeZoneId));
  }
  if (bucket.weeks === 1 || bucket.days === 7) {
    return seconds(
      moment
        .toPlainDate()
        .subtract({ days: moment.dayOfWeek - 1 })
        .toZonedDateTime(moment.timeZoneId),
    );
  }
  if (bucket.days === 1) return seconds(moment.startOfDay());
  const width = bucket.hours * 3600 + bucket.minutes * 60 + bucket.seconds;
  const time = moment.hour * 3600 + moment.minute * 60 + moment.second;
  const into = time % width;
  if (width > 3600) {
    const wall = moment.toPlainDateTime().subtract({ seconds: into });
    return seconds(wall.toZonedDateTime(moment.timeZoneId));
  }
  const even = seconds(moment) - into;
  const change = moment.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return change === null ? even : Math.max(even, seconds(change));
}

function seconds(moment: Temporal.ZonedDateTime): number {
  return Math.floor(moment.epochMilliseconds / 1000);
}
