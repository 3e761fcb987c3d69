import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLine } from '../../test/support/log-lines.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import type { IngestProgress } from '../model/ingest-report.ts';
import { findFiles } from '../sources/files/find-files.ts';
import { MessageWriter } from './messages/message-writer.ts';
import { SourceIngest } from './source-ingest.ts';

const temp = useTempFolder();
const MEMORY = 256 * 1024 * 1024;

test('messages wait while other sources use all buffer space', async () => {
  const store = await DuckDbStore.open({ folder: join(temp.path, 'store'), memoryBytes: MEMORY, threads: 2 });
  const writer = new MessageWriter(store);
  const ending = new AbortController();
  const sinkOf = (source: string): SourceIngest =>
    new SourceIngest(store, writer, { source, format: null, signal: ending.signal });
  const deliver = (sink: SourceIngest, content: string): Promise<void> =>
    sink.takeMessages({ messages: [{ name: 'm', bytes: Buffer.from(content), time: null }] });
  const [large, small] = [sinkOf('large'), sinkOf('small')];
  const first = deliver(large, 'x'.repeat(MEMORY / 16));
  expect(writer.full).toBe(true);
  await deliver(small, logLine({}));
  await first;
  expect([large.report.quarantined, small.report.flows]).toEqual([1, 1]);

  const second = deliver(large, 'x'.repeat(MEMORY / 16));
  ending.abort();
  await expect(deliver(small, logLine({}))).rejects.toMatchObject({ code: 'cancelled' });
  await second;
  await store.close();
});

test('progress says how many records came, and no share of a total that nobody knows', async () => {
  const store = await DuckDbStore.open({ folder: join(temp.path, 'told'), memoryBytes: MEMORY, threads: 2 });
  const told: IngestProgress[] = [];
  const sink = new SourceIngest(store, new MessageWriter(store), {
    source: 's3://logs',
    format: null,
    onProgress: (progress) => void told.push(progress),
  });
  for (let batch = 0; batch < 3; batch++) {
    const text = Array.from({ length: 5 }, (_, i) => `${logLine({ srcport: 1000 + batch * 10 + i })}\n`);
    const name = join(temp.path, `${batch}.log`);
    await writeFile(name, text.join(''));
    const { inputs } = await findFiles([name], '/', store.folder);
    await sink.takeObjects(inputs);
  }
  const records = told.map((progress) => progress.records);
  expect(records).toEqual(records.toSorted((a, b) => a - b));
  expect(records.at(-1)).toBe(15);
  expect(new Set(told.map(({ bytes }) => bytes.total))).toEqual(new Set([0]));
  await store.close();
});

test('records that come again are no progress', async () => {
  const store = await DuckDbStore.open({ folder: join(temp.path, 'twice'), memoryBytes: MEMORY, threads: 2 });
  const told: number[] = [];
  const sink = new SourceIngest(store, new MessageWriter(store), {
    source: 'cloudwatch:/flows',
    format: null,
    onProgress: ({ records }) => void told.push(records),
  });
  const messages = [{ name: 'm', bytes: Buffer.from(logLine({})), time: null }];
  for (let delivery = 0; delivery < 3; delivery++)
    await sink.takeMessages({ messages, identity: { kind: 'content' } });
  expect(told).toEqual([1, 1, 1]);
  expect(sink.report).toMatchObject({ records: 3, flows: 1, duplicates: 2 });
  await store.close();
});
