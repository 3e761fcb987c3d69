import { describe, expect, it } from 'vitest';
import type { Answer, Cell } from '../../../src/model/query/answer.ts';
import { parseQuery } from '../../../src/model/query/parse-query.ts';
import { defaultView, type View } from '../../../src/view/view.ts';
import { layoutOf } from './table-layout.ts';
import { type TableModel, tableOf } from './model.ts';

const hour = { from: Date.parse('2018-06-20T00:00:00Z'), to: Date.parse('2018-06-20T01:00:00Z') };

function table(
  rows: readonly (readonly Cell[])[],
  changes: Partial<View>,
  subtotals: Answer['subtotals'],
): TableModel {
  const fields = ['dstaddr', 'dstport'].slice(0, (rows[0]?.length ?? 0) - 2);
  const splits = fields.map((field) => ({ field, bucket: null, limit: 50, sort: null }));
  const view: View = {
    ...defaultView('Etc/UTC', { kind: 'all' }),
    measures: ['flows', 'rejected_share'],
    splits,
    ...changes,
  };
  const answer = {
    columns: [
      ...fields.map((name) => ({ name, kind: 'split' as const })),
      { name: 'flows', kind: 'measure' as const },
      { name: 'rejected_share', kind: 'measure' as const },
    ],
    rows,
    other: null,
    subtotals,
    truncated: false,
    range: null,
    stats: { ms: 1, source: 'flow' },
  } as unknown as Answer;
  return tableOf(
    {
      spec: { view, visualization: 'table', splits },
      query: parseQuery({ splits: fields.map((field) => ({ field })), measures: ['flows'] }),
      answer,
      before: null,
    },
    hour,
    { gaps: [], lossy: [], flows: null },
  );
}

const fullOf = (model: TableModel): unknown => model.measures.map(({ full }) => full);

describe('bars in cells', () => {
  it('stand for the most of their column, shares for all of it; where all rows are the same there are none', () => {
    expect(
      fullOf(
        table(
          [
            ['10.0.0.1', 9, 0.5],
            ['10.0.0.2', 3, 0.25],
          ],
          {},
          [],
        ),
      ),
    ).toEqual([[9], [1]]);
    expect(
      fullOf(
        table(
          [
            ['10.0.0.1', 9, 1],
            ['10.0.0.2', 3, 1],
          ],
          {},
          [],
        ),
      ),
    ).toEqual([[9], [null]]);
    expect(fullOf(table([['10.0.0.1', 9, 1]], {}, []))).toEqual([[null], [null]]);
  });

  it('show the share that the text tells where amounts are shares of the row above', () => {
    const rows = [
      ['10.0.0.1', 22, 6, 0.5],
      ['10.0.0.1', 80, 2, 0.25],
      ['10.0.0.2', 80, 4, 0],
    ];
    const subtotals = [
      { path: [], values: [12, 0.3] },
      { path: ['10.0.0.1'], values: [8, 0.4] },
      { path: ['10.0.0.2'], values: [4, 0] },
    ];
    expect(fullOf(table(rows, {}, subtotals))).toEqual([
      [8, 6],
      [1, 1],
    ]);
    expect(fullOf(table(rows, { percent: 'parent' }, subtotals))).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});

describe('the columns of a table', () => {
  const model = (measures: number, timeSeries: boolean): TableModel =>
    ({
      measures: Array.from({ length: measures }),
      before: null,
      timeSeries: timeSeries ? {} : null,
    }) as unknown as TableModel;
  /** Names that need so much room, without anything that may be cut. */
  const all = (names: number): { names: number; bare: number } => ({ names, bare: names });
  const first = (columns: string): number => Number.parseFloat(columns);

  it('names get what they need as long as the rest finds room', () => {
    expect(first(layoutOf(model(1, false), all(400), 970).columns)).toBe(400);
    expect(first(layoutOf(model(3, false), all(700), 970).columns)).toBe(682);
    expect(first(layoutOf(model(1, true), all(240), 970).columns)).toBe(240);
  });

  it('the time series takes the rest, and on a phone all of it is on the screen', () => {
    expect(layoutOf(model(1, true), all(130), 970)).toMatchObject({ strip: 556, compact: false });
    const { columns, strip, compact } = layoutOf(model(1, true), all(180), 358);
    expect(compact).toBe(true);
    expect(first(columns) + 96 + strip + 12).toBeLessThanOrEqual(358);
  });

  it('where addresses are yields to the time series; the addresses themselves and names do not', () => {
    const places = { names: 290, bare: 120 };
    expect(first(layoutOf(model(3, true), places, 970).columns)).toBe(290);
    // 288 of measures, 176 of figures, 150 of the strip and its padding: what is left.
    expect(first(layoutOf(model(3, true), places, 877).columns)).toBe(251);
    expect(first(layoutOf(model(3, true), places, 750).columns)).toBe(124);
    // Where its figures would push it off the screen, it is alone.
    expect(layoutOf(model(3, true), places, 700)).toMatchObject({ strip: 110, compact: true });
    expect(first(layoutOf(model(3, true), all(290), 877).columns)).toBe(290);
  });
});
