import { describe, expect, it } from 'vitest';
import { exclude, only } from '../../src/view/filters.ts';
import { putMeasureFirst, sortBy, sortOf, toggleMeasure } from './view-measures.ts';
import { addSplit, drillInto, insertSplit, moveSplit, splitOnly } from '../../src/view/splits.ts';
import { queryOf } from '../../src/view/to-query.ts';
import { type View, defaultView, withVisualization } from '../../src/view/view.ts';
import { shownVisualization } from '../../src/view/visualization.ts';

const view = defaultView('Etc/UTC');
const step = (
  field: string,
  value: string | number,
): { field: string; bucket: null; value: string | number } => ({ field, bucket: null, value });
const range = { from: 0, to: 7 * 86_400_000 };
const fieldsOf = (value: View): string[] => value.splits.map((split) => split.field);

describe('filters', () => {
  it('narrow a list in its place, and leave exclusions', () => {
    const before = exclude(only(view, [step('dstaddr', 'a'), step('dstport', 80)]), step('dstaddr', 'z'));
    expect(only(before, [step('dstaddr', 'b')]).filters).toEqual([
      { kind: 'in', field: 'dstaddr', values: ['b'], not: false },
      { kind: 'in', field: 'dstport', values: [80], not: false },
      { kind: 'in', field: 'dstaddr', values: ['z'], not: true },
    ]);
  });

  it('join exclusions of one field', () => {
    const both = exclude(exclude(view, step('srcaddr', 'a')), step('srcaddr', 'b'));
    expect(both.filters).toEqual([{ kind: 'in', field: 'srcaddr', values: ['a', 'b'], not: true }]);
  });

  it('turn a number bucket into a range and a time bucket into a time', () => {
    const narrowed = only(view, [
      { field: 'dstport', bucket: { kind: 'number', width: 1024 }, value: 1024 },
      { field: 'time', bucket: { kind: 'time', duration: 'PT1H' }, value: 7_200_000 },
    ]);
    expect(narrowed.filters).toEqual([
      { kind: 'between', field: 'dstport', low: 1024, high: 2047, not: false },
    ]);
    expect(narrowed.time).toEqual({ kind: 'absolute', from: 7_200_000, to: 10_800_000 });
  });
});

describe('splits', () => {
  it('are replaced, added, put before, moved', () => {
    const two = insertSplit(splitOnly(view, 'dstaddr'), 'dstport', 0);
    expect(fieldsOf(two)).toEqual(['dstport', 'dstaddr']);
    expect(fieldsOf(moveSplit(two, 0, 1))).toEqual(['dstaddr', 'dstport']);
    expect(addSplit(two, 'dstport')).toBe(two);
    expect(moveSplit(two, 0, -1)).toBe(two);
  });

  it('keep the time when drilling', () => {
    expect(fieldsOf(drillInto(addSplit(splitOnly(view, 'dstaddr'), 'time'), 'srcaddr'))).toEqual([
      'srcaddr',
      'time',
    ]);
  });

  it('choose what shows them, unless the user chose what can', () => {
    expect(shownVisualization(view)).toBe('totals');
    expect(shownVisualization(splitOnly(view, 'time'))).toBe('lines');
    expect(shownVisualization(addSplit(splitOnly(view, 'srcaddr'), 'time'))).toBe('table');
    expect(shownVisualization(splitOnly(withVisualization(view, 'records'), 'srcaddr'))).toBe('table');
    expect(shownVisualization(splitOnly(withVisualization(view, 'lines'), 'srcaddr'))).toBe('lines');
  });
});

describe('measures', () => {
  it('keep at least one, and one that sorts first', () => {
    const one = { ...view, measures: ['flows'] as const };
    expect(toggleMeasure(one, 'flows')).toBe(one);
    expect(putMeasureFirst(view, 'bytes').measures).toEqual(['bytes', 'flows', 'rejected_share']);
  });

  it('sort by a click on their heads, and turn round by another', () => {
    const split = splitOnly(view, 'srcaddr');
    expect(sortOf(sortBy(split, 'bytes'))).toEqual({ by: 'bytes', order: 'desc' });
    expect(sortOf(sortBy(sortBy(split, 'bytes'), 'bytes'))).toEqual({ by: 'bytes', order: 'asc' });
    expect(sortBy(sortBy(split, 'flows'), 'flows').splits[0]?.sort).toBeNull();
  });
});

describe('the query', () => {
  it('asks for time in buckets that suit the range', () => {
    expect(queryOf(splitOnly(view, 'time'), range).splits).toEqual([
      {
        field: 'time',
        bucket: { kind: 'time', duration: 'PT1H' },
        limit: null,
        sort: { by: 'time', order: 'asc' },
      },
    ]);
  });
});
