// A log group of the emulator, read into a real store.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import { MessageWriter } from '../../src/ingest/messages/message-writer.ts';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import { SourceIngest } from '../../src/ingest/source-ingest.ts';
import { openSource } from '../../src/sources/open-source.ts';
import { noSourceOptions, type SourceOptions, type SourceProgress } from '../../src/sources/source.ts';
import { logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import { expiredToken, type FaultyProxy, startFaultyProxy } from './support/faulty-proxy.ts';
import { createLogGroup, putLogEvents, type LogEvent } from './support/log-groups.ts';
import { createFlowLog, createVpc } from './support/vpc-flow-logs.ts';

const temp = useTempFolder();
const MINUTE = 60_000;
const throttled = { kind: 'error', status: 400, code: 'ThrottlingException' } as const;
const denied = { kind: 'error', status: 400, code: 'AccessDeniedException' } as const;

let proxy: FaultyProxy;
let account: AwsAccount;
let stores = 0;

beforeAll(async () => {
  const moto = await sharedMoto();
  proxy = await startFaultyProxy(moto);
  account = await newAccount(moto, { through: proxy.url });
});
afterAll(async () => {
  account.close();
  await proxy.close();
});

/** A line of each port, so many minutes ago. */
const line = (port: number, minutesAgo: number): LogEvent => ({
  timestamp: Math.floor(Date.now() / 1000) * 1000 - minutesAgo * MINUTE,
  message: logLine({ dstport: port }),
});

const openStore = (folder = join(temp.path, `store-${++stores}`)): Promise<DuckDbStore> =>
  DuckDbStore.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });

interface Reading {
  readonly options?: Partial<SourceOptions>;
  readonly env?: Readonly<Record<string, string>>;
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  readonly note?: (progress: SourceProgress) => void;
}

/** Reads a group as a process of its own would. */
async function read(store: DuckDbStore, group: string, reading: Reading = {}): Promise<IngestReport> {
  const source = await openSource({
    name: `cloudwatch:${group}`,
    options: { ...noSourceOptions, ...reading.options },
    environment: { ...account.env, PEEPHOLE_POLL_SECONDS: '0.1', ...reading.env },
  });
  const signal = reading.signal ?? new AbortController().signal;
  const sink = new SourceIngest(store, new MessageWriter(store), {
    source: source.id,
    format: reading.options?.format ?? null,
    signal,
  });
  await source.read({
    sink,
    follow: reading.follow ?? false,
    signal,
    note: reading.note ?? ((): void => undefined),
  });
  return sink.report;
}

async function portsIn(store: DuckDbStore): Promise<readonly number[]> {
  const ports: number[] = [];
  for await (const batch of (await store.sql('SELECT dstport FROM flows ORDER BY dstport')).batches)
    ports.push(...batch.map(([port]) => Number(port)));
  return ports;
}

