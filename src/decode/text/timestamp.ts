/**
 * If bytes[from, end) start with an ISO 8601 timestamp and a blank, as lines do that CloudWatch exported to S3
 * (`2018-06-20T00:00:00.000Z 2 1234…`) or that `aws logs tail` printed (`2018-06-20T00:00:00 2 …`,
 * `2018-06-20T00:00:00.000000+00:00 eni-1 2 …`): where the blank is. Otherwise `from`.
 */
export function timestampEnd(bytes: Uint8Array, from: number, end: number): number {
  if (from + SHAPE.length + 1 > end) return from;
  for (let i = 0; i < SHAPE.length; i += 1) {
    const byte = bytes[from + i]!;
    const expected = SHAPE.charCodeAt(i);
    if (expected === DIGIT) {
      if (byte < ZERO || byte > NINE) return from;
    } else if (byte !== expected && !(i === BETWEEN && byte === BLANK)) {
      return from;
    }
  }
  let p = from + SHAPE.length;
  if (bytes[p] === DOT) {
    const limit = Math.min(end, p + 11);
    p += 1;
    while (p < limit && bytes[p]! >= ZERO && bytes[p]! <= NINE) p += 1;
  }
  p = offsetEnd(bytes, p, end);
  return p < end && (bytes[p] === BLANK || bytes[p] === TAB) ? p : from;
}

/** After `Z`, `+01:00` or `+0100`, if it stands there. */
function offsetEnd(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] === UPPER_Z) return from + 1;
  if (bytes[from] !== PLUS && bytes[from] !== MINUS) return from;
  let p = from + 1;
  while (p < end && p < from + 6 && ((bytes[p]! >= ZERO && bytes[p]! <= NINE) || bytes[p] === COLON)) p += 1;
  return p;
}

const SHAPE = '0000-00-00T00:00:00';
/** Where date and time meet. */
const BETWEEN = 10;
const DIGIT = 48;
const ZERO = 48;
const NINE = 57;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const COLON = 58;
const UPPER_Z = 90;
const BLANK = 32;
const TAB = 9;
