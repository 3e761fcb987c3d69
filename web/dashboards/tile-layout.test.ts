import { expect, test } from 'vitest';
import { bottomOf, moveTile, resizeTile } from './tile-layout.ts';

const tiles = [
  { id: 'a', x: 0, y: 0, w: 6, h: 2 },
  { id: 'b', x: 6, y: 0, w: 6, h: 2 },
  { id: 'c', x: 0, y: 2, w: 12, h: 3 },
];
const placesOf = (given: readonly (typeof tiles)[number][]): object =>
  Object.fromEntries(given.map(({ id, x, y, w, h }) => [id, [x, y, w, h]]));

test('a tile moves over the one above or below, and the others make room', () => {
  expect(placesOf(moveTile(tiles, 'c', 'up'))).toEqual({
    a: [0, 3, 6, 2],
    b: [6, 3, 6, 2],
    c: [0, 0, 12, 3],
  });
  expect(placesOf(moveTile(tiles, 'a', 'down'))).toEqual({
    a: [0, 5, 6, 2],
    b: [6, 0, 6, 2],
    c: [0, 2, 12, 3],
  });
  expect(moveTile(tiles, 'a', 'up')).toEqual(tiles);
});

test('a tile that moves aside pushes others down, and stays in the grid', () => {
  expect(placesOf(moveTile(tiles, 'a', 'right'))).toEqual({
    a: [1, 0, 6, 2],
    b: [6, 2, 6, 2],
    c: [0, 4, 12, 3],
  });
  expect(moveTile(tiles, 'a', 'left')).toEqual(tiles);
  expect(moveTile(tiles, 'b', 'right')).toEqual(tiles);
});

test('a tile is resized within the grid', () => {
  expect(placesOf(resizeTile(tiles, 'a', 'down'))).toEqual({
    a: [0, 0, 6, 3],
    b: [6, 0, 6, 2],
    c: [0, 3, 12, 3],
  });
  expect(resizeTile(tiles, 'c', 'right')).toEqual(tiles);
  expect(bottomOf(tiles)).toBe(5);
});
