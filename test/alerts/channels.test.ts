import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readRecords, writeRecords } from '../../src/alerts/alert-records.ts';
import type { AlertMessage } from '../../src/alerts/alert-message.ts';
import { AlertRunner } from '../../src/alerts/alert-runner.ts';
import type { Channel } from '../../src/alerts/channels/channel.ts';
import { sendMessage } from '../../src/alerts/channels/send-message.ts';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { httpReceiver, mailReceiver, type HttpReceiver, type MailReceiver } from './receivers.ts';

const folder = useTempFolder();
let http: HttpReceiver;
let mail: MailReceiver;
let count = 0;
/** Of the one alert: what its query answers. */
let flows = 0;
/** What the configuration says. */
let channels: readonly Channel[] = [];

beforeAll(async () => {
  http = await httpReceiver();
  mail = await mailReceiver();
});
afterAll(async () => {
  await http.close();
  await mail.close();
});
beforeEach(() => {
  count++;
  flows = 7;
  above = 5;
});
afterEach(() => {
  http.received.length = 0;
  mail.received.length = 0;
  http.answer = 200;
});

const HOUR = 3_600_000;
const start = Date.UTC(2026, 0, 5);
const range = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };

/** Whether the alert is enabled. */
let enabled = true;
/** The number that its condition compares with. */
let above = 5;

function alertTo(channel: string): StoredDocument<'alerts'> {
  const content = parseDocument('alerts', {
    name: 'Flows <b>& more*\r\nBcc: evil@example.com',
    enabled,
    every: 'PT1H',
    delay: 'PT1M',
    channels: [channel],
    condition: { kind: 'amount', measure: 'flows', above },
  });
  return { id: 'flows', version: 1, changed_at: '', content, original: null };
}

function runnerTo(channel: Channel, more: readonly Channel[] = []): AlertRunner {
  channels = [channel, ...more];
  return new AlertRunner({
    source: {
      documents: async () => [alertTo(channel.name)],
      query: async (query) => {
        if (!('filter' in (query as object))) return { rows: [], truncated: false } as unknown as Answer;
        if (Number.isNaN(flows)) throw new Error('no such thing');
        return { rows: [[flows]], truncated: false } as unknown as Answer;
      },
      knocks: () => Promise.reject(new Error('not asked')),
      sources: async () => [],
      status: async () => ({ range, newest: range.to, gaps: [], lossy: [] }),
    },
    folder: join(folder.path, String(count)),
    channels: () => channels,
    url: () => 'http://127.0.0.1:4747/',
    warn: (message) => {
      throw new Error(message);
    },
    takeLock: async () => ({ release: async () => undefined }),
  });
}

/** Looks an hour after the others, and sends what is due. */
async function hour(runner: AlertRunner, at: number, amount: number): Promise<void> {
  flows = amount;
  await runner.evaluateDue(start + at * HOUR + 120_000);
  await runner.deliver(start + at * HOUR + 120_000);
}

async function begun(channel: Channel, more: readonly Channel[] = []): Promise<AlertRunner> {
  const runner = runnerTo(channel, more);
  expect(await runner.begin()).toBe(true);
  return runner;
}

