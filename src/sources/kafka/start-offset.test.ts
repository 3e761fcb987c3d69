import { expect, test } from 'vitest';
import { startOf } from './start-offset.ts';

const nothing = { stored: null, committed: null, earliest: 0, end: 100, otherTopic: false };

test('reading starts at the offset of the store, else of the group, else at the first message', () => {
  expect(startOf({ ...nothing, stored: 7, committed: 50 })).toEqual({ offset: 7, lost: null, anew: null });
  expect(startOf({ ...nothing, committed: 50 })).toEqual({ offset: 50, lost: null, anew: null });
  expect(startOf({ ...nothing, earliest: 5 })).toEqual({ offset: 5, lost: null, anew: null });
  expect(startOf({ ...nothing, stored: 100 })).toEqual({ offset: 100, lost: null, anew: null });
});

test('the range of offsets that were removed before they were read is reported', () => {
  const lost = { offset: 20, lost: { from: 7, to: 19 }, anew: null };
  expect(startOf({ ...nothing, stored: 7, earliest: 20 })).toEqual(lost);
  expect(startOf({ ...nothing, committed: 7, earliest: 20 })).toEqual(lost);
  expect(startOf({ ...nothing, stored: 20, earliest: 20 }).lost).toBeNull();
});

test('a topic that was recreated is read from its first message, and the cause is reported', () => {
  const anew = (cause: string) => ({ offset: 3, lost: null, anew: expect.stringContaining(cause) as string });
  expect(startOf({ ...nothing, stored: 101, earliest: 3 })).toEqual(
    anew('The store is at offset 101, but the messages end at 100'),
  );
  expect(startOf({ ...nothing, committed: 101, earliest: 3 })).toEqual(
    anew('The consumer group is at offset 101, but the messages end at 100'),
  );
  // The new topic may be longer or shorter: its id tells.
  for (const stored of [50, 101])
    expect(startOf({ ...nothing, stored, earliest: 3, otherTopic: true })).toEqual(
      anew(`up to offset ${stored}: it has another id`),
    );
  // The store had no offset of this partition.
  expect(startOf({ ...nothing, committed: 50, otherTopic: true }).offset).toBe(50);
});
