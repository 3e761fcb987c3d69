import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExactJson } from './exact-json.ts';

test('long whole numbers become strings, everything else is as JSON.parse returns it', () => {
  expect(
    parseExactJson('{"a": 9223372036854775807, "b":[1234567890123456,1], "c": 0.12345678901234567890}'),
  ).toEqual({
    a: '9223372036854775807',
    b: ['1234567890123456', 1],
    c: 0.12345678901234568,
  });
  expect(parseExactJson('"\\"1234567890123456789 : 1234567890123456789"')).toBe(
    '"1234567890123456789 : 1234567890123456789',
  );
});

test('all digits are kept, wherever the number is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 22n }), fc.json(), fc.string(), (number, other, text) => {
      const long = number >= 10n ** 15n ? String(number) : Number(number);
      const json = `[${other}, {"x": ${number}},${number},${JSON.stringify(`${text}${number}`)}]`;
      expect(JSON.stringify((parseExactJson(json) as unknown[]).slice(1))).toBe(
        JSON.stringify([{ x: long }, long, `${text}${number}`]),
      );
    }),
  );
});
