import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { formatTable, TableText } from './print-rows.ts';

const columns = (...names: readonly string[]) => names.map((name) => ({ name }));
const linesOf = (text: string): readonly string[] => stripVTControlCharacters(text).split('\n');

test('aligns numbers right and text left, and prints null as a dash', () => {
  const text = formatTable({
    columns: columns('port', 'name', 'note'),
    rows: [
      [443, 'https', null],
      [null, null, 'x'],
      [5, 'rje', 'long note'],
    ],
  });
  expect(linesOf(text)).toEqual([
    'port  name   note',
    '────  ─────  ─────────',
    ' 443  https  –',
    '   –  –      x',
    '   5  rje    long note',
    '3 rows',
    '',
  ]);
});

test('prints a header without rows, and aligns the rows of all batches', () => {
  expect(linesOf(formatTable({ columns: columns('a', 'b'), rows: [] }))).toEqual([
    'a  b',
    '─  ─',
    '0 rows',
    '',
  ]);
  const table = new TableText(columns('n', 'text'));
  const parts = table.rows([[10, 'x']]) + table.rows([[1000, 'y']]) + table.end();
  expect(linesOf(parts)).toEqual([' n  text', '──  ────', '10  x', '1000  y', '2 rows', '']);
});

test('a column of numbers and text is text; objects are JSON, large numbers exact', () => {
  const text = formatTable({
    columns: columns('mixed', 'object', 'big'),
    rows: [
      [1, { a: [1] }, '18446744073709551615'],
      ['two', true, '1'],
    ],
  });
  expect(linesOf(text).slice(2, 4)).toEqual([
    '1      {"a":[1]}  18446744073709551615',
    'two    true       1',
  ]);
});

test("text from logs and queries can't move the cursor or start a line", () => {
  const text = formatTable({ columns: columns('\u001b[2Jname'), rows: [['a\r\nb\u001b]0;title\u0007']] });
  const lines = text.split('\n');
  expect(lines).toHaveLength(5);
  for (const sign of ['\u001b[2J', '\u001b]', '\u0007', '\r']) expect(text).not.toContain(sign);
});
