import { formatStamp } from '../../src/view/format/times.ts';
import { localTime } from '../../src/view/time/local-time.ts';
import { HOUR, MINUTE } from '../../src/view/time/iso-duration.ts';
import { type About, type Meaning, fault, quoted } from './meaning.ts';
import { understandTime } from './understand-times.ts';

const DAY_ALONE = /^\d{4}-\d\d?-\d\d?$|^\d\d?\.?\s+[a-z]{3,9}\.?,?\s+\d{4}$/i;

/** Ranges of time, one on each line: `2018-06-20 08:00 to 2018-06-20 12:00`, or a whole day, `2018-06-20`. */
export function understandRanges(
  text: string,
  { field, timezone }: Pick<About, 'field' | 'timezone'>,
): Meaning {
  const lines = text
    .split(/\n|;/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0)
    return {
      kind: 'nothing',
      hint: 'One range on each line: 2018-06-20 08:00 to 2018-06-20 12:00, or a day: 2018-06-20.',
    };
  const ranges: { from: number; to: number }[] = [];
  for (const line of lines) {
    const [first = '', second, more] = line.split(/\s+(?:to|–|—|-)\s+|\.\./);
    if (more !== undefined || (second === undefined && !DAY_ALONE.test(first)))
      return fault(`${quoted(line)} is not a range: write two times with “to” between them, or a day.`);
    const from = understandTime(first, timezone);
    if (from.kind === 'fault') return from;
    // A date without a time, at either end, means the whole day.
    const to =
      second === undefined || DAY_ALONE.test(second)
        ? dayAfter(second ?? first, timezone)
        : understandTime(second, timezone);
    if (to.kind === 'fault') return to;
    if (from.at >= to.at) return fault(`${quoted(line)} ends before it begins.`);
    ranges.push({ from: from.at, to: to.at });
  }
  return {
    kind: 'clause',
    clause: { kind: 'ranges', field, ranges, not: false },
    summary: () =>
      `Flows that began ${ranges.length === 1 ? 'in this range' : `in any of ${ranges.length} ranges`}`,
  };
}

/** The start of the day after a date. */
function dayAfter(text: string, timezone: string): ReturnType<typeof understandTime> {
  const day = understandTime(text, timezone);
  if (day.kind === 'fault') return day;
  // Noon of the next day is always within it, however long this day is.
  const next = localTime(day.at + 36 * HOUR, timezone);
  return understandTime(`${next.year}-${next.month}-${next.day}`, timezone);
}

/** A range as text. */
export function writeRange(
  { from, to }: { readonly from: number; readonly to: number },
  timezone: string,
): string {
  return [from, to].map((at) => formatStamp(at, timezone, at % MINUTE !== 0)).join(' to ');
}
