import { appendFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import type { Door } from '../../src/model/visits/door.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { visitFile, visitLine } from '../support/visit-lines.ts';

const temp = useTempFolder();
const LISTENER = '0123456789abcdef';
const START = Date.UTC(2026, 0, 31, 12);
const http = {
  method: 'POST',
  path: '/v1/ingest?x=1',
  host: 'Metrics.Old-Tenant.example:80',
  agent: 'legacy-agent/0.9',
};

/** So many visits, one every 20 seconds, the sources in turn. */
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => {
    const number = from + i;
    return visitLine({
      listener: LISTENER,
      number,
      at: START + number * 20_000,
      source: `192.0.2.${number % 4}`,
      http,
    });
  }).join('');

const doorOf = (store: string, ...args: string[]): Promise<Door> =>
  jsonHere<Door>(['door', '--store', store, '--format', 'json', ...args]);

describe('visits that a listener of this machine writes', () => {
  test('are there as soon as their line is whole, each once', async () => {
    const store = join(temp.path, 'beside');
    await mkdir(join(store, 'visits'), { recursive: true, mode: 0o700 });
    const file = join(store, 'visits', visitFile(LISTENER));
    const torn = lines(9, 10);
    await writeFile(file, lines(1, 9) + torn.slice(0, 50));
    expect((await doorOf(store)).totals).toMatchObject({ visits: 8, sources: 4 });
    await appendFile(file, torn.slice(50) + lines(10, 13));
    const door = await doorOf(store);
    expect(door.totals).toMatchObject({ visits: 12, sources: 4 });
    expect(door.visits.map(({ id }) => id)).toEqual(
      Array.from({ length: 12 }, (_, i) => `${LISTENER}-${12 - i}`),
    );
    expect(door.visits[0]).toMatchObject({
      at: new Date(START + 12 * 20_000).toISOString(),
      source: { address: '192.0.2.0' },
      port: 80,
      kind: 'http',
      http: {
        method: 'POST',
        path: '/v1/ingest?x=1',
        host: 'Metrics.Old-Tenant.example:80',
        user_agent: 'legacy-agent/0.9',
      },
    });
    expect(door.groups).toMatchObject([
      {
        kind: 'http',
        host: 'metrics.old-tenant.example',
        request: 'POST /v1/ingest',
        visits: 12,
        source_count: 4,
      },
    ]);
    expect(door.sources.map(({ visits, interval_seconds: every }) => [visits, every])).toEqual(
      Array.from({ length: 4 }, () => [3, 80]),
    );
  });

  test('that are no visits are set aside with their reason, once', async () => {
    const store = join(temp.path, 'aside');
    await mkdir(join(store, 'visits'), { recursive: true, mode: 0o700 });
    const file = join(store, 'visits', visitFile(LISTENER));
    await writeFile(file, `${lines(1, 3)}{"id":"x"}\nnonsense\n${lines(3, 4)}`);
    expect((await doorOf(store)).totals.visits).toBe(3);
    expect((await doorOf(store)).totals.visits).toBe(3);
    const rows = await jsonHere<unknown[]>([
      'sql', '--store', store, '--format', 'json', 'SELECT line, reason, text FROM quarantine ORDER BY line',
    ]); // prettier-ignore
    expect(rows).toEqual([
      { line: 3, reason: 'id must be 16 hexadecimal digits, a hyphen and a number.', text: '{"id":"x"}' },
      { line: 4, reason: expect.stringContaining('no whole JSON object'), text: 'nonsense' },
    ]);
  });
});

