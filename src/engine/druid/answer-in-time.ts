import { setTimeout as sleep } from 'node:timers/promises';

/** What `work` gives. Throws after so many milliseconds without it; `work` itself goes on. */
export async function answerInTime<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const waiting = new AbortController();
  try {
    return await Promise.race([
      work(),
      sleep(milliseconds, undefined, { signal: waiting.signal }).then(() => {
        throw new Error('it does not answer');
      }),
    ]);
  } finally {
    waiting.abort();
  }
}
