import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AlertMessage } from '../../src/alerts/alert-message.ts';
import { AlertRunner } from '../../src/alerts/alert-runner.ts';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { runs } from '../support/suite.ts';
import { httpReceiver, type HttpReceiver } from './receivers.ts';

// Flows come in any order, up to a day late; a query of the fake store counts those that have come. What was told must be
// what a simple evaluation of all flows says. Times are minutes after midnight of one day.
const folder = useTempFolder();
const start = Date.UTC(2026, 0, 5) / 1000;
const STEP = 5;
const names = ['198.51.100.7', '198.51.100.8'];
let receiver: HttpReceiver;
let count = 0;

beforeAll(async () => {
  receiver = await httpReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = 200;
});

interface Flow {
  /** When it was, and when it comes. */
  readonly at: number;
  readonly comes: number;
  readonly name: string;
}

interface QueryOf {
  readonly time: { readonly from: string; readonly to: string };
  readonly filter?: readonly { readonly in: readonly string[] }[];
  readonly splits?: readonly { readonly field: string; readonly bucket?: string }[];
}

const minuteOf = (time: string): number => (Date.parse(time) / 1000 - start) / 60;
const timeOf = (minute: number): string =>
  new Date((start + minute * 60) * 1000).toISOString().replace('.000', '');

/** A store of flows that come, with their hours. */
class FakeStore {
  readonly #flows: readonly Flow[];
  now = 0;
  asked = 0;
  /** Of all flows that have come, the time after the newest. */
  to = 0;

  constructor(flows: readonly Flow[]) {
    this.#flows = flows;
  }

  /** Moves the clock: what comes until then is there. */
  set(now: number): void {
    this.now = now;
    this.to = Math.max(0, ...this.#flows.filter(({ comes }) => comes <= now).map(({ at }) => at + 1));
  }

  query(query: unknown): Answer {
    const { time, filter = [], splits = [] } = query as QueryOf;
    if (!('filter' in (query as object))) this.asked++;
    const [from, to] = [minuteOf(time.from), minuteOf(time.to)];
    const values = filter.flatMap((clause) => clause.in);
    const found = this.#flows.filter(
      ({ at, comes, name }) => comes <= this.now && at >= from && at < to && (values.length === 0 || values.includes(name)),
    ); // prettier-ignore
    const counts = new Map<string, unknown[]>();
    for (const { at, name } of found) {
      const keys = splits.map(({ field, bucket }) => {
        if (field !== 'time') return name;
        const length = bucket === 'PT1H' ? 60 : bucket === 'PT1M' ? 1 : STEP;
        return timeOf(Math.floor(at / length) * length);
      });
      const row = counts.get(keys.join()) ?? [...keys, 0];
      row[keys.length] = Number(row[keys.length]) + 1;
      counts.set(keys.join(), row);
    }
    const rows = splits.length === 0 ? [[found.length]] : [...counts.values()];
    return { rows, truncated: false } as unknown as Answer;
  }
}

function runner(store: FakeStore, alerts: Readonly<Record<string, object>>): AlertRunner {
  return new AlertRunner({
    source: {
      documents: async () =>
        Object.entries(alerts).map(([id, content]): StoredDocument<'alerts'> => ({
          id,
          version: 1,
          changed_at: '',
          content: parseDocument('alerts', content),
          original: null,
        })),
      query: async (query) => store.query(query),
      knocks: () => Promise.reject(new Error('not asked')),
      sources: async () => [],
      status: async () => ({ range: { from: timeOf(-3000), to: timeOf(store.to) }, gaps: [], lossy: [] }),
    },
    folder: join(folder.path, String(count)),
    channels: () => [{ kind: 'webhook', name: 'hook', url: receiver.url, secret: null }],
    url: () => 'http://127.0.0.1:4747/',
    warn: (message) => {
      throw new Error(message);
    },
    takeLock: async () => ({ release: async () => undefined }),
  });
}

const told = (): readonly AlertMessage[] => receiver.received.map(({ body }) => JSON.parse(body) as AlertMessage); // prettier-ignore
const base = { name: 'Test', every: 'PT5M', delay: 'PT10M', channels: ['hook'] };

/** Flows that keep the newest time moving, one a minute. */
const steady = (to: number): readonly Flow[] =>
  Array.from({ length: to }, (_, at) => ({ at, comes: at, name: 'steady' }));