test('a webhook is signed, over its time too, and carries a key that stays the same', async () => {
  const runner = await begun({ kind: 'webhook', name: 'hook', url: `${http.url}/in`, secret: 's3cret' });
  http.answer = 503;
  await hour(runner, 0, 7);
  http.answer = 200;
  await runner.deliver(start + HOUR);
  expect(http.received).toHaveLength(2);
  const [first, second] = http.received;
  expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  const signature = String(second?.headers['x-peephole-signature']);
  const [, time = '', value = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  expect(value).toBe(createHmac('sha256', 's3cret').update(`${time}.${second?.body}`).digest('hex'));
  expect(JSON.parse(second?.body ?? '')).toMatchObject({ state: 'firing', value: 7, threshold: 5 });
});

test('messages that failed are retried with growing waits, also after a restart', async () => {
  const channel = { kind: 'webhook', name: 'hook', url: http.url, secret: null } as const;
  const runner = await begun(channel);
  http.answer = 500;
  await hour(runner, 0, 7);
  const [status] = await runner.statuses();
  expect(status?.waiting).toMatchObject([{ channel: 'hook', error: expect.stringContaining('500') }]);
  const times: number[] = [];
  for (let second = 120; second < 3600; second++) {
    const before = http.received.length;
    await runner.deliver(start + second * 1000);
    if (http.received.length > before) times.push(second - 120);
  }
  expect(times.slice(0, 6)).toEqual([10, 30, 70, 150, 310, 630]);
  // Killed: nobody ends it.
  const next = await begun(channel);
  http.answer = 200;
  const before = http.received.length;
  await next.deliver(start + 2 * HOUR);
  await next.deliver(start + 2 * HOUR);
  expect(http.received).toHaveLength(before + 1);
  expect((await next.statuses())[0]?.waiting).toEqual([]);
});

test('redirects are not followed, and a channel that the configuration has no more waits', async () => {
  const runner = await begun({ kind: 'webhook', name: 'hook', url: http.url, secret: null });
  http.answer = 302;
  await hour(runner, 0, 7);
  expect(http.received.map(({ path }) => path)).toEqual(['/']);
  channels = [];
  await runner.deliver(start + HOUR);
  expect((await runner.statuses())[0]?.waiting[0]?.error).toContain('no channel of that name');
});

test('mail goes by SMTP with a log-in; a name can’t add headers; the same message has the same id', async () => {
  const channel = {
    kind: 'mail',
    name: 'ops',
    server: mail.url,
    from: 'Peephole <peephole@example.com>',
    to: ['ops@example.com', 'night@example.com'],
  } as const;
  const runner = await begun(channel);
  await hour(runner, 0, 7);
  await hour(runner, 1, 1);
  expect(mail.received).toHaveLength(2);
  const [fired = '', resolved = ''] = mail.received;
  const head = fired.slice(0, fired.indexOf('\r\n\r\n'));
  expect(head).toMatch(/^To: ops@example\.com, night@example\.com\r$/m);
  expect(head).not.toMatch(/^Bcc:/im);
  expect(head).toMatch(/^Message-ID: <[0-9a-f]{32}@peephole\.invalid>\r$/m);
  expect(fired).toContain('flows 7');
  expect(fired).toContain('http://127.0.0.1:4747/?query=3D');
  expect(resolved).toMatch(/^Subject: Resolved: /m);
  const wrong = await begun({ ...channel, server: mail.url.replace('ssword', 'wrong').replace('word', 'x') });
  await expect(wrong.test('ops')).rejects.toMatchObject({ code: 'output_failed' });
});

test('Slack gets text without markup of strangers; PagerDuty gets an incident and its end', async () => {
  const slack = { kind: 'slack', name: 'slack', url: `${http.url}/slack` } as const;
  await hour(await begun(slack), 0, 7);
  const { text } = JSON.parse(http.received[0]?.body ?? '') as { readonly text: string };
  expect(text).toContain('Flows &lt;b&gt;&amp; more');
  expect(text).not.toContain('<b>');
  count += 1000;
  http.received.length = 0;
  const pager = { kind: 'pagerduty', name: 'pager', routingKey: 'R', url: `${http.url}/v2/enqueue` } as const;
  const runner = await begun(pager);
  await hour(runner, 0, 7);
  await hour(runner, 1, 1);
  const events = http.received.map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>);
  expect(events).toMatchObject([
    {
      routing_key: 'R',
      event_action: 'trigger',
      dedup_key: 'peephole/flows',
      payload: { severity: 'error' },
    },
    { routing_key: 'R', event_action: 'resolve', dedup_key: 'peephole/flows' },
  ]);
});

test('PagerDuty is not told that some series ended while others fire: it has no such event', async () => {
  await hour(await begun({ kind: 'webhook', name: 'hook', url: http.url, secret: null }), 0, 7);
  const fired = JSON.parse(http.received.pop()?.body ?? '') as AlertMessage;
  const pager = { kind: 'pagerduty', name: 'pager', routingKey: 'R', url: http.url } as const;
  const { signal } = new AbortController();
  for (const [state, firing] of [
    ['firing', 2],
    ['ok', 1],
    ['ok', 0],
  ] as const)
    await sendMessage(pager, { ...fired, state, firing }, signal);
  const actions = http.received.map(
    ({ body }) => (JSON.parse(body) as Record<string, unknown>)['event_action'],
  );
  expect(actions).toEqual(['trigger', 'resolve']);
});

test('PagerDuty has an incident of its own while an alert can’t be evaluated, and for each test', async () => {
  const runner = await begun({ kind: 'pagerduty', name: 'pager', routingKey: 'R', url: http.url });
  await hour(runner, 0, Number.NaN);
  await hour(runner, 1, 1);
  await hour(runner, 2, 7);
  await runner.test('pager');
  await runner.test('pager');
  const events = http.received.map(({ body }) => JSON.parse(body) as Record<string, string>);
  expect(events[0]?.['links']).toMatchObject([{ href: 'http://127.0.0.1:4747/alerts' }]);
  const told = events.map((event) => `${event['event_action']} ${event['dedup_key']}`);
  expect(told.slice(0, 3)).toEqual([
    'trigger peephole/flows/error',
    'resolve peephole/flows/error',
    'trigger peephole/flows',
  ]);
  expect(new Set(told.slice(3)).size).toBe(2);
});

test('a channel is tried by a message that says so; one that fails holds up no other', async () => {
  const down = { kind: 'webhook', name: 'down', url: 'http://127.0.0.1:1/', secret: null } as const;
  const runner = await begun(down, [{ kind: 'webhook', name: 'hook', url: http.url, secret: null }]);
  await runner.test('hook');
  expect(JSON.parse(http.received[0]?.body ?? '')).toMatchObject({ state: 'test', alert: { id: 'test' } });
  await expect(runner.test('down')).rejects.toMatchObject({ code: 'output_failed' });
  await expect(runner.test('other')).rejects.toMatchObject({ code: 'not_found' });
});

