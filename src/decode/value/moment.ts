import { EARLIEST_SECOND, LATEST_SECOND } from '../../model/catalog/fields.ts';

const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d{1,10})?(?: ?(?:Z|UTC|([+-])(\d\d):?(\d\d)))?$/;
/** Numbers from here on count milliseconds: as seconds they would be after the year 5000. */
const LEAST_MILLISECONDS = 100_000_000_000;

/**
 * The Unix second of a moment as tools write it beside a record: ISO 8601 with `T` or a blank (UTC if it names no
 * offset, as CloudWatch and Athena do), or a number of seconds or milliseconds. Null if it is none, or not in 2000 to 2099.
 */
export function momentSeconds(value: unknown): number | null {
  if (typeof value === 'number') return ofNumber(value);
  if (typeof value === 'bigint') return ofNumber(Number(value));
  if (value instanceof Date) return ofNumber(value.getTime());
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return /^\d+(?:\.\d+)?$/.test(text) ? ofNumber(Number(text)) : ofText(text);
}

function ofText(text: string): number | null {
  const match = MOMENT.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const local = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  if (new Date(local * 1000).getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) return null;
  const offset = (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0)) * 60;
  return inRange(match[7] === '-' ? local + offset : local - offset);
}

function ofNumber(value: number): number | null {
  return inRange(Math.floor(value >= LEAST_MILLISECONDS ? value / 1000 : value));
}

function inRange(second: number): number | null {
  return second >= EARLIEST_SECOND && second <= LATEST_SECOND ? second : null;
}
