import { describe, expect, it } from 'vitest';
import type { Answer, AnswerColumn, Cell } from '../../src/model/query/answer.ts';
import { shadeOf } from './heat-canvas.ts';
import { barsOf } from '../../src/view/chart-layout/bars.ts';
import { heatOf } from '../../src/view/chart-layout/heat.ts';
import { earlier, periodsOf } from '../../src/view/chart-layout/periods.ts';
import { type View, defaultView } from '../../src/view/view.ts';
import { chartQuery, tableQuery } from '../../src/view/chart-layout/chart-query.ts';
import { nextQueries } from '../../src/view/chart-layout/chart-queries.ts';
import { type SankeyColumn, columnQuery, pairQuery } from '../../src/view/chart-layout/sankey-questions.ts';
import { sankeyOf } from '../../src/view/chart-layout/sankey.ts';
import { stackOf } from '../../src/view/chart-layout/stack.ts';

const column = (name: string, kind: AnswerColumn['kind']): AnswerColumn => ({
  name,
  kind,
  type: kind === 'split' ? 'text' : 'number',
  label: name,
  unit: null,
});
const answer = (
  splits: readonly string[],
  rows: readonly (readonly Cell[])[],
  more: Partial<Answer> = {},
): Answer => ({
  columns: [...splits.map((name) => column(name, 'split')), column('flows', 'measure')],
  rows,
  truncated: false,
  other: null,
  hidden: null,
  subtotals: null,
  range: null,
  stats: { ms: 1, rows_scanned: 1, source: 'flow' },
  ...more,
});

const two = answer(
  ['srcaddr', 'dstport'],
  [
    ['a', 80, 6],
    ['a', 22, 2],
    ['b', 22, 3],
  ],
  {
    subtotals: [
      { path: [], values: [16] },
      { path: ['a'], values: [10] },
      { path: ['b'], values: [3] },
    ],
    other: [
      { path: [], groups: 4, values: [3] },
      { path: ['a'], groups: 2, values: [2] },
    ],
  },
);

describe('bars', () => {
  it('are complete: values without a colour are a last part, values beyond the limit a last bar', () => {
    const { bars, legend, most } = barsOf(two, 0, true);
    expect(legend).toEqual([80, 22]);
    expect(most).toBe(10);
    expect(bars.map((bar) => [bar.value, bar.parts.map((part) => part.value)])).toEqual([
      [10, [6, 2, 2]],
      [3, [3]],
      [3, []],
    ]);
    expect(bars[2]?.rest).toEqual({ kind: 'other', groups: 4 });
  });

  it('draw what a limit cut and what conditions hid on the scale of all others, whatever the measure', () => {
    const hidden = { groups: 3, flows: 70, values: [70] };
    const far = answer(['srcaddr'], [['a', 5]], { other: [{ path: [], groups: 9, values: [40] }], hidden });
    for (const adds of [true, false]) {
      const { bars, most } = barsOf(far, 0, adds);
      expect(bars.map((bar) => [bar.rest?.kind ?? 'value', bar.value])).toEqual([
        ['value', 5],
        ['other', 40],
        ['hidden', 70],
      ]);
      expect(most).toBe(70);
    }
  });
});

describe('a heat map', () => {
  it('has the largest columns first; what may have been cut is unknown, the rest is nothing', () => {
    const heat = heatOf(two, 0, null, 10, () => true);
    expect(heat.columns).toEqual([80, 22]);
    expect([...heat.amounts]).toEqual([6, 2, 0, 3]);
    const cut = heatOf(
      answer(
        ['srcaddr', 'dstport'],
        [
          ['a', 80, 6],
          ['b', 22, 3],
        ],
        {
          other: [{ path: ['b'], groups: 1, values: [1] }],
        },
      ),
      0,
      null,
      1,
      () => true,
    );
    expect(cut.columns).toEqual([80]);
    expect([...cut.amounts]).toEqual([6, Number.NaN]);
    expect(cut.left).toBe(1);
  });
});

