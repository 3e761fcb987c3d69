import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Answer } from '../model/query/answer.ts';
import { formatAnswer } from './print-answer.ts';

const column = (name: string, kind: 'split' | 'measure'): Answer['columns'][number] => ({
  name,
  kind,
  type: 'number',
  label: name,
  unit: null,
});

const plain: Answer = {
  columns: [column('dstport', 'split'), column('protocol', 'split'), column('bytes', 'measure')],
  rows: [
    [80, 6, 500],
    [443, 6, 100],
  ],
  truncated: false,
  other: null,
  hidden: null,
  subtotals: null,
  range: null,
  stats: { ms: 1, rows_scanned: 2, source: 'flow' },
};

const linesOf = (answer: Answer): readonly string[] =>
  stripVTControlCharacters(formatAnswer(answer)).split('\n');
const ROWS = [
  'dstport  protocol  bytes',
  '───────  ────────  ─────',
  '     80         6    500',
  '    443         6    100',
  '2 rows',
];

test('prints the rows alone where nothing was left out', () => {
  expect(linesOf(plain)).toEqual([...ROWS, '']);
});

test('says that limits left something out where nobody asked how much', () => {
  const line = '! Limits left more out: "other": true in the query says how much.';
  expect(linesOf({ ...plain, truncated: true })).toEqual([...ROWS, line, '']);
});

test('prints what limits cut at each level, what having hid, and subtotals', () => {
  const all: Answer = {
    ...plain,
    truncated: true,
    other: [
      { path: [], groups: 1200, values: [7760] },
      { path: [80], groups: 1, values: [3] },
    ],
    hidden: { groups: 4, flows: 31, values: [12] },
    subtotals: [
      { path: [], values: [8363] },
      { path: [80], values: [503] },
    ],
  };
  expect(linesOf(all)).toEqual([
    ...ROWS,
    '',
    'Left out by limits',
    'dstport  protocol  groups  bytes',
    '───────  ────────  ──────  ─────',
    'others               1200   7760',
    '80       others         1      3',
    '2 rows',
    '',
    'Hidden by having',
    'groups  flows  bytes',
    '──────  ─────  ─────',
    '     4     31     12',
    '1 row',
    '',
    'Subtotals',
    'dstport  protocol  bytes',
    '───────  ────────  ─────',
    'all                 8363',
    '80       all         503',
    '2 rows',
    '',
  ]);
});