/** Looks every minute, and sends. */
async function watch(store: FakeStore, alerts: AlertRunner, from: number, to: number): Promise<void> {
  for (let minute = from; minute < to; minute++) {
    store.set(minute);
    const now = (start + minute * 60) * 1000;
    await alerts.evaluateDue(now);
    await alerts.deliver(now);
  }
}

test('logs that are added to a window that had some: it is evaluated again, and what holds is told once', async () => {
  count++;
  const flows = (at: number, comes: number, times: number): readonly Flow[] =>
    Array.from({ length: times }, () => ({ at, comes, name: '198.51.100.7' }));
  const store = new FakeStore([
    ...steady(600),
    ...flows(62, 62, 2),
    ...flows(63, 130, 5),
    ...flows(63, 200, 3),
  ]);
  const condition = { kind: 'amount', measure: 'flows', above: 5, window: 'PT5M', filter: [{ field: 'srcaddr', in: ['198.51.100.7'] }] }; // prettier-ignore
  const alerts = { late: { ...base, condition } };
  let evaluating = runner(store, alerts);
  await evaluating.begin();
  await watch(store, evaluating, 30, 131);
  expect(told()).toEqual([]);
  // Another process goes on, which was not there when they came.
  evaluating = runner(store, alerts);
  await evaluating.begin();
  await watch(store, evaluating, 135, 300);
  expect(told().map(({ state, value, to }) => `${state} ${value} ${to}`)).toEqual([
    `firing 7 ${timeOf(65)}`,
    `ok null ${timeOf(135)}`,
  ]);
});

test('flows that were lacking come: what fired since they lacked is over, with the reason', async () => {
  count++;
  const flows = Array.from({ length: 300 }, (_, at) => ({
    at,
    comes: at >= 100 && at < 105 ? 150 : at,
    name: at % 2 === 0 ? 'steady' : 'other',
  }));
  const store = new FakeStore([...flows, { at: 102, comes: 102, name: 'other' }]);
  const condition = { kind: 'amount', measure: 'flows', below: 3, window: 'PT5M', filter: [] };
  const evaluating = runner(store, { few: { ...base, condition } });
  await evaluating.begin();
  await watch(store, evaluating, 30, 116);
  expect(told().map(({ state, to }) => `${state} ${to}`)).toEqual([`firing ${timeOf(105)}`]);
  await watch(store, evaluating, 116, 200);
  expect(told().map(({ state, to }) => `${state} ${to}`)).toEqual([
    `firing ${timeOf(105)}`,
    `ok ${timeOf(110)}`,
  ]);
  const [status] = await evaluating.statuses();
  expect(status?.state).toBe('ok');
});

test('nothing is asked again while nothing comes late, and little if something does', async () => {
  count++;
  const condition = { kind: 'amount', measure: 'flows', above: 5, window: 'PT5M', filter: [] };
  const alerts = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`a${i}`, { ...base, condition: { ...condition, above: 100 + i } }]),
  );
  const store = new FakeStore([...steady(400), { at: 150, comes: 301, name: 'steady' }]);
  const evaluating = runner(store, alerts);
  await evaluating.begin();
  const queries: unknown[] = [];
  const ask = store.query.bind(store);
  store.query = (query) => {
    if ('filter' in (query as object)) queries.push(query);
    return ask(query);
  };
  await watch(store, evaluating, 30, 300);
  expect(queries).toHaveLength((285 - 20) / 5 + 1);
  // At most two a minute that find out whether anything came.
  expect(store.asked).toBeLessThanOrEqual(2 * 270);
  queries.length = 0;
  await watch(store, evaluating, 300, 360);
  // The windows in order, and that one. Which minutes of an older hour have more is not known: all of its windows.
  expect(queries).toHaveLength(12 + 12);
});

test('of more windows than can wait, those that are given up are in the history', async () => {
  count++;
  const store = new FakeStore([{ at: 1, comes: 1, name: 'steady' }]);
  const condition = { kind: 'amount', measure: 'flows', above: 5, window: 'PT5M', filter: [] };
  const evaluating = runner(store, { a: { ...base, every: 'PT1M', condition } });
  await evaluating.begin();
  for (const minute of [20, 1000, 1900, 2500, 4000]) {
    store.set(minute);
    await evaluating.evaluateDue((start + minute * 60) * 1000);
  }
  const [status] = await evaluating.statuses();
  const lost = status?.history.filter(({ reason }) => reason?.includes('not evaluated'));
  expect(lost).toHaveLength(1);
  expect(lost?.[0]?.reason).toMatch(
    /^\d+ windows that ended from .* to .* were not evaluated: too many of them waited\.$/,
  );
});

