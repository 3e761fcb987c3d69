import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { logFile } from '../../test/support/log-lines.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { duckdbDriver } from '../engine/duckdb/driver.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import type { SourceNotice } from '../model/source-notice.ts';
import { SharedService } from './shared-service.ts';

const folder = useTempFolder();

const until = (condition: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(condition, { timeout: 15_000, interval: 100 });

/** A store, and a folder with a log of ten flows to follow into it. */
async function storeAndLogs(name: string): Promise<{ service: SharedService; logs: string }> {
  const logs = join(folder.path, `${name}-logs`);
  await mkdir(logs);
  await writeFile(join(logs, 'a.log'), logFile(10));
  const service = new SharedService({
    driver: duckdbDriver,
    folder: join(folder.path, name),
    memoryBytes: 256 * 1024 * 1024,
    threads: 1,
  });
  onTestFinished(() => service.close());
  return { service, logs };
}

interface Call {
  readonly ending: AbortController;
  readonly notices: readonly SourceNotice[];
  readonly report: Promise<IngestReport>;
}

function follow(service: SharedService, names: readonly string[]): Call {
  const ending = new AbortController();
  const notices: SourceNotice[] = [];
  const onNotice = (notice: SourceNotice): void => void notices.push(notice);
  const request = { names, cwd: folder.path, format: null, follow: true };
  return { ending, notices, report: service.ingest(request, { signal: ending.signal, onNotice }) };
}

const flowsOf = async (service: SharedService): Promise<unknown> => (await service.query({})).rows[0]?.[0];

test('who follows a source that another call follows says so, waits, and goes on after it', async () => {
  const { service, logs } = await storeAndLogs('waits');
  const first = follow(service, [logs]);
  await until(async () => expect(await flowsOf(service)).toBe(10));
  const second = follow(service, [logs]);
  await until(() => expect(second.notices).toEqual([{ kind: 'taken', source: `files:${logs}` }]));
  first.ending.abort();
  await first.report;
  await writeFile(join(logs, 'b.log'), logFile(5, 1_529_460_000));
  await until(async () => expect(await flowsOf(service)).toBe(15));
  second.ending.abort();
  expect(await second.report).toMatchObject({ flows: 5, skipped_inputs: 1 });
});

test('who waits may stop, and the source stays with who has it', async () => {
  const { service, logs } = await storeAndLogs('stops');
  const first = follow(service, [logs]);
  await until(async () => expect((await service.sources())[0]?.state).toBe('live'));
  const second = follow(service, [logs]);
  await until(() => expect(second.notices).toHaveLength(1));
  second.ending.abort();
  expect(await second.report).toMatchObject({ inputs: 0 });
  expect(await service.sources()).toMatchObject([{ state: 'live' }]);
  first.ending.abort();
  await first.report;
});

test('a source that is named twice in one call is read once', async () => {
  const { service, logs } = await storeAndLogs('named');
  const call = follow(service, [logs, `${logs}/`]);
  await until(async () => expect(await flowsOf(service)).toBe(10));
  call.ending.abort();
  expect(await call.report).toMatchObject({ inputs: 1, flows: 10, skipped_inputs: 0 });
  expect(call.notices).toEqual([]);
});
