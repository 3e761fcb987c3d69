import { describe, expect, it } from 'vitest';
import { readAmount } from './amount.ts';

describe('an amount as people write it', () => {
  it.each([
    ['1000', 1000],
    ['1,000', 1000],
    ['2k', 2000],
    ['1.5 MB', 1_500_000],
    ['2 GiB', 2_147_483_648],
    ['5%', 0.05],
    ['7%', 0.07],
    ['5 k%', undefined],
    ['.5', 0.5],
    [' ', null],
    ['many', undefined],
    ['5 apples', undefined],
  ])('%s', (text, amount) => {
    expect(readAmount(text)).toBe(amount);
  });
});
