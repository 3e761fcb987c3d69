import { describe, expect, it } from 'vitest';
import { placeInColumn, placeInRow } from './drop-position.ts';

const box = (
  left: number,
  top: number,
  width = 100,
): { left: number; top: number; right: number; bottom: number } => ({
  left,
  top,
  right: left + width,
  bottom: top + 28,
});
const row = [box(0, 0), box(106, 0), box(0, 34)];
const empty = box(0, 0, 500);

describe('where a pointer lands in a row of pills', () => {
  it.each([
    [5, 10, 'before 0'],
    [50, 10, 'over 0'],
    [103, 10, 'before 1'],
    [150, 10, 'over 1'],
    [400, 10, 'before 2'],
    [50, 50, 'over 2'],
    [400, 50, 'before 3'],
  ])('%i, %i: %s', (x, y, expected) => {
    const { place } = placeInRow(row, x, y, true, empty);
    expect(`${place.kind} ${place.index}`).toBe(expected);
  });

  it('only between, where nothing is replaced', () => {
    expect(placeInRow(row, 40, 10, false, empty).place).toEqual({ kind: 'before', index: 0 });
    expect(placeInRow(row, 60, 10, false, empty).place).toEqual({ kind: 'before', index: 1 });
    expect(placeInRow([], 60, 10, true, empty).place).toEqual({ kind: 'before', index: 0 });
  });
});

describe('where a pointer lands in a column', () => {
  it('by the middles', () => {
    const column = [box(0, 0), box(0, 34)];
    expect(placeInColumn(column, 5, empty).place.index).toBe(0);
    expect(placeInColumn(column, 20, empty).place.index).toBe(1);
    expect(placeInColumn(column, 200, empty).place.index).toBe(2);
    expect(placeInColumn([], 200, empty).place.index).toBe(0);
  });
});
