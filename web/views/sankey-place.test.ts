import { describe, expect, it } from 'vitest';
import { BAR, sankeyPlace } from './sankey-place.ts';

/** The edges of what a level's names may take. */
function span(
  place: ReturnType<typeof sankeyPlace>,
  level: number,
  width: number,
): readonly [number, number] {
  const { left, right, maxWidth } = place.nameAt(level);
  return left === undefined
    ? [width - (right ?? 0) - maxWidth, width - (right ?? 0)]
    : [left, left + maxWidth];
}

describe('the places of a sankey', () => {
  it.each([
    [970, [120, 60, 190]],
    [700, [300, 300]],
    [358, [120, 60, 190]],
    [358, [120, 60, 190, 90]],
    [320, [400, 400]],
  ])('%i pixels, names of %j: all within the picture, none over another', (width, names) => {
    const place = sankeyPlace(width, names);
    const last = names.length - 1;
    expect(place.x(last) + BAR).toBeLessThanOrEqual(width);
    const spans = names.map((_, level) => span(place, level, width));
    for (const [left, right] of spans) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(width);
      expect(right - left).toBeGreaterThan(20);
    }
    for (let level = 0; level < last; level++)
      expect(spans[level]?.[1]).toBeLessThanOrEqual(spans[level + 1]?.[0] ?? 0);
  });

  it('gives names what they need, as long as the bands keep most of the room', () => {
    const place = sankeyPlace(970, [120, 60, 190]);
    expect(place.nameAt(0).maxWidth).toBe(120);
    expect(place.nameAt(2).maxWidth).toBe(190);
    expect(sankeyPlace(970, [900, 60, 900]).x(0)).toBeLessThan(970 * 0.3);
  });
});
