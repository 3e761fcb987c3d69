import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logFile } from '../support/log-lines.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);
const DAY = 86_400;
const FIRST = 1_529_452_800;

interface Answer {
  readonly rows: readonly (readonly unknown[])[];
  readonly stats: { readonly source: string };
}

describe('peephole retain', () => {
  // So many that the space that comes back is more than whole blocks.
  test(
    'drops what is older, gives the space back, and does not take it in again',
    { timeout: 180_000 },
    async () => {
      const store = path('retained');
      for (const [index, start] of [0, 1, 2, 9, 10].entries()) {
        await writeFile(path(`day-${index}.log`), logFile(60_000, FIRST + start * DAY, index));
      }
      const files = [0, 1, 2, 3, 4].map((index) => path(`day-${index}.log`));
      await runHere(['ingest', '--store', store, ...files]);
      const report = await jsonHere<{
        dropped_flows: number;
        kept_flows: number;
        bytes_before: number;
        bytes_after: number;
        cut: string;
      }>(['retain', '--store', store, '--keep', 'P3D', '--json']);
      expect(report).toMatchObject({
        dropped_flows: 180_000,
        kept_flows: 120_000,
        cut: '2018-06-27T01:00:00Z',
      });
      // Three fifths of the flows go; what every store has of its own, and the free blocks it begins with, stay.
      expect(report.bytes_after).toBeLessThan(0.85 * report.bytes_before);
      const again = await jsonHere(['ingest', '--store', store, '--json', ...files]);
      expect(again).toMatchObject({ skipped_inputs: 5, flows: 0 });
      expect(
        await jsonHere([
          'sql',
          '--store',
          store,
          '--format',
          'json',
          'SELECT count(*) AS n, min("start") AS first FROM flows',
        ]),
      ).toEqual([{ n: 120_000, first: '2018-06-29T00:00:00Z' }]);
      expect((await readdir(store)).filter((name) => name.includes('.duckdb'))).toHaveLength(1);
      expect((await runHere(['retain', '--store', store, '--keep', 'three days'])).code).toBe(2);
    },
  );
});

test(
  'flows are dropped before their sums by the hour, and questions know the difference',
  { timeout: 180_000 },
  async () => {
    const store = path('store');
    const logs = path('logs');
    await mkdir(logs);
    const ask = (query: object): Promise<Answer> =>
      jsonHere(['query', '--store', store, JSON.stringify(query)]);
    for (const day of [0, 1, 9, 10])
      await writeFile(join(logs, `${day}.log`), logFile(20_000, FIRST + day * DAY, day));
    await runHere(['ingest', '--store', store, '--quiet', logs]);
    const byPort = {
      splits: [{ field: 'dstport' }, { field: 'time', bucket: 'P1D' }],
      measures: ['flows', 'bytes', 'unique_sources'],
      filter: [{ field: 'dstport', between: [1, 1023] }],
    };
    const before = await ask(byPort);

    const report = await jsonHere(['retain', '--store', store, '--keep-raw', 'P3D', '--json']);
    expect(report).toMatchObject({
      dropped_flows: 0,
      kept_flows: 40_000,
      kept_as_hours: 40_000,
      flows_from: '2018-06-27T01:00:00Z',
    });

    const after = await ask(byPort);
    expect(after.rows).toEqual(before.rows);
    expect(after.stats.source).toBe('flow_hour');
    // A range that cuts an hour of which only the sum is left means the whole hour, and says so.
    const last = await jsonHere<{ range: { from: string }; rows: unknown }>([
      'query',
      '--store',
      store,
      '{"time":{"from":"2018-06-20T00:10:00Z","to":"2018-07-01T00:00:00Z"}}',
    ]);
    expect(last).toMatchObject({ range: { from: '2018-06-20T00:00:00Z' }, rows: [[80_000]] });
    const impossible = await runHere(['query', '--store', store, '{"splits":[{"field":"srcport"}]}']);
    expect([impossible.code, impossible.stdout]).toEqual([2, '']);
    expect(impossible.stderr).toContain('2018-06-27T01:00:00Z');
    const recent = await ask({
      time: { from: '2018-06-28T00:00:00Z', to: '2018-07-01T00:00:00Z' },
      splits: [{ field: 'srcport', limit: 1 }],
      other: true,
    });
    expect(recent.stats.source).toBe('flow');
    expect(await jsonHere(['status', '--store', store, '--json'])).toMatchObject({
      flows: 80_000,
      raw_flows: 40_000,
      flows_from: '2018-06-27T01:00:00Z',
    });

    // Later also the sums go.
    const all = await jsonHere(['retain', '--store', store, '--keep', 'P8DT12H', '--json']);
    expect(all).toMatchObject({ dropped_flows: 20_000, kept_flows: 40_000, kept_as_hours: 20_000 });
    const everything = await jsonHere(['retain', '--store', store, '--keep', 'P2D', '--json']);
    expect(everything).toMatchObject({
      dropped_flows: 20_000,
      kept_flows: 40_000,
      kept_as_hours: 0,
      flows_from: null,
    });
    expect((await runHere(['retain', '--store', store])).code).toBe(2);
  },
);
