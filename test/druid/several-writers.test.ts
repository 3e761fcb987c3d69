// Several processes fill one data source of Druid side by side, through Kafka.
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { copyContents } from '../../src/engine/copy-contents.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { DruidServer } from '../../src/engine/druid/druid-server.ts';
import { DruidStore } from '../../src/engine/druid/druid-store.ts';
import { decodeRecord } from '../../src/engine/druid/ledger/ledger-record.ts';
import { LedgerTopic, ledgerNameOf } from '../../src/engine/druid/ledger/ledger-topic.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { type OwnKafka, startKafka } from '../cluster/servers/kafka.ts';
import { createTopic } from '../cluster/support/kafka-topic.ts';
import { finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { logFile, logLine } from '../support/log-lines.ts';
import { fillStore, saidBy } from '../support/whole-store.ts';
import { endSupervisors, newDataSource } from './store-druid.ts';

const FILES = 6;
const LINES = 500;

describe('processes that fill one data source', () => {
  let kafka: OwnKafka;
  let folder: string;
  const servers: DruidServer[] = [];
  beforeAll(async () => {
    kafka = await startKafka();
    folder = await mkdtemp(join(tmpdir(), 'peephole-writers-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await endSupervisors(server);
  });
  afterAll(async () => {
    await kafka?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const dataSource = (): { readonly url: string; readonly server: DruidServer } => {
    const url = newDataSource(inject('druid'));
    const server = new DruidServer({ url, username: 'default', password: '' });
    servers.push(server);
    return { url, server };
  };
  const options = (url: string, name: string): readonly string[] => [
    '--quiet',
    '--store',
    join(folder, name),
    '--engine',
    'druid',
    '--engine-url',
    url,
    '--engine-kafka',
    kafka.brokers.PLAINTEXT,
  ];
  const opened = (url: string, name: string): Promise<FlowStore> =>
    DruidStore.open({
      folder: join(folder, name),
      memoryBytes: 512 * 1024 ** 2,
      threads: 2,
      server: { url, username: 'default', password: '', kafka: { brokers: [kafka.brokers.PLAINTEXT] } },
    });
  /** What a store in a folder of its own says, which begins with nothing. */
  const totals = async (url: string, name: string): Promise<unknown> => {
    const store = await opened(url, name);
    try {
      const { rows } = await store.query(parseQuery({ measures: ['flows', 'bytes'] }));
      return [rows, (await store.status()).inputs];
    } finally {
      await store.close();
    }
  };

  test('have each file once, though one is killed, and one sleeps, between claim and commit', async () => {
    const { url, server } = dataSource();
    const logs = join(folder, 'logs');
    await mkdir(logs);
    let bytes = 0;
    for (let i = 0; i < FILES; i++) {
      await writeFile(join(logs, `${i}.log`), logFile(LINES, 1_529_452_800 + i * 3600, i));
      for (let line = 0; line < LINES; line++) bytes += 40 + line + i;
    }
    const ingest = (name: string): ChildProcess => start(['ingest', logs, ...options(url, name), '--json']);
    const report = async (child: ChildProcess): Promise<Record<string, number>> => {
      const { code, stdout, stderr } = await finished(child);
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, number>;
    };
    const topic = await LedgerTopic.make(ledgerNameOf(server.datasource), {
      brokers: [kafka.brokers.PLAINTEXT],
    });
    const claims = async (): Promise<number> => {
      const { end } = await topic.ends();
      if (end === 0) return 0;
      const records = (await topic.read(0, 0)).map(({ value }) => decodeRecord(value).kind);
      expect(records).not.toContain('commit');
      return records.filter((kind) => kind === 'claim').length;
    };
    const waitFor = (count: number): Promise<void> =>
      expect.poll(claims, { timeout: 120_000, interval: 20 }).toBe(count);

    const sleeping = ingest('sleeping');
    await waitFor(1);
    sleeping.kill('SIGSTOP');
    const killed = ingest('killed');
    await waitFor(2);
    killed.kill('SIGKILL');
    await topic.close();
    const two = [report(ingest('one')), report(ingest('other'))];
    const counts = await Promise.all(two);
    expect(counts.map(({ flows = 0 }) => flows).reduce((a, b) => a + b)).toBe(FILES * LINES);
    expect(counts.map(({ skipped_inputs = 0 }) => skipped_inputs).reduce((a, b) => a + b)).toBe(FILES);
    const late = report(sleeping);
    sleeping.kill('SIGCONT');
    expect(await late).toMatchObject({ flows: 0, skipped_inputs: FILES, failed_inputs: 0 });
    expect(await report(ingest('killed'))).toMatchObject({ flows: 0, skipped_inputs: FILES });
    for (const name of ['one', 'killed', 'a new one'])
      expect(await totals(url, name)).toEqual([[[FILES * LINES, bytes]], FILES]);
  });

  test('share what was copied, also by a copy that goes on from another folder', async () => {
    const { url } = dataSource();
    const local = await duckdbDriver.open({
      folder: join(folder, 'local'),
      memoryBytes: 256 * 1024 ** 2,
      threads: 1,
    });
    await fillStore(local);
    const copied = async (name: string, work: (store: FlowStore) => Promise<void>): Promise<void> => {
      const store = await opened(url, name);
      await work(store).finally(() => store.close());
    };
    await copied('begun', async (store) => {
      let calls = 0;
      const progress = (done: number): void => {
        if (done > 0 && ++calls === 2) throw new Error('interrupted');
      };
      await expect(copyContents(local, store, { flowsAtOnce: 40, progress })).rejects.toThrow('interrupted');
    });
    await copied('ended', async (store) => {
      const { flows } = await local.status();
      const report = await copyContents(local, store, { flowsAtOnce: 40 });
      expect(report).toMatchObject({ flows, visits: 7 });
      expect(report.sent).toBeLessThan(flows);
      expect(await saidBy(store)).toEqual(await saidBy(local));
    });
    await copied('another', async (store) => {
      expect(store.inputs.claim('input-0')).toBe(false);
      const { rows } = await store.query(parseQuery({ measures: ['flows', 'bytes'] }));
      expect(rows).toEqual((await local.query(parseQuery({ measures: ['flows', 'bytes'] }))).rows);
    });
    await local.close();
    // By the program; and asked in a folder that has nothing yet.
    const next = dataSource().url;
    const [from, to] = [join(folder, 'local'), join(folder, 'to')];
    const kafkaOption = ['--engine-kafka', kafka.brokers.PLAINTEXT];
    const copy = ['copy', '--store', from, '--to', 'druid', '--engine-url', next, '--to-store', to, '--json'];
    const { flows } = await peepholeJson<{ readonly flows: number }>([...copy, ...kafkaOption]);
    const status = await peephole(['status', '--json', ...options(next, 'asked')]);
    expect(JSON.parse(status.stdout)).toMatchObject({ flows });
    const none = await peephole(['status', ...options(newDataSource(inject('druid')), 'nothing')]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('There is no store')]);
  });

  test('read a topic together, each message once, though one is killed', async () => {
    const { url } = dataSource();
    const topic = await createTopic(kafka, { partitions: 4 });
    let written = 0;
    let bytes = 0;
    const produce = async (): Promise<void> => {
      const lines = Array.from({ length: 200 }, () => {
        bytes += ++written;
        return logLine({ bytes: written, start: 1_529_452_800 + written, end: 1_529_452_900 + written });
      });
      for (let partition = 0; partition < 4; partition++)
        await topic.produce(lines.slice(partition * 50, partition * 50 + 50), { partition });
    };
    const follow = (name: string): ChildProcess =>
      start([
        'ingest',
        `kafka:${topic.name}`,
        '--follow',
        '--group',
        topic.name,
        '--brokers',
        kafka.brokers.PLAINTEXT,
        ...options(url, name),
      ]);
    const reader = await opened(url, 'reader');
    const seen = async (): Promise<unknown> =>
      (await reader.query(parseQuery({ measures: ['flows', 'bytes'] }))).rows[0];
    const ends: Promise<unknown>[] = [];
    try {
      await produce();
      const [first, second] = [follow('first'), follow('second')];
      ends.push(finished(first), finished(second));
      const flows = async (): Promise<number> => Number(((await seen()) as readonly unknown[])[0]);
      await expect.poll(flows, { timeout: 120_000, interval: 200 }).toBeGreaterThan(0);
      for (let round = 0; round < 3; round++) await produce();
      first.kill('SIGKILL');
      await produce();
      await expect.poll(flows, { timeout: 240_000, interval: 500 }).toBe(written);
      expect(await seen()).toEqual([written, bytes]);
      second.kill('SIGTERM');
      await Promise.all(ends);
    } finally {
      await reader.close();
      await topic.remove();
    }
  });
});
