import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GroupReader, LATEST, type EventDelivery } from './group-reader.ts';
import type { LogEvent, LogEvents } from './log-events.ts';
import { GroupFollower, readOnce } from './read-group.ts';
import { NOTHING_READ, parseState, writeState } from './read-state.ts';

const MINUTE = 60_000;
/** Any time will do. */
const START = 1_717_200_000_000;
const LIMITS = { window: 6, most: 9, together: 4 };

interface Arriving extends LogEvent {
  readonly arrives: number;
}

/** A log group with a clock that the test sets; events are visible from their arrival on. */
class FakeGroup implements LogEvents {
  now = START;
  pages = 0;
  readonly events: readonly Arriving[];
  readonly #sizes: readonly number[];
  readonly #inOrder: boolean;

  /** @param sizes sizes of pages, repeated in this order; 0 gives an empty page. */
  constructor(events: readonly Arriving[], sizes: readonly number[], inOrder: boolean) {
    this.events = events;
    this.#sizes = sizes;
    this.#inOrder = inOrder;
  }

  async page(
    from: number,
    to: number,
    token: string | null,
  ): Promise<{ events: readonly LogEvent[]; token: string | null }> {
    // More events arrive during the read.
    this.now += 100;
    const size = this.#sizes[this.pages++ % this.#sizes.length] ?? 1;
    const key = ({ time, id }: LogEvent): string =>
      this.#inOrder ? `${String(time).padStart(14, '0')} ${id}` : id;
    const after = token === null ? '' : token.slice(token.indexOf(' ') + 1);
    // The end is included, as in CloudWatch.
    const left = this.events
      .filter(({ time, arrives }) => arrives <= this.now && time >= from && time <= to)
      .filter((event) => key(event) > after)
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
    const events = left.slice(0, size);
    const last = events.at(-1);
    const next = last === undefined ? after : key(last);
    return { events, token: left.length > size ? `${this.pages} ${next}` : null };
  }
}

/** A store that forgets as much as a store may: it has no ids of events before `since`. */
class FakeStore {
  readonly counts = new Map<string, number>();
  duplicates = 0;
  state = writeState(NOTHING_READ);
  known = new Map<string, number>();
  /** For the next deliveries in order: whether the process is killed before or after the commit. */
  crashes: ('before' | 'after' | null)[] = [];

  deliver({ events, state, since, rereads }: EventDelivery): Promise<void> {
    const crash = this.crashes.shift() ?? null;
    if (crash === 'before') return Promise.reject(new Error('killed'));
    for (const { id, time } of events) {
      if (this.known.has(id)) {
        if (!rereads) this.duplicates += 1;
        continue;
      }
      this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
      this.known.set(id, time);
    }
    this.known = new Map([...this.known].filter(([, time]) => time >= since));
    this.state = writeState(state);
    return crash === 'after' ? Promise.reject(new Error('killed')) : Promise.resolve();
  }
}

function readerOf(group: FakeGroup, store: FakeStore, signal = new AbortController().signal): GroupReader {
  return new GroupReader({
    events: group,
    deliver: (delivery) => store.deliver(delivery),
    state: parseState(store.state),
    now: () => group.now,
    signal,
    limits: LIMITS,
  });
}

/** Runs a function, again after each simulated kill. */
async function untilDone(run: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await run();
      return;
    } catch (error) {
      if ((error as Error).message !== 'killed') throw error;
    }
  }
  throw new Error('It is killed for ever.');
}

const arriving = fc
  .record({
    // Few different times, over three days, so that many events have the same.
    minute: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 72 * 60 })),
    second: fc.constantFrom(0, 1, 30),
    // Clocks may also be ahead.
    late: fc.oneof(
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: -LATEST / MINUTE, max: LATEST / MINUTE }),
      fc.constant(LATEST / MINUTE),
    ),
    shuffle: fc.nat(),
  })
  .map(({ minute, second, late, shuffle }) => {
    const time = START + minute * MINUTE + second * 1000;
    return { time, arrives: time + late * MINUTE, shuffle };
  });
const arrivals = fc.array(arriving, { maxLength: 60 }).map((all) =>
  all.map(({ shuffle, ...event }, index): Arriving => ({
    ...event,
    id: `${shuffle}-${index}`,
    stream: 's',
    message: 'm',
  })),
);
const sizes = fc
  .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 })
  .filter((all) => all.some((size) => size > 0));
