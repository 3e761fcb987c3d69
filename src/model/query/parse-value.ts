import type { Field } from '../catalog/field.ts';
import { parseAddress } from './address-block.ts';
import { badQuery, shown } from './bad-query.ts';
import { readText } from './json-reader.ts';
import { MAX_TEXT } from './limits.ts';
import { parseInstant } from './parse-time.ts';
import type { Scalar } from './query.ts';

/** The most that a counter can be; published too. */
export const MAX_COUNTER = 2n ** 63n - 1n;

/** One value of an `in`, as the field's type has it: null, a text, an address, a whole number, or a time in milliseconds. */
export function parseValue(value: unknown, path: string, field: Field, timezone: string): Scalar {
  if (value === null) return null;
  switch (field.type) {
    case 'text':
      return readText(value, path, MAX_TEXT);
    case 'address':
      if (typeof value !== 'string' || parseAddress(value) === null) {
        throw badQuery(path, `must be an IPv4 or IPv6 address, not ${shown(value)}.`);
      }
      return value;
    case 'integer':
    case 'counter':
      return parseWhole(value, path);
    case 'time':
      return parseInstant(value, path, timezone);
  }
}

/** A whole number, or a clean decimal text of one; beyond 2^53 it is a bigint. */
function parseWhole(value: unknown, path: string): number | bigint {
  const clean = typeof value === 'string' && /^(0|[1-9][0-9]{0,18})$/.test(value);
  if (typeof value === 'number' ? !Number.isSafeInteger(value) : !clean) {
    throw badQuery(path, `must be a whole number, not ${shown(value)}; beyond 2^53 write it as a text.`);
  }
  const whole = BigInt(value as number | string);
  if (whole > MAX_COUNTER) throw badQuery(path, `must be below 2^63, not ${shown(value)}.`);
  return whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole;
}
