import { describe, expect, test } from 'vitest';
import type { Answer } from '../model/query/answer.ts';
import { AnswerCache } from './answer-cache.ts';
import { SharedUrgency } from './shared-urgency.ts';

function answerOf(value: number, rows = 1): Answer {
  return {
    columns: [{ name: 'flows', kind: 'measure', type: 'number', label: 'Flows', unit: 'count' }],
    rows: Array.from({ length: rows }, () => [value]),
    truncated: false,
    other: null,
    hidden: null,
    subtotals: null,
    range: null,
    stats: { ms: 1000, rows_scanned: 1, source: 'flow' },
  };
}

/** Work that ends when the test says so, and knows whether it was stopped. */
function held(): {
  work: (signal: AbortSignal) => Promise<Answer>;
  finish: (answer: Answer) => void;
  stopped: () => boolean;
  runs: () => number;
} {
  let signal: AbortSignal | null = null;
  let runs = 0;
  let finish: (answer: Answer) => void = () => undefined;
  return {
    work: (given) => {
      signal = given;
      runs++;
      return new Promise((resolve, reject) => {
        finish = resolve;
        given.addEventListener('abort', () => reject(new Error('stopped')));
      });
    },
    finish: (answer) => finish(answer),
    stopped: () => signal?.aborted === true,
    runs: () => runs,
  };
}

describe('the cache of answers', () => {
  test('works a question out once, while it is asked and after', async () => {
    const cache = new AnswerCache<Answer>(({ rows, columns }) => rows.length * columns.length);
    const { work, finish, runs } = held();
    const both = Promise.all([cache.get('a', null, undefined, work), cache.get('a', null, undefined, work)]);
    finish(answerOf(7));
    expect((await both).map(({ rows }) => rows)).toEqual([[[7]], [[7]]]);
    const again = await cache.get('a', null, undefined, work);
    expect(again.rows).toEqual([[7]]);
    expect(again.stats.ms).toBeLessThan(100);
    expect(runs()).toBe(1);
  });

  test('is as urgent as it is to any of those who wait', async () => {
    const cache = new AnswerCache<Answer>(() => 1);
    const { work, finish } = held();
    const ranks: number[] = [];
    let now: SharedUrgency | null = null;
    const watched = (signal: AbortSignal, urgency: SharedUrgency): Promise<Answer> => {
      now = urgency;
      urgency.onRaise(() => ranks.push(urgency.rank));
      return work(signal);
    };
    const asker = new SharedUrgency('count');
    const first = cache.get('a', null, undefined, watched, asker);
    const rank = (): number | undefined => now?.rank;
    expect(rank()).toBe(asker.rank);
    const second = cache.get('a', null, undefined, watched, new SharedUrgency('list'));
    asker.follow(new SharedUrgency('chart'));
    expect(ranks).toEqual([new SharedUrgency('list').rank, 0]);
    finish(answerOf(1));
    await Promise.all([first, second]);
  });

  test('stops the work once nobody waits, and not before', async () => {
    const cache = new AnswerCache<Answer>(({ rows, columns }) => rows.length * columns.length);
    const { work, stopped } = held();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = cache.get('a', null, one.signal, work);
    const second = cache.get('a', null, two.signal, work);
    one.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(stopped()).toBe(false);
    two.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(stopped()).toBe(true);
  });

  test('forgets what failed', async () => {
    const cache = new AnswerCache<Answer>(({ rows, columns }) => rows.length * columns.length);
    await expect(cache.get('a', null, undefined, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect((await cache.get('a', null, undefined, async () => answerOf(1))).rows).toEqual([[1]]);
  });

  test('keeps no more than its room: the longest unused go first', async () => {
    const cache = new AnswerCache<Answer>(({ rows, columns }) => rows.length * columns.length);
    let runs = 0;
    const ask = (key: string): Promise<Answer> =>
      cache.get(key, null, undefined, async () => {
        runs++;
        return answerOf(1, 700_000);
      });
    for (const key of ['a', 'b', 'a', 'c']) await ask(key);
    expect(runs).toBe(3);
    await ask('a');
    expect(runs).toBe(3);
    await ask('b');
    expect(runs).toBe(4);
  });
});
