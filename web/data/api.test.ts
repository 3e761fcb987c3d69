import { afterEach, expect, test, vi } from 'vitest';
import { getJsonWithin } from './api.ts';
import { isUnreached } from './request-problem.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A server that takes the request and says nothing. */
const silent = (_: string, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

test('a server that says nothing for so long counts as not to be reached', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', silent);
  const error = getJsonWithin('/api/v1/schema', new AbortController().signal, 30_000).catch(
    (reason: unknown) => reason,
  );
  await vi.advanceTimersByTimeAsync(29_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(isUnreached(await error)).toBe(true);
});

test('a request that is given up ends as that, and an answer in time comes', async () => {
  vi.stubGlobal('fetch', silent);
  const given = new AbortController();
  const error = getJsonWithin('/api/v1/schema', given.signal, 30_000).catch((reason: unknown) => reason);
  given.abort(new Error('left'));
  expect(await error).toEqual(new Error('left'));
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ answer: 1 })));
  expect(await getJsonWithin('/api/v1/schema', new AbortController().signal, 30_000)).toEqual({ answer: 1 });
});
