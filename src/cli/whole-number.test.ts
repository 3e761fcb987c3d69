import { expect, test } from 'vitest';
import { wholeNumber } from './whole-number.ts';

test.each([
  ['0', 0],
  ['007', 7],
  ['65535', 65_535],
])('%s is taken', (text, value) => {
  expect(wholeNumber('--port', text, 65_535)).toBe(value);
});

test.each(['65536', '-1', '1.5', '1e3', '0x10', '', ' 1', '١', '9'.repeat(400)])('%o is refused', (text) => {
  expect(() => wholeNumber('--port', text, 65_535)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: `--port takes a whole number up to 65535, not ${text}.`,
    }),
  );
});
