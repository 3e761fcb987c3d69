import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { header, logLine } from '../../test/support/log-lines.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import { LocalService } from './local-service.ts';

const folder = useTempFolder();
const DAY = 86_400;

test('one machine whose clock is ahead does not empty the latest days: each question counts back from all others', async () => {
  const store = await DuckDbStore.open({
    folder: join(folder.path, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  try {
    const service = new LocalService(store);
    const newest = Math.floor(Date.now() / 1000) - 3 * DAY;
    const ahead = newest + 403 * DAY;
    const at = (start: number): string => logLine({ start, end: start + 10 });
    const lines = [at(newest - DAY), at(newest - 60), at(newest), at(ahead), at(ahead + 60)];
    await writeFile(join(folder.path, 'a.log'), `${[header, ...lines].join('\n')}\n`);
    await service.ingest({ names: ['a.log'], cwd: folder.path, format: null });

    const iso = (second: number): string => new Date(second * 1000).toISOString().replace('.000', '');
    const time = { last: 'PT1H' };
    const range = { from: iso(newest + 1 - 3600), to: iso(newest + 1) };
    const status = await service.status();
    expect(status.newest).toBe(range.to);
    expect(status.range).toEqual({ from: iso(newest - DAY), to: iso(ahead + 61) });
    expect((await service.schema()).store.newest).toBe(range.to);
    expect(await service.query({ time })).toMatchObject({ range, rows: [[2]] });
    expect((await service.records({ time })).rows).toHaveLength(2);
    expect((await service.knocks(time)).range).toEqual(range);
    expect(await service.about({ kind: 'address', value: '10.0.0.1', time })).toMatchObject({
      range,
      inbound: { totals: { flows: 2 } },
    });
    expect((await service.explain({ time, selection: [{ field: 'dstport', in: [80] }] })).range).toEqual(
      range,
    );
    // All data are all.
    expect((await service.query({})).rows).toEqual([[5]]);
  } finally {
    await store.close();
  }
});
