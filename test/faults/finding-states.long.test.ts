import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KeptFinding } from '../../src/model/knocks/kept-finding.ts';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { finished, peephole, peepholeJson, serve, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const START = Date.UTC(2024, 0, 10) / 1000;
const HOURS = 8;

/** Two strangers who try a port each, and a client that is let in. */
function logs(): string {
  const line = (at: number, from: string, sport: number, port: number, action: string): string =>
    `2 123456789012 eni-1 ${from} 10.0.0.5 ${sport} ${port} 6 9 900 ${START + at} ${START + at} ${action} OK`;
  return Array.from({ length: HOURS * 30 }, (_, i) => [
    line(i * 120, '198.51.100.7', 32_768 + i, 8080, 'REJECT'),
    line(i * 120 + 7, '203.0.113.9', 32_768 + i, 5432, 'REJECT'),
    line(i * 120 + 9, '10.0.0.9', 50_000, 9092, 'ACCEPT'),
  ])
    .flat()
    .join('\n');
}

test(
  'states are set over HTTP and from other processes while a server and an ingest run, and survive kill -9',
  { timeout: 180_000 },
  async () => {
    const store = join(folder.path, 'store');
    const file = join(folder.path, 'a.log');
    await writeFile(file, `${logs()}\n`);
    await peephole(['ingest', '--store', store, '--quiet', file]);
    const more = join(folder.path, 'more.log');
    await writeFile(more, logFile(20_000, START + 3600));
    const server = await serve(store);
    try {
      const { findings } = (await (await fetch(`${server.url}api/v1/knocks`)).json()) as Knocks;
      const [one, two] = ['198.51.100.7', '203.0.113.9'].map((address) =>
        findings.find(({ sources }) => sources[0]?.address === address),
      );
      const ingest = finished(start(['ingest', '--store', store, '--quiet', more]));
      const put = await fetch(`${server.url}api/v1/findings/${one?.id ?? ''}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'acknowledged', note: 'over HTTP' }),
      });
      expect([put.status, await put.json()]).toMatchObject([
        200,
        { id: one?.id, state: 'acknowledged', state_info: { note: 'over HTTP' } },
      ]);
      const other = await peephole(['findings', 'solve', two?.id ?? '', '--note', 'elsewhere', '--store', store]); // prettier-ignore
      expect([other.code, other.stderr]).toEqual([0, expect.stringContaining('is solved.')]);
      const gone = await fetch(`${server.url}api/v1/findings/stranger-0`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"state": "known"}',
      });
      expect([gone.status, await gone.json()]).toMatchObject([404, { code: 'not_found' }]);
      server.process.kill('SIGKILL');
      await ingest;
      const kept = (
        await peepholeJson<readonly KeptFinding[]>(['findings', 'list', '--store', store, '--json'])
      ).filter(({ state }) => state !== 'new');
      expect(kept.map(({ id, state, state_info: info }) => [id, state, info.note]).toSorted()).toEqual(
        [
          [one?.id, 'acknowledged', 'over HTTP'],
          [two?.id, 'solved', 'elsewhere'],
        ].toSorted(),
      );
    } finally {
      await server.stop();
    }
  },
);
