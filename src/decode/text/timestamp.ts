/**
 * If bytes[from, end) start with an ISO 8601 UTC timestamp and a blank, as lines do that CloudWatch
 * exported to S3 (`2018-06-20T00:00:00.000Z 2 1234…`): where the blank is. Otherwise `from`.
 */
export function timestampEnd(bytes: Uint8Array, from: number, end: number): number {
  if (from + 21 > end) return from;
  for (let i = 0; i < SHAPE.length; i += 1) {
    const byte = bytes[from + i]!;
    const expected = SHAPE.charCodeAt(i);
    if (expected === DIGIT ? byte < ZERO || byte > NINE : byte !== expected) return from;
  }
  let p = from + SHAPE.length;
  if (bytes[p] === DOT) {
    const limit = Math.min(end, p + 11);
    p += 1;
    while (p < limit && bytes[p]! >= ZERO && bytes[p]! <= NINE) p += 1;
  }
  if (p + 1 >= end || bytes[p] !== UPPER_Z || (bytes[p + 1] !== 32 && bytes[p + 1] !== 9)) return from;
  return p + 1;
}

const SHAPE = '0000-00-00T00:00:00';
const DIGIT = 48;
const ZERO = 48;
const NINE = 57;
const DOT = 46;
const UPPER_Z = 90;
