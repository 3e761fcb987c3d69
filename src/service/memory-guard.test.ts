import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryGuard } from './memory-guard.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('stops the newest statement, one after the other, and only while too much is taken', () => {
  let used = 100;
  const guard = new MemoryGuard(1_000, () => used);
  const stopped: string[] = [];
  const end = guard.watch(({ code }) => stopped.push(`old ${code}`));
  guard.watch(() => stopped.push('new'));
  vi.advanceTimersByTime(1_000);
  used = 2_000;
  vi.advanceTimersByTime(100);
  used = 100;
  vi.advanceTimersByTime(1_000);
  expect(stopped).toEqual([]);
  used = 2_000;
  vi.advanceTimersByTime(200);
  expect(stopped).toEqual(['new']);
  vi.advanceTimersByTime(200);
  expect(stopped).toEqual(['new', 'old out_of_memory']);
  expect(vi.getTimerCount()).toBe(0);
  end();
});