/** When series hold, of all flows: whether each window does, the earliest first. */
function naive(
  flows: readonly Flow[],
  windows: readonly number[],
  holds: (count: (from: number, to: number) => number, at: number) => boolean,
  pending: number,
): readonly { readonly start: number; readonly end: number }[] {
  const count = (from: number, to: number): number => flows.filter(({ at }) => at >= from && at < to).length;
  const episodes: { start: number; end: number }[] = [];
  let since: number | null = null;
  for (const at of [...windows, Infinity]) {
    if (at !== Infinity && holds(count, at)) since ??= at;
    else {
      const last = at === Infinity ? (windows.at(-1) ?? 0) : at - STEP;
      if (since !== null && last - since >= pending) episodes.push({ start: since, end: last });
      since = null;
    }
  }
  return episodes;
}

const kinds = {
  above: { condition: { kind: 'amount', measure: 'flows', above: 3, window: 'PT5M' }, holds: (count: (from: number, to: number) => number, at: number) => count(at - 5, at) > 3 },
  wide: { condition: { kind: 'amount', measure: 'flows', above: 4, window: 'PT15M' }, holds: (count: (from: number, to: number) => number, at: number) => count(at - 15, at) > 4 },
  change: {
    condition: { kind: 'change', measure: 'flows', increase: 100, shift: 'PT30M', at_least: 3, window: 'PT5M' },
    holds: (count: (from: number, to: number) => number, at: number) => {
      const [now, before] = [count(at - 5, at), count(at - 35, at - 30)];
      return now >= 3 && now >= 2 * before;
    },
  },
} as const; // prettier-ignore

type Count = (from: number, to: number) => number;

/** Absence lasts until there are flows again. */
function absent(): (count: Count, at: number) => boolean {
  let lasts = false;
  return (count, at) => {
    const usual = [1, 2].every((i) => count(at - 5 * (i + 1), at - 5 * i) > 0);
    lasts = count(at - 5, at) === 0 && (usual || lasts);
    return lasts;
  };
}

// These hold while flows lack, too: more is told than of all flows, and ends.
const lacking = {
  absence: { condition: { kind: 'absence', windows: 2, window: 'PT5M' }, holds: absent },
  few: {
    condition: { kind: 'amount', measure: 'flows', below: 3, window: 'PT5M' },
    holds: () => {
      let lasts = false;
      return (count: Count, at: number): boolean => {
        const [now, before] = [count(at - 5, at), count(at - 10, at - 5)];
        lasts = now < 3 && (now > 0 || before > 0 || lasts);
        return lasts;
      };
    },
  },
} as const;

test('what is absent or little, of flows in whatever order: each episode of all flows was told, and what lasts is what all flows say', async () => {
  const END = 330;
  const flow = fc.record({
    at: fc.integer({ min: 60, max: 160 }),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 110 })),
    times: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(flow, { minLength: 4, maxLength: 24 }),
      fc.constantFrom('absence' as const, 'few' as const),
      fc.constantFrom(0, 10),
      async (some, kind, pending) => {
        count++;
        receiver.received.length = 0;
        const flows = some.flatMap(({ at, late, times }) =>
          Array.from({ length: times }, (): Flow => ({ at, comes: at + late, name: names[0] ?? '' })),
        );
        const store = new FakeStore([...steady(END), ...flows]);
        const { condition, holds } = lacking[kind];
        const filter = [{ field: 'srcaddr', in: names }];
        const alert = { ...base, ...(pending === 0 ? {} : { for: `PT${pending}M` }), condition: { ...condition, split: 'srcaddr', filter } }; // prettier-ignore
        const evaluating = runner(store, { x: alert });
        await evaluating.begin();
        for (let minute = 45; minute < END; minute += STEP) {
          store.set(minute);
          const now = (start + minute * 60) * 1000;
          await evaluating.evaluateDue(now);
          await evaluating.deliver(now);
        }
        const windows = Array.from({ length: (END - 45) / STEP }, (_, i) => 35 + i * STEP);
        const expected = naive(flows, windows, holds(), pending);
        const [status] = await evaluating.statuses();
        const history = status?.history.map(({ state, at }) => `${state} ${minuteOf(at)}`);
        const firings = told().filter(({ state }) => state === 'firing');
        // Until it was told that it is over. What was told as one and is split by late flows stays one.
        const isTold = ({ start: from, end }: { readonly start: number; readonly end: number }): boolean =>
          told().some(({ state, to }, i) => {
            const over = told()
              .slice(i)
              .find((each) => each.state === 'ok');
            return (
              state === 'firing' &&
              minuteOf(to) - pending <= end &&
              (over === undefined || minuteOf(over.to) > from)
            );
          });
        const lasts = expected.at(-1)?.end === windows.at(-1) ? expected.slice(-1) : [];
        const firing = status?.series.filter(({ state }) => state === 'firing') ?? [];
        if (
          !expected.every(isTold) ||
          JSON.stringify(firing.map(({ since }) => minuteOf(since))) !== JSON.stringify(lasts.map((each) => each.start)) ||
          new Set(told().map(({ key }) => key)).size !== told().length
        )
          throw new Error(JSON.stringify({ kind, pending, expected, lasts, firings: firings.map(({ to }) => minuteOf(to)), firing, history, flows })); // prettier-ignore
      },
    ),
    { numRuns: runs({ short: 8, long: 60 }), seed: 11 },
  );
}, 600_000);