describe('a log group', () => {
  test('is asked for its events alone: when streams last got one is known an hour late, and nothing is skipped for it', async () => {
    const group = await createLogGroup(account);
    await putLogEvents(account, group, 'eni-1-all', [line(1, 90)]);
    await putLogEvents(account, group, 'eni-2-all', [line(2, 5)]);
    // As AWS answers: nothing is newer than two hours.
    const stale = proxy.provoke(({ action }) => action.startsWith('DescribeLogStreams'), {
      kind: 'rewrite',
      text: (text) =>
        text.replaceAll(/("last(?:Event|Ingestion)Time(?:stamp)?":)\d+/g, `$1${Date.now() - 120 * MINUTE}`),
    });
    const filters: string[] = [];
    const watch = proxy.provoke(
      ({ action, body }) => {
        if (action === 'FilterLogEvents') filters.push(body);
        return false;
      },
      { kind: 'delay', milliseconds: 0 },
    );
    const store = await openStore();
    await read(store, group, { options: { from: Date.now() - 60 * MINUTE } });
    expect(await portsIn(store)).toEqual([2]);
    await read(store, group);
    expect(await portsIn(store)).toEqual([1, 2]);
    expect(filters.length).toBeGreaterThan(0);
    expect(filters.filter((body) => /logStreamName|filterPattern/.test(body))).toEqual([]);
    expect(stale.hits()).toBe(0);
    stale.end();
    watch.end();
    await store.close();
  });

  test('is read in a range, and again without taking anything twice, also a longer one', async () => {
    const group = await createLogGroup(account);
    await putLogEvents(account, group, 'eni-1-all', [
      line(1, 3000),
      line(2, 2000),
      line(3, 200),
      line(5, 60),
    ]);
    await putLogEvents(account, group, 'eni-2-all', [line(4, 200), line(6, 10), line(7, 10)]);
    const store = await openStore();
    const hours = (count: number): Partial<SourceOptions> => ({ from: Date.now() - count * 60 * MINUTE });
    expect(await read(store, group, { options: hours(24) })).toMatchObject({ flows: 5, duplicates: 0 });
    expect(await portsIn(store)).toEqual([3, 4, 5, 6, 7]);
    // What is older than two hours is not asked for again, and what is not is known.
    expect(await read(store, group, { options: hours(24) })).toMatchObject({ flows: 0, duplicates: 3 });
    await putLogEvents(account, group, 'eni-1-all', [line(8, 12), line(9, 1)]);
    expect(await read(store, group, { options: hours(40) })).toMatchObject({ flows: 3, duplicates: 3 });
    expect(await read(store, group, { options: { to: Date.now() - 2500 * MINUTE } })).toMatchObject({
      flows: 1,
    });
    expect(await read(store, group)).toMatchObject({ flows: 0 });
    expect(await portsIn(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await store.sources.totals()).toMatchObject([{ source: `cloudwatch:${group}`, records: 9 }]);
    await store.close();
  });

  test('is read in pages, with many events of one time', async () => {
    const group = await createLogGroup(account);
    const events = Array.from({ length: 25_000 }, (_, index) => line(index % 50_000, 30));
    await putLogEvents(account, group, 'eni-1-all', events);
    const store = await openStore();
    const before = proxy.count(({ action }) => action === 'FilterLogEvents');
    expect(await read(store, group)).toMatchObject({ flows: 25_000, duplicates: 0 });
    expect(proxy.count(({ action }) => action === 'FilterLogEvents') - before).toBeGreaterThanOrEqual(3);
    expect(new Set(await portsIn(store)).size).toBe(25_000);
    await store.close();
  });

  test('is followed: late events too, by one process after another, and lines that are no records are set aside', async () => {
    const group = await createLogGroup(account);
    await putLogEvents(account, group, 'eni-1-all', [
      line(1, 20),
      { ...line(2, 5), message: 'no record' },
      line(2, 5),
    ]);
    const store = await openStore();
    const follow = async (more: () => Promise<void>): Promise<IngestReport> => {
      const controller = new AbortController();
      let isLive: () => void = () => undefined;
      const states: (boolean | undefined)[] = [];
      const live = new Promise<void>((resolve) => {
        isLive = resolve;
      });
      const reading = read(store, group, {
        follow: true,
        signal: controller.signal,
        note: (progress) => {
          if ('lagObjects' in progress) expect(progress.lagObjects).toBeNull();
          states.push(progress.live);
          if (progress.live === true) isLive();
        },
      });
      await live;
      // What is behind is caught up with first.
      expect(states).toContain(false);
      await more();
      controller.abort();
      return reading;
    };
    const first = await follow(async () => {
      await putLogEvents(account, group, 'eni-2-all', [line(3, 14), line(4, 1), line(5, 0)]);
      await expect.poll(() => portsIn(store), { timeout: 60_000 }).toEqual([1, 2, 3, 4, 5]);
    });
    expect(first).toMatchObject({ records: 6, flows: 5, quarantined: 1, duplicates: 0 });
    await putLogEvents(account, group, 'eni-1-all', [line(6, 110)]);
    const second = await follow(async () => {
      await expect.poll(() => portsIn(store), { timeout: 60_000 }).toEqual([1, 2, 3, 4, 5, 6]);
    });
    expect(second).toMatchObject({ flows: 1, duplicates: 6 });
    const { batches } = await store.sql('SELECT input, text FROM quarantine');
    for await (const rows of batches)
      expect(rows).toEqual([[expect.stringMatching(`^cloudwatch:${group}/eni-1-all/\\d+$`), 'no record']]);
    // Looks that find nothing new leave nothing in the store.
    expect(await store.sources.totals()).toMatchObject([{ records: 7 }]);
    await store.close();
  });

  test('has lines in the formats of its flow logs', async () => {
    const group = await createLogGroup(account);
    const { vpcId, subnetId } = await createVpc(account);
    const destination = { kind: 'cloudwatch', logGroup: group } as const;
    await createFlowLog(account, { subnetId }, destination);
    const custom = '${dstport} ${srcaddr} ${dstaddr} ${start} ${end} ${log-status} ${action} ${vpc-id}';
    await createFlowLog(account, { vpcId }, destination, custom);
    const start = Math.floor(Date.now() / 1000) - 600;
    await putLogEvents(account, group, 'eni-1-all', [
      line(1, 10),
      { timestamp: start * 1000, message: `2 10.0.0.1 10.0.0.2 ${start} ${start + 59} OK REJECT vpc-1` },
    ]);
    const store = await openStore();
    expect(await read(store, group)).toMatchObject({ flows: 2, quarantined: 0 });
    expect(await portsIn(store)).toEqual([1, 2]);
    await store.close();

    // Whoever may not ask has AWS's own format; the others are set aside, and nothing is lost.
    const forbidden = proxy.provoke(({ action }) => action === 'DescribeFlowLogs', {
      kind: 'error',
      status: 403,
      code: 'UnauthorizedOperation',
    });
    const other = await openStore();
    expect(await read(other, group)).toMatchObject({ flows: 1, quarantined: 1 });
    expect(forbidden.hits()).toBeGreaterThan(0);
    forbidden.end();
    await other.close();

    const turned = '${dstport} ${dstaddr} ${srcaddr} ${start} ${end} ${log-status} ${action} ${vpc-id}';
    await createFlowLog(account, { vpcId: (await createVpc(account)).vpcId }, destination, turned);
    const third = await openStore();
    await expect(read(third, group)).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringMatching(/fl-\w+ and fl-\w+ .*--format/),
    });
    // AWS's own format is known whatever else is said.
    expect(await read(third, group, { options: { format: custom } })).toMatchObject({
      flows: 2,
      quarantined: 0,
    });
    await third.close();
  });

  test('is read to its end although AWS throttles, and cuts connections', async () => {
    const group = await createLogGroup(account);
    await putLogEvents(account, group, 'eni-1-all', [line(1, 10), line(2, 5)]);
    const store = await openStore();
    const isRead = ({ action, body }: { readonly action: string; readonly body: string }): boolean =>
      action === 'FilterLogEvents' && body.includes(group);
    // More often than the SDK tries.
    const throttling = proxy.provoke(isRead, throttled, 7);
    const cutting = proxy.provoke(isRead, { kind: 'cut', afterBytes: 20 }, 1);
    expect(await read(store, group)).toMatchObject({ flows: 2, duplicates: 0 });
    expect([throttling.hits(), cutting.hits()]).toEqual([7, 1]);
    await store.close();
  });

  test('says what is wrong with credentials, permissions and names', async () => {
    const group = await createLogGroup(account);
    const store = await openStore();
    const fails = async (fault: typeof expiredToken): Promise<unknown> => {
      const provoked = proxy.provoke(({ action }) => action === 'FilterLogEvents', fault);
      const error: unknown = await read(store, group).catch((thrown: unknown) => thrown);
      expect(provoked.hits()).toBeGreaterThan(0);
      provoked.end();
      return error;
    };
    expect(await fails(expiredToken)).toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('expired'),
    });
    expect(await fails(denied)).toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('logs:FilterLogEvents'),
    });
    await expect(read(store, group.slice(0, -1))).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining(`Did you mean ${group}`),
    });
    const unknown = proxy.provoke(({ action }) => action === 'DescribeLogGroups', denied);
    await expect(read(store, `${group}x`)).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('logs:DescribeLogGroups'),
    });
    expect(unknown.hits()).toBeGreaterThan(0);
    unknown.end();
    await expect(read(store, group, { env: { AWS_REGION: '' } })).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('--region'),
    });
    await expect(
      openSource({ name: 'cloudwatch:', options: noSourceOptions, environment: {} }),
    ).rejects.toThrow('is not the name of a log group');
    await store.close();
  });

  test('of the same name in another region is another', async () => {
    const group = await createLogGroup(account);
    await putLogEvents(account, group, 'eni-1-all', [line(1, 3000), line(2, 10)]);
    const store = await openStore();
    expect(await read(store, group)).toMatchObject({ flows: 2 });
    await expect(read(store, group, { options: { region: 'eu-west-1' } })).rejects.toMatchObject({
      code: 'source_refused',
    });
    expect(await store.sources.positions(`cloudwatch:${group}`)).toEqual(
      new Map([[`us-east-1/${account.id}`, expect.stringMatching(/^\{"closed":/)]]),
    );
    await store.close();
  });

  test('ends at once when it is aborted while waiting', async () => {
    const group = await createLogGroup(account);
    const store = await openStore();
    const controller = new AbortController();
    const delayed = proxy.provoke(({ action }) => action === 'FilterLogEvents', throttled);
    const reading = read(store, group, { follow: true, signal: controller.signal });
    while (delayed.hits() < 5) await sleep(10);
    const aborted = performance.now();
    controller.abort();
    expect(await reading).toMatchObject({ records: 0 });
    // The SDK itself would wait longer for its next tries.
    expect(performance.now() - aborted).toBeLessThan(2000);
    delayed.end();
    await store.close();
  });
});
