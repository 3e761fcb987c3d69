import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertMessage } from '../../src/alerts/alert-message.ts';
import { AlertRunner } from '../../src/alerts/alert-runner.ts';
import { previewAlert } from '../../src/alerts/preview-alert.ts';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { DocumentKind, StoredDocument } from '../../src/model/document/document.ts';
import type { SourceStatus } from '../../src/model/source-status.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { header, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { httpReceiver, type HttpReceiver } from './receivers.ts';

const HOUR = 3600;
const HOURS = 168;
const start = Date.UTC(2026, 0, 5) / 1000;
const at = (hour: number): string => new Date((start + hour * HOUR) * 1000).toISOString().replace('.000', '');

/** What was planted, by the hour. */
const BURST = 10;
const DOUBLED = 26;
const NEW_PORT = 30;
const STOPPED = 33;
/** Its logs come two hours late, and with them somebody who tried many times. */
const LATE = 36;
/** Somebody outside begins to try a port, and a client is shut out of one that it used. */
const STRANGER = 60;
const RULE = 100;
/** No log at all from the first of these hours on, until the second: those of them never come. */
const OUTAGE = [150, 153] as const;
/** The source lags from the first of these hours on, until the second. */
const LAGS = [130, 133] as const;

const folder = useTempFolder();
let store: DuckDbStore;
let service: LocalService;
let receiver: HttpReceiver;

