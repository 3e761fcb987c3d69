import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Store } from '../../src/engine/duckdb/store.ts';
import { LocalService } from '../../src/service/local-service.ts';
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

/** A log may lack any field: an investigation then tells what can be known, or that nothing can. */
test.each(layouts)('logs %s are investigated and explained without an error', async (name, fields) => {
  const folder = join(temp.path, name.replaceAll(' ', '-'));
  const file = join(temp.path, `${name.replaceAll(' ', '-')}.csv`);
  const lines = Array.from({ length: 200 }, (_, row) => fields.map((field) => values(row)[field]).join(','));
  await writeFile(file, `${fields.join(',')}\n${lines.join('\n')}\n`);
  const store = await Store.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });
  try {
    const service = new LocalService(store);
    const report = await service.call('ingest', { names: [file], cwd: temp.path, format: null });
    expect(report).toMatchObject({ flows: 200, quarantined: 0, failed_inputs: 0 });
    expect((await service.call('status', {})).flows).toBe(200);
    const { findings, notes } = await service.call('knocks', { time: null });
    const timed = fields.includes('start') || fields.includes('end');
    if (timed && ['srcaddr', 'dstaddr', 'action'].every((field) => fields.includes(field)))
      expect(findings.length).toBeGreaterThan(0);
    else if (timed) expect(notes).toEqual([expect.stringContaining('Nothing could be')]);
    else expect([findings, notes]).toEqual([[], ['Nothing could be investigated: no flow has a time.']]);
    const selection = [{ field: 'srcaddr', in: ['203.0.113.9'] }];
    await service.call('explain', { request: { selection } });
  } finally {
    await store.close();
  }
});
