import { describe, expect, it } from 'vitest';
import { repairView } from './repair-view.ts';
import { type View, defaultView } from '../../src/view/view.ts';

const view: View = {
  ...defaultView('Mars/Olympus'),
  filters: [
    { kind: 'in', field: 'srcaddr', values: ['10.0.0.1'], not: false },
    { kind: 'in', field: 'dstport', values: ['abc'], not: false },
    { kind: 'matches', field: 'srcaddr', pattern: '[', not: false },
  ],
  having: [{ measure: 'flows', low: 1, high: null }],
  compare: 'previous',
};
const left = (path: string): readonly string[] | undefined =>
  repairView(view, path)?.view.filters.map((clause) => `${clause.field} ${clause.kind}`);

describe('a question that can’t be asked', () => {
  it('is mended by taking away what the server named', () => {
    expect(left('filter[1].in[0]')).toEqual(['srcaddr in', 'srcaddr matches']);
    expect(left('filter')).toEqual(['srcaddr in', 'dstport in']);
    expect(repairView(view, 'having[0].between')?.view.having).toEqual([]);
    expect(repairView(view, 'time.last')?.view.time).toEqual({ kind: 'all' });
    expect(repairView(view, 'compare.shift')?.view.compare).toBeNull();
    expect(repairView(view, 'timezone')?.view.timezone).toBe('Etc/UTC');
    expect(repairView(view, 'filter[9]')).toBeNull();
    expect(repairView(view, 'other')).toBeNull();
  });

  it('gives up an order by a column that is not there', () => {
    const sorted = { ...view, recordsOrder: { field: 'nonsense', order: 'asc' as const } };
    expect(repairView(sorted, 'order.field')?.view).toEqual(view);
  });
});
