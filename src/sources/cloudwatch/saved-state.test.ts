import { expect, test } from 'vitest';
import { NOTHING_READ, opened, writeState } from './read-state.ts';
import { findState } from './saved-state.ts';

const at = (from: number): string => writeState(opened(NOTHING_READ, [from, from + 10]));
const found = (names: Readonly<Record<string, number>>, region: string, account: string | null): unknown => {
  const positions = new Map(Object.entries(names).map(([name, from]) => [name, at(from)]));
  const { name, state, othersSince } = findState(positions, region, account);
  return [name, state.open[0]?.[0] ?? null, othersSince];
};

test('groups of the same name in other regions or accounts are different, and keep their own ids', () => {
  expect(found({}, 'r', '1')).toEqual(['r/1', null, null]);
  expect(found({ 'r/1': 5, 'r/2': 7, 's/1': 9 }, 'r', '1')).toEqual(['r/1', 5, 7]);
  expect(found({ 'r/1': 5, 's/1': 3 }, 'r', '2')).toEqual(['r/2', null, 3]);
  expect(found({ 'rr/1': 5 }, 'r', '1')).toEqual(['r/1', null, 5]);
});

test('a saved state is found by the name alone if its account or that of the group is unknown', () => {
  expect(found({ 'r/': 5 }, 'r', '1')).toEqual(['r/', 5, null]);
  expect(found({ 'r/1': 5 }, 'r', null)).toEqual(['r/1', 5, null]);
  expect(found({ 'r/': 4, 'r/1': 5 }, 'r', null)).toEqual(['r/', 4, 5]);
  // It could be either of the two.
  expect(found({ 'r/1': 4, 'r/2': 5 }, 'r', null)).toEqual(['r/', null, 4]);
});
