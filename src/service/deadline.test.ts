import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { abortReason } from '../model/errors.ts';
import { Deadline } from './deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('counts from the moment of asking, and not while it is paused', () => {
  const deadline = new Deadline(1_000);
  vi.advanceTimersByTime(600);
  deadline.pause();
  vi.advanceTimersByTime(10_000);
  expect(Math.round(deadline.leftMs)).toBe(400);
  deadline.resume();
  vi.advanceTimersByTime(399);
  expect(deadline.signal.aborted).toBe(false);
  vi.advanceTimersByTime(2);
  expect(abortReason(deadline.signal).code).toBe('timeout');
});

test('holds anew for each part of an answer', () => {
  const deadline = new Deadline(1_000);
  for (let part = 0; part < 5; part++) {
    vi.advanceTimersByTime(900);
    deadline.restart();
  }
  expect(deadline.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1_001);
  expect(deadline.signal.aborted).toBe(true);
});

test('is cancelled with the one who asked; ended, it aborts nothing', async () => {
  const asker = new AbortController();
  const [deadline, ended] = [new Deadline(null, asker.signal), new Deadline(10, asker.signal)];
  ended.end();
  const work = deadline.race(new Promise(() => undefined));
  asker.abort();
  vi.advanceTimersByTime(100);
  await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  expect(ended.signal.aborted).toBe(false);
  expect(new Deadline(10, asker.signal).signal.aborted).toBe(true);
});
