import { expect, test } from 'vitest';
import { parseDocument } from '../document/parse-document.ts';

const place = { id: 'a', x: 0, y: 0, w: 6, h: 4 };
const text = { ...place, kind: 'text', text: '# Title' };
const parse = (json: object): unknown => parseDocument('dashboards', { name: 'Ours', ...json });

test('what a dashboard leaves out is filled in', () => {
  expect(parse({})).toEqual({ name: 'Ours', description: '', link: '?v=1', variables: [], tiles: [] });
  const list = { ...place, kind: 'list', link: '?v=1', field: 'srcaddr' };
  expect(parse({ variables: [{ field: 'action' }] })).toMatchObject({ variables: [{ label: '' }] });
  expect(parse({ tiles: [list] })).toMatchObject({ tiles: [{ title: '', limit: 10 }] });
});

test.each([
  ['tiles[0].kind', { tiles: [{ ...place, kind: 'pie' }] }],
  ['tiles[0].link', { tiles: [{ ...text, link: '?v=1' }] }],
  ['tiles[0].link', { tiles: [{ ...place, kind: 'view', link: 'v=1' }] }],
  ['tiles[0].x', { tiles: [{ ...text, x: 12 }] }],
  ['tiles[0].h', { tiles: [{ ...text, h: 1.5 }] }],
  ['tiles[0].id', { tiles: [{ ...text, id: '../x' }] }],
  ['tiles[0].field', { tiles: [{ ...place, kind: 'list', link: '?', field: 'time' }] }],
  ['tiles[0].kinds[0]', { tiles: [{ ...place, kind: 'findings', kinds: ['rain'] }] }],
  ['variables[0].field', { variables: [{ field: 'nothing' }] }],
  ['variables[0].label', { variables: [{ field: 'action', label: 7 }] }],
  ['name', { name: ' ' }],
])('a wrong %s is refused with its place', (path, json) => {
  expect(() => parse(json)).toThrow(path);
});

test('a tile that sticks out of the grid, or has the id of another, can’t be', () => {
  expect(() => parse({ tiles: [{ ...text, x: 7 }] })).toThrow('tiles[0].w: x and w are 13');
  expect(() => parse({ tiles: [text, { ...text, y: 4 }] })).toThrow('tiles[1].id: another tile');
});
