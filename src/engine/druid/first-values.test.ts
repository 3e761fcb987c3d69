import { expect, test } from 'vitest';
import { fieldOf } from '../../sql/plan/condition.ts';
import { areFirst, placeholderFor } from './first-values.ts';

test('addresses are the first ones for certain where as many as the limit are of IPv4', () => {
  const address = fieldOf('srcaddr');
  expect(areFirst(address, ['2001:db8::1', '10.0.0.2', '10.0.0.10', null], 2)).toBe(true);
  expect(areFirst(address, ['2001:db8::1', '10.0.0.2', '10.0.0.10', null], 3)).toBe(false);
  expect(areFirst(fieldOf('vpc_id'), [null, 'vpc-1'], 2)).toBe(true);
  expect(areFirst(fieldOf('srcport'), [null, 22], 2)).toBe(true);
});

test('a placeholder is none of the values', () => {
  expect(placeholderFor(fieldOf('srcport'), new Set([0, 1, null]))).toBe(2);
  expect(placeholderFor(fieldOf('srcaddr'), new Set(['0.0.0.0']))).toBe('0.0.0.1');
  expect(placeholderFor(fieldOf('vpc_id'), new Set(['1']))).toBe('0');
});
