import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type MailReceiver, mailReceiver } from '../../test/alerts/receivers.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import type { Channel } from '../alerts/channels/channel.ts';
import type { FindingWithState } from '../model/knocks/knocks.ts';
import type { Answer } from '../model/query/answer.ts';
import type { Report } from './scheduled-report.ts';
import { ReportRunner } from './report-runner.ts';

const folder = useTempFolder();
let mail: MailReceiver;
let out = '';
let warned: string[] = [];
let asked: unknown[] = [];
let ids: string[] = [];
/** What the next question throws; null: it is answered. */
let fault: Error | null = null;

beforeAll(async () => {
  mail = await mailReceiver();
});
afterAll(() => mail.close());
beforeEach(async () => {
  out = join(folder.path, 'out');
  for (const path of [out, join(folder.path, 'store')]) await rm(path, { recursive: true, force: true });
  await mkdir(join(folder.path, 'store'));
  [warned, asked, ids, fault] = [[], [], [], null];
  mail.received.length = 0;
});

const daily: Report = {
  name: 'daily',
  schedule: { every: 'day', on: 1, hour: 6, minute: 0, timezone: 'Europe/Berlin' },
  content: { kind: 'query', format: 'csv', query: { splits: [{ field: 'dstport' }] } },
  get folder() {
    return out;
  },
  mail: 'ops',
};
const findings: Report = {
  ...daily,
  name: 'findings',
  content: { kind: 'findings', format: 'html' },
  get folder() {
    return out;
  },
  mail: null,
};

const answer = {
  columns: [
    { name: 'dstport', kind: 'split', type: 'number', label: 'Dest port', unit: null },
    { name: 'flows', kind: 'measure', type: 'number', label: 'Flows', unit: 'count' },
  ],
  rows: [[443, 12]],
  truncated: false,
  range: { from: '2026-01-04T23:00:00Z', to: '2026-01-05T23:00:00Z' },
} as unknown as Answer;

function finding(id: string): FindingWithState {
  const state_info = { until: null, reason: null, note: null };
  const counts = {
    coverage: { hours: 1, unknown_hours: 0 },
    source_count: 0,
    attempts: 1,
    counted: 'records',
  };
  return {
    id, kind: 'persistent_stranger', score: 0.9, score_parts: [], summary: `Somebody of ${id}.`, next_step: 'Look.',
    state: 'new', state_info, sources: [], amounts: [], evidence: [], hourly: { measure: 'attempts', from: '2026-01-05T00:00:00Z', attempts: [1], unknown: [] }, first_seen: '2026-01-05T00:00:00Z',
    last_seen: '2026-01-05T01:00:00Z', target: null, ...counts,
  } as unknown as FindingWithState; // prettier-ignore
}

function runner(reports: readonly Report[] = [daily]): ReportRunner {
  const ask = <T>(what: unknown, value: T): Promise<T> => {
    asked.push(what);
    return fault === null ? Promise.resolve(value) : Promise.reject(fault);
  };
  const ops: Channel = {
    kind: 'mail',
    name: 'ops',
    server: mail.url,
    from: 'a@example.com',
    to: ['b@example.com'],
  };
  return new ReportRunner({
    source: {
      schema: unasked,
      names: unasked,
      sources: unasked,
      documents: unasked,
      query: (query) => ask(query, answer),
      knocks: (time) =>
        ask(time, {
          range: null, range_investigated: null, notes: [], rest: [], stats: { ms: 1 },
          totals: { flows: 1, rejected_flows: 1, rejected_share: 1 },
          findings: ids.map(finding),
        }), // prettier-ignore
    },
    folder: join(folder.path, 'store'),
    reports: () => reports,
    channels: () => [ops],
    warn: (message) => warned.push(message),
    takeLock: () => Promise.resolve(null),
  });
}

/** Of no report that is made here. */
function unasked(): never {
  throw new Error('nobody asks this');
}

const never = new AbortController().signal;
const files = (): Promise<string[]> => readdir(out).catch(() => []);
const at = (time: string): number => Date.parse(time);

test('one that is new waits for its time; then it is made once, into its folder and by mail', async () => {
  await runner().look(at('2026-01-05T12:00:00Z'), never);
  expect(await files()).toEqual([]);
  await runner().look(at('2026-01-06T04:59:59Z'), never);
  expect(await files()).toEqual([]);
  for (const time of ['2026-01-06T05:00:00Z', '2026-01-06T05:01:00Z']) await runner().look(at(time), never);
  expect(await files()).toEqual(['daily-2026-01-06.csv']);
  expect(await readFile(join(out, 'daily-2026-01-06.csv'), 'utf8')).toBe('dstport,flows\r\n443,12\r\n');
  // Of the day before, from midnight to midnight in Berlin.
  expect(asked).toEqual([
    {
      timezone: 'Europe/Berlin',
      splits: [{ field: 'dstport' }],
      time: { from: '2026-01-04T23:00:00Z', to: '2026-01-05T23:00:00Z' },
    },
  ]);
  expect(mail.received).toHaveLength(1);
  expect(mail.received[0]).toContain('Subject: Peephole: daily, 2026-01-06');
  expect(mail.received[0]).toContain('filename=daily-2026-01-06.csv');
  expect(mail.received[0]).not.toContain('Late');
  expect(warned).toEqual([]);
});

test('of what was missed the latest is made up for, once; what fails is tried again, later each time', async () => {
  await runner().look(at('2026-01-05T12:00:00Z'), never);
  fault = new Error('the disk is full');
  const back = at('2026-01-20T09:00:00Z');
  await runner().look(back, never);
  await runner().look(back + 59_000, never);
  expect(warned).toEqual(['The report daily failed, and is tried again: the disk is full']);
  fault = null;
  await runner().look(back + 60_000, never);
  await runner().look(back + 90_000, never);
  expect(await files()).toEqual(['daily-2026-01-20.csv']);
  expect(mail.received).toHaveLength(1);
  // In quoted-printable, lines may be broken.
  expect(mail.received[0]?.replaceAll('=\r\n', '')).toContain(
    'Late: this report was due at 2026-01-20T05:00:00Z, and is of 2026-01-20T09:01:00Z.',
  );
});

test('after a kill between its delivery and what is kept of it, it comes in its own place, with the same id', async () => {
  const store = join(folder.path, 'store');
  await runner().look(at('2026-01-05T12:00:00Z'), never);
  const before = await readFile(join(store, 'reports', 'states.json'));
  await runner().look(at('2026-01-06T06:00:00Z'), never);
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(store, 'reports', 'states.json'), before);
  await runner().look(at('2026-01-06T07:00:00Z'), never);
  expect(await files()).toEqual(['daily-2026-01-06.csv']);
  const [first, second] = mail.received.map((text) => /^Message-ID: .*$/m.exec(text)?.[0]);
  expect(first).toBeDefined();
  expect(second).toBe(first);
});

test('findings: those in no earlier report come first', async () => {
  await runner([findings]).look(at('2026-01-05T12:00:00Z'), never);
  ids = ['old'];
  await runner([findings]).look(at('2026-01-06T06:00:00Z'), never);
  ids = ['old', 'fresh'];
  await runner([findings]).look(at('2026-01-07T06:00:00Z'), never);
  expect(warned).toEqual([]);
  const html = await readFile(join(out, 'findings-2026-01-07.html'), 'utf8');
  expect(html).toMatch(
    /<h2>New: 1<\/h2>[\s\S]*Somebody of fresh[\s\S]*<h2>Reported before: 1<\/h2>[\s\S]*Somebody of old/,
  );
});
