import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { share } from '../support/suite.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();

const START = 1_529_452_800;
const values = (row: number): Readonly<Record<string, string | number>> => ({
  'interface-id': 'eni-1',
  srcaddr: '203.0.113.9',
  dstaddr: '10.0.0.1',
  srcport: 40_000 + row,
  dstport: 80,
  protocol: 6,
  packets: 1,
  bytes: 40,
  start: START + 600 * row,
  end: START + 600 * row + 60,
  action: 'REJECT',
  'log-status': 'OK',
});
const all = Object.keys(values(0));
const layouts: readonly (readonly [name: string, fields: readonly string[]])[] = [
  ...all.map((name) => [`without ${name}`, all.filter((other) => other !== name)] as const),
  ...['action', 'start', 'dstport', 'protocol'].map(
    (name) => [`addresses and ${name}`, ['srcaddr', 'dstaddr', name]] as const,
  ),
  ['addresses, start and action', ['srcaddr', 'dstaddr', 'start', 'action']] as const,
  ['addresses alone', ['srcaddr', 'dstaddr']] as const,
];

const tried = share(layouts, 3);

/** A log may lack any field: an investigation then tells what can be known, or that nothing can. */
test.each(tried)('logs %s are investigated and explained without an error', async (name, fields) => {
  const folder = join(temp.path, name.replaceAll(' ', '-'));
  const file = join(temp.path, `${name.replaceAll(' ', '-')}.csv`);
  const lines = Array.from({ length: 200 }, (_, row) => fields.map((field) => values(row)[field]).join(','));
  await writeFile(file, `${fields.join(',')}\n${lines.join('\n')}\n`);
  const store = await DuckDbStore.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });
  try {
    const service = new LocalService(store);
    const report = await service.ingest({ names: [file], cwd: temp.path, format: null });
    expect(report).toMatchObject({ flows: 200, quarantined: 0, failed_inputs: 0 });
    const timed = fields.includes('start') || fields.includes('end');
    const untimed = timed ? 0 : 200;
    expect(report).toMatchObject({ untimed_flows: untimed });
    expect(await service.status()).toMatchObject({ flows: 200, untimed_flows: untimed });
    expect((await service.schema()).store).toMatchObject({ flows: 200, untimed_flows: untimed });
    const { findings, notes, range_investigated } = await service.knocks(null);
    expect(range_investigated === null).toBe(notes.some((note) => note.startsWith('Nothing could be')));
    if (timed && ['srcaddr', 'dstaddr', 'action'].every((field) => fields.includes(field)))
      expect(findings.length).toBeGreaterThan(0);
    else if (timed && ['srcaddr', 'dstaddr'].every((field) => fields.includes(field)))
      expect(notes[0]).toMatch(/^The logs have no action, /);
    else if (timed) expect(notes).toEqual([expect.stringContaining('Nothing could be')]);
    else expect([findings, notes]).toEqual([[], ['Nothing could be investigated: no flow has a time.']]);
    const selection = [{ field: 'srcaddr', in: ['203.0.113.9'] }];
    const { totals } = await service.explain({ selection });
    expect(totals).toEqual({
      selected: fields.includes('srcaddr') ? 200 : 0,
      rest: fields.includes('srcaddr') ? 0 : 200,
    });
  } finally {
    await store.close();
  }
});

test('flows without a time beside others are counted, and said', async () => {
  await writeFile(
    join(temp.path, 'timed.csv'),
    `srcaddr,dstaddr,action,start\n203.0.113.9,10.0.0.1,REJECT,${START}\n`,
  );
  await writeFile(join(temp.path, 'untimed.csv'), 'srcaddr,dstaddr,action\n203.0.113.9,10.0.0.1,REJECT\n');
  const store = await DuckDbStore.open({
    folder: join(temp.path, 'beside'),
    memoryBytes: 256 * 1024 * 1024,
    threads: 2,
  });
  try {
    const service = new LocalService(store);
    const names = ['timed.csv', 'untimed.csv'];
    const report = await service.ingest({ names, cwd: temp.path, format: null });
    expect(report).toMatchObject({ flows: 2, untimed_flows: 1 });
    expect(await service.status()).toMatchObject({
      flows: 2,
      untimed_flows: 1,
      range: { from: '2018-06-20T00:00:00Z' },
    });
    const { notes } = await service.knocks(null);
    expect(notes[0]).toBe('1 flow has no time and could not be investigated.');
  } finally {
    await store.close();
  }
});
