import { expect, test } from 'vitest';
import { labelOf as labelIn } from './label.ts';

/** Capitals are half as wide again as small letters. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, letter) => sum + (/[A-Z]/.test(letter) ? 0.84 : 0.56), 0);
const labelOf = (label: string, box: { readonly width: number }, scale: number): ReturnType<typeof labelIn> =>
  labelIn(label, box, scale, widthOf);

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

test.each(['CHINA UNICOM China169 Backbone', 'MTS PJSC', 'vpce-01db83b854cc4c6bd', 'WWW'])(
  'no name is wider than its box: %s',
  (name) => {
    for (const width of [96, 150, 200])
      for (const scale of [0.4, 0.6, 0.7, 0.75, 1]) {
        const { text, size } = labelOf(name, { width }, scale);
        expect(widthOf(text) * size).toBeLessThanOrEqual(width - 14 + 0.3);
      }
  },
);
