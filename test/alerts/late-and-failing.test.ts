import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { AlertRunner } from '../../src/alerts/alert-runner.ts';
import { PeepholeError } from '../../src/model/errors.ts';
import { readRecords } from '../../src/alerts/alert-records.ts';
import type { DocumentKind, StoredDocument } from '../../src/model/document/document.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import { useTempFolder } from '../support/temp-folder.ts';

// Times are minutes after midnight of one day; a fake source says what the logs hold of each window.
const folder = useTempFolder();
const day = Date.UTC(2026, 0, 5);
const iso = (minute: number): string => new Date(day + minute * 60_000).toISOString();
const clock = (time: string): string => time.slice(11, 16);

interface World {
  alerts: Readonly<Record<string, object>>;
  /** The end of the newest flow. */
  to: number;
  gaps: readonly (readonly [number, number])[];
  /** The rows of a window, by its end: its flows, or its values with their flows. */
  rows: (end: string, filter: string) => readonly (readonly unknown[])[];
  knocks: () => Promise<Knocks>;
  failing: boolean;
}
let world: World;
let runs = 0;
let queries: string[] = [];

beforeEach(() => {
  runs++;
  queries = [];
  world = {
    alerts: {},
    to: 0,
    gaps: [],
    rows: () => [[0]],
    knocks: () => Promise.reject(new Error('not asked')),
    failing: false,
  };
});

function runner(): AlertRunner {
  return new AlertRunner({
    source: {
      documents: async (_kind: DocumentKind) =>
        Object.entries(world.alerts).map(([id, content]): StoredDocument<'alerts'> => ({
          id,
          version: 1,
          changed_at: '',
          content: parseDocument('alerts', content),
          original: null,
        })),
      query: async (query) => {
        const { time, filter } = query as { time: { to: string }; filter?: unknown };
        // How many flows there are of each hour: here, nothing comes later.
        if (filter === undefined) return { rows: [], truncated: false } as unknown as Answer;
        if (world.failing) throw new PeepholeError('timeout', 'No answer within 60 s.');
        queries.push(clock(time.to));
        return {
          rows: world.rows(clock(time.to), JSON.stringify(filter)),
          truncated: false,
        } as unknown as Answer;
      },
      knocks: () => world.knocks(),
      sources: async () => [],
      status: async () => ({
        range: { from: iso(-1440), to: iso(world.to) },
        newest: iso(world.to),
        gaps: world.gaps.map(([from, to]) => ({ from: iso(from), to: iso(to) })),
        lossy: [],
      }),
    },
    folder: join(folder.path, String(runs)),
    channels: () => [],
    url: () => 'http://127.0.0.1:4747/',
    warn: (message) => {
      throw new Error(message);
    },
    takeLock: async () => ({ release: async () => undefined }),
  });
}

const base = { name: 'Test', every: 'PT5M', delay: 'PT15M', channels: ['hook'] };
const amount = { kind: 'amount', measure: 'flows', above: 5, window: 'PT5M' };

/** What was told so far: nothing takes the messages. */
async function told(): Promise<readonly string[]> {
  const { outbox } = await readRecords(join(folder.path, String(runs)));
  return outbox.map(({ message }) => `${message.alert.id} ${message.state} ${clock(message.at)}`);
}

/** Looks each minute. */
async function watch(
  alerts: AlertRunner,
  from: number,
  to: number,
  at: (minute: number) => void,
): Promise<void> {
  for (let minute = from; minute < to; minute++) {
    at(minute);
    await alerts.evaluateDue(day + minute * 60_000);
  }
}

/** The ends of all windows that had data, each of which was evaluated once. */
function windows(from: number, to: number): readonly string[] {
  return Array.from({ length: (to - from) / 5 + 1 }, (_, i) => clock(iso(from + 5 * i)));
}