test('acknowledging and silencing are kept, and end', async () => {
  const channel = { kind: 'webhook', name: 'hook', url: http.url, secret: null } as const;
  const runner = await begun(channel);
  await hour(runner, 0, 7);
  await runner.acknowledge('flows', '', 'I am on it', start);
  await expect(runner.acknowledge('flows', '"x"', 'no', start)).rejects.toMatchObject({ code: 'not_found' });
  await hour(runner, 1, 1);
  expect(http.received).toHaveLength(2);
  await runner.silence('flows', null, new Date(start + 10 * HOUR).toISOString(), 'maintenance');
  await hour(runner, 2, 7);
  expect(http.received).toHaveLength(2);
  const next = await begun(channel);
  const [status] = await next.statuses();
  expect(status).toMatchObject({ state: 'firing', silences: [{ reason: 'maintenance' }] });
  await next.endSilence('flows', status?.silences[0]?.id ?? '');
  await expect(next.endSilence('flows', 'x')).rejects.toMatchObject({ code: 'not_found' });
  await hour(next, 3, 1);
  await hour(next, 4, 7);
  expect(http.received.map(({ body }) => (JSON.parse(body) as { state: string }).state)).toEqual([
    'firing',
    'ok',
    'firing',
  ]);
});

test('a channel that was notified of a firing alert is notified once that the alert was disabled', async () => {
  const runner = await begun({ kind: 'webhook', name: 'hook', url: http.url, secret: null });
  await hour(runner, 0, 7);
  enabled = false;
  try {
    await hour(runner, 1, 7);
    await hour(runner, 2, 7);
  } finally {
    enabled = true;
  }
  const messages = http.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(messages).toMatchObject([
    { state: 'firing' },
    { state: 'ok', firing: 0, row_count: 1, note: 'The alert was disabled.' },
  ]);
});

test('an alert that is disabled keeps its history and silences, and begins again when it is enabled', async () => {
  const channel = { kind: 'webhook', name: 'hook', url: http.url, secret: null } as const;
  const runner = await begun(channel);
  await hour(runner, 0, 7);
  await runner.silence('flows', null, new Date(start + 3 * HOUR).toISOString(), 'maintenance');
  enabled = false;
  try {
    await hour(runner, 1, 7);
    expect((await runner.statuses())[0]).toMatchObject({
      enabled: false,
      state: 'ok',
      series: [],
      silences: [{ reason: 'maintenance' }],
      history: [{ state: 'ok', reason: 'The alert was disabled.' }, { state: 'firing' }],
    });
  } finally {
    enabled = true;
  }
  await hour(runner, 2, 7);
  await hour(runner, 3, 1);
  await hour(runner, 4, 7);
  const messages = http.received.map(({ body }) => JSON.parse(body) as { state: string; key: string });
  expect(messages.map(({ state }) => state)).toEqual(['firing', 'ok', 'firing']);
  expect(new Set(messages.map(({ key }) => key)).size).toBe(3);
});

test('an alert whose condition is changed while it fires: receivers that drop what they have, by its key, know that it fires', async () => {
  const runner = await begun({ kind: 'webhook', name: 'hook', url: http.url, secret: null });
  await hour(runner, 0, 7);
  above = 6;
  http.answer = 500;
  await hour(runner, 0, 7);
  http.answer = 200;
  // More than once, if that is what it takes.
  for (let i = 1; i < 5; i++) await runner.deliver(start + i * HOUR);
  expect((await runner.statuses())[0]).toMatchObject({ state: 'firing', waiting: [] });
  const accepted = new Map(http.received.map(({ headers, body }) => [headers['idempotency-key'], JSON.parse(body) as Record<string, unknown>])); // prettier-ignore
  expect([...accepted.values()]).toMatchObject([
    { state: 'firing', threshold: 5 },
    { state: 'ok', note: 'The condition of the alert was changed.' },
    { state: 'firing', threshold: 6 },
  ]);
  for (const [key, message] of accepted) expect(message['key']).toBe(key);
  // Nothing waits any more, so only the failed attempt came twice.
  expect(http.received).toHaveLength(4);
});

test('messages that an earlier version stored under one key are all sent, each once', async () => {
  const channel = { kind: 'webhook', name: 'hook', url: http.url, secret: null } as const;
  const runner = await begun(channel);
  flows = 7;
  await runner.evaluateDue(start + 120_000);
  await runner.end();
  const records = await readRecords(join(folder.path, String(count)));
  const [waiting] = records.outbox;
  if (waiting === undefined) throw new Error('no message waits');
  const { message } = waiting;
  const outbox = [
    waiting,
    // It failed, and is tried again after the one before was taken.
    { ...waiting, next: start + 2 * HOUR, message: { ...message, state: 'ok', key: 'flows/ok/1' } as const },
    { ...waiting, message: { ...message, threshold: 6 } },
  ];
  await writeRecords(join(folder.path, String(count)), { ...records, outbox });
  const next = await begun(channel);
  await next.deliver(start + HOUR);
  await next.deliver(start + 2 * HOUR);
  expect(http.received.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { state: 'firing', threshold: 5 },
    { state: 'ok' },
    { state: 'firing', threshold: 6 },
  ]);
  expect((await next.statuses())[0]?.waiting).toEqual([]);
});
