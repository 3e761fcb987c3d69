import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peephole, peepholeJson } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const DAY = 86_400;
const FIRST = 1_529_452_800;

interface Answer {
  readonly rows: readonly (readonly unknown[])[];
  readonly stats: { readonly source: string };
}

test(
  'flows are dropped before their sums by the hour, and questions know the difference',
  { timeout: 180_000 },
  async () => {
    const store = join(folder.path, 'store');
    const ask = (query: object): Promise<Answer> =>
      peepholeJson(['query', '--store', store, JSON.stringify(query)]);
    for (const day of [0, 1, 9, 10])
      await writeFile(join(folder.path, `${day}.log`), logFile(20_000, FIRST + day * DAY, day));
    await peephole(['ingest', '--store', store, '--quiet', folder.path]);
    const byPort = {
      splits: [{ field: 'dstport' }, { field: 'time', bucket: 'P1D' }],
      measures: ['flows', 'bytes', 'unique_sources'],
      filter: [{ field: 'dstport', between: [1, 1023] }],
    };
    const before = await ask(byPort);

    const report = await peepholeJson(['retain', '--store', store, '--keep-raw', 'P3D', '--json']);
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
    const last = await peepholeJson<{ range: { from: string }; rows: unknown }>([
      'query',
      '--store',
      store,
      '{"time":{"from":"2018-06-20T00:10:00Z","to":"2018-07-01T00:00:00Z"}}',
    ]);
    expect(last).toMatchObject({ range: { from: '2018-06-20T00:00:00Z' }, rows: [[80_000]] });
    const impossible = await peephole(['query', '--store', store, '{"splits":[{"field":"srcport"}]}']);
    expect([impossible.code, impossible.stdout]).toEqual([2, '']);
    expect(impossible.stderr).toContain('2018-06-27T01:00:00Z');
    const recent = await ask({
      time: { from: '2018-06-28T00:00:00Z', to: '2018-07-01T00:00:00Z' },
      splits: [{ field: 'srcport', limit: 1 }],
      other: true,
    });
    expect(recent.stats.source).toBe('flow');
    expect(await peepholeJson(['status', '--store', store, '--json'])).toMatchObject({
      flows: 80_000,
      raw_flows: 40_000,
      flows_from: '2018-06-27T01:00:00Z',
    });

    // Later also the sums go.
    const all = await peepholeJson(['retain', '--store', store, '--keep', 'P8DT12H', '--json']);
    expect(all).toMatchObject({ dropped_flows: 20_000, kept_flows: 40_000, kept_as_hours: 20_000 });
    const everything = await peepholeJson(['retain', '--store', store, '--keep', 'P2D', '--json']);
    expect(everything).toMatchObject({
      dropped_flows: 20_000,
      kept_flows: 40_000,
      kept_as_hours: 0,
      flows_from: null,
    });
    expect((await peephole(['retain', '--store', store])).code).toBe(2);
  },
);
