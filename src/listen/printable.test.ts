import { expect, test } from 'vitest';
import { printable } from './printable.ts';

test('bytes become printable ASCII with unambiguous escapes', () => {
  expect(printable(Buffer.from('a\r\n\t\\\u001b[31m<b>"\u00e9\0'), 100)).toBe(
    'a\\r\\n\\t\\\\\\x1b[31m<b>"\\xc3\\xa9\\x00',
  );
  expect(printable(Buffer.from('abcdef'), 3)).toBe('abc');
  const all = printable(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), 256);
  expect(all).toMatch(/^[\x20-\x7e]*$/);
});
