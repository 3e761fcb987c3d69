import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallQueue, queueLimits, type Work } from './call-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = { short: 2, long: 1, all: 3, waiting: 4 };
const never = new AbortController().signal;

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

test('who lets others go first comes after those that wait, and before those that come later', async () => {
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

test('who is gone leaves the queue', async () => {
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

test('calls leave threads of a small pool for everything else', () => {
  for (const threads of [4, 6, 16, 128]) {
    const { short, long, all } = queueLimits(threads);
    expect(all).toBeLessThanOrEqual(Math.max(2, threads - 4));
    expect(long).toBeLessThan(all);
    expect(short + long).toBeGreaterThanOrEqual(all > 2 ? 3 : 2);
  }
});
