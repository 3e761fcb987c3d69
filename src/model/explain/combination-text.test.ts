import { describe, expect, test } from 'vitest';
import { combinationText } from './combination-text.ts';

const told = (selected: number, rest: number, totals: readonly [number, number] = [1000, 10_000]) => ({
  selected,
  rest,
  support: selected / totals[0],
  rest_share: rest / totals[1],
  unlogged: false,
});

describe('a difference in words', () => {
  test('of chosen flows: one ratio, of the shares beside it', () => {
    expect(combinationText(told(210, 300), 'flows', false)).toBe(
      '7 times as common: 21 % of the selected flows, 3 % of the others',
    );
    expect(combinationText(told(30, 2100), 'flows', false)).toBe(
      '7 times less common: 3 % of the selected flows, 21 % of the others',
    );
    expect(combinationText(told(210, 0), 'bytes', false)).toBe(
      'only among the selected bytes: 21 % of them, none of the others',
    );
    expect(combinationText(told(0, 5), 'flows', false)).toBe(
      'missing among the selected flows: none of them, 0.05 % of the others',
    );
  });

  test('of two times: one ratio, of the amounts beside it', () => {
    expect(combinationText(told(210, 30, [1000, 1000]), 'flows', true)).toBe(
      '7 times as many: 210 flows (21 % of all), 30 flows (3 % of all) earlier',
    );
    expect(combinationText(told(1, 0, [1000, 1000]), 'flows', true)).toBe(
      'new: 1 flow (0.1 % of all), none earlier',
    );
    expect(combinationText(told(0, 12_000, [1000, 48_000]), 'flows', true)).toBe(
      'gone: none, 12,000 flows (25 % of all) earlier',
    );
    expect(combinationText({ ...told(0, 5, [10, 10]), unlogged: true }, 'flows', true)).toBe(
      'no records: none, 5 flows (50 % of all) earlier; its interfaces have no records now: removed, or their logs are missing',
    );
    expect(combinationText(told(1.5e6, 6e9, [1e10, 1e10]), 'bytes', true)).toBe(
      '4,000 times less: 1.5 MB (0.015 % of all), 6 GB (60 % of all) earlier',
    );
  });
});
