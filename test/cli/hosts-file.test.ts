import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { About } from '../../src/model/about/about.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import type { Door } from '../../src/model/visits/door.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { visitFile, visitLine } from '../support/visit-lines.ts';

const temp = useTempFolder();
const LISTENER = '0123456789abcdef';
const START = Date.UTC(2026, 0, 31, 12);
const CLIENTS = ['198.51.100.1', '198.51.100.2', '198.51.100.3'];

/** Three clients that are refused every 20 seconds for six hours, and what they asked for once somebody listened. */
async function fill(store: string): Promise<void> {
  const from = START / 1000 - 6 * 3600;
  const rows = CLIENTS.flatMap((client, which) =>
    Array.from({ length: 6 * 180 }, (_, at) => {
      const start = from + at * 20 + which * 5;
      return `2 123456789012 eni-0a1b2c3d ${client} 10.0.1.7 ${30_000 + at} 80 6 1 40 ${start} ${start + 10} REJECT OK`;
    }),
  );
  const log = join(temp.path, 'flows.log');
  await writeFile(log, `${rows.join('\n')}\n`);
  await jsonHere(['ingest', '--store', store, '--json', '--quiet', log]);
  await mkdir(join(store, 'visits'), { recursive: true, mode: 0o700 });
  const visits = CLIENTS.map((source, at) =>
    visitLine({
      listener: LISTENER,
      number: at + 1,
      at: START + at * 1000,
      source,
      http: { method: 'POST', path: '/v1/ingest', host: 'metrics.old-tenant.example', agent: 'agent/1' },
    }),
  );
  await writeFile(join(store, 'visits', visitFile(LISTENER)), visits.join(''));
}

test('names of a hosts file are those of flows, findings and conclusions, and make no address ours', async () => {
  const store = join(temp.path, 'store');
  await fill(store);
  const hosts = join(temp.path, 'hosts');
  await writeFile(
    hosts,
    [
      '198.51.100.1 collector.partner.example # found by a reverse look-up',
      '203.0.113.80 metrics.old-tenant.example',
      '10.0.1.7 web-1',
      '',
    ].join('\n'),
  );
  const imported = await runHere(['inventory', 'import', '--store', store, hosts]);
  expect(imported).toMatchObject({ code: 0 });
  expect(imported.stderr + imported.stdout).toContain('3 names');

  const query = JSON.stringify({
    splits: [{ field: 'src_name' }, { field: 'dst_name' }, { field: 'src_side' }],
  });
  const { rows } = await jsonHere<Answer>(['query', query, '--store', store, '--format', 'json']);
  expect(rows).toEqual(
    expect.arrayContaining([
      ['collector.partner.example', 'web-1', 'external', 1080],
      [null, 'web-1', 'external', 2160],
    ]),
  );

  // And of what has one of them: an interface that the inventory does not list.
  const named = async (value: string, kind = 'address'): Promise<string | null> =>
    (
      await jsonHere<About>([
        'address', value, '--kind', kind, '--store', store, '--json', '--no-findings',
      ])
    ).identity.name; // prettier-ignore
  expect(await named('198.51.100.1')).toBe('collector.partner.example');
  expect(await named('10.0.1.7')).toBe('web-1');
  expect(await named('198.51.100.2')).toBeNull();
  expect(await named('eni-0a1b2c3d', 'interface')).toBe('web-1');

  const door = await jsonHere<Door>(['door', '--store', store, '--format', 'json']);
  const [conclusion] = door.conclusions;
  // The host that they look for has a name in the file, but is not ours.
  expect(conclusion).toMatchObject({ state: 'solved', host: 'metrics.old-tenant.example' });
  expect(conclusion?.finding?.summary).toContain('web-1');
  expect(conclusion?.evidence.map(({ text }) => text)).toContain(
    'Names of these addresses: collector.partner.example.',
  );
});

test('a file that is neither JSON nor names of addresses is refused', async () => {
  const file = join(temp.path, 'names.txt');
  await writeFile(file, '198.51.100.1 one\ntwo 198.51.100.2\n');
  const { code, stderr } = await runHere(['inventory', 'import', '--store', join(temp.path, 'none'), file]);
  expect(code).not.toBe(0);
  expect(stderr).toContain(`Line 2 of ${file} is not an address and a name`);
});