const crashes = fc.array(fc.constantFrom<'before' | 'after' | null>('before', 'after', null, null, null), {
  maxLength: 8,
});
const minutes = fc.oneof(
  fc.constantFrom(119, 120, 121),
  fc.integer({ min: 0, max: 30 }),
  fc.integer({ min: 0, max: 30 * 60 }),
);

function eventAt(minute: number, late: number, id: string): Arriving {
  const time = START + minute * MINUTE;
  return { id, stream: 's', message: 'm', time, arrives: time + late * MINUTE };
}

/** Each event is stored once, except those that can't be found. */
function expectOnce(store: FakeStore, events: readonly LogEvent[]): void {
  expect([...store.counts.values()].every((count) => count === 1)).toBe(true);
  expect([...store.counts.keys()].sort()).toEqual(events.map(({ id }) => id).sort());
}

test('following delivers each event once, however late it arrives and however often the process is killed', async () => {
  await fc.assert(
    fc.asyncProperty(
      arrivals,
      sizes,
      fc.boolean(),
      fc.array(fc.record({ pause: minutes, crashes, restart: fc.boolean() }), { maxLength: 20 }),
      async (events, pages, inOrder, steps) => {
        const group = new FakeGroup(events, pages, inOrder);
        const store = new FakeStore();
        const follow = (): GroupFollower =>
          new GroupFollower(readerOf(group, store), { from: START, to: null }, () => group.now);
        let follower = follow();
        const look = async (): Promise<void> =>
          untilDone(async () => {
            try {
              await follower.look();
            } catch (error) {
              follower = follow();
              throw error;
            }
          });
        for (const step of steps) {
          group.now += step.pause * MINUTE;
          if (step.restart) follower = follow();
          store.crashes = [...step.crashes];
          await look();
        }
        store.crashes = [];
        group.now = Math.max(group.now, START + 100 * 60 * MINUTE);
        await look();
        expectOnce(store, events);
        // Nothing is requested twice without a reason.
        group.now += 30 * 60 * MINUTE;
        await look();
        expectOnce(store, events);
        expect(store.known.size).toBeLessThanOrEqual(
          events.filter(({ time }) => time >= (parseState(store.state).open[0]?.[0] ?? Infinity)).length,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('overlapping ranges, read at any time and in any order, deliver each event once', async () => {
  await fc.assert(
    fc.asyncProperty(
      arrivals,
      sizes,
      fc.boolean(),
      fc.array(fc.record({ pause: minutes, from: minutes, length: fc.option(minutes), crashes }), {
        maxLength: 12,
      }),
      async (events, pages, inOrder, steps) => {
        const group = new FakeGroup(events, pages, inOrder);
        const store = new FakeStore();
        for (const step of steps) {
          group.now += step.pause * MINUTE;
          const from = group.now - step.from * MINUTE;
          const to = step.length === null ? null : from + step.length * MINUTE;
          store.crashes = [...step.crashes];
          const seen = events.filter(
            ({ time, arrives }) => arrives <= group.now && time >= from && time < (to ?? Infinity),
          );
          await untilDone(() => readOnce(readerOf(group, store), { from, to }, group.now));
          for (const { id, time } of seen) {
            // An event that arrived more than `LATEST` late, in an interval already complete, is not found.
            expect(store.counts.get(id), `${id} of ${time}`).toBe(1);
          }
        }
        group.now = Math.max(group.now, START + 100 * 60 * MINUTE);
        store.crashes = [];
        await untilDone(() => readOnce(readerOf(group, store), { from: null, to: null }, group.now));
        expectOnce(store, events);
      },
    ),
    { numRuns: 300 },
  );
});

test('a complete interval is not requested again; events of an incomplete one count as duplicates', async () => {
  const events = Array.from({ length: 50 }, (_, index): Arriving => ({
    id: `e${String(index).padStart(2, '0')}`,
    stream: 's',
    message: 'm',
    // Five events have the same time.
    time: START + Math.floor(index / 5) * 60 * MINUTE,
    arrives: 0,
  }));
  const group = new FakeGroup(events, [3], true);
  const store = new FakeStore();
  group.now = START + 9.5 * 60 * MINUTE;
  const read = async (from: number | null): Promise<number> => {
    const before = group.pages;
    await readOnce(readerOf(group, store), { from, to: null }, group.now);
    return group.pages - before;
  };
  await read(START + 2 * 60 * MINUTE);
  expectOnce(store, events.slice(10));
  expect(store.duplicates).toBe(0);
  // The complete interval ends two hours before the newest event.
  expect(parseState(store.state).closed).toEqual([[START + 2 * 60 * MINUTE, START + 7 * 60 * MINUTE]]);
  // Events of the last two hours are recognized by their ids.
  expect([...store.known.keys()].sort()).toEqual(events.slice(35).map(({ id }) => id));
  await read(START + 2 * 60 * MINUTE);
  expectOnce(store, events.slice(10));
  expect(store.duplicates).toBe(15);
  await read(null);
  expectOnce(store, events);
  expect(store.duplicates).toBe(30);
  group.now += 48 * 60 * MINUTE;
  await read(null);
  expect(store.duplicates).toBe(45);
  expect(store.known.size).toBe(0);
  expect(await read(null)).toBeLessThanOrEqual(3);
});

test('an interval that an earlier run left incomplete is completed, with its late events, and its ids are dropped', async () => {
  const day = 24 * 60;
  const hours = Array.from({ length: 8 }, (_, index) => index * day);
  const events = hours.flatMap((minute) => [
    eventAt(minute - 30, 0, `${minute} early`),
    eventAt(minute - 20, 60, `${minute} late`),
  ]);
  for (const follows of [false, true]) {
    const group = new FakeGroup(events, [10], true);
    const store = new FakeStore();
    for (const minute of hours) {
      group.now = START + minute * MINUTE;
      const range = { from: group.now - 60 * MINUTE, to: null };
      if (follows && minute === hours.at(-1)) {
        await new GroupFollower(readerOf(group, store), range, () => group.now).look();
      } else await readOnce(readerOf(group, store), range, group.now);
      expect(store.known.size).toBeLessThanOrEqual(2);
    }
    expectOnce(
      store,
      events.filter(({ arrives }) => arrives <= group.now),
    );
  }
});

test('each poll goes back 15 minutes from the one before, and every 10 minutes 2 hours', async () => {
  const events = [eventAt(0, 0, 'first'), eventAt(-14, 15, 'late'), eventAt(-60, 65, 'very late')];
  const group = new FakeGroup(events, [10], true);
  const store = new FakeStore();
  const range = { from: START - 120 * MINUTE, to: null };
  const follower = new GroupFollower(readerOf(group, store), range, () => group.now);
  await follower.look();
  expect([...store.counts.keys()]).toEqual(['first']);
  group.now = START + 9 * MINUTE;
  await follower.look();
  expect([...store.counts.keys()]).toEqual(['first', 'late']);
  group.now = START + 11 * MINUTE;
  await follower.look();
  expectOnce(store, events);
  expect(store.duplicates).toBe(0);
});

test('following continues from the stored position, whatever the range', async () => {
  const events = [eventAt(0, 0, 'before'), eventAt(300, 0, 'meanwhile'), eventAt(600, 0, 'now')];
  const group = new FakeGroup(events, [10], true);
  const store = new FakeStore();
  for (const minute of [1, 601]) {
    group.now = START + minute * MINUTE;
    const range = { from: group.now - 60 * MINUTE, to: null };
    await new GroupFollower(readerOf(group, store), range, () => group.now).look();
  }
  expectOnce(store, events);
});

test('an endless sequence of pages is an error, and nothing of it counts as read', async () => {
  const store = new FakeStore();
  const group = new FakeGroup([], [1], true);
  const reader = new GroupReader({
    events: { page: () => Promise.resolve({ events: [], token: 'again' }) },
    deliver: (delivery) => store.deliver(delivery),
    state: NOTHING_READ,
    now: () => group.now,
    signal: new AbortController().signal,
  });
  await expect(reader.pass([[0, 10]], false)).rejects.toMatchObject({ code: 'source_failed' });
  expect(reader.state).toEqual(NOTHING_READ);
});

test('the signal stops it between pages, and the next run continues', async () => {
  const events = Array.from({ length: 40 }, (_, index): Arriving => ({
    id: `e${index}`,
    stream: 's',
    message: 'm',
    time: START + index * MINUTE,
    arrives: 0,
  }));
  const group = new FakeGroup(events, [2], true);
  group.now = START + 60 * MINUTE;
  const store = new FakeStore();
  const controller = new AbortController();
  const reader = readerOf(group, store, controller.signal);
  const deliver = store.deliver.bind(store);
  store.deliver = (delivery) => {
    controller.abort();
    return deliver(delivery);
  };
  expect(await readOnce(reader, { from: START, to: null }, group.now)).toBe(false);
  expect(store.counts.size).toBeGreaterThan(0);
  expect(store.counts.size).toBeLessThan(events.length);
  expect(await readOnce(readerOf(group, store), { from: START, to: null }, group.now)).toBe(true);
  expectOnce(store, events);
});
