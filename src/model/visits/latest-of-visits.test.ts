import { expect, test } from 'vitest';
import { visitLine } from '../../../test/support/visit-lines.ts';
import { latestOfVisits, OPEN_AT_END } from './latest-of-visits.ts';
import { parseVisit, type VisitRecord } from './parse-visit.ts';

const record = (number: number, changes: object): VisitRecord => {
  const line = visitLine({
    listener: '0123456789abcdef',
    number,
    at: 1_769_860_800_000,
    source: '192.0.2.1',
  });
  const parsed = parseVisit(JSON.stringify({ ...(JSON.parse(line) as object), ...changes }));
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
};

test('the end of a visit takes the place of its beginning, in either order, and more bytes that of fewer', () => {
  const [begun, more, ended, again] = [
    record(1, { ended: 'open', bytes: 0 }),
    record(1, { ended: 'open', bytes: 9 }),
    record(1, { ended: 'timed_out', bytes: 9 }),
    record(1, { ended: 'peer_reset', bytes: 20 }),
  ];
  const other = record(2, {});
  expect(latestOfVisits([begun, other, more])).toEqual([more, other]);
  expect(latestOfVisits([more, begun])).toEqual([more]);
  expect(latestOfVisits([begun, ended, more])).toEqual([ended]);
  expect(latestOfVisits([ended, again])).toEqual([ended]);
});

test('how its JSON ends tells that a visit is open, whatever a stranger wrote', () => {
  expect(JSON.stringify(record(1, { ended: 'open' })).endsWith(OPEN_AT_END)).toBe(true);
  const forged = record(1, { ended: 'timed_out', preview: OPEN_AT_END, details: { ended: 'open' } });
  expect(JSON.stringify(forged).endsWith(OPEN_AT_END)).toBe(false);
});
