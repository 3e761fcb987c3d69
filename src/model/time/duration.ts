import { Temporal } from 'temporal-polyfill';

/** Positive, upper case, whole units: `P7D`, `PT90M`, `P1M`. Temporal would take more (fractions, signs, lower case). */
const form = /^P(?=[0-9T])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;

/** An ISO 8601 duration longer than nothing, or null if the text is none. Units stay as written: `P1D` is not `PT24H`. */
export function parseDuration(text: string): Temporal.Duration | null {
  if (!form.test(text)) return null;
  try {
    const duration = Temporal.Duration.from(text);
    return duration.blank ? null : duration;
  } catch {
    return null;
  }
}

/** Whether a duration is the same everywhere: hours, minutes and seconds only. */
export function isExact(duration: Temporal.Duration): boolean {
  return duration.years === 0 && duration.months === 0 && duration.weeks === 0 && duration.days === 0;
}