describe('the ink of a heat map', () => {
  const heat = (amounts: readonly number[]): ReturnType<typeof heatOf> =>
    heatOf(
      answer(
        ['srcaddr', 'dstport'],
        amounts.map((amount, at) => [`row ${Math.floor(at / 10)}`, at % 10, amount]),
      ),
      0,
      null,
      10,
      () => true,
    );
  const inks = (amounts: readonly number[]): readonly number[] => {
    const { amounts: cells, full } = heat(amounts);
    // The largest columns come first: in order, so that they can be compared.
    return [...cells].flatMap((amount) => (amount > 0 ? shadeOf(amount, full) : [])).sort((a, b) => b - a);
  };

  it('is not flattened by a cell that outshines all others', () => {
    const usual = Array.from({ length: 60 }, (_, at) => 20 + at);
    const alone = inks(usual);
    // However far it outshines them, the others look as they do without it.
    for (const outlier of [1e3, 1e6, 1e12]) {
      const [, ...others] = inks([outlier, ...usual]);
      others.forEach((ink, at) => expect(Math.abs(ink - (alone[at] ?? 0))).toBeLessThan(0.05));
      expect(heat([outlier, ...usual])).toMatchObject({ most: outlier, above: 1 });
    }
    expect(heat([500, 10, 12])).toMatchObject({ full: 12, above: 1 });
  });

  it('is proportional where nothing outshines the rest', () => {
    expect(heat([30, 10, 12])).toMatchObject({ full: 30, most: 30, above: 0 });
    expect(heat([7])).toMatchObject({ full: 7, above: 0 });
    // Half of the cells are no few.
    expect(heat([1e6, 1e6, 1e6, 1, 1, 1])).toMatchObject({ full: 1e6, above: 0 });
    expect(heat([])).toMatchObject({ full: 0, most: 0, above: 0 });
  });
});

describe('a sankey', () => {
  const column = (named: Readonly<Record<string, number>>, others: number): SankeyColumn => ({
    named: Object.entries(named).map(([value, amount]) => ({ value, amount })),
    others,
  });

  it('carries the whole through every column, whatever the others name', () => {
    const columns = [column({ a: 6, b: 3 }, 4), column({ x: 8, y: 1 }, 2)];
    const pair = [
      { from: 'a', to: 'x', amount: 4 },
      { from: 'b', to: 'x', amount: 1 },
      { from: 'b', to: 'y', amount: 1 },
    ];
    const { nodes, links, total } = sankeyOf(columns, [pair], 16, 400);
    expect(total).toBe(16);
    for (const level of [0, 1]) {
      const sum = nodes.filter((node) => node.level === level).reduce((all, node) => all + node.amount, 0);
      expect(sum).toBe(16);
    }
    const told = links.map(({ from, to, amount }) => [
      from.rest ? 'rest' : from.value,
      to.rest ? 'rest' : to.value,
      amount,
    ]);
    expect(told).toHaveLength(7);
    expect(told).toEqual(
      expect.arrayContaining([
        ['a', 'x', 4],
        ['a', 'rest', 2],
        ['b', 'x', 1],
        ['b', 'y', 1],
        ['b', 'rest', 1],
        // What comes to x from those that the first column does not name.
        ['rest', 'x', 3],
        ['rest', 'rest', 4],
      ]),
    );
  });

  it('has no rest where a column names all', () => {
    const { nodes } = sankeyOf([column({ a: 5 }, 0), column({ x: 2, y: 3 }, 0)], [[]], 5, 400);
    expect(nodes.filter(({ rest, level }) => rest && level === 0)).toEqual([]);
  });

  it('asks each column of all flows, with as many values as its split says', () => {
    const view: View = {
      ...defaultView('Etc/UTC'),
      visualization: 'sankey',
      splits: ['srcaddr', 'dstport', 'dstaddr'].map((field) => ({
        field,
        bucket: null,
        limit: 20,
        sort: null,
      })),
    };
    const { spec, query } = chartQuery(view, { from: 0, to: 1 });
    expect(query.splits.map(({ field, limit }) => [field, limit])).toEqual([['srcaddr', 20]]);
    const port = columnQuery(view, spec.splits[1]!, 'flows');
    expect(port).toMatchObject({ filter: [], splits: [{ field: 'dstport', limit: 20 }], other: true });
    const pair = pairQuery(
      view,
      [spec.splits[0]!, spec.splits[1]!],
      [
        column({ a: 1, b: 1 }, 0),
        {
          named: [
            { value: 80, amount: 1 },
            { value: null, amount: 1 },
          ],
          others: 3,
        },
      ],
      'flows',
    );
    expect(pair.filter).toEqual([
      { kind: 'in', field: 'srcaddr', values: ['a', 'b'], not: false },
      { kind: 'in', field: 'dstport', values: [80, null], not: false },
    ]);
    expect(pair.splits.map(({ field, limit }) => [field, limit])).toEqual([
      ['srcaddr', 2],
      ['dstport', 2],
    ]);
    // To take elsewhere, it is one query.
    expect(tableQuery(view, { from: 0, to: 1 }).splits).toHaveLength(3);
  });

  it('asks for the bands as soon as the columns are known, between the values that these name', () => {
    const view: View = {
      ...defaultView('Etc/UTC'),
      visualization: 'sankey',
      measures: ['packets', 'flows'],
      splits: ['srcaddr', 'dstport', 'dstaddr'].map((field) => ({
        field,
        bucket: null,
        limit: 2,
        sort: null,
      })),
    };
    const columns = [
      answer(['srcaddr'], [['a', 1, 2]]),
      answer(
        ['dstport'],
        [
          [80, 1],
          [22, 1],
        ],
      ),
      answer(['dstaddr'], [['x', 2]]),
    ];
    const next = nextQueries(view, { from: 0, to: 1 }, columns);
    expect(next.map(({ filter }) => filter)).toEqual([
      [
        { kind: 'in', field: 'srcaddr', values: ['a'], not: false },
        { kind: 'in', field: 'dstport', values: [80, 22], not: false },
      ],
      [
        { kind: 'in', field: 'dstport', values: [80, 22], not: false },
        { kind: 'in', field: 'dstaddr', values: ['x'], not: false },
      ],
    ]);
    expect(nextQueries({ ...view, visualization: 'table' }, { from: 0, to: 1 }, [two])).toEqual([]);
  });
});

