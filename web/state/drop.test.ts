import { describe, expect, it } from 'vitest';
import { type Dragged, type Target, drop, keyed, takes } from './drop.ts';
import { addFilter } from '../../src/view/filters.ts';
import { addSplit, splitOnly } from '../../src/view/splits.ts';
import { type View, defaultView } from '../../src/view/view.ts';

const base = defaultView('Etc/UTC');
const two = addSplit(splitOnly(base, 'dstaddr'), 'dstport');
const filtered = ['action', 'srcaddr', 'protocol'].reduce(
  (view, field) => addFilter(view, { kind: 'in', field, values: [1], not: false }),
  base,
);
const dimension = (field: string): Dragged => ({ kind: 'dimension', field });
const splits = (kind: 'over' | 'before', index: number): Target => ({
  kind: 'splits',
  place: { kind, index },
});
const viewOf = (view: View, dragged: Dragged, target: Target): View => {
  const done = drop(view, dragged, target);
  if (done.kind !== 'view') throw new Error('It asked for a filter.');
  return done.view;
};
const splitsOf = (view: View): string => view.splits.map((split) => split.field).join(' ');
const filtersOf = (view: View): string => view.filters.map((clause) => clause.field).join(' ');

describe('dropping a dimension', () => {
  it('on splits: over a pill replaces, in a gap inserts, past the end appends', () => {
    expect(splitsOf(viewOf(two, dimension('srcaddr'), splits('over', 0)))).toBe('srcaddr dstport');
    expect(splitsOf(viewOf(two, dimension('srcaddr'), splits('before', 1)))).toBe('dstaddr srcaddr dstport');
    expect(splitsOf(viewOf(two, dimension('srcaddr'), splits('before', 2)))).toBe('dstaddr dstport srcaddr');
  });

  it('one that splits already moves, and is there once', () => {
    expect(splitsOf(viewOf(two, dimension('dstport'), splits('before', 0)))).toBe('dstport dstaddr');
    expect(splitsOf(viewOf(two, dimension('dstport'), splits('over', 0)))).toBe('dstport');
    expect(viewOf(two, dimension('dstaddr'), splits('over', 0))).toBe(two);
  });

  it('on the chart replaces the splits; on filters it only opens a menu', () => {
    expect(splitsOf(viewOf(two, dimension('time'), { kind: 'chart' }))).toBe('time');
    expect(drop(two, dimension('srcaddr'), { kind: 'filters', place: { kind: 'before', index: 0 } })).toEqual(
      { kind: 'filter', field: 'srcaddr', leaves: two },
    );
  });

  it('on the pinboard pins it there', () => {
    const at = (index: number): Target => ({ kind: 'pinboard', place: { kind: 'before', index } });
    expect(viewOf(base, dimension('action'), at(0)).pins).toEqual([
      'action',
      'dstport',
      'dstaddr',
      'srcaddr',
    ]);
    expect(viewOf(base, { kind: 'pin', field: 'dstport' }, at(3)).pins).toEqual([
      'dstaddr',
      'srcaddr',
      'dstport',
    ]);
  });
});

describe('dropping a pill', () => {
  it('reorders in its own row', () => {
    const split: Dragged = { kind: 'split', field: 'dstaddr', index: 0 };
    expect(splitsOf(viewOf(two, split, splits('before', 2)))).toBe('dstport dstaddr');
    expect(viewOf(two, split, splits('before', 1))).toBe(two);
    const filter: Dragged = { kind: 'filter', field: 'protocol', index: 2 };
    const first: Target = { kind: 'filters', place: { kind: 'before', index: 0 } };
    expect(filtersOf(viewOf(filtered, filter, first))).toBe('protocol action srcaddr');
  });

  it('of a filter onto the splits adds the split and keeps the filter', () => {
    const source: Dragged = { kind: 'filter', field: 'srcaddr', index: 1 };
    const added = viewOf(filtered, source, splits('before', 0));
    expect([filtersOf(added), splitsOf(added)]).toEqual(['action srcaddr protocol', 'srcaddr']);
    expect(added.filters).toBe(filtered.filters);
    // Over a split it takes its place, and one that splits already only moves.
    const both = { ...two, filters: filtered.filters };
    const replaced = viewOf(both, source, splits('over', 0));
    expect([filtersOf(replaced), splitsOf(replaced)]).toEqual(['action srcaddr protocol', 'srcaddr dstport']);
    const again = viewOf(added, source, splits('before', 1));
    expect([filtersOf(again), splitsOf(again)]).toEqual(['action srcaddr protocol', 'srcaddr']);
    const charted = viewOf(both, source, { kind: 'chart' });
    expect([filtersOf(charted), splitsOf(charted)]).toEqual(['action srcaddr protocol', 'srcaddr']);
    const pinned = viewOf(both, source, { kind: 'pinboard', place: { kind: 'before', index: 0 } });
    expect([filtersOf(pinned), pinned.pins[0]]).toEqual(['action srcaddr protocol', 'srcaddr']);
  });

  it('of a split onto the filters opens a menu, which takes the split away once it is applied', () => {
    const opened = drop(
      two,
      { kind: 'split', field: 'dstaddr', index: 0 },
      { kind: 'filters', place: { kind: 'before', index: 0 } },
    );
    expect(opened.kind === 'filter' && splitsOf(opened.leaves)).toBe('dstport');
  });
});

describe('which items each target accepts', () => {
  it('time only splits', () => {
    expect((['filters', 'pinboard'] as const).some((kind) => takes(kind, dimension('time')))).toBe(false);
    expect((['splits', 'chart'] as const).every((kind) => takes(kind, dimension('time')))).toBe(true);
    expect(keyed(base, 'time', 'f')).toBeNull();
  });
});

describe('keys on a dimension', () => {
  it('do what dragging does', () => {
    const done = (key: string): View | null => {
      const result = keyed(two, 'srcaddr', key);
      return result?.kind === 'view' ? result.view : null;
    };
    expect(done('s')?.splits).toHaveLength(1);
    expect(done('a')?.splits).toHaveLength(3);
    expect(done('p')?.pins).toEqual(['dstport', 'dstaddr']);
    expect(keyed(two, 'srcaddr', 'f')?.kind).toBe('filter');
    expect(keyed(two, 'srcaddr', 'x')).toBeNull();
  });
});
