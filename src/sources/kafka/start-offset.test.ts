import { expect, test } from 'vitest';
import { startOf } from './start-offset.ts';

const nothing = { stored: null, committed: null, earliest: 0, end: 100, otherTopic: false };

test('the store says where to begin, else the group, else it is the first message', () => {
  expect(startOf({ ...nothing, stored: 7, committed: 50 })).toEqual({ offset: 7, lost: null, anew: false });
  expect(startOf({ ...nothing, committed: 50 })).toEqual({ offset: 50, lost: null, anew: false });
  expect(startOf({ ...nothing, earliest: 5 })).toEqual({ offset: 5, lost: null, anew: false });
  expect(startOf({ ...nothing, stored: 100 })).toEqual({ offset: 100, lost: null, anew: false });
});

test('what was removed before it was read is told, to the last offset', () => {
  const lost = { offset: 20, lost: { from: 7, to: 19 }, anew: false };
  expect(startOf({ ...nothing, stored: 7, earliest: 20 })).toEqual(lost);
  expect(startOf({ ...nothing, committed: 7, earliest: 20 })).toEqual(lost);
  expect(startOf({ ...nothing, stored: 20, earliest: 20 }).lost).toBeNull();
});

test('a topic that was made anew is read from its first message', () => {
  const anew = { offset: 3, lost: null, anew: true };
  expect(startOf({ ...nothing, stored: 101, earliest: 3 })).toEqual(anew);
  expect(startOf({ ...nothing, stored: 50, earliest: 3, otherTopic: true })).toEqual(anew);
  // The store had nothing of this partition.
  expect(startOf({ ...nothing, committed: 50, otherTopic: true }).offset).toBe(50);
});
