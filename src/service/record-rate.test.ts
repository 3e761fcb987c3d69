import { expect, test } from 'vitest';
import { RecordRate } from './record-rate.ts';

test('a rate is that of the last minute', () => {
  let now = 0;
  const rate = new RecordRate(() => now);
  expect(rate.perSecond).toBe(0);
  for (let second = 1; second <= 300; second++) {
    now = second * 1000;
    rate.note(second * 50);
  }
  expect(rate.perSecond).toBeCloseTo(50, 0);
  now += 30_000;
  expect(rate.perSecond).toBeCloseTo(25, 0);
  now += 60_000;
  expect(rate.perSecond).toBe(0);
});

test('a burst at the beginning is no wild number', () => {
  let now = 0;
  const rate = new RecordRate(() => now);
  now = 1;
  rate.note(1000);
  expect(rate.perSecond).toBe(100);
});
