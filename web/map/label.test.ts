import { expect, test } from 'vitest';
import { labelOf } from './label.ts';

test('of a map that is shown small names stay readable on the screen, and are cut only where they must be', () => {
  const box = { width: 200 };
  expect(labelOf('metrics-collector', box, 1)).toEqual({
    text: 'metrics-collector',
    size: 12,
    withAmount: true,
  });
  expect(labelOf('web', box, 0.5)).toEqual({ text: 'web', size: 24, withAmount: false });
  const smaller = labelOf('storefront', { width: 96 }, 0.7);
  expect(smaller.text).toBe('storefront');
  expect(smaller.size * 0.7).toBeGreaterThanOrEqual(9.5);
  const long = labelOf('metrics-collector of a very long name', box, 0.5);
  expect(long.size * 0.5).toBe(10);
  expect(long.text).toMatch(/^metrics-co.*…$/);
  expect(long.text.length * long.size * 0.56).toBeLessThanOrEqual(200);
});
