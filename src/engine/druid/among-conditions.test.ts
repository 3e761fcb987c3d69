import { expect, test } from 'vitest';
import { amongConditions } from './among-conditions.ts';

test('values are named by the field with the fewest of them', () => {
  expect(
    amongConditions(
      ['srcaddr', 'dstport'],
      [
        ['10.0.0.1', 22],
        ['10.0.0.2', 22],
        ['2001:db8::1', null],
      ],
    ),
  ).toEqual([
    `(((CAST("dstport" AS BIGINT) IN (22)) AND ("srcaddr" IN ('10.0.0.1', '10.0.0.2'))) OR ((CAST("dstport" AS BIGINT) IS NULL) AND ("srcaddr" IN ('2001:db8::1'))))`,
  ]);
  expect(amongConditions(['srcaddr'], [["a'b"], ['c']])).toEqual([`(("srcaddr" IN ('a''b', 'c')))`]);
  expect(amongConditions(['srcaddr'], [])).toEqual([]);
});

test('many alternatives are divided among requests, and each row fulfils one of them', () => {
  const tuples = Array.from({ length: 130 }, (_, i) => [`10.0.${i % 120}.1`, i, `10.1.${i}.1`]);
  const conditions = amongConditions(['srcaddr', 'dstport', 'dstaddr'], tuples);
  expect(conditions).toHaveLength(3);
  for (let i = 0; i < 120; i++)
    expect(conditions.filter((one) => one.includes(`"srcaddr" IN ('10.0.${i}.1')`))).toHaveLength(1);
});

test('so many values that a request could not name them are not named', () => {
  const tuples = Array.from({ length: 6000 }, (_, i) => [`10.${i >> 8}.${i & 255}.1`, 443]);
  expect(amongConditions(['srcaddr', 'dstport'], tuples)).toEqual([
    '(((CAST("dstport" AS BIGINT) IN (443))))',
  ]);
  expect(amongConditions(['srcaddr'], tuples)).toEqual(['TRUE']);
});
