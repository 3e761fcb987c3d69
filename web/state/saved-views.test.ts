import { describe, expect, it } from 'vitest';
import { indexOfName, readSavedViews } from './saved-views.ts';

const [a, b] = [
  { name: 'Knocks', link: '?v=1&time=all' },
  { name: 'Night', link: '?v=1&last=PT6H' },
];

describe('saved views', () => {
  it('survive whatever else is in the storage', () => {
    expect(readSavedViews(JSON.parse(JSON.stringify([a, b])))).toEqual([a, b]);
    expect(readSavedViews([null, 7, { name: '' }, { name: 'x', link: 'javascript:alert(1)' }, a, a])).toEqual(
      [a],
    );
    expect(indexOfName([a, b], ' NIGHT')).toBe(1);
    for (const other of [null, 'x', {}, 3]) expect(readSavedViews(other)).toEqual([]);
  });
});
