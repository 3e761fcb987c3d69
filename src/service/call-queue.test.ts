import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Urgency } from '../model/query/urgency.ts';
import { CallQueue, LONG_CALL, MOST_PATIENCE, queueLimits, type Work } from './call-queue.ts';
import { SharedUrgency } from './shared-urgency.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = { short: 2, long: 1, all: 3, background: 1, waiting: 4 };
const { signal: never } = new AbortController();
setMaxListeners(0, never);

interface Entered {
  readonly name: string;
  readonly leave: () => void;
}

/** Who has been let in, in order. */
function observed(queue: CallQueue): {
  readonly names: () => readonly string[];
  readonly enter: (
    name: string,
    work?: Partial<Work>,
    leftMs?: number,
    signal?: AbortSignal,
  ) => Promise<void>;
  readonly leave: (name: string) => Promise<void>;
} {
  const entered: Entered[] = [];
  return {
    names: () => entered.map(({ name }) => name),
    enter: async (name, work = {}, leftMs = Infinity, signal = never) => {
      const leave = await queue.enter({ client: name, guessMs: 10, ...work }, leftMs, signal);
      entered.push({ name, leave });
    },
    leave: async (name) => {
      entered.find((one) => one.name === name)?.leave();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

const LONG = { guessMs: 60_000 };

test('long calls never take the places of short ones', async () => {
  const { enter, names, leave } = observed(new CallQueue(limits));
  for (const name of ['long 1', 'long 2']) void enter(name, LONG);
  for (const name of ['short 1', 'short 2', 'short 3']) void enter(name);
  await vi.advanceTimersByTimeAsync(0);
  expect(names()).toEqual(['long 1', 'short 1', 'short 2']);
  await leave('short 2');
  expect(names()).toEqual(['long 1', 'short 1', 'short 2', 'short 3']);
  await leave('long 1');
  expect(names().at(-1)).toBe('long 2');
});

test('a call that turns out to be long makes room for a short one', async () => {
  const { enter, names } = observed(new CallQueue({ ...limits, all: 4 }));
  for (const name of ['a', 'b', 'c']) void enter(name);
  await vi.advanceTimersByTimeAsync(0);
  expect(names()).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(names()).toEqual(['a', 'b', 'c']);
});

test('short ones first, clients in turns, and whoever has waited long before who is short', async () => {
  const { enter, names, leave } = observed(new CallQueue({ ...limits, short: 1, all: 1 }));
  void enter('first', { client: 'one' });
  await vi.advanceTimersByTimeAsync(0);
  void enter('large', { client: 'two', guessMs: 500 });
  void enter('small', { client: 'three', guessMs: 5 });
  await leave('first');
  expect(names()).toEqual(['first', 'small']);
  await vi.advanceTimersByTimeAsync(900);
  void enter('smaller', { client: 'four', guessMs: 1 });
  await leave('small');
  expect(names()).toEqual(['first', 'small', 'large']);
});

test('a client with calls at work waits for others', async () => {
  const { enter, names, leave } = observed(new CallQueue(limits));
  void enter('busy 1', { client: 'busy' });
  void enter('other', { client: 'other' });
  await vi.advanceTimersByTimeAsync(0);
  void enter('busy 2', { client: 'busy', guessMs: 1 });
  void enter('new', { client: 'new', guessMs: 100 });
  await leave('other');
  expect(names()).toEqual(['busy 1', 'other', 'new']);
});

test('refuses at once what can’t be begun in time, and says when to come again', async () => {
  const { enter } = observed(new CallQueue({ ...limits, waiting: 2 }));
  void enter('long', LONG);
  const late = enter('late', LONG, 1_000);
  await expect(late).rejects.toMatchObject({ code: 'busy', details: { retry_after: 2 } });
  void enter('waits 1', LONG);
  void enter('waits 2', LONG);
  await expect(enter('too many', LONG)).rejects.toMatchObject({ code: 'busy' });
  void enter('goes on', { ...LONG, before: 'resumed' });
});

test('a call that yields comes after waiting ones, and before later ones', async () => {
  const { enter, names, leave } = observed(new CallQueue(limits));
  void enter('stream', { guessMs: 2_000 });
  await vi.advanceTimersByTimeAsync(0);
  void enter('waits', { guessMs: 90_000 });
  await leave('stream');
  void enter('stream again', { guessMs: 2_000, before: 'yielded' });
  void enter('later', { guessMs: 91_000 });
  await leave('waits');
  expect(names()).toEqual(['stream', 'waits', 'stream again']);
});

test('an aborted call leaves the queue', async () => {
  const { enter, names, leave } = observed(new CallQueue(limits));
  const gone = new AbortController();
  void enter('long 1', LONG);
  const waiting = enter('gone', LONG, Infinity, gone.signal);
  void enter('long 2', LONG);
  gone.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await leave('long 1');
  expect(names()).toEqual(['long 1', 'long 2']);
});

describe('calls with a lower priority', () => {
  const asked = (urgency: Urgency, client = 'one'): Partial<Work> => ({
    client,
    urgency: new SharedUrgency(urgency),
  });
  const one = { ...limits, short: 2, all: 2 };
  const rest = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  test('comes after what is more urgent, whenever it was asked', async () => {
    const { enter, names, leave } = observed(new CallQueue({ ...one, short: 1 }));
    void enter('chart', asked('chart'));
    await rest();
    for (const urgency of ['count', 'list', 'totals', 'chart'] as const)
      void enter(`next ${urgency}`, asked(urgency, urgency));
    for (const name of ['chart', 'next chart', 'next totals', 'next list']) await leave(name);
    expect(names()).toEqual(['chart', 'next chart', 'next totals', 'next list', 'next count']);
  });

  test('waits while anybody’s chart is at work, even with places left, and takes none of the last ones', async () => {
    const { enter, names, leave } = observed(new CallQueue(limits));
    void enter('chart', asked('chart'));
    void enter('list of another', asked('list', 'two'));
    void enter('count of another', asked('count', 'three'));
    await rest();
    expect(names()).toEqual(['chart']);
    await leave('chart');
    expect(names()).toEqual(['chart', 'list of another']);
    await leave('list of another');
    expect(names().at(-1)).toBe('count of another');
  });

  test('makes way for anybody’s chart, once; totals only for a chart of the same viewer', async () => {
    const { enter } = observed(new CallQueue({ ...limits, short: 4, all: 8 }));
    const ways: string[] = [];
    const makeWay = (name: string) => ({ makeWay: () => void ways.push(name) });
    void enter('count', { ...asked('count'), ...makeWay('count') });
    await rest();
    void enter('totals', { ...asked('totals', 'two'), ...makeWay('totals') });
    await rest();
    expect(ways).toEqual(['count']);
    void enter('chart', asked('chart', 'three'));
    await rest();
    expect(ways).toEqual(['count']);
    void enter('chart of the same', asked('chart', 'two'));
    await rest();
    expect(ways).toEqual(['count', 'totals']);
  });

  test('begins in the end, and then is not interrupted, though there is always something more urgent', async () => {
    const { enter, names, leave } = observed(new CallQueue(limits));
    let ways = 0;
    void enter('chart 0', asked('chart'));
    await rest();
    void enter('count', { ...asked('count', 'two'), makeWay: () => ways++ });
    const each = 100;
    const rounds = MOST_PATIENCE / each + 1;
    for (let round = 1; round <= rounds; round++) {
      void enter(`chart ${round}`, asked('chart'));
      await leave(`chart ${round - 1}`);
      if (round < rounds) expect(names()).not.toContain('count');
      await rest(each);
    }
    expect(names()).toContain('count');
    void enter('one more', asked('chart', 'three'));
    await rest();
    expect(ways).toBe(0);
  });

  test('waits no longer for what takes long', async () => {
    const { enter, names } = observed(new CallQueue({ ...limits, short: 3, all: 4 }));
    void enter('chart', asked('chart'));
    await rest();
    void enter('count', asked('count', 'two'));
    await rest(LONG_CALL - 1);
    expect(names()).toEqual(['chart']);
    await rest(1);
    expect(names()).toEqual(['chart', 'count']);
  });

  test('becomes as urgent as what somebody else wants of it', async () => {
    const { enter, names, leave } = observed(new CallQueue(limits));
    void enter('chart 1', asked('chart'));
    void enter('chart 2', asked('chart'));
    await rest();
    const urgency = new SharedUrgency('count');
    void enter('count', { client: 'two', urgency });
    void enter('list', asked('list', 'three'));
    urgency.follow(new SharedUrgency('chart'));
    await leave('chart 1');
    expect(names().slice(2)).toEqual(['count']);
  });

  test('takes turns among viewers, however much one of them asks', async () => {
    const { enter, names, leave } = observed(new CallQueue({ ...limits, waiting: 20 }));
    for (const at of [1, 2, 3, 4]) void enter(`a ${at}`, asked('list', 'a'));
    for (const at of [1, 2]) void enter(`b ${at}`, asked('list', 'b'));
    await rest();
    for (const name of ['a 1', 'b 1', 'a 2', 'b 2', 'a 3']) await leave(name);
    expect(names()).toEqual(['a 1', 'b 1', 'a 2', 'b 2', 'a 3', 'a 4']);
  });

  test('keeps nobody out by its number, and is refused itself', async () => {
    const { enter, names } = observed(new CallQueue(limits));
    void enter('chart 1', asked('chart'));
    void enter('chart 2', asked('chart'));
    await rest();
    for (const at of [1, 2, 3, 4]) void enter(`count ${at}`, asked('count'));
    await expect(enter('too many', asked('count'))).rejects.toMatchObject({ code: 'busy' });
    const waiting = enter('chart 3', asked('chart'));
    await rest();
    expect(names()).toEqual(['chart 1', 'chart 2']);
    await expect(Promise.race([waiting, Promise.resolve('waits')])).resolves.toBe('waits');
  });
});

test('calls leave threads of a small pool for everything else', () => {
  for (const threads of [4, 6, 16, 128]) {
    const { short, long, all } = queueLimits(threads);
    expect(all).toBeLessThanOrEqual(Math.max(2, threads - 4));
    expect(long).toBeLessThan(all);
    expect(short + long).toBeGreaterThanOrEqual(all > 2 ? 3 : 2);
  }
});
