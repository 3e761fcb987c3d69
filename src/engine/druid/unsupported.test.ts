import { expect, test } from 'vitest';
import { MOST_ROWS } from './fetch-rows.ts';
import { neverInDruid, tooManyFlows, unsupportedInDruid } from './unsupported.ts';

test('features that read each flow work up to a number of flows, and are refused with the reason above it', () => {
  expect(unsupportedInDruid(MOST_ROWS)).toEqual(neverInDruid);
  const many = unsupportedInDruid(MOST_ROWS + 1);
  expect(many).toMatchObject(neverInDruid);
  for (const operation of ['knocks', 'explain', 'sql'] as const)
    expect(many[operation]).toMatch(/^Druid’s flows .* up to 3,000,000 of them; this store has 3,000,001/);
  expect(tooManyFlows(0)).toBeNull();
});