beforeAll(async () => {
  store = await DuckDbStore.open({
    folder: join(folder.path, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  service = new LocalService(store);
  receiver = await httpReceiver();
  await mkdir(join(folder.path, 'logs'));
});
afterAll(async () => {
  await store.close();
  await receiver.close();
});

/** The log of an hour: three clients that ask every five minutes, and what was planted. */
function hourLog(hour: number): string {
  const lines: string[] = [];
  const flow = (second: number, more: Readonly<Record<string, string | number>>): void => {
    const from = start + hour * HOUR + second;
    lines.push(logLine({ action: 'ACCEPT', dstport: 443, start: from, end: from + 30, ...more }));
  };
  for (const client of [1, 2, 3]) {
    if (client === 3 && hour >= STOPPED) continue;
    for (let second = 0; second < HOUR; second += 300)
      flow(second + client, { srcaddr: `10.0.1.${client}`, bytes: hour === DOUBLED ? 2000 : 1000 });
  }
  if (hour === BURST)
    for (let i = 0; i < 50; i++)
      flow(i * 60, { srcaddr: '198.51.100.7', srcport: 1024 + i, dstport: 22, action: 'REJECT' });
  if (hour === LATE)
    for (let i = 0; i < 50; i++)
      flow(i * 60, { srcaddr: '198.51.100.9', srcport: 1024 + i, dstport: 22, action: 'REJECT' });
  for (let second = 11; second < HOUR; second += 300)
    flow(second, {
      srcaddr: '10.0.2.9',
      srcport: 2000 + second,
      dstaddr: '10.0.0.5',
      dstport: 5432,
      action: hour >= RULE ? 'REJECT' : 'ACCEPT',
    });
  if (hour >= STRANGER)
    for (let second = 5; second < HOUR; second += 120)
      flow(second, {
        srcaddr: '203.0.113.77',
        srcport: 30_000 + second,
        dstport: 3389,
        packets: 1,
        bytes: 40,
        action: 'REJECT',
      });
  if (hour >= NEW_PORT) flow(7, { srcaddr: '10.0.1.1', dstport: 8443 });
  return `${header}\n${lines.join('\n')}\n`;
}

const hourly = { every: 'PT1H', delay: 'PT15M', channels: ['hook'] };
const alerts = {
  burst: {
    name: 'Rejected flows',
    ...hourly,
    note: 'Look at <Knocks>.',
    condition: {
      kind: 'amount',
      measure: 'rejected_flows',
      split: 'srcaddr',
      above: 40,
      filter: [{ field: 'dstaddr', in: ['10.0.0.1'] }],
    },
  },
  silent: {
    name: 'Never: few flows',
    ...hourly,
    condition: { kind: 'amount', measure: 'flows', below: 20 },
  },
  growth: {
    name: 'Twice the bytes of the hour before',
    ...hourly,
    condition: {
      kind: 'change',
      measure: 'bytes',
      shift: 'PT1H',
      increase: 50,
      filter: [{ field: 'dstport', in: [443] }],
    },
  },
  ports: {
    name: 'A new port',
    ...hourly,
    condition: { kind: 'new_value', field: 'dstport', known: 'P1D' },
  },
  gone: {
    name: 'A client stopped',
    ...hourly,
    condition: { kind: 'absence', split: 'srcaddr', windows: 12, filter: [{ field: 'dstport', in: [443] }] },
  },
  stranger: {
    name: 'Somebody new knocks',
    ...hourly,
    // An investigation takes longer than all other looks together.
    every: 'PT6H',
    condition: { kind: 'finding', kinds: ['new_stranger'], score: 0.1 },
  },
  rule: {
    name: 'A rule shuts somebody out',
    ...hourly,
    every: 'PT6H',
    condition: { kind: 'finding', kinds: ['rejected_after_change'], score: 0.1 },
  },
  held: {
    name: 'Rejected flows for two hours',
    ...hourly,
    for: 'PT2H',
    condition: {
      kind: 'amount',
      measure: 'rejected_flows',
      split: 'srcaddr',
      above: 25,
      filter: [{ field: 'dstaddr', in: ['10.0.0.1'] }],
    },
  },
  drop: {
    name: 'A client sends much less than an hour before',
    ...hourly,
    condition: {
      kind: 'change',
      measure: 'bytes',
      split: 'srcaddr',
      shift: 'PT1H',
      decrease: 60,
      filter: [{ field: 'dstport', in: [443] }],
    },
  },
  few: {
    name: 'Nothing of one client, which is a zero where others are logged',
    ...hourly,
    condition: {
      kind: 'amount',
      measure: 'flows',
      below: 5,
      filter: [{ field: 'srcaddr', in: ['10.0.1.3'] }],
    },
  },
  sources: {
    name: 'A source that was never there',
    ...hourly,
    condition: { kind: 'new_value', field: 'srcaddr', known: 'P1D' },
  },
  service: {
    name: 'Never: nobody asks the service',
    ...hourly,
    condition: { kind: 'absence', split: null, windows: 6, filter: [{ field: 'dstport', in: [443] }] },
  },
  source: { name: 'A source lags', ...hourly, condition: { kind: 'source_lag', source: null, lag: 'PT30M' } },
  logs: { name: 'No logs', ...hourly, condition: { kind: 'no_logs', lasting: 'PT90M' } },
} as const;

function documentsOf(): readonly StoredDocument<'alerts'>[] {
  return Object.entries(alerts).map(([id, content]) => ({
    id,
    version: 1,
    changed_at: at(0),
    content: parseDocument('alerts', content),
    original: null,
  }));
}

function runner(): AlertRunner {
  return new AlertRunner({
    source: {
      documents: async (_kind: DocumentKind) => documentsOf(),
      query: (query) => service.query(query),
      knocks: (time) => service.knocks(time),
      sources: async () => [followed],
      status: () => service.status(),
    },
    folder: join(folder.path, 'store'),
    channels: () => [{ kind: 'webhook', name: 'hook', url: receiver.url, secret: null }],
    url: () => 'https://peephole.example/',
    warn: (message) => {
      throw new Error(message);
    },
    takeLock: async () => ({ release: async () => undefined }),
  });
}

async function ingest(hour: number): Promise<void> {
  const name = join(folder.path, 'logs', `${hour}.log`);
  await writeFile(name, hourLog(hour));
  await service.ingest({ names: [name], cwd: '/', format: null });
}

/** The source as its follower would have it at the moment. */
let followed = sourceAt(0);

function sourceAt(hour: number): SourceStatus {
  const lags = hour >= LAGS[0] && hour < LAGS[1];
  return {
    id: 's3://logs',
    kind: 's3',
    state: 'live',
    paused: false,
    lag_seconds: lags ? HOUR : 20,
    lag_objects: 0,
    records: 1,
    objects: 1,
    rate: 1,
    last_success: at(hour),
    last_error: null,
    unreadable: [],
    warnings: [],
    next_try: null,
  };
}

const messages = (): readonly AlertMessage[] =>
  receiver.received.map(({ body }) => JSON.parse(body) as AlertMessage);

test('a week of logs, some late, with a stranger, a changed rule, hours without logs and a source that lags: each alert that must fire fires once, whoever is restarted, and no other', async () => {
  let evaluating = runner();
  await evaluating.begin();
  for (let hour = 0; hour < HOURS; hour++) {
    const outage = hour >= OUTAGE[0] && hour < OUTAGE[1];
    if (hour !== LATE && !outage) await ingest(hour);
    if (hour === LATE + 2) await ingest(LATE);
    followed = sourceAt(hour);
    const now = (start + (hour + 1) * HOUR + 20 * 60) * 1000;
    await evaluating.evaluateDue(now);
    // A process that ends between a look and its messages, and another one that goes on.
    if (hour % 3 === 0) {
      await evaluating.end();
      evaluating = runner();
      await evaluating.begin();
    }
    await evaluating.deliver(now);
    await evaluating.evaluateDue(now);
  }
  const told = messages().map(({ alert, state, to }) => `${alert.id} ${state} ${to}`);
  const isFinding = (text: string): boolean => /^(stranger|rule) /.test(text);
  expect(told.filter((text) => !isFinding(text))).toEqual([
    `burst firing ${at(BURST + 1)}`,
    `burst ok ${at(BURST + 2)}`,
    `growth firing ${at(DOUBLED + 1)}`,
    `growth ok ${at(DOUBLED + 2)}`,
    `ports firing ${at(NEW_PORT + 1)}`,
    `gone firing ${at(STOPPED + 1)}`,
    `drop firing ${at(STOPPED + 1)}`,
    `few firing ${at(STOPPED + 1)}`,
    // Nothing against nothing.
    `drop ok ${at(STOPPED + 2)}`,
    // What the late logs hold, once they have been there for the delay; the next window ends it.
    `burst firing ${at(LATE + 1)}`,
    `ports firing ${at(LATE + 1)}`,
    `sources firing ${at(LATE + 1)}`,
    `burst ok ${at(LATE + 5)}`,
    // The stranger's port, and who it is; the burst of an hour was too short for the next.
    `ports firing ${at(STRANGER + 1)}`,
    `sources firing ${at(STRANGER + 1)}`,
    `held firing ${at(STRANGER + 3)}`,
    `source firing ${at(LAGS[0] + 1)}`,
    `source ok ${at(LAGS[1] + 1)}`,
    // Hours without logs are no zeros: only what watches the logs says anything.
    `logs firing ${at(OUTAGE[0] + 2)}`,
    `logs ok ${at(OUTAGE[1] + 1)}`,
  ]);
  // The investigation decides when a finding is certain: each is reported once, after the traffic that it is about, and none stays new.
  const findings = told.filter(isFinding).map((text) => text.split(' '));
  expect(findings.map(([id, state]) => `${id} ${state}`)).toEqual([
    'stranger firing',
    'rule firing',
    'stranger ok',
  ]);
  const [stranger, rule] = findings.map(([, , to]) => Date.parse(to ?? '') / 1000);
  expect(stranger).toBeGreaterThan(start + STRANGER * HOUR);
  expect(stranger).toBeLessThan(start + (STRANGER + 24) * HOUR);
  expect(rule).toBeGreaterThan(start + RULE * HOUR);
  expect(rule).toBeLessThan(start + (RULE + 24) * HOUR);
  const [burst] = messages();
  expect(burst).toMatchObject({
    alert: { id: 'burst', name: 'Rejected flows' },
    state: 'firing',
    value: 50,
    threshold: 40,
    at: at(BURST + 1),
    from: at(BURST),
    rows: [{ srcaddr: '198.51.100.7', rejected_flows: 50 }],
    row_count: 1,
    firing: 1,
    note: 'Look at <Knocks>.',
  });
  // The query that decided gives the same figure to whoever asks it again.
  const again = await service.query(burst?.query);
  expect(again.rows).toEqual([['198.51.100.7', 50]]);
  expect(new URL(burst?.link ?? '').searchParams.get('query')).toBe(JSON.stringify(burst?.query));
  expect(burst?.link).toMatch(/^https:\/\/peephole\.example\/\?/);
  const states = new Map((await evaluating.statuses()).map((status) => [status.id, status]));
  expect([...states.values()].map(({ id, state }) => `${id} ${state}`)).toEqual([
    'burst ok',
    'silent ok',
    'growth ok',
    'ports ok',
    'gone firing',
    'stranger ok',
    'rule firing',
    'held firing',
    'drop ok',
    'few firing',
    'sources ok',
    'service ok',
    'source ok',
    'logs ok',
  ]);
  expect(states.get('gone')?.series).toMatchObject([{ label: '10.0.1.3', since: at(STOPPED + 1) }]);
  // The hour whose log was late is unknown, and no zero; so are those of the outage.
  const seen = (id: string): readonly string[] =>
    (states.get(id)?.history ?? []).map((event) => `${event.state} ${event.at}`);
  const unknown = [`no_data ${at(OUTAGE[0] + 1)}`, `no_data ${at(LATE + 1)}`];
  expect(seen('silent')).toEqual(unknown);
  // Absence needs half of its windows before it.
  expect(seen('service')).toEqual([...unknown, `no_data ${at(1)}`]);
  // Each key once, however often somebody else took over between a look and its messages.
  const keys = messages().map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  await evaluating.end();
}, 900_000);

test('a preview says when it would have fired, as it then did', async () => {
  const preview = async (id: keyof typeof alerts): ReturnType<typeof previewAlert> =>
    previewAlert(
      parseDocument('alerts', alerts[id]),
      {
        query: (query) => service.query(query),
        knocks: (time) => service.knocks(time),
        sources: () => service.sources(),
        status: () => service.status(),
      },
      30 * 86_400,
      (await service.status()).range === null
        ? 0
        : Date.parse((await service.status()).range!.to) / 1000 + 3600,
    );
  const burst = await preview('burst');
  expect(burst.fired).toEqual([
    { at: at(BURST + 1), label: '198.51.100.7', value: 50, threshold: 40 },
    { at: at(LATE + 1), label: '198.51.100.9', value: 50, threshold: 40 },
  ]);
  expect([burst.from, burst.to, burst.no_data]).toEqual([at(1), at(HOURS), OUTAGE[1] - OUTAGE[0]]);
  expect((await preview('held')).fired.map((one) => `${one.label} ${one.at}`)).toEqual([
    `203.0.113.77 ${at(STRANGER + 3)}`,
  ]);
  expect((await preview('drop')).fired.map((one) => `${one.label} ${one.at}`)).toEqual([
    `10.0.1.3 ${at(STOPPED + 1)}`,
  ]);
  expect((await preview('service')).fired).toEqual([]);
  expect((await preview('growth')).fired.map((one) => one.at)).toEqual([at(DOUBLED + 1)]);
  expect((await preview('gone')).fired.map((one) => one.label)).toEqual(['10.0.1.3']);
  await expect(preview('logs')).rejects.toMatchObject({ code: 'impossible_query' });
});
