import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peephole } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { runHere, serveHere, type ServerHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { metricFaults } from './metric-rules.ts';

const folder = useTempFolder();
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
let server: ServerHere;
let metrics = '';

/** The metrics of a server that took logs in, answered and refused. */
beforeAll(async () => {
  const store = join(folder.path, 'store');
  await writeFile(join(folder.path, 'a.log'), logFile(1000));
  await runHere(['ingest', '--store', store, join(folder.path, 'a.log')]);
  server = await serveHere(store);
  await writeFile(join(folder.path, 'b.log'), `${logFile(500, 1_529_463_600)}no record\n`);
  await peephole(['ingest', '--store', store, join(folder.path, 'b.log')]);
  const post = async (path: string, body: string, type = 'application/json'): Promise<number> =>
    (await fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body })).status;
  expect([
    await post('api/v1/query', '{"splits":[{"field":"dstport"}]}'),
    await post('api/v1/records', '{}'),
    await post('api/v1/query', '{"splits":1}'),
    await post('api/v1/query', '{}', 'text/plain'),
    await post('api/v9/"quoted"\\', '{}'),
    (await fetch(`${server.url}api/v1/status`, { method: 'DELETE' })).status,
    (await fetch(server.url)).status,
    (await fetch(server.url, { headers: { range: 'bytes=99999999-' } })).status,
    (await fetch(server.url, { headers: { 'if-match': '"other"' } })).status,
  ]).toEqual([200, 200, 400, 415, 404, 405, 200, 416, 412]);
  const answer = await fetch(`${server.url}metrics`);
  expect(answer.headers.get('content-type')).toMatch('text/plain; version=0.0.4');
  metrics = await answer.text();
});
afterAll(() => server?.stop());

test('the metrics keep to the rules of Prometheus', () => {
  expect(metricFaults(metrics)).toEqual([]);
  expect(metrics).toMatch(/^peephole_store_gap_seconds 7200$/m);
});

test.skipIf(!hasPromtool)(
  `promtool finds nothing${hasPromtool ? '' : ' (skipped: promtool is not installed)'}`,
  () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: metrics,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  },
);

describe('the rules find', () => {
  const good = '# HELP a_seconds Time\n# TYPE a_seconds gauge\na_seconds{x="1"} 1\n';
  test.each<[string, string, string]>([
    ['nothing in what is right', good, ''],
    ['no help', '# TYPE a_seconds gauge\na_seconds 1\n', 'a_seconds has no HELP'],
    ['no type', '# HELP a_seconds Time\na_seconds 1\n', 'a_seconds has no TYPE'],
    [
      'a family twice',
      `${good}# HELP b_seconds B\n# TYPE b_seconds gauge\nb_seconds 1\n${good}`,
      'a_seconds is there twice',
    ],
    ['a sample twice', `${good}a_seconds{x="1"} 2\n`, 'a_seconds has a sample twice'],
    ['a counter', good.replace('gauge', 'counter'), 'a_seconds is a counter without _total'],
    ['no counter', good.replaceAll('a_seconds', 'a_total'), 'a_total ends in _total and is no counter'],
    ['a unit', good.replaceAll('a_seconds', 'a_hours'), 'a_hours is not in a base unit'],
    ['a prefix', good.replaceAll('a_seconds', 'a_milliseconds'), 'a_milliseconds is not in a base unit'],
    ['a short unit', good.replaceAll('a_seconds', 'a_ms'), 'a_ms shortens its unit'],
    ['a stranger', `${good}b_seconds 1\n`, 'b_seconds stands outside its family'],
    ['a broken label', good.replace('{x="1"}', '{x="1}'), 'no sample: a_seconds{x="1} 1'],
  ])('%s', (_, text, fault) => {
    expect(metricFaults(text).join('\n')).toContain(fault);
    if (fault === '') expect(metricFaults(text)).toEqual([]);
  });
});
