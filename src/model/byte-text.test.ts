import { expect, test } from 'vitest';
import { formatBytes } from './byte-text.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9_949_000, '9.9 MB'],
  [9_990_000, '10 MB'],
  [999_900_000, '1.0 GB'],
  [12_345_678_901, '12 GB'],
  [5e15, '5.0 PB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
