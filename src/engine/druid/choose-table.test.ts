import { expect, test } from 'vitest';
import { tableFor } from './choose-table.ts';
import type { StoredFlows } from './stored-flows.ts';

const HOUR = 3600;
const FIRST = 424_848;
const START = FIRST * HOUR;
const stored: StoredFlows = {
  datasource: 'flows',
  rollup: 'flows_hour',
  columns: new Set(),
  range: { first: START + 60, last: START + 4 * HOUR + 1800, newest: START + 4 * HOUR + 1800 },
  flows: 50,
  hours: new Map([0, 1, 2, 3, 4].map((hour) => [FIRST + hour, 10])),
  seen: { hidden: [], later: { after: 'b', before: 'b~' }, cuts: [] },
};

/** @param between seconds after the first hour */
function source(
  between: readonly [number, number] | null,
  more: Partial<Parameters<typeof tableFor>[0]> = {},
): readonly unknown[] {
  const ranges =
    between === null ? null : [{ from: (START + between[0]) * 1000, to: (START + between[1]) * 1000 }];
  const { kind, from, conditions } = tableFor(
    { each: false, fits: true, grain: { seconds: HOUR, cuts: [] }, ranges, ...more },
    stored,
  );
  const hours = [...conditions.join().matchAll(/>= TIMESTAMP '[^ ]+ (\d\d):00/g)].map(([, hour]) =>
    Number(hour),
  );
  return [kind, from, ...new Set(hours)];
}

test('whole hours are read from the rollup, with hours that are cut from the flows', () => {
  expect(source(null)).toEqual(['hours', '"flows_hour"']);
  expect(source([HOUR, 3 * HOUR])).toEqual(['hours', '"flows_hour"']);
  // Nothing starts after the last flow.
  expect(source([0, 4 * HOUR + 1801])).toEqual(['hours', '"flows_hour"']);
  const mixed = `TABLE(APPEND('flows', 'flows_hour')) AS "f"`;
  expect(source([10, 4 * HOUR])).toEqual(['mixed', mixed, 0]);
  expect(source([HOUR + 1, 4 * HOUR + 2])).toEqual(['mixed', mixed, 1, 4]);
  // What else tells starts apart.
  expect(source(null, { grain: { seconds: 0, cuts: [START + 2 * HOUR + 5] } })).toEqual(['mixed', mixed, 2]);
  expect(source([0, HOUR], { grain: { seconds: 0, cuts: [START + 2 * HOUR + 5] } })[0]).toBe('hours');
  // Nothing is left that is whole.
  expect(source([HOUR + 1, 2 * HOUR])).toEqual(['flows', '"flows"']);
  expect(source([HOUR + 1, 2 * HOUR + 2])).toEqual(['flows', '"flows"']);
});

test('the flows are read for all that the rollup does not have', () => {
  const flows = ['flows', '"flows"'];
  expect(source(null, { fits: false })).toEqual(flows);
  expect(source(null, { each: true })).toEqual(flows);
  expect(source(null, { ends: true })).toEqual(flows);
  expect(source(null, { grain: { seconds: 900, cuts: [] } })).toEqual(flows);
  expect(source(null, { grain: { seconds: 7200, cuts: [] } })[0]).toBe('hours');
  expect(source(null, { grain: null })[0]).toBe('hours');
  expect(tableFor({ each: false, fits: true, grain: null, ranges: null }, { ...stored, rollup: null }).kind).toBe('flows');
}); // prettier-ignore
