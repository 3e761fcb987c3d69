import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf } from '../../../test/support/batch-of.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import type { FindingRecord } from '../../model/knocks/finding-record.ts';
import { DuckDbStore } from './duckdb-store.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';

const temp = useTempFolder();
const open = (name: string): Promise<DuckDbStore> =>
  DuckDbStore.open({ folder: join(temp.path, name), memoryBytes: 256 * 1024 * 1024, threads: 2 });

const record = (id: string, more: Partial<FindingRecord> = {}): FindingRecord => ({
  id,
  identity: 'stranger|eni-1|10.0.0.5|80|6',
  parts: ['198.51.100.7', `it's "one"\n`],
  kind: 'persistent_stranger',
  score: 0.75,
  summary: 'Somebody tries.',
  first_seen: 1_704_844_800,
  last_seen: 5_000_000_000,
  state: 'muted',
  since: 1_704_900_000,
  until: 5_000_000_001,
  note: `'; DROP TABLE finding; --`,
  quiet_from: null,
  first_told: 1_704_900_000,
  last_told: null,
  ...more,
});
const keep = (store: DuckDbStore, ...records: readonly FindingRecord[]): Promise<unknown> =>
  store.findings.change(() => ({ changed: records, forgotten: [] }));
const flow = { srcaddr: '203.0.113.9', dstaddr: '10.0.0.1', start: 1_529_452_800, end: 1_529_452_860, action: 'REJECT', log_status: 'OK' }; // prettier-ignore

test('records survive closing, compaction and retention, and saving them does not invalidate cached answers', async () => {
  const store = await open('kept');
  const records = [record('a-1'), record('a-2', { until: null, note: null, first_told: null, state: 'solved', quiet_from: 1 })]; // prettier-ignore
  const before = store.revision;
  await keep(store, ...records);
  expect(store.revision).toBe(before);
  expect(await store.findings.all()).toEqual(records);
  await store.write(async (batch) => {
    const input = batch.open();
    await batch.append(input, partOf([flow, { ...flow, start: 1_539_452_800, end: 1_539_452_860 }]));
    batch.close(input, ledgerEntry('a'));
  });
  await store.compact();
  await store.retain({ keep: 'P1D', keepRaw: null });
  expect(await store.findings.all()).toEqual(records);
  await store.close();
  const again = await open('kept');
  await again.findings.change((all) => ({
    changed: [{ ...all[0]!, note: 'other' }],
    forgotten: ['a-2', 'none'],
  }));
  expect(await again.findings.all()).toEqual([{ ...records[0], note: 'other' }]);
  await again.close();
});

test('a failed change has no effect, and concurrent changes run one after the other', async () => {
  const store = await open('turns');
  await expect(
    store.findings.change(() => {
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await Promise.all(
    Array.from({ length: 20 }, () =>
      store.findings.change((all) => ({
        changed: [record('count', { score: (all[0]?.score ?? 0) + 1 })],
        forgotten: [],
      })),
    ),
  );
  expect(await store.findings.all()).toEqual([record('count', { score: 20 })]);
  await store.close();
});

test('a change does not wait for an input that is being ingested', async () => {
  const store = await open('beside');
  await store.write(async (batch) => {
    const input = batch.open();
    await batch.append(input, partOf([flow]));
    await keep(store, record('meanwhile'));
    expect(await store.findings.all()).toHaveLength(1);
    batch.close(input, ledgerEntry('a'));
  });
  expect(await store.findings.all()).toHaveLength(1);
  await store.close();
});

test('if the process is killed during an ingest, the change remains and nothing of the input', async () => {
  const folder = join(temp.path, 'killed');
  const program = `
    import { DuckDbStore } from './src/engine/duckdb/duckdb-store.ts';
    import { partOf } from './test/support/batch-of.ts';
    const store = await DuckDbStore.open({ folder: ${JSON.stringify(folder)}, memoryBytes: 256 * 1024 * 1024, threads: 2 });
    const flows = Array.from({ length: 140_000 }, (_, i) => ({ ...${JSON.stringify(flow)}, srcport: i % 60_000 }));
    await store.write(async (batch) => {
      const input = batch.open();
      await batch.append(input, partOf(flows));
      await store.findings.change(() => ({ changed: [${JSON.stringify(record('kept'))}], forgotten: [] }));
      process.stdout.write('in the middle\\n');
      await new Promise(() => setInterval(() => undefined, 1000));
    });
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = await open('killed');
  expect(await store.findings.all()).toEqual([record('kept')]);
  expect((await store.status()).flows).toBe(0);
  await store.close();
});
