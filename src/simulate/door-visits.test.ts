import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { parseVisit } from '../model/visits/parse-visit.ts';
import type { Visit } from '../model/visits/visit.ts';
import { readLines } from './read-back.ts';
import { simulate, type Truth } from './simulate.ts';
import { smallWorld } from './small-world.ts';

const folder = useTempFolder();
const seconds = (iso: string): number => Date.parse(iso) / 1000;

test('visits to the port that is opened at the end agree with the truth and with the logs', async () => {
  const out = join(folder.path, 'door');
  const options = { ...smallWorld, out, doorHours: 2 };
  await simulate(options);
  const { door, story, range } = JSON.parse(await readFile(join(out, 'truth.json'), 'utf8')) as Truth;
  const text = await readFile(join(out, 'visits', 'visits-d00d5eed00000001-000001.jsonl'), 'utf8');
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => parseVisit(line));
  const visits = records.filter(
    (record): record is Visit => typeof record !== 'string' && !('unkept' in record),
  );
  expect(visits).toHaveLength(records.length);
  expect(visits).toHaveLength(door?.visits ?? -1);
  expect(Date.parse(door?.to ?? '')).toBe(Date.parse(range.to));
  expect(Date.parse(door?.from ?? '')).toBe(Date.parse(range.to) - 2 * 3_600_000);
  for (const visit of visits) {
    expect(visit.target).toEqual({ address: story.target.address, port: story.target.port });
    expect(Date.parse(visit.at)).toBeGreaterThanOrEqual(Date.parse(door?.from ?? ''));
    expect(Date.parse(visit.at)).toBeLessThan(Date.parse(door?.to ?? ''));
  }
  for (const { address, visits: count, host } of door?.sources ?? []) {
    const theirs = visits.filter((visit) => visit.source.address === address);
    expect(theirs).toHaveLength(count);
    expect(theirs[0]?.http?.host ?? theirs[0]?.tls?.server_name ?? '').toBe(host);
  }
  const strangers = (door?.sources ?? []).filter(({ stranger }) => stranger);
  const addresses = (list: readonly { readonly address: string }[]): readonly string[] =>
    list.map(({ address }) => address).toSorted();
  expect(addresses(strangers)).toEqual(addresses(story.sources));
  // As often as they knocked before, and all but one request the same host.
  for (const { visits: count } of strangers) expect(Math.abs(count / 2 - 182)).toBeLessThan(8);
  const tenants = strangers.filter(({ host }) => host === 'metrics.old-tenant.example');
  expect(tenants).toHaveLength(strangers.length - 1);
  // Each is accepted, by the log of that second, except where the log has a gap.
  const logged = (await readLines(join(out, 'AWSLogs'))).filter(
    (line) => line['dstaddr'] === story.target.address && line['dstport'] === String(story.target.port),
  );
  const keyOf = (second: number, address: string | undefined, port: string | undefined): string =>
    `${second} ${address} ${port}`;
  const accepted = logged
    .filter((line) => line['action'] === 'ACCEPT' && Number(line['start']) >= seconds(door?.from ?? ''))
    .map((line) => keyOf(Number(line['start']), line['srcaddr'], line['srcport']));
  const came = new Set(
    visits.map(({ at, source }) =>
      keyOf(Math.floor(Date.parse(at) / 1_000), source.address, String(source.port)),
    ),
  );
  expect(accepted.length).toBeGreaterThan(0.8 * visits.length);
  expect(accepted.filter((key) => !came.has(key))).toEqual([]);
  const refused = logged.filter((line) => line['action'] === 'REJECT').map((line) => Number(line['start']));
  expect(Math.max(...refused)).toBeLessThan(seconds(door?.from ?? ''));
  const half = simulate({ ...options, out: join(folder.path, 'half'), doorHours: 0.5 });
  await expect(half).rejects.toThrow(/whole hours/);
});
