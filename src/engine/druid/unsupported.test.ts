import { expect, test } from 'vitest';
import { MOST_ROWS } from './fetch-rows.ts';
import { neverInDruid, tooManyFlows, unsupportedInDruid } from './unsupported.ts';

test('SQL reads each flow: it works up to a number of flows, and is refused with the reason above it', () => {
  expect(unsupportedInDruid(MOST_ROWS)).toEqual(neverInDruid);
  const { sql, ...others } = unsupportedInDruid(MOST_ROWS + 1);
  expect(others).toEqual(neverInDruid);
  expect(sql).toMatch(/^Druid’s flows .* up to 3,000,000 of them; this store has 3,000,001/);
  expect(tooManyFlows(0)).toBeNull();
});
