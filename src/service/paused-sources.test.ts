import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { logFile } from '../../test/support/log-lines.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import type { SourceStatus } from '../model/source-status.ts';
import { LocalService } from './local-service.ts';

const folder = useTempFolder();

/** What a server is while it runs: a store that is held, and a folder that is followed. */
async function running(keepTrying: boolean): Promise<{
  readonly service: LocalService;
  readonly status: () => Promise<SourceStatus | undefined>;
  readonly stop: () => Promise<void>;
}> {
  const options = { folder: join(folder.path, 'store'), memoryBytes: 512 * 1024 * 1024, threads: 2 };
  const store = await DuckDbStore.open(options);
  const service = new LocalService(store);
  const ending = new AbortController();
  const done = service.ingest(
    { names: [join(folder.path, 'logs')], cwd: '/', format: null, follow: true, keepTrying },
    { signal: ending.signal },
  );
  return {
    service,
    status: async () => (await service.sources())[0],
    async stop() {
      ending.abort();
      await done;
      await store.close();
    },
  };
}

test('a source that is paused stays so over a restart, until somebody lets it go on or asks for it', async () => {
  const logs = join(folder.path, 'logs');
  await mkdir(logs);
  await writeFile(join(logs, 'a.log'), logFile(10));
  const first = await running(true);
  const { id } = (await vi.waitFor(async () => {
    const status = await first.status();
    expect(status).toMatchObject({ state: 'live', records: 10 });
    return status;
  }, 10_000))!;
  await first.service.setSourcePaused(id, true);
  await first.stop();

  await writeFile(join(logs, 'b.log'), logFile(5, 1_529_460_000));
  const second = await running(true);
  await vi.waitFor(async () =>
    expect(await second.status()).toMatchObject({ state: 'stopped', paused: true, records: 10 }),
  );
  await expect(second.service.setSourcePaused('files:/elsewhere', false)).rejects.toMatchObject({
    code: 'not_found',
  });
  await second.service.setSourcePaused(id, false);
  await vi.waitFor(async () => expect(await second.status()).toMatchObject({ records: 15 }), 10_000);
  await second.service.setSourcePaused(id, true);
  await second.stop();

  // Who names it in a command of its own wants it read.
  await writeFile(join(logs, 'c.log'), logFile(7, 1_529_470_000));
  const third = await running(false);
  await vi.waitFor(
    async () => expect(await third.status()).toMatchObject({ paused: false, records: 22 }),
    10_000,
  );
  await third.stop();
});
