import { expect, test } from 'vitest';
import { MOST_ROWS } from './fetch-rows.ts';
import { neverInDruid, tooManyFlows, unsupportedInDruid } from './unsupported.ts';

test('what reads each flow is done up to a number of flows, and refused with the reason beyond', () => {
  expect(unsupportedInDruid(MOST_ROWS)).toEqual(neverInDruid);
  const many = unsupportedInDruid(MOST_ROWS + 1);
  expect(many).toMatchObject(neverInDruid);
  for (const operation of ['knocks', 'explain', 'sql'] as const)
    expect(many[operation]).toMatch(/^Druid’s flows .* up to 3,000,000 of them; this store has 3,000,001/);
  expect(tooManyFlows(0)).toBeNull();
});