test('a conclusion counts the visits that it is about, by port and protocol', async () => {
  const store = join(temp.path, 'counts');
  await mkdir(join(store, 'visits'), { recursive: true, mode: 0o700 });
  const visit = (number: number, said?: typeof http): string =>
    visitLine({
      listener: LISTENER,
      number,
      at: START + number * 1_000,
      source: '192.0.2.9',
      port: 443,
      ...(said === undefined ? {} : { http: said }),
    });
  const overUdp = visit(8).replace('"protocol":"tcp"', '"protocol":"udp"');
  const all =
    [1, 2, 3, 4, 5].map((number) => visit(number)).join('') + visit(6, http) + visit(7, http) + overUdp;
  await writeFile(join(store, 'visits', visitFile(LISTENER)), all);
  const { conclusions } = await doorOf(store);
  expect(conclusions.map(({ summary, evidence }) => [summary, evidence[0]?.text])).toEqual([
    ['The only address that came to port 443 connects and says nothing.', '5 visits of that kind.'],
    ['The only address that came to UDP port 443 connects and says nothing.', '1 visit of that kind.'],
  ]);
});

test('a line that a killed listener left half written is quarantined once no process writes it any more', async () => {
  const store = join(temp.path, 'torn');
  const folder = join(store, 'visits');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const second = 'fedcba9876543210';
  const [first, other] = [join(folder, visitFile(LISTENER)), join(folder, visitFile(second))];
  await writeFile(first, lines(1, 4).slice(0, -20));
  await writeFile(other, lines(11, 13).slice(0, -20).replaceAll(LISTENER, second));
  const aside = (): Promise<unknown[]> =>
    jsonHere<unknown[]>([
      'sql', '--store', store, '--format', 'json', 'SELECT line, reason FROM quarantine ORDER BY line',
    ]); // prettier-ignore
  expect((await doorOf(store)).totals.visits).toBe(3);
  expect(await aside()).toEqual([]);
  // A later file of the same listener, and an hour of silence.
  await writeFile(join(folder, visitFile(LISTENER, 2)), lines(5, 6));
  const before = Date.now() / 1000 - 3600;
  await utimes(other, before, before);
  expect((await doorOf(store)).totals.visits).toBe(4);
  const reason = expect.stringContaining('cut off while it was written') as string;
  expect(await aside()).toEqual([
    { line: 2, reason },
    { line: 3, reason },
  ]);
  expect((await doorOf(store)).totals.visits).toBe(4);
  expect(await aside()).toHaveLength(2);
});

describe('visits as files for other programs', () => {
  test('CSV has a row each, and a spreadsheet runs none of it; HTML has no markup of strangers', async () => {
    const store = join(temp.path, 'csv');
    const file = join(temp.path, 'csv.jsonl');
    const formula = { method: 'GET', path: '/a,"b"', host: '=cmd|calc!A1', agent: '+1-1' };
    await writeFile(
      file,
      visitLine({ listener: LISTENER, number: 1, at: START, source: '192.0.2.1', http: formula }) +
        visitLine({ listener: LISTENER, number: 2, at: START + 1000, source: '2001:db8::1', port: 8080 }),
    );
    await jsonHere(['ingest', '--store', store, '--json', '--quiet', file]);
    const { code, stdout } = await runHere(['door', '--store', store, '--format', 'csv']);
    expect(code).toBe(0);
    expect(stdout.split('\r\n')).toEqual([
      'at,id,protocol,source,source_port,target,port,kind,method,path,host,user_agent,server_name,ja4,details,bytes,sent,duration_ms,ended,preview',
      `2026-01-31T12:00:01.000Z,${LISTENER}-2,tcp,2001:db8::1,40002,10.0.1.7,8080,silent,,,,,,,,0,0,12,peer_closed,`,
      `2026-01-31T12:00:00.000Z,${LISTENER}-1,tcp,192.0.2.1,40001,10.0.1.7,80,http,GET,"/a,""b""",'=cmd|calc!A1,'+1-1,,,,19,0,12,peer_closed,"GET /a,""b"" HTTP/1.1"`,
      '',
    ]);
    const html = await runHere(['door', '--store', store, '--format', 'html']);
    expect(html.stdout).toMatch(/^<!doctype html>/);
    expect(html.stdout).toContain("default-src 'none'");
    expect(html.stdout).toContain('2 visits from 2 addresses');
    expect(html.stdout).toContain('/a,&quot;b&quot;');
    const none = await runHere(['door', '--store', store, '--format', 'csv', '--port', '1']);
    expect(none.stdout.split('\r\n')).toHaveLength(2);
    expect((await runHere(['door', '--store', store, '--format', 'xml'])).code).toBe(2);
  });
});

