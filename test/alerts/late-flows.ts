import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { AlertMessage } from '../../src/alerts/alert-message.ts';
import { AlertRunner } from '../../src/alerts/alert-runner.ts';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { httpReceiver, type HttpReceiver } from './receivers.ts';

// Alerts over flows that arrive in any order, up to a day late. Times are minutes after midnight of one day.
const start = Date.UTC(2026, 0, 5) / 1000;
/** Minutes of the windows of alerts. */
export const STEP = 5;

export interface Flow {
  /** When it was, and when it arrives in the store. */
  readonly at: number;
  readonly comes: number;
  readonly name: string;
}

interface QueryOf {
  readonly time: { readonly from: string; readonly to: string };
  readonly filter?: readonly { readonly in: readonly string[] }[];
  readonly splits?: readonly { readonly field: string; readonly bucket?: string }[];
}

/** Minutes since `start`, and back. */
export const minuteOf = (time: string): number => (Date.parse(time) / 1000 - start) / 60;
export const timeOf = (minute: number): string =>
  new Date((start + minute * 60) * 1000).toISOString().replace('.000', '');

/** A store in memory whose flows arrive over time. Counts them as the queries of alerts ask. */
export class FakeStore {
  readonly #flows: readonly Flow[];
  now = 0;
  /** Queries without a filter, which find out whether flows came late. */
  asked = 0;
  /** The minute after the newest flow that has arrived. */
  to = 0;

  constructor(flows: readonly Flow[]) {
    this.#flows = flows;
  }

  /** Moves the clock: flows that arrive until then are visible. */
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

/** What all alerts of these tests have in common. */
export const base = { name: 'Test', every: 'PT5M', delay: 'PT10M', channels: ['hook'] };

/** Flows that keep the newest time moving, one a minute. */
export const steady = (to: number): readonly Flow[] =>
  Array.from({ length: to }, (_, at) => ({ at, comes: at, name: 'steady' }));

/** Milliseconds since 1970 of a minute. */
const millisecondsAt = (minute: number): number => (start + minute * 60) * 1000;

/** Lets the clock reach a minute, and evaluates the alerts that are due then. */
export async function evaluateAt(store: FakeStore, alerts: AlertRunner, minute: number): Promise<void> {
  store.set(minute);
  await alerts.evaluateDue(millisecondsAt(minute));
}

/** Sends the messages that are due at a minute. */
export function deliverAt(alerts: AlertRunner, minute: number): Promise<void> {
  return alerts.deliver(millisecondsAt(minute));
}

/** Evaluates and sends in each minute, or in every `step`th. */
export async function watch(
  store: FakeStore,
  alerts: AlertRunner,
  { from, to, step = 1 }: { readonly from: number; readonly to: number; readonly step?: number },
): Promise<void> {
  for (let minute = from; minute < to; minute += step) {
    await evaluateAt(store, alerts, minute);
    await deliverAt(alerts, minute);
  }
}

interface LateAlerts {
  /** Another run: no states and no messages. */
  readonly reset: () => void;
  /** A process that evaluates these alerts, by id, with the states of the one before it. */
  readonly begin: (store: FakeStore, alerts: Readonly<Record<string, object>>) => Promise<AlertRunner>;
  /** The messages that the receiver got, in order. */
  readonly told: () => readonly AlertMessage[];
  /** Whether the receiver accepts messages. */
  readonly accept: (accepts: boolean) => void;
}

/** A receiver of messages and a folder of states for the tests of a file. */
export function lateAlerts(): LateAlerts {
  const folder = useTempFolder();
  let receiver: HttpReceiver;
  let count = 0;
  const reset = (): void => {
    count++;
    receiver.received.length = 0;
    receiver.answer = 200;
  };
  beforeAll(async () => {
    receiver = await httpReceiver();
  });
  afterAll(() => receiver.close());
  beforeEach(reset);
  return {
    reset,
    begin: async (store, alerts) => {
      const evaluating = runner(store, alerts, join(folder.path, String(count)), receiver.url);
      await evaluating.begin();
      return evaluating;
    },
    told: () => receiver.received.map(({ body }) => JSON.parse(body) as AlertMessage),
    accept: (accepts) => {
      receiver.answer = accepts ? 200 : 500;
    },
  };
}

function runner(
  store: FakeStore,
  alerts: Readonly<Record<string, object>>,
  folder: string,
  url: string,
): AlertRunner {
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
      status: async () => ({
        range: { from: timeOf(-3000), to: timeOf(store.to) },
        newest: timeOf(store.to),
        gaps: [],
        lossy: [],
      }),
    },
    folder,
    channels: () => [{ kind: 'webhook', name: 'hook', url, secret: null }],
    url: () => 'http://127.0.0.1:4747/',
    warn: (message) => {
      throw new Error(message);
    },
    takeLock: async () => ({ release: async () => undefined }),
  });
}
