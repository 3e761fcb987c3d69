import { describe, expect, it } from 'vitest';
import { readSavedViews, removeView, renameView, saveView } from './saved-views.ts';

const [a, b] = [
  { name: 'Knocks', link: '?v=1&time=all' },
  { name: 'Night', link: '?v=1&last=PT6H' },
];

describe('saved views', () => {
  it('are added, replaced by their name in any case, renamed and removed', () => {
    expect(saveView([a], ' Night ', b.link)).toEqual([a, b]);
    expect(saveView([a, b], 'knocks', b.link)).toEqual([{ name: 'knocks', link: b.link }, b]);
    expect(renameView([a, b], 'Night', 'KNOCKS')).toEqual([a, b]);
    expect(renameView([a, b], 'Night', ' ')).toEqual([a, b]);
    expect(renameView([a, b], 'Knocks', 'KNOCKS')).toEqual([{ ...a, name: 'KNOCKS' }, b]);
    expect(removeView([a, b], 'Knocks')).toEqual([b]);
  });

  it('survive whatever else is in the storage', () => {
    expect(readSavedViews(JSON.parse(JSON.stringify([a, b])))).toEqual([a, b]);
    expect(readSavedViews([null, 7, { name: '' }, { name: 'x', link: 'javascript:alert(1)' }, a, a])).toEqual(
      [a],
    );
    for (const other of [null, 'x', {}, 3]) expect(readSavedViews(other)).toEqual([]);
  });
});
