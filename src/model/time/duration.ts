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

type Unit = readonly [letter: string, digits: number];
const calendar: readonly Unit[] = [
  ['Y', 3],
  ['M', 4],
  ['W', 5],
  ['D', 6],
];
const clock: readonly Unit[] = [
  ['H', 7],
  ['M', 9],
  ['S', 10],
];

const zero = ([letter]: Unit): string => `(?:0+${letter})?`;
const aboveZero = ([letter, digits]: Unit): string => `0*[1-9][0-9]{0,${digits - 1}}${letter}`;
const perhaps = ([letter, digits]: Unit): string => `(?:0*[0-9]{1,${digits}}${letter})?`;

/** Any of these units in their order, one of them above 0: it is the first that is. */
function aboveZeroOf(units: readonly Unit[], after: string): string {
  const ways = units.map(
    (unit, at) =>
      units.slice(0, at).map(zero).join('') +
      aboveZero(unit) +
      units
        .slice(at + 1)
        .map(perhaps)
        .join('') +
      after,
  );
  return `(?:${ways.join('|')})`;
}

/** Some of the units of the clock, in their order. */
const someOfClock = `(?:${clock
  .map(([letter, digits], at) => {
    const rest = clock.slice(at + 1).map(perhaps);
    return `0*[0-9]{1,${digits}}${letter}${rest.join('')}`;
  })
  .join('|')})`;

/**
 * The durations that queries take, as the source of a regular expression: those that `parseDuration` reads, with so few
 * digits that the longest is less than ten thousand years (further back there are no dates to reckon with). The published
 * schema has the same form, so it keeps to what every engine of regular expressions knows: no looking ahead.
 */
export const queryDurationForm = `^P(?:${aboveZeroOf(calendar, `(?:T${someOfClock})?`)}|${calendar
  .map(zero)
  .join('')}T${aboveZeroOf(clock, '')})$`;