test('a source that stops and goes on: the windows in between are evaluated in order, once their logs are there', async () => {
  world.alerts = { a: { ...base, condition: amount }, held: { ...base, for: 'PT10M', condition: amount } };
  // From 01:20 to 01:45, while no logs came; and 02:30 for one window.
  const high = new Set(['01:25', '01:30', '01:35', '01:40', '02:30']);
  world.rows = (end) => [[high.has(end) ? 9 : 1]];
  const alerts = runner();
  await alerts.begin();
  await watch(alerts, 30, 240, (minute) => {
    world.to = minute > 70 && minute < 130 ? 70 : minute;
  });
  expect(await told()).toEqual([
    'a firing 01:25',
    'held firing 01:35',
    'a ok 01:45',
    'held ok 01:45',
    'a firing 02:30',
    'a ok 02:35',
  ]);
  expect(queries).toEqual([...new Set(queries)]);
  expect(queries).toEqual(windows(15, 220));
  const [status] = await alerts.statuses();
  expect(status).toMatchObject({ state: 'ok', reason: null });
  expect(status?.history.map(({ state, at }) => `${state} ${clock(at)}`).toReversed()).toEqual([
    'no_data 01:15',
    'firing 01:25',
    'ok 01:45',
    'firing 02:30',
    'ok 02:35',
  ]);
});

test('a source that lags longer than the delay: every window is evaluated, later', async () => {
  world.alerts = { a: { ...base, condition: amount } };
  const high = new Set(['01:25', '02:10']);
  world.rows = (end) => [[high.has(end) ? 9 : 1]];
  let alerts = runner();
  await alerts.begin();
  await watch(alerts, 30, 240, (minute) => {
    world.to = minute - 40;
  });
  // Another process goes on, without a word of the first.
  alerts = runner();
  await alerts.begin();
  await watch(alerts, 240, 300, (minute) => {
    world.to = minute - 40;
  });
  expect(await told()).toEqual(['a firing 01:25', 'a ok 01:30', 'a firing 02:10', 'a ok 02:15']);
  expect(queries).toEqual([...new Set(queries)].toSorted());
  expect(queries.at(-1)).toBe('04:05');
  expect((await alerts.statuses())[0]?.history.filter(({ state }) => state === 'no_data')).toHaveLength(1);
});

test('logs of an hour come after those of later hours: what held in it fires once, and what fires goes on', async () => {
  world.alerts = { a: { ...base, condition: { ...amount, split: 'srcaddr' } } };
  world.rows = (end) => [
    ...(end === '01:30' ? [['198.51.100.7', 9]] : []),
    ...(end >= '02:10' ? [['198.51.100.8', 9]] : []),
  ];
  const alerts = runner();
  await alerts.begin();
  await watch(alerts, 30, 240, (minute) => {
    world.to = minute;
    world.gaps = minute < 150 ? [[60, 120]] : [];
  });
  expect(await told()).toEqual(['a firing 02:10', 'a firing 01:30', 'a ok 02:35']);
  expect((await alerts.statuses())[0]?.series).toMatchObject([{ label: '198.51.100.8' }]);
  expect(queries.length).toBe(new Set(queries).size);
});

test('an evaluation that fails is an error that is told once, and made up for in order', async () => {
  world.alerts = { a: { ...base, condition: amount } };
  const high = new Set(['01:25', '01:30']);
  world.rows = (end) => [[high.has(end) ? 9 : 1]];
  let alerts = runner();
  await alerts.begin();
  const look = (minute: number): void => {
    world.to = minute;
    world.failing = minute >= 90 && minute < 120;
  };
  await watch(alerts, 30, 100, look);
  expect((await alerts.statuses())[0]).toMatchObject({ state: 'error', reason: 'No answer within 60 s.' });
  alerts = runner();
  await alerts.begin();
  await watch(alerts, 100, 180, look);
  expect(await told()).toEqual(['a error 01:15', 'a ok 01:15', 'a firing 01:25', 'a ok 01:35']);
  expect(queries).toEqual(windows(15, 160));
});

