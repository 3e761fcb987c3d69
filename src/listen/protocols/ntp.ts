import type { Parser } from './recognized.ts';

const modes: Readonly<Record<number, string>> = { 1: 'symmetric', 3: 'client', 6: 'control', 7: 'private' };

/** NTP by version and mode (RFC 5905, 7.3); modes 6 and 7 (RFC 9327) ask for lists, which are abused to flood others. */
export const parseNtp: Parser = (bytes) => {
  const [first = 0, second = 0] = bytes;
  const version = (first >> 3) & 7;
  const mode = modes[first & 7];
  if (mode === undefined || version < 1 || version > 4) return null;
  // Of a client stratum and poll interval are small numbers.
  const fits =
    mode === 'private' || mode === 'control'
      ? first >> 6 === 0 && bytes.length >= 8 && bytes.length % 4 === 0 && second < 0x80
      : bytes.length >= 48 && bytes.length % 4 === 0 && second <= 16 && (bytes[2] ?? 0) <= 17;
  return fits ? { kind: 'ntp', details: { version: String(version), mode } } : null;
};