describe('a stack', () => {
  it('puts bands on top of each other, and breaks where nothing is known', () => {
    const bucket = (
      value: number | null,
    ): { from: number; to: number; known: 'whole'; value: number | null } => ({
      from: 0,
      to: 1,
      known: 'whole',
      value,
    });
    const lines = [
      { key: 'a', path: [], values: [bucket(1), bucket(null), bucket(null)] },
      { key: 'b', path: [], values: [bucket(2), bucket(3), bucket(null)] },
    ];
    expect(stackOf(lines)).toEqual([
      [[0, 1], [0, 0], null],
      [[1, 3], [0, 3], null],
    ]);
  });
});

describe('two periods', () => {
  it('come apart into two answers', () => {
    const both: Answer = {
      ...answer(
        ['dstport'],
        [
          [80, 5, 3, 2],
          [22, null, 4, null],
        ],
      ),
      columns: [
        column('dstport', 'split'),
        column('flows', 'measure'),
        column('flows_previous', 'previous'),
        column('flows_delta', 'delta'),
      ],
      subtotals: [{ path: [], values: [5, 7, -2] }],
    };
    const { answer: now, before } = periodsOf(both);
    expect(now.rows).toEqual([
      [80, 5],
      [22, null],
    ]);
    expect(before?.rows).toEqual([
      [80, 3],
      [22, 4],
    ]);
    expect(before?.subtotals).toEqual([{ path: [], values: [7] }]);
  });

  it('the other one lies a shift earlier, on the calendar', () => {
    const range = { from: Date.UTC(2026, 2, 30), to: Date.UTC(2026, 2, 31) };
    expect(earlier(range, 'P1D', 'Etc/UTC')).toEqual({
      from: Date.UTC(2026, 2, 29),
      to: Date.UTC(2026, 2, 30),
    });
    // The night before, clocks in Vienna went forward: a day earlier is 23 hours.
    const noon = Date.UTC(2026, 2, 29, 10);
    expect(earlier({ from: noon, to: noon }, 'P1D', 'Europe/Vienna').from).toBe(Date.UTC(2026, 2, 28, 11));
  });
});