test('an investigation that takes too long is tried again, and is one for all alerts of a time', async () => {
  const finding = {
    id: 'k1',
    kind: 'new_stranger',
    score: 0.9,
    state: 'new',
    summary: 'Somebody new',
    next_step: 'Look',
  };
  const condition = { kind: 'finding', kinds: [], score: 0.1 };
  world.alerts = { a: { ...base, every: 'PT1H', condition }, b: { ...base, every: 'PT1H', condition } };
  let asked = 0;
  world.knocks = async () => {
    asked++;
    if (asked <= 2) throw new PeepholeError('timeout', 'No answer within 600 s.');
    return { findings: [finding], range: { from: iso(0), to: iso(60) } } as unknown as Knocks;
  };
  const alerts = runner();
  await alerts.begin();
  await watch(alerts, 80, 81, () => undefined);
  expect((await alerts.statuses()).map(({ state }) => state)).toEqual(['error', 'error']);
  await watch(alerts, 81, 130, () => undefined);
  expect((await told()).toSorted()).toEqual([
    'a error 01:00',
    'a firing 01:00',
    'a ok 01:00',
    'b error 01:00',
    'b firing 01:00',
    'b ok 01:00',
  ]);
  expect(asked).toBe(3);
});

test('an investigation that goes on holds up no other alert', async () => {
  const condition = { kind: 'finding', kinds: [], score: 0.1 };
  world.alerts = { slow: { ...base, condition }, a: { ...base, condition: amount } };
  world.rows = () => [[9]];
  world.to = 60;
  let done: (knocks: Knocks) => void = () => undefined;
  world.knocks = () => new Promise((resolve) => (done = resolve));
  const alerts = runner();
  await alerts.begin();
  const looking = alerts.evaluateDue(day + 60 * 60_000);
  await expect.poll(told).toEqual(['a firing 00:45']);
  done({ findings: [], range: null } as unknown as Knocks);
  await looking;
  expect((await alerts.statuses()).map(({ evaluated_to: to }) => to)).toEqual(
    [iso(45), iso(45)].map((to) => to.replace('.000', '')),
  );
});

test('a value that is gone is below a number, as is what fired when it has no flow at all', async () => {
  const condition = { kind: 'amount', measure: 'flows', below: 5, split: 'srcaddr', window: 'PT5M' };
  world.alerts = { a: { ...base, condition } };
  const flowsOf = (end: string): Readonly<Record<string, number>> => ({
    one: 9,
    ...(end < '01:25' ? { two: 9 } : {}),
    ...(end < '01:25' ? { three: 9 } : end < '01:35' ? { three: 2 } : {}),
    ...(end >= '02:00' ? { three: 9 } : {}),
  });
  world.rows = (end, filter) =>
    Object.entries(flowsOf(end)).filter(([name, flows]) =>
      filter === '[]' ? true : filter.includes(name) && flows > 0,
    );
  const alerts = runner();
  await alerts.begin();
  await watch(alerts, 30, 180, (minute) => {
    world.to = minute;
  });
  const { outbox } = await readRecords(join(folder.path, String(runs)));
  expect(
    outbox.map(
      ({ message }) =>
        `${message.state} ${clock(message.at)} ${message.rows.map((row) => Object.values(row).join(' ')).join(', ')}`,
    ),
  ).toEqual(['firing 01:25 three 2, two 0', 'ok 02:00 three']);
});

test('an alert that is deleted while it fires says that it is over', async () => {
  world.alerts = { a: { ...base, condition: amount } };
  world.rows = () => [[9]];
  world.to = 60;
  const alerts = runner();
  await alerts.begin();
  await watch(alerts, 60, 61, () => undefined);
  world.alerts = {};
  await watch(alerts, 61, 63, () => undefined);
  expect(await told()).toEqual(['a firing 00:45', 'a ok 01:01']);
  expect(await alerts.statuses()).toEqual([]);
});