describe('a file of visits that came from elsewhere', () => {
  test('is recognized by its content, and each visit is stored once however it arrives', async () => {
    const store = join(temp.path, 'shipped');
    const file = join(temp.path, 'shipped.log');
    await writeFile(file, lines(1, 101));
    const ingest = (path: string): Promise<IngestReport> =>
      jsonHere<IngestReport>(['ingest', '--store', store, '--json', '--quiet', path]);
    expect(await ingest(file)).toMatchObject({
      inputs: 1,
      records: 100,
      visits: 100,
      duplicates: 0,
      flows: 0,
    });
    expect(await ingest(file)).toMatchObject({ inputs: 1, skipped_inputs: 1, records: 0 });
    const longer = join(temp.path, 'longer.gz');
    await writeFile(longer, gzipSync(lines(51, 151)));
    expect(await ingest(longer)).toMatchObject({ records: 100, visits: 50, duplicates: 50 });
    await mkdir(join(store, 'visits'));
    await writeFile(join(store, 'visits', visitFile(LISTENER)), lines(1, 161));
    expect((await doorOf(store)).totals).toMatchObject({ visits: 160, sources: 4 });
  });

  test('whose last line was cut off keeps the others', async () => {
    const store = join(temp.path, 'cut');
    const file = join(temp.path, 'cut.jsonl');
    await writeFile(file, lines(1, 4).slice(0, -20));
    const { code, stdout } = await runHere(['ingest', '--store', store, '--json', '--quiet', file]);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as IngestReport;
    expect(report).toMatchObject({ records: 3, visits: 2, quarantined: 1, reasons: [{ line: 3 }] });
  });

  test('can be asked for by port, source and time', async () => {
    const store = join(temp.path, 'asked');
    const file = join(temp.path, 'asked.jsonl');
    const other = visitLine({
      listener: LISTENER,
      number: 900,
      at: START,
      source: '2001:db8::9',
      port: 8080,
    });
    await writeFile(file, lines(1, 41) + other);
    await jsonHere(['ingest', '--store', store, '--json', '--quiet', file]);
    const visits = async (...args: string[]): Promise<number> => (await doorOf(store, ...args)).totals.visits;
    expect(await visits()).toBe(41);
    expect(await visits('--port', '8080')).toBe(1);
    expect(await visits('--source', '192.0.2.1', '2001:db8::9')).toBe(11);
    expect(await visits('--last', 'PT1M')).toBe(3);
    expect(await visits('--from', '2026-01-31T12:00:00Z', '--to', '2026-01-31T12:01:00Z')).toBe(3);
    const few = await doorOf(store, '--limit', '5');
    expect(few.visits).toHaveLength(5);
    expect(few.left_out.visits).toBe(36);
    expect((await runHere(['door', '--store', store, '--source', 'nobody'])).code).toBe(2);
  });
});

test('texts of strangers can do nothing to a terminal', async () => {
  const store = join(temp.path, 'hostile');
  const file = join(temp.path, 'hostile.jsonl');
  const text = '=\u001b]0;pwned\u0007\u001b[2J\u202e<script>alert(1)</script>\r\n';
  const hostile = { method: text, path: text, host: text, agent: text };
  await writeFile(
    file,
    visitLine({ listener: LISTENER, number: 1, at: START, source: '192.0.2.1', http: hostile }),
  );
  await jsonHere(['ingest', '--store', store, '--json', '--quiet', file]);
  for (const format of ['text', 'csv', 'html']) {
    const { stdout } = await runHere(['door', '--store', store, '--format', format]);
    expect(stdout).toContain('script');
    const plain = stdout.replaceAll('\r\n', '\n');
    expect([...plain].filter((char) => (char < ' ' && char !== '\n') || char === '\u202e')).toEqual([]);
    if (format === 'html') expect(stdout).not.toMatch(/<script/i);
  }
  expect((await doorOf(store)).visits[0]?.http).toMatchObject({ host: text, user_agent: text });
});
