import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { logFile } from '../../test/support/log-lines.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { Places } from '../enrich/geo/outside-places.ts';
import { duckdbDriver } from '../engine/duckdb/driver.ts';
import { IdleMonitor } from './idle-monitor.ts';
import { SharedService } from './shared-service.ts';

const folder = useTempFolder();
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const query = { splits: [{ field: 'src_kind' }] };

async function withStore(work: (service: SharedService) => Promise<void>): Promise<void> {
  const options = {
    driver: duckdbDriver,
    folder: join(folder.path, 'store'),
    memoryBytes: 256 * 1024 * 1024,
    threads: 2,
  };
  const service = new SharedService(options);
  try {
    await work(service);
  } finally {
    await service.close();
  }
}

test('a server gets ready in the background, and ends at any moment without a word', async () => {
  await writeFile(join(folder.path, 'a.log'), logFile(5000));
  await withStore(async (service) => {
    await service.ingest({ names: ['a.log'], cwd: folder.path, format: null });
  });
  // Moments of all kinds, in which it is at different work. A failure nobody waits for would fail this test file.
  for (const pause of [0, 1, 5, 20, 60, 150, 400]) {
    await withStore(async (service) => {
      await service.open();
      const end = service.maintain(0);
      await sleep(pause);
      await end();
      expect((await service.query(query)).rows).toEqual([['public', 5000]]);
    });
    await withStore(async (service) => {
      await service.open();
      const end = service.maintain(0);
      const [answer] = await Promise.all([service.query(query), sleep(pause).then(end)]);
      expect(answer.rows).toEqual([['public', 5000]]);
    });
  }
});

test('an error of the preparation is reported by the query that needs it', async () => {
  const path = join(folder.path, 'broken.mmdb');
  await writeFile(path, 'nothing of the kind');
  vi.stubEnv('PEEPHOLE_MMDB', path);
  await withStore(async (service) => {
    const opened = vi.spyOn(Places, 'open');
    await service.open();
    const end = service.maintain(0);
    await vi.waitFor(() => expect(opened.mock.settledResults[0]?.type).toBe('rejected'));
    expect((await service.query({})).rows).toEqual([[5000]]);
    await expect(service.query(query)).rejects.toThrow(/not a database in MaxMind/);
    await end();
  });
});

test('it waits for a moment in which nobody asks', async () => {
  const rest = new IdleMonitor();
  const { signal } = new AbortController();
  let done: () => void = () => undefined;
  const asked = rest.during(() => new Promise<void>((resolve) => (done = resolve)));
  let quiet = false;
  const waiting = rest.quietFor(30, signal).then(() => (quiet = true));
  // Three times as long as it would wait if nobody asked.
  await sleep(100);
  expect(quiet).toBe(false);
  done();
  await asked;
  const before = performance.now();
  await waiting;
  expect(performance.now() - before).toBeGreaterThan(25);
});

test('waiting for it can be aborted', async () => {
  const ending = new AbortController();
  const waiting = new IdleMonitor().quietFor(60_000, ending.signal);
  ending.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
});
