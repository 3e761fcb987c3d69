import { expect, test } from 'vitest';
import { safeProps } from './safe-props.ts';

test('texts of children and of attributes that are read are written out, all else is left', () => {
  const element = { type: 'b' };
  const onClick = (): void => undefined;
  expect(
    safeProps('button', {
      title: 'a\u202eb',
      value: 'a\u202eb',
      onClick,
      children: ['\u2066x', element, 3, ['\u0007']],
    }),
  ).toEqual({
    title: String.raw`a\u202eb`,
    value: 'a\u202eb',
    onClick,
    children: [String.raw`\u2066x`, element, 3, [String.raw`\x07`]],
  });
});

test('props of components are their own, but for children', () => {
  const component = (): null => null;
  expect(safeProps(component, { title: '\u202e', children: '\u202e' })).toEqual({
    title: '\u202e',
    children: String.raw`\u202e`,
  });
});

test('what needs no change is the same object; lines and tabs stay', () => {
  const props = { title: 'a', children: ['b\n\tc', null] };
  expect(safeProps('pre', props)).toBe(props);
});