test('in whatever order flows come, each episode of all flows is told once, and nothing else that lasts', async () => {
  const END = 480;
  const flow = fc.record({
    at: fc.integer({ min: 60, max: 200 }),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 180 })),
    name: fc.constantFrom(...names),
    times: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(flow, { minLength: 1, maxLength: 14 }),
      fc.constantFrom(...(['above', 'wide', 'change'] as const)),
      fc.constantFrom(0, 10),
      fc.array(
        fc.integer({ min: 9, max: 95 }).map((step) => step * STEP),
        { maxLength: 4 },
      ),
      fc.array(
        fc.integer({ min: 12, max: 80 }).map((step) => step * STEP),
        { maxLength: 2 },
      ),
      async (some, kind, pending, restarts, failures) => {
        count++;
        receiver.received.length = 0;
        receiver.answer = 200;
        const flows = some.flatMap(({ at, late, name, times }) =>
          Array.from({ length: times }, (): Flow => ({ at, comes: at + late, name })),
        );
        const store = new FakeStore([...steady(END), ...flows]);
        const { condition, holds } = kinds[kind];
        const filter = [{ field: 'srcaddr', in: names }];
        const alerts = {
          x: { ...base, ...(pending === 0 ? {} : { for: `PT${pending}M` }), condition: { ...condition, split: 'srcaddr', filter } },
        }; // prettier-ignore
        let evaluating = runner(store, alerts);
        await evaluating.begin();
        for (let minute = 45; minute < END; minute += STEP) {
          if (failures.includes(minute)) receiver.answer = 500;
          if (failures.includes(minute - 30)) receiver.answer = 200;
          store.set(minute);
          const now = (start + minute * 60) * 1000;
          await evaluating.evaluateDue(now);
          if (restarts.includes(minute)) {
            // Killed between the evaluation and the messages.
            evaluating = runner(store, alerts);
            await evaluating.begin();
          }
          await evaluating.deliver(now);
        }
        const windows = Array.from({ length: (END - 45) / STEP }, (_, i) => 35 + i * STEP).filter(
          (at) => at <= END - 15,
        );
        const accepted = new Map(told().map((message) => [message.key, message]));
        for (const name of names) {
          const own = flows.filter((each) => each.name === name);
          const expected = naive(own, windows, holds, pending);
          const firings = [...accepted.values()].filter(
            ({ state, rows }) => state === 'firing' && rows.some((row) => row['srcaddr'] === name || row['value'] === name),
          ); // prettier-ignore
          const context = { kind, pending, name, expected, firings: firings.map(({ to, at }) => [minuteOf(to), at]), flows: own, state: await evaluating.statuses() }; // prettier-ignore
          // All are over by then, and none is told that is not of all flows, but for what lacking flows made hold.
          const wrong = kind === 'change' ? firings.length : expected.length;
          if (firings.length < expected.length || firings.length > wrong)
            throw new Error(JSON.stringify(context));
        }
        expect((await evaluating.statuses())[0]?.series).toEqual([]);
      },
    ),
    { numRuns: runs({ short: 8, long: 60 }), seed: 7 },
  );
}, 600_000);
